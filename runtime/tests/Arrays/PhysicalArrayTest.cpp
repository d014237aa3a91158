//===- PhysicalArrayTest.cpp - which cells hold which weights ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

MappedMatrix smallMatrix() {
  std::mt19937 random(1);
  return mapMatrix(randomWeights(random, 10, 3, 2),
                   {.weightBits = 2, .arrayRows = 8, .arrayColumns = 4});
}

std::string errorOf(const pim::fb::ArrayGroupT &group) {
  try {
    physicalArrays(group);
  } catch (const pim::Error &error) {
    return error.what();
  }
  return "";
}

TEST(PhysicalArrayTest, ListsRowsAndColumns) {
  const MappedMatrix matrix = smallMatrix();
  const std::vector<PhysicalArray> arrays = physicalArrays(matrix.group);
  ASSERT_EQ(arrays.size(), 4u); // 2 outputs of 2 slices in 4 columns, 8 rows
  EXPECT_EQ(arrays[1].rows.size(), 2u);
  EXPECT_EQ(arrays[1].rows[1].source, 9u);
  EXPECT_EQ(arrays[2].columns.size(), 2u);
  EXPECT_EQ(arrays[2].columns[1].output, 2u);
  EXPECT_EQ(arrays[2].columns[1].slice, 1u);
}

TEST(PhysicalArrayTest, ReadsDigitsAcrossPlanes) {
  MappedMatrix matrix;
  matrix.layout = {70, 3, 2};
  matrix.words.assign(2 * matrix.layout.words(), 0);
  matrix.setCell(1, 69, 2, 3);
  matrix.setCell(1, 68, 2, 2);
  EXPECT_EQ(matrix.cells().cell(1, 69, 2), 3u);
  EXPECT_EQ(matrix.cells().cell(1, 68, 2), 2u);
  EXPECT_EQ(matrix.cells().cell(0, 69, 2), 0u);
}

TEST(PhysicalArrayTest, OffsetTermsJoinRowTiles) {
  const MappedMatrix matrix = smallMatrix();
  const std::vector<OffsetTerm> terms = offsetTerms(matrix.group);
  ASSERT_EQ(terms.size(), 2u);
  EXPECT_EQ(terms[0].rows.size(), 10u);
}

TEST(PhysicalArrayTest, RefusesTilesThatContradictEachOther) {
  MappedMatrix matrix = smallMatrix();
  matrix.group.tiles[1]->array = 0;
  EXPECT_THAT(errorOf(matrix.group),
              ::testing::HasSubstr(
                  "tile 1 drives row 0 of array 0 with matrix row 8, another tile with 0"));
  matrix = smallMatrix();
  matrix.group.tiles[2]->array = 0;
  EXPECT_THAT(errorOf(matrix.group),
              ::testing::HasSubstr("reads column 0 of array 0 as matrix column 2"));
}

TEST(PhysicalArrayTest, RefusesWideInputs) {
  MappedMatrix matrix = smallMatrix();
  matrix.group.input_bits = 16;
  EXPECT_THAT(errorOf(matrix.group), ::testing::HasSubstr("inputs of 16 bits"));
}

TEST(ArrayKindTest, UnknownKindListsTheKnownOnes) {
  try {
    findArrayKind("imcx");
    FAIL();
  } catch (const pim::Error &error) {
    EXPECT_STREQ(error.what(), "unknown array kind 'imcx'; known: and, imac, xbar");
  }
}

} // namespace
