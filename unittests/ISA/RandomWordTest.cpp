//===- RandomWordTest.cpp - random words ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A random word is either refused with an error, or decodes to something that encodes to that very
// word. Seeded; one draw in two has a known opcode and few high bits, because uniform words are
// nearly all refused.
//
//===----------------------------------------------------------------------===//
#include "pim/ISA/Assembly.h"
#include "pim/ISA/Codec.h"
#include "pim/ISA/InstructionInfo.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>

#include <random>

using namespace pim;
using namespace pim::isa;

TEST(RandomWord, IsRefusedOrEncodesToItself) {
  std::mt19937_64 random(20240229);
  std::span<const InstructionInfo> table = allInstructions();
  int acceptedCount = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    Word word = random();
    if (i % 2) {
      word >>= random() % 32;
      word = (word & ~Word(0xff)) | static_cast<Word>(table[random() % table.size()].opcode);
    }
    try {
      Instruction instruction = decode(word);
      ASSERT_EQ(encode(instruction), word);
      ++acceptedCount;
      if (acceptedCount % 16 == 0) {
        ASSERT_EQ(encode(parse(print(instruction))), word);
      }
    } catch (const Error &) {
    }
  }
  EXPECT_GT(acceptedCount, 100'000);
}
