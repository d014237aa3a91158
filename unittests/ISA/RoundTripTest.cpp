//===- RoundTripTest.cpp - every instruction at its extremes ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The codec and the assembly are inverse to each other for every instruction at its fields'
// extremes, and refuse what is just outside. The vectors are generated from the table (pim-tblgen
// -gen-isa-test-vectors).
//
//===----------------------------------------------------------------------===//
#include "pim/ISA/Assembly.h"
#include "pim/ISA/Codec.h"
#include "pim/ISA/InstructionInfo.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::isa;

#define PIM_STRIP(...) __VA_ARGS__

namespace {

template <typename X> void expectRoundTrip(const X &x, Word word, const std::string &text) {
  SCOPED_TRACE(text);
  EXPECT_EQ(encode(x), word);
  Instruction decoded = decode(word);
  ASSERT_NE(decoded.getIf<X>(), nullptr);
  EXPECT_EQ(decoded.as<X>(), x);
  EXPECT_EQ(encode(decoded), word);
  EXPECT_EQ(print(x), text);
  EXPECT_EQ(parse(text), decoded);
  Operands values = operands(decoded);
  EXPECT_EQ(makeInstruction(decoded.opcode(), std::span(values.begin(), values.size())), decoded);
}

TEST(RoundTrip, FieldExtremes) {
#define PIM_VECTOR(x, word, text) expectRoundTrip(PIM_STRIP x, word, text);
#define PIM_EXAMPLE(mnemonic, text)
#define PIM_REFUSED(word)
#define PIM_UNENCODABLE(x)
#include "pim/ISA/TestVectors.inc"
#undef PIM_VECTOR
#undef PIM_EXAMPLE
#undef PIM_REFUSED
#undef PIM_UNENCODABLE
}

TEST(RoundTrip, ExamplesOfTheTable) {
#define PIM_VECTOR(x, word, text)
#define PIM_EXAMPLE(name, text)                                                                    \
  EXPECT_EQ(print(parse(text)), text);                                                             \
  EXPECT_EQ(info(parse(text).opcode()).mnemonic, name);
#define PIM_REFUSED(word)
#define PIM_UNENCODABLE(x)
#include "pim/ISA/TestVectors.inc"
#undef PIM_VECTOR
#undef PIM_EXAMPLE
#undef PIM_REFUSED
#undef PIM_UNENCODABLE
}

TEST(RoundTrip, RefusesWhatIsOutside) {
#define PIM_VECTOR(x, word, text)
#define PIM_EXAMPLE(mnemonic, text)
#define PIM_REFUSED(word) EXPECT_THROW(decode(word), Error) << std::hex << Word(word);
#define PIM_UNENCODABLE(x) EXPECT_THROW(encode(PIM_STRIP x), Error);
#include "pim/ISA/TestVectors.inc"
#undef PIM_VECTOR
#undef PIM_EXAMPLE
#undef PIM_REFUSED
#undef PIM_UNENCODABLE
}

template <typename Function> std::string messageOf(Function function) {
  try {
    function();
  } catch (const Error &error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(RoundTrip, Messages) {
  EXPECT_EQ(messageOf([] { decode(0); }),
            "word 0x0000000000000000 is no instruction: opcode 0 does not exist");
  EXPECT_EQ(messageOf([] { decode(0x101); }), "word 0x0000000000000101 is no instruction: bits 8 "
                                              "to 63 of 'nop' are reserved and must be zero");
  EXPECT_EQ(messageOf([] { decode(0x10b); }), "word 0x000000000000010b is no instruction: field "
                                              "'length' of 'loop' is 0, expected at least 1");
  EXPECT_EQ(messageOf([] { encode(Add{.rd = 32}); }),
            "field 'rd' of 'add' is 32, expected 0 to 31");
  EXPECT_EQ(messageOf([] { makeInstruction(Opcode::Add, {}); }), "'add' has 3 fields, not 0");
  Word code[] = {encode(Nop{}), 0xff};
  EXPECT_EQ(messageOf([&] { decodeAll(code); }),
            "instruction 1: word 0x00000000000000ff is no instruction: opcode 255 does not exist");
}

} // namespace
