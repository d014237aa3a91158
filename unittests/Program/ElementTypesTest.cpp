//===- ElementTypesTest.cpp - tests of element types ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/ElementTypes.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>

#include <set>

using namespace pim;

namespace {

TEST(ElementTypesTest, SizesAndNames) {
  EXPECT_EQ(elementBytes(ElementType::I1), 1u);
  EXPECT_EQ(elementBytes(ElementType::I64), 8u);
  EXPECT_STREQ(elementName(ElementType::F32), "f32");
  EXPECT_EQ(elementBytes(ElementType::BF16), 2u);
  EXPECT_STREQ(elementName(ElementType::STRING), "string");
  EXPECT_THROW(elementBytes(ElementType(elementTypeCount)), Error);
  EXPECT_THROW(elementBytes(ElementType(-1)), Error);
}

TEST(ElementTypesTest, NumbersOfONNX) {
  EXPECT_EQ(dataTypeOf(ElementType::F32), 1);
  EXPECT_EQ(dataTypeName(1), "FLOAT");
  EXPECT_EQ(dataTypeName(dataTypeOf(ElementType::U2)), "UINT2");
  std::set<int64_t> numbers = {14, 15}; // complex ones have no form here
  for (size_t type = 0; type < elementTypeCount; ++type) {
    int number = dataTypeOf(ElementType(type));
    EXPECT_EQ(elementOfDataType(number), ElementType(type));
    numbers.insert(number);
  }
  EXPECT_EQ(numbers.size(), 26u);
  for (int64_t number : numbers)
    EXPECT_TRUE(isDataType(number));
  EXPECT_EQ(elementOfDataType(14), std::nullopt);
  EXPECT_EQ(dataTypeName(14), "COMPLEX64");
  for (int64_t number : {-1, 0, 27}) {
    EXPECT_FALSE(isDataType(number));
    EXPECT_EQ(elementOfDataType(number), std::nullopt);
    EXPECT_EQ(dataTypeName(number), std::to_string(number));
  }
}

} // namespace
