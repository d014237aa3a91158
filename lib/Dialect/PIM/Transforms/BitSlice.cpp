//===- BitSlice.cpp - choose the cells of each weight's bits ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-bit-slice. The sign schemes are those of ISAAC (offset), of differential pairs,
// and of two's complement planes (docs/mapping.md). Tested by test/Dialect/PIM/bit-slice.mlir and
// bit-slice-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "ValueRanges.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMBITSLICEPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimBitSlicePass : mlir::pim::impl::PimBitSlicePassBase<PimBitSlicePass> {
  using PimBitSlicePassBase::PimBitSlicePassBase;
  void runOnOperation() override;

  LogicalResult slice(Conv2DOp op, const MappingTarget &target, ValueRanges &ranges);
};
} // namespace

/// The smallest and the largest weight; an error if there is one that `op` says cannot be.
static FailureOr<std::pair<int64_t, int64_t>> checkWeights(Conv2DOp op) {
  std::optional<SmallVector<char>> bytes = readBytes(op.getWeights());
  if (!bytes)
    return op.emitOpError("has weights without data");
  int64_t low = 127, high = -128, bits = op.getWeightBits(), half = int64_t(1) << (bits - 1);
  for (char byte : *bytes) {
    int64_t weight = int8_t(byte);
    bool fits = bits == 1 ? weight == -1 || weight == 1 : weight >= -half && weight < half;
    if (!fits)
      return op.emitOpError() << "has the weight " << weight << ", which is no weight of " << bits
                              << (bits == 1 ? " bit (-1 or 1)" : " bits");
    low = std::min(low, weight);
    high = std::max(high, weight);
  }
  return std::pair(low, high);
}

LogicalResult PimBitSlicePass::slice(Conv2DOp op, const MappingTarget &target,
                                     ValueRanges &ranges) {
  if (weightBits != 0)
    op.setWeightBits(weightBits);
  FailureOr<std::pair<int64_t, int64_t>> weights = checkWeights(op);
  if (failed(weights))
    return failure();
  unsigned bits = unsigned(op.getWeightBits());
  // The one weight whose magnitude needs a bit more than the others.
  if (target.scheme == SliceScheme::Differential && bits > 1 &&
      weights->first == -(int64_t(1) << (bits - 1)))
    ++bits;
  // Padding reads as the zero point.
  ValueRange8 range = ranges.of(op.getInput());
  int64_t low = std::min(range.low, op.getInputZeroPoint()),
          high = std::max(range.high, op.getInputZeroPoint());
  unsigned inputBits = std::max(1u, llvm::Log2_64_Ceil(uint64_t(high - low + 1)));
  auto error = [&] { return op.emitOpError("cannot be sliced: "); };
  auto slicing = SlicingAttr::getChecked(error, &getContext(), bits, target.cellBits, inputBits,
                                         -low, target.dacBits, target.scheme, target.layout);
  if (!slicing)
    return failure();
  op.setSlicingAttr(slicing);
  ++numSliced;
  return success();
}

void PimBitSlicePass::runOnOperation() {
  FailureOr<MappingTarget> target = MappingTarget::of(getOperation());
  if (failed(target))
    return signalPassFailure();
  if (weightBits > 8) {
    getOperation().emitError() << "weight-bits is " << weightBits << ", expected 1 to 8";
    return signalPassFailure();
  }
  ValueRanges ranges;
  WalkResult walk = getOperation().walk([&](Conv2DOp op) {
    return failed(slice(op, *target, ranges)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (walk.wasInterrupted())
    signalPassFailure();
}
