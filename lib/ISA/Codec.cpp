//===- Codec.cpp - instructions to and from words ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the generated encoder and decoder are made of. Tested by unittests/ISA/RoundTripTest.cpp.
//
//===----------------------------------------------------------------------===//
#include "pim/ISA/Codec.h"

#include "pim/Support/Error.h"

#include <cstdio>

namespace pim::isa {
namespace {

struct Place {
  unsigned shift, width;
  int64_t min, max;
  const char *mnemonic, *field;
};

Word placeField(int64_t value, const Place &place) {
  if (value < place.min || value > place.max)
    fail("field '", place.field, "' of '", place.mnemonic, "' is ", value, ", expected ", place.min,
         " to ", place.max);
  return (static_cast<Word>(value) & ((Word(1) << place.width) - 1)) << place.shift;
}

uint32_t takeUnsigned(Word word, unsigned shift, unsigned width) {
  return static_cast<uint32_t>(word >> shift & ((Word(1) << width) - 1));
}

int32_t takeSigned(Word word, unsigned shift, unsigned width) {
  return static_cast<int32_t>(static_cast<int64_t>(word << (64 - shift - width)) >> (64 - width));
}

std::string hex(Word word) {
  char text[2 + 16 + 1];
  std::snprintf(text, sizeof(text), "0x%016llx", static_cast<unsigned long long>(word));
  return text;
}

void requireReserved(Word word, unsigned firstBit, const char *mnemonic) {
  if (word >> firstBit)
    fail("word ", hex(word), " is no instruction: bits ", firstBit, " to 63 of '", mnemonic,
         "' are reserved and must be zero");
}

void requireMinimum(Word word, int64_t value, int64_t min, const char *mnemonic,
                    const char *field) {
  if (value < min)
    fail("word ", hex(word), " is no instruction: field '", field, "' of '", mnemonic, "' is ",
         value, ", expected at least ", min);
}

[[noreturn]] void refuseOpcode(Word word) {
  fail("word ", hex(word), " is no instruction: opcode ", word & 0xff, " does not exist");
}

} // namespace

#include "pim/ISA/Codec.inc"

Word encode(const Instruction &instruction) {
  return visit(instruction, [](const auto &x) { return encode(x); });
}

std::vector<Instruction> decodeAll(std::span<const Word> code) {
  std::vector<Instruction> instructions;
  instructions.reserve(code.size());
  for (Word word : code) {
    try {
      instructions.push_back(decode(word));
    } catch (const Error &error) {
      fail("instruction ", instructions.size(), ": ", error.what());
    }
  }
  return instructions;
}

bool operator==(const Instruction &a, const Instruction &b) {
  return a.opcode() == b.opcode() &&
         visit(a, [&]<typename X>(const X &x) { return x == b.as<X>(); });
}

} // namespace pim::isa
