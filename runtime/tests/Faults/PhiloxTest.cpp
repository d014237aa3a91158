//===- PhiloxTest.cpp - random numbers from a counter ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/Philox.h"

#include <gtest/gtest.h>

#include <bit>

using namespace pim::runtime;

namespace {

// Known answers of the generator's authors (Random123, kat_vectors).
TEST(PhiloxTest, TenRoundsOfZeros) {
  EXPECT_EQ(philox<10>({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(PhiloxTest, TenRoundsOfOnes) {
  EXPECT_EQ(philox<10>({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(PhiloxTest, TenRoundsOfDigitsOfPi) {
  EXPECT_EQ(philox<10>({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(PhiloxTest, SevenRoundsOfZeros) {
  EXPECT_EQ(philox<7>({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48}));
}

TEST(PhiloxTest, EveryBitOfCounterAndKeyMatters) {
  const PhiloxCounter plain = philox({1, 2, 3, 4}, {5, 6});
  for (unsigned bit = 0; bit < 6 * 32; ++bit) {
    PhiloxCounter counter{1, 2, 3, 4};
    PhiloxKey key{5, 6};
    (bit < 128 ? counter[bit / 32] : key[(bit - 128) / 32]) ^= 1u << (bit % 32);
    const PhiloxCounter changed = philox(counter, key);
    int differing = 0;
    for (size_t w = 0; w < 4; ++w)
      differing += std::popcount(plain[w] ^ changed[w]);
    EXPECT_GT(differing, 30) << "bit " << bit;
    EXPECT_LT(differing, 98) << "bit " << bit;
  }
}

} // namespace
