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
  std::optional<ConstantBytes> bytes = readBytes(op.getWeights());
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

/// Whether the weights of each output have one sign in every `rows` rows of the matrix.
static bool isPolarized(Conv2DOp op, int64_t rows) {
  ConstantBytes weights = *readBytes(op.getWeights());
  int64_t matrixRows = op.getMatrixRows();
  for (int64_t output = 0; output < op.getOutputChannels(); ++output) {
    ArrayRef<char> own =
        ArrayRef<char>(weights).slice(size_t(output * matrixRows), size_t(matrixRows));
    for (; !own.empty(); own = own.drop_front(std::min(own.size(), size_t(rows)))) {
      ArrayRef<char> fragment = own.take_front(std::min(own.size(), size_t(rows)));
      if (llvm::any_of(fragment, [](char weight) { return int8_t(weight) < 0; }) &&
          llvm::any_of(fragment, [](char weight) { return int8_t(weight) > 0; }))
        return false;
    }
  }
  return true;
}

LogicalResult PimBitSlicePass::slice(Conv2DOp op, const MappingTarget &target,
                                     ValueRanges &ranges) {
  if (target.isAnalog)
    return op.emitOpError() << "is an integer layer, and the arrays of target '" << target.name
                            << "' hold ternary layers with sigmoid neurons: compile a float "
                               "model, whose other layers run on the host";
  if (weightBits != 0)
    op.setWeightBits(weightBits);
  FailureOr<std::pair<int64_t, int64_t>> weights = checkWeights(op);
  if (failed(weights))
    return failure();
  unsigned bits = unsigned(op.getWeightBits());
  bool hasFragments = fragmentRows > 0 && bits > 1 && fragmentRows <= target.matrixRows &&
                      isPolarized(op, fragmentRows);
  SliceScheme scheme = hasFragments ? SliceScheme::Polarized : target.scheme;
  numPolarized += hasFragments;
  // The one weight whose magnitude needs a bit more than the others.
  if ((hasFragments || scheme == SliceScheme::Differential) && bits > 1 &&
      weights->first == -(int64_t(1) << (bits - 1)))
    ++bits;
  // Padding reads as the zero point.
  ValueRange8 range = ranges.of(op.getInput());
  int64_t low = std::min(range.low, op.getInputZeroPoint()),
          high = std::max(range.high, op.getInputZeroPoint());
  unsigned inputBits = std::max(1u, llvm::Log2_64_Ceil(uint64_t(high - low + 1)));
  auto error = [&] { return op.emitOpError("cannot be sliced: "); };
  auto slicing = SlicingAttr::getChecked(error, &getContext(), bits, target.cellBits, inputBits,
                                         -low, target.dacBits, scheme, target.layout,
                                         hasFragments ? int64_t(fragmentRows) : 0);
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
    getOperation().emitError() << "weight-bits is " << weightBits.getValue() << ", expected 1 to 8";
    return signalPassFailure();
  }
  ValueRanges ranges;
  WalkResult walk = getOperation().walk([&](Conv2DOp op) {
    return failed(slice(op, *target, ranges)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (walk.wasInterrupted())
    signalPassFailure();
}
