//===- ElementsTest.cpp - the bytes of constant tensors ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Elements/Elements.h"
#include "mlir/IR/Builders.h"
#include <gmock/gmock.h>

using namespace mlir;
using mlir::pim::Elements;
using ::testing::ElementsAre;

namespace {

class ElementsTest : public ::testing::Test {
protected:
  RankedTensorType type(ArrayRef<int64_t> shape, Type element) {
    return RankedTensorType::get(shape, element);
  }
  MLIRContext context;
  Builder builder{&context};
};

TEST_F(ElementsTest, ReadsDenseSplatsAndBools) {
  auto ints = Elements::get(builder.getI64TensorAttr({3, -4}));
  ASSERT_TRUE(ints);
  EXPECT_THAT(ints->getInts(), ElementsAre(3, -4));
  auto splat = Elements::get(
      DenseElementsAttr::get(type({2, 2}, builder.getF32Type()), builder.getF32FloatAttr(1.5f)));
  ASSERT_TRUE(splat);
  EXPECT_TRUE(splat->isSplat());
  EXPECT_THAT(splat->getReals(), ElementsAre(1.5, 1.5, 1.5, 1.5));
  auto bools = Elements::get(
      DenseElementsAttr::get(type({3}, builder.getI1Type()), ArrayRef<bool>{true, false, true}));
  ASSERT_TRUE(bools);
  EXPECT_THAT(bools->getInts(), ElementsAre(1, 0, 1));
  EXPECT_FALSE(Elements::get(builder.getStringAttr("no tensor")));
}

TEST_F(ElementsTest, KeepsTheSignOfIntegers) {
  Type ui8 = IntegerType::get(&context, 8, IntegerType::Unsigned);
  EXPECT_EQ(Elements::fromInts(type({1}, ui8), {200}).getInt(0), 200);
  EXPECT_EQ(Elements::fromInts(type({1}, builder.getI8Type()), {200}).getInt(0), -56);
}

TEST_F(ElementsTest, ConvertsNarrowFloats) {
  auto half = Elements::fromReals(type({2}, builder.getF16Type()), {0.1, -2});
  EXPECT_NEAR(half.getReal(0), 0.1, 1e-4);
  Elements single = half.converted(builder.getF32Type());
  EXPECT_EQ(single.getReal(0), half.getReal(0));
  EXPECT_EQ(single.getReal(1), -2);
}

TEST_F(ElementsTest, PermutesAndReshapes) {
  auto matrix = Elements::fromInts(type({2, 3}, builder.getI32Type()), {0, 1, 2, 3, 4, 5});
  Elements turned = matrix.permuted({1, 0});
  EXPECT_THAT(turned.getShape(), ElementsAre(3, 2));
  EXPECT_THAT(turned.getInts(), ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(turned.permuted({1, 0}).getInts(), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(turned.reshaped({6}).getInts(), ElementsAre(0, 3, 1, 4, 2, 5));
}

TEST_F(ElementsTest, LargeTensorsBecomeResources) {
  auto large = Elements::fromReals(type({100}, builder.getF32Type()), std::vector<double>(100, 0));
  auto attribute = large.getAttribute("weights");
  EXPECT_TRUE(isa<DenseResourceElementsAttr>(attribute));
  auto again = Elements::get(attribute);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->getReals(), std::vector<double>(100, 0));
  EXPECT_EQ(again->getAttribute("other"), attribute) << "what did not change is not copied";
}

TEST_F(ElementsTest, AnotherShapeSharesTheData) {
  auto large = Elements::fromInts(type({64}, builder.getI32Type()), SmallVector<int64_t>(64, 7));
  auto first = cast<DenseResourceElementsAttr>(Attribute(large.getAttribute("name")));
  Elements square = Elements::get(first)->reshaped({8, 8});
  auto second = cast<DenseResourceElementsAttr>(Attribute(square.getAttribute("other")));
  EXPECT_EQ(second.getType().getShape(), ArrayRef<int64_t>({8, 8}));
  EXPECT_EQ(second.getRawHandle().getKey(), first.getRawHandle().getKey());
  // Another order does not.
  Elements turned = square.permuted({1, 0});
  auto third = cast<DenseResourceElementsAttr>(Attribute(turned.getAttribute("name")));
  EXPECT_NE(third.getRawHandle().getKey(), first.getRawHandle().getKey());
}

TEST_F(ElementsTest, CountsWithinLimits) {
  EXPECT_EQ(mlir::pim::countElements({2, 3}), 6);
  EXPECT_EQ(mlir::pim::countElements({}), 1);
  EXPECT_FALSE(mlir::pim::countElements({2, 0}));
  EXPECT_FALSE(mlir::pim::countElements({int64_t(1) << 31, int64_t(1) << 31, 4}));
}

} // namespace
