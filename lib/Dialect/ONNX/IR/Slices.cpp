//===- Slices.cpp - the ranges of Slice and Pad nodes ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/ONNX/IR/Slices.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

/// The list in input `index`, or the attribute in older opsets.
static FailureOr<SmallVector<int64_t>> getList(const NodeBinder &binder, StringRef name,
                                               unsigned index, ArrayRef<int64_t> otherwise) {
  auto values = binder.getIntsOrInput(name, index);
  if (failed(values))
    return failure();
  return values->value_or(SmallVector<int64_t>(otherwise));
}

/// The range of one dimension of `size` elements: numpy's rules.
static SliceDim clampRange(int64_t start, int64_t end, int64_t step, int64_t size) {
  // Values near the ends of 64 bits mean "to the end"; clamped first, so that adding the size
  // cannot overflow.
  auto clamp = [&](int64_t value, int64_t low, int64_t high) {
    value = std::clamp(value, -size - 1, size);
    return std::clamp(value < 0 ? value + size : value, low, high);
  };
  SliceDim dim;
  dim.step = step;
  if (step > 0) {
    dim.start = clamp(start, 0, size);
    end = clamp(end, 0, size);
    dim.count = end <= dim.start ? 0 : (end - dim.start - 1) / step + 1;
  } else {
    dim.start = clamp(start, 0, size - 1);
    // -1 itself means the last element, anything below the front means "past the front".
    end = end < -size ? -1 : clamp(end, -1, size - 1);
    dim.count = dim.start <= end ? 0 : (dim.start - end - 1) / -step + 1;
  }
  return dim;
}

FailureOr<SmallVector<SliceDim>> mlir::pim::onnx::getSlice(const NodeBinder &binder,
                                                           ArrayRef<int64_t> shape) {
  int64_t rank = int64_t(shape.size());
  auto starts = getList(binder, "starts", 1, {});
  auto ends = failed(starts) ? MaybeInts() : getList(binder, "ends", 2, {});
  if (failed(ends))
    return failure();
  auto axes = getList(binder, "axes", 3, llvm::to_vector(llvm::seq<int64_t>(starts->size())));
  if (failed(axes))
    return failure();
  auto steps = getList(binder, "steps", 4, SmallVector<int64_t>(starts->size(), 1));
  if (failed(steps))
    return failure();
  if (ends->size() != starts->size() || axes->size() != starts->size() ||
      steps->size() != starts->size())
    return binder.fail("has ") << starts->size() << " starts, " << ends->size() << " ends, "
                               << axes->size() << " axes and " << steps->size()
                               << " steps, expected as many of each";
  auto normal = binder.normalizeAxes(*axes, rank);
  if (failed(normal))
    return failure();

  SmallVector<SliceDim> dims(rank);
  for (int64_t dim = 0; dim < rank; ++dim)
    dims[dim].count = shape[dim];
  for (auto [start, end, axis, step] : llvm::zip_equal(*starts, *ends, *normal, *steps)) {
    if (step == 0 || step == INT64_MIN)
      return binder.fail("has a step of ") << step;
    dims[axis] = clampRange(start, end, step, shape[axis]);
    if (dims[axis].count == 0)
      return binder.fail("selects nothing of dimension ")
             << axis << " of " << shapeText(shape) << ", which is not supported";
  }
  return dims;
}

static bool isTooLarge(int64_t pad) { return pad > maxElementCount || pad < -maxElementCount; }

FailureOr<SmallVector<PadDim>> mlir::pim::onnx::getPads(const NodeBinder &binder, int64_t rank) {
  auto pads = getList(binder, "pads", 1, {});
  if (failed(pads))
    return failure();
  auto axes = getList(binder, "axes", 3, llvm::to_vector(llvm::seq<int64_t>(rank)));
  if (failed(axes))
    return failure();
  auto normal = binder.normalizeAxes(*axes, rank);
  if (failed(normal))
    return failure();
  if (pads->size() != 2 * normal->size())
    return binder.fail("has ") << pads->size() << " pads, expected " << 2 * normal->size();
  SmallVector<PadDim> dims(rank);
  for (auto [index, axis] : llvm::enumerate(*normal)) {
    dims[axis] = {(*pads)[index], (*pads)[index + normal->size()]};
    if (isTooLarge(dims[axis].begin) || isTooLarge(dims[axis].end))
      return binder.fail("has pads that are too large");
  }
  return dims;
}
