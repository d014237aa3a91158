//===- ByteGemmTest.cpp - unsigned bytes times integer weights --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include <gtest/gtest.h>

using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

void expectProduct(const WeightMatrix &weights, size_t count, ByteGemm::Path path) {
  std::mt19937 random(7);
  const auto inputs = randomInputs(random, count, weights.rows, 8);
  const std::vector<int32_t> expected = plainProduct(weights, inputs.data(), count);
  const ByteGemm gemm(weights.entries, weights.rows, weights.cols, path);
  const size_t stride = weights.cols + 3;
  std::vector<int32_t> results(count * stride, 1000);
  gemm.run(inputs.data(), weights.rows, count, results.data(), stride, false);
  gemm.run(inputs.data(), weights.rows, count, results.data(), stride, true);
  for (size_t p = 0; p < count; ++p) {
    for (size_t n = 0; n < weights.cols; ++n)
      ASSERT_EQ(results[p * stride + n], 2 * expected[p * weights.cols + n]) << p << ", " << n;
    for (size_t n = weights.cols; n < stride; ++n)
      ASSERT_EQ(results[p * stride + n], 1000) << "written behind the columns";
  }
}

TEST(ByteGemmTest, EqualsThePlainProductForEveryTail) {
  std::mt19937 random(1);
  for (size_t rows : {1, 3, 4, 25, 66})
    for (size_t cols : {1, 8, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 100})
      for (size_t count : {1, 5, 13})
        for (auto path : {ByteGemm::Path::Best, ByteGemm::Path::Lanes32})
          expectProduct(randomWeights(random, rows, cols, 8), count, path);
}

TEST(ByteGemmTest, TakesWeightsThatAreNoBytes) {
  std::mt19937 random(2);
  WeightMatrix weights = randomWeights(random, 20, 20, 8);
  weights.at(3, 4) = 255;
  EXPECT_FALSE(ByteGemm(weights.entries, 20, 20).usesVnni());
  expectProduct(weights, 9, ByteGemm::Path::Best);
}

TEST(ByteGemmTest, DoesNotSaturate) {
  const WeightMatrix weights{4096, 1, std::vector<int32_t>(4096, -128)};
  AlignedBuffer<uint8_t> inputs(4096);
  std::fill_n(inputs.data(), 4096, 255);
  int32_t result = 0;
  ByteGemm(weights.entries, 4096, 1).run(inputs.data(), 4096, 1, &result, 1, false);
  EXPECT_EQ(result, -128 * 255 * 4096);
}

} // namespace
