//===- FoldShape.cpp - values of operators that move or count elements ---===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"
#include "pim/Dialect/ONNX/IR/Slices.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

std::optional<Elements> mlir::pim::onnx::foldFirstInput(const NodeBinder &binder,
                                                        RankedTensorType type) {
  std::optional<Elements> value = binder.getConstant(0);
  if (!value || value->getElementType() != type.getElementType())
    return std::nullopt;
  return value->reshaped(type.getShape());
}

std::optional<Elements> mlir::pim::onnx::foldShape(const NodeBinder &binder,
                                                   RankedTensorType type) {
  auto input = cast<RankedTensorType>(binder.getInput(0).getType());
  int64_t start = 0;
  if (auto attribute = binder.getNode().getNodeAttrs().getAs<IntegerAttr>("start")) {
    start = std::clamp(attribute.getInt(), -input.getRank(), input.getRank());
    start = start < 0 ? start + input.getRank() : start;
  }
  return Elements::fromInts(type, input.getShape().slice(start, type.getNumElements()));
}

std::optional<Elements> mlir::pim::onnx::foldSize(const NodeBinder &binder, RankedTensorType type) {
  return Elements::fromInts(
      type, {cast<RankedTensorType>(binder.getInput(0).getType()).getNumElements()});
}

std::optional<Elements> mlir::pim::onnx::foldGather(const NodeBinder &binder,
                                                    RankedTensorType type) {
  std::optional<Elements> data = binder.getConstant(0), indices = binder.getConstant(1);
  if (!data || !indices || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  auto attribute = binder.getNode().getNodeAttrs().getAs<IntegerAttr>("axis");
  int64_t axis = attribute ? attribute.getInt() : 0;
  axis = axis < 0 ? axis + data->getType().getRank() : axis;
  int64_t outer = *countElements(data->getShape().take_front(axis));
  int64_t size = data->getShape()[axis];
  int64_t inner = *countElements(data->getShape().drop_front(axis + 1));
  SmallVector<int64_t> picked;
  picked.reserve(type.getNumElements());
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t n = 0; n < indices->getCount(); ++n) {
      int64_t index = indices->getInt(n);
      if (index < -size || index >= size)
        return std::nullopt;
      index = index < 0 ? index + size : index;
      for (int64_t i = 0; i < inner; ++i)
        picked.push_back((o * size + index) * inner + i);
    }
  }
  return data->gathered(type, picked);
}

std::optional<Elements> mlir::pim::onnx::foldConcat(const NodeBinder &binder,
                                                    RankedTensorType type) {
  unsigned count = binder.getNode().getInputs().size();
  SmallVector<Elements> parts;
  for (unsigned index = 0; index < count; ++index) {
    std::optional<Elements> part = binder.getConstant(index);
    if (!part || part->isSplat() != (part->getCount() == 1 && part->isSplat()))
      return std::nullopt; // a large splat is not worth writing out
    parts.push_back(std::move(*part));
  }
  int64_t axis = binder.getNode().getNodeAttrs().getAs<IntegerAttr>("axis").getInt();
  axis = axis < 0 ? axis + type.getRank() : axis;
  unsigned width = *elementByteWidth(type.getElementType());
  int64_t outer = *countElements(type.getShape().take_front(axis));
  std::vector<char> bytes;
  bytes.reserve(type.getNumElements() * width);
  for (int64_t o = 0; o < outer; ++o)
    for (const Elements &part : parts) {
      size_t row = part.getBytes().size() / outer;
      llvm::append_range(bytes, part.getBytes().slice(o * row, row));
    }
  return Elements(type, std::move(bytes));
}

std::optional<Elements> mlir::pim::onnx::foldTranspose(const NodeBinder &binder,
                                                       RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  SmallVector<int64_t> perm = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(type.getRank())));
  if (auto attribute = binder.getNode().getNodeAttrs().getAs<DenseI64ArrayAttr>("perm"))
    perm.assign(attribute.asArrayRef().begin(), attribute.asArrayRef().end());
  for (int64_t &dim : perm)
    dim = dim < 0 ? dim + type.getRank() : dim;
  return input->permuted(perm);
}

std::optional<Elements> mlir::pim::onnx::foldConstantOfShape(const NodeBinder &binder,
                                                             RankedTensorType type) {
  std::optional<Elements> value = Elements::get(binder.getNode().getNodeAttrs().get("value"));
  if (!value)
    return Elements::splat(type, {0, 0, 0, 0}); // 0.0f
  if (value->getCount() != 1)
    return std::nullopt;
  return Elements::splat(type, value->getBytes());
}

std::optional<Elements> mlir::pim::onnx::foldSlice(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  FailureOr<SmallVector<SliceDim>> dims = getSlice(binder, input->getShape());
  if (failed(dims))
    return std::nullopt;
  SmallVector<int64_t> indices = {0};
  for (auto [size, dim] : llvm::zip_equal(input->getShape(), *dims)) {
    SmallVector<int64_t> next;
    next.reserve(indices.size() * dim.count);
    for (int64_t index : indices)
      for (int64_t n = 0; n < dim.count; ++n)
        next.push_back(index * size + dim.start + n * dim.step);
    indices = std::move(next);
  }
  return input->gathered(type, indices);
}

std::optional<Elements> mlir::pim::onnx::foldRange(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> start = binder.getConstant(0), step = binder.getConstant(2);
  if (!start || !step || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  if (isa<FloatType>(type.getElementType())) {
    std::vector<double> values;
    for (int64_t index = 0; index < type.getNumElements(); ++index)
      values.push_back(start->getReal(0) + double(index) * step->getReal(0));
    return Elements::fromReals(type, values);
  }
  SmallVector<int64_t> values;
  for (int64_t index = 0; index < type.getNumElements(); ++index)
    values.push_back(
        int64_t(uint64_t(start->getInt(0)) + uint64_t(index) * uint64_t(step->getInt(0))));
  return Elements::fromInts(type, values);
}

std::optional<Elements> mlir::pim::onnx::foldExpand(const NodeBinder &binder,
                                                    RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input)
    return std::nullopt;
  if (input->getCount() == 1)
    return Elements::splat(type, input->getBytes());
  if (type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  return input->gathered(type, broadcastIndices(input->getShape(), type.getShape()));
}
