//===- InferShape.cpp - shapes and data movement ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/IR/Slices.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

static LogicalResult addType(const NodeBinder &binder, ArrayRef<int64_t> shape, Type elementType,
                             SmallVectorImpl<Type> &results) {
  auto type = binder.makeType(shape, elementType);
  if (failed(type))
    return failure();
  results.push_back(*type);
  return success();
}

static LogicalResult inferReshape(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 2)))
    return failure();
  auto type = binder.getInputType(0);
  auto shape = failed(type) ? MaybeInts() : binder.getConstantInts(1, "the shape");
  auto allowZero = failed(shape) ? MaybeInt() : binder.getInt("allowzero", 0);
  if (failed(allowZero))
    return failure();
  int64_t open = -1, count = 1;
  for (auto [index, dim] : llvm::enumerate(*shape)) {
    if (dim == 0 && !*allowZero && int64_t(index) < type->getRank())
      dim = type->getDimSize(index);
    if (dim == -1 && open < 0) {
      open = int64_t(index);
      continue;
    }
    if (dim <= 0 || dim > maxElementCount || count > maxElementCount / dim)
      return binder.fail("cannot make ")
             << shapeText(type->getShape()) << " into " << shapeText(*shape);
    count *= dim;
  }
  int64_t elements = type->getNumElements();
  if (open >= 0 && elements % count == 0) {
    (*shape)[open] = elements / count;
    count = elements;
  }
  if (count != elements)
    return binder.fail("cannot make ")
           << shapeText(type->getShape()) << " into " << shapeText(*shape);
  return addType(binder, *shape, type->getElementType(), results);
}

static LogicalResult inferFlatten(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  auto type = binder.getInputType(0);
  auto axis = failed(type) ? MaybeInt() : binder.getInt("axis", 1);
  if (failed(axis))
    return failure();
  if (*axis != type->getRank()) { // one past the end is allowed
    axis = binder.normalizeAxis(*axis, type->getRank());
    if (failed(axis))
      return failure();
  }
  int64_t rows = *countElements(type->getShape().take_front(*axis));
  return addType(binder, {rows, type->getNumElements() / rows}, type->getElementType(), results);
}

static LogicalResult inferSqueeze(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 2)))
    return failure();
  auto type = binder.getInputType(0);
  auto given = failed(type) ? MaybeIntsOrNone() : binder.getIntsOrInput("axes", 1);
  if (failed(given))
    return failure();
  auto axes = binder.normalizeAxes(given->value_or(SmallVector<int64_t>()), type->getRank());
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape;
  for (auto [index, dim] : llvm::enumerate(type->getShape())) {
    bool drops = given->has_value() ? llvm::is_contained(*axes, int64_t(index)) : dim == 1;
    if (drops && dim != 1)
      return binder.fail("dimension ")
             << index << " of " << shapeText(type->getShape()) << " is not 1 and cannot be dropped";
    if (!drops)
      shape.push_back(dim);
  }
  return addType(binder, shape, type->getElementType(), results);
}

static LogicalResult inferUnsqueeze(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 2)))
    return failure();
  auto type = binder.getInputType(0);
  auto given = failed(type) ? MaybeIntsOrNone() : binder.getIntsOrInput("axes", 1);
  if (failed(given))
    return failure();
  if (!given->has_value())
    return binder.fail("attribute 'axes' is missing");
  int64_t rank = type->getRank() + int64_t((*given)->size());
  auto axes = binder.normalizeAxes(**given, rank);
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape;
  auto next = type->getShape().begin();
  for (int64_t dim = 0; dim < rank; ++dim)
    shape.push_back(llvm::is_contained(*axes, dim) ? 1 : *next++);
  return addType(binder, shape, type->getElementType(), results);
}

static LogicalResult inferTranspose(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  auto type = binder.getInputType(0);
  if (failed(type))
    return failure();
  int64_t rank = type->getRank();
  SmallVector<int64_t> reversed = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(rank)));
  auto perm = binder.getInts("perm", reversed);
  if (succeeded(perm))
    perm = binder.normalizeAxes(*perm, rank);
  if (failed(perm))
    return failure();
  if (int64_t(perm->size()) != rank)
    return binder.fail("attribute 'perm' has ") << perm->size() << " values, expected " << rank;
  SmallVector<int64_t> shape;
  for (int64_t dim : *perm)
    shape.push_back(type->getDimSize(dim));
  return addType(binder, shape, type->getElementType(), results);
}

static LogicalResult inferConcat(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 4096)))
    return failure();
  auto first = binder.getInputType(0);
  auto axis = failed(first) ? MaybeInt() : binder.getInt("axis");
  if (succeeded(axis))
    axis = binder.normalizeAxis(*axis, first->getRank());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(first->getShape());
  for (unsigned index = 1; index < binder.getNode().getInputs().size(); ++index) {
    auto type = binder.getInputType(index);
    if (failed(type))
      return failure();
    SmallVector<int64_t> expected(type->getShape());
    if (type->getRank() == first->getRank())
      expected[*axis] = first->getDimSize(*axis);
    if (ArrayRef<int64_t>(expected) != first->getShape() ||
        type->getElementType() != first->getElementType())
      return binder.fail("inputs of types ")
             << *first << " and " << *type << " cannot be joined along dimension " << *axis;
    shape[*axis] += type->getDimSize(*axis);
  }
  return addType(binder, shape, first->getElementType(), results);
}

static LogicalResult inferSlice(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 5)))
    return failure();
  auto type = binder.getInputType(0);
  auto dims =
      failed(type) ? FailureOr<SmallVector<SliceDim>>() : getSlice(binder, type->getShape());
  if (failed(dims))
    return failure();
  SmallVector<int64_t> shape;
  for (const SliceDim &dim : *dims)
    shape.push_back(dim.count);
  return addType(binder, shape, type->getElementType(), results);
}

static LogicalResult inferPad(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 4)))
    return failure();
  auto type = binder.getInputType(0);
  auto dims = failed(type) ? FailureOr<SmallVector<PadDim>>() : getPads(binder, type->getRank());
  if (failed(dims))
    return failure();
  SmallVector<int64_t> shape;
  for (auto [size, dim] : llvm::zip_equal(type->getShape(), *dims))
    shape.push_back(size + dim.begin + dim.end);
  return addType(binder, shape, type->getElementType(), results);
}

static LogicalResult inferShapeOp(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  auto type = binder.getInputType(0);
  auto start = failed(type) ? MaybeInt() : binder.getInt("start", 0);
  auto end = failed(start) ? MaybeInt() : binder.getInt("end", type->getRank());
  if (failed(end))
    return failure();
  auto clamp = [&](int64_t value) {
    value = std::clamp(value, -type->getRank(), type->getRank());
    return value < 0 ? value + type->getRank() : value;
  };
  return addType(binder, {clamp(*end) - clamp(*start)}, IntegerType::get(type->getContext(), 64),
                 results);
}

static LogicalResult inferSize(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  return addType(binder, {}, IntegerType::get(binder.getNode().getContext(), 64), results);
}

static LogicalResult inferGather(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 2)))
    return failure();
  auto data = binder.getInputType(0, 1, 64);
  auto indices = failed(data) ? MaybeType() : binder.getInputType(1);
  auto axis = failed(indices) ? MaybeInt() : binder.getInt("axis", 0);
  if (succeeded(axis))
    axis = binder.normalizeAxis(*axis, data->getRank());
  if (failed(axis))
    return failure();
  if (!indices->getElementType().isInteger(32) && !indices->getElementType().isInteger(64))
    return binder.fail("indices have type ") << *indices << ", expected integers";
  SmallVector<int64_t> shape(data->getShape().take_front(*axis));
  llvm::append_range(shape, indices->getShape());
  llvm::append_range(shape, data->getShape().drop_front(*axis + 1));
  return addType(binder, shape, data->getElementType(), results);
}

static LogicalResult inferExpand(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(2, 2)))
    return failure();
  auto type = binder.getInputType(0);
  auto target = failed(type) ? MaybeInts() : binder.getConstantInts(1, "the shape");
  if (failed(target))
    return failure();
  auto shape = broadcastShapes(binder, type->getShape(), *target);
  return failed(shape) ? failure() : addType(binder, *shape, type->getElementType(), results);
}

static LogicalResult inferConstantOfShape(const NodeBinder &binder,
                                          SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(1, 1)))
    return failure();
  auto shape = binder.getConstantInts(0, "the shape");
  if (failed(shape))
    return failure();
  Type element = Float32Type::get(binder.getNode().getContext());
  if (auto value = binder.getNode().getNodeAttrs().getAs<ElementsAttr>("value"))
    element = value.getShapedType().getElementType();
  return addType(binder, *shape, element, results);
}

static LogicalResult inferRange(const NodeBinder &binder, SmallVectorImpl<Type> &results) {
  if (failed(binder.expectInputs(3, 3)))
    return failure();
  double values[3];
  for (unsigned index = 0; index < 3; ++index) {
    std::optional<Elements> constant = binder.getConstant(index);
    if (!constant || constant->getCount() != 1)
      return binder.fail("input ") << index << " is not a constant number, which is not supported";
    values[index] = constant->getReal(0);
  }
  double count = std::ceil((values[1] - values[0]) / values[2]);
  if (!(count >= 1 && count <= 1e9))
    return binder.fail("the result would be empty or too large");
  auto type = cast<RankedTensorType>(binder.getInput(0).getType());
  return addType(binder, {int64_t(count)}, type.getElementType(), results);
}

ArrayRef<OperatorInference> mlir::pim::onnx::shapeInference() {
  static const OperatorInference entries[] = {
      {"Concat", inferConcat, foldConcat, 4},
      {"ConstantOfShape", inferConstantOfShape, foldConstantOfShape},
      {"Expand", inferExpand, foldExpand},
      {"Flatten", inferFlatten, foldFirstInput},
      {"Gather", inferGather, foldGather},
      {"Pad", inferPad},
      {"Range", inferRange, foldRange},
      {"Reshape", inferReshape, foldFirstInput, 5},
      {"Shape", inferShapeOp, foldShape},
      {"Size", inferSize, foldSize},
      {"Slice", inferSlice, foldSlice},
      {"Squeeze", inferSqueeze, foldFirstInput},
      {"Transpose", inferTranspose, foldTranspose},
      {"Unsqueeze", inferUnsqueeze, foldFirstInput},
  };
  return entries;
}
