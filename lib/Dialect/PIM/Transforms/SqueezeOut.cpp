//===- SqueezeOut.cpp - free the top planes of tiles -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-squeeze-out, the squeeze-out scheme of SME (docs/mapping.md, section 5). Tested by
// test/Dialect/PIM/squeeze-out.mlir and squeeze-out-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "TilePlan.h"
#include "mlir/IR/Builders.h"
#include "pim/Dialect/PIM/IR/ArrayFactors.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/References.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "pim/TosaToGraph/ReferenceWeights.h"

#include <algorithm>
#include <cstdlib>

namespace mlir::pim {
#define GEN_PASS_DEF_PIMSQUEEZEOUTPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimSqueezeOutPass : mlir::pim::impl::PimSqueezeOutPassBase<PimSqueezeOutPass> {
  using PimSqueezeOutPassBase::PimSqueezeOutPassBase;
  void runOnOperation() override;

  LogicalResult checkTarget(const MappingTarget &target);
  LogicalResult squeeze(Conv2DOp op, const MappingTarget &target);

  WeightsByTensor changed;
};

/// One layer on its way to fewer planes.
class LayerSqueezer {
public:
  LayerSqueezer(Conv2DOp op, const MappingTarget &target, SmallVector<char> weights,
                unsigned planes)
      : op(op), matrixRows(op.getMatrixRows()), weights(std::move(weights)), planes(planes),
        plan(op, this->weights, target) {
    plan.cut();
    for (StackPlan &stack : plan.stacks)
      for (CellBlock &block : stack.blocks)
        blocks.push_back(&block);
  }

  void chooseAll();
  void chooseWithin(double budget);
  /// Applies the choice; the weights are then those that the cells hold.
  void apply();

  const TilePlan &getPlan() const { return plan; }
  ArrayRef<char> getWeights() const { return weights; }
  int64_t delayedRows() const { return delayed; }
  int64_t squeezedBlocks() const { return squeezed; }
  /// Squared error over squared weights.
  double relativeError() const { return energy > 0 ? error / energy : 0; }

private:
  /// What squeezing a block by x planes would do.
  struct Option {
    CellBlock *block;
    int64_t planes, freed;
    double error;
  };
  Option evaluate(CellBlock &block, int64_t x) const;
  bool needs(const BlockMember &member, int64_t row, int64_t x) const;
  int64_t weight(int64_t row, int64_t output) const {
    return int8_t(weights[size_t(output * matrixRows + row)]);
  }

  mutable Conv2DOp op;
  int64_t matrixRows;
  SmallVector<char> weights;
  unsigned planes;
  TilePlan plan;
  std::vector<CellBlock *> blocks;
  std::vector<std::pair<CellBlock *, int64_t>> chosen;
  int64_t delayed = 0, squeezed = 0;
  double error = 0, energy = 0;
};
} // namespace

/// Whether a weight of the row has a bit in the planes that go.
bool LayerSqueezer::needs(const BlockMember &member, int64_t row, int64_t x) const {
  SlicingAttr slicing = op.getSlicingAttr();
  int64_t half = int64_t(1) << (slicing.getWeightBits() - 1 - x);
  int64_t low = slicing.holdsMagnitudes() ? 1 - half : -half;
  return llvm::any_of(member.outputs, [&](int64_t output) {
    int64_t value = weight(row, output);
    return value < low || value >= half;
  });
}

LayerSqueezer::Option LayerSqueezer::evaluate(CellBlock &block, int64_t x) const {
  Option option{&block, x, 0, 0};
  for (const BlockMember &member : block.members)
    for (int64_t row : member.rows) {
      if (!needs(member, row, x))
        continue;
      for (int64_t output : member.outputs) {
        double lost = double(std::abs(weight(row, output)) % (int64_t(1) << x));
        option.error += lost * lost;
      }
    }
  option.freed = plan.countArrays(block, weights, 0) - plan.countArrays(block, weights, x);
  return option;
}

void LayerSqueezer::chooseAll() {
  for (CellBlock *block : blocks)
    for (int64_t x = planes; x > 0; --x)
      if (evaluate(*block, x).freed > 0) {
        chosen.push_back({block, x});
        break;
      }
}

/// The cheapest planes first: by error for each array that they free.
void LayerSqueezer::chooseWithin(double budget) {
  double total = 0, allowed = 0;
  for (char value : weights)
    allowed += double(int8_t(value)) * int8_t(value);
  allowed *= budget;
  std::vector<Option> options;
  for (CellBlock *block : blocks)
    for (int64_t x = 1; x <= planes; ++x)
      if (Option option = evaluate(*block, x); option.freed > 0)
        options.push_back(option);
  llvm::stable_sort(options, [](const Option &a, const Option &b) {
    return a.error * double(b.freed) < b.error * double(a.freed);
  });
  llvm::DenseMap<CellBlock *, Option> best;
  for (const Option &option : options) {
    auto found = best.find(option.block);
    double before = found == best.end() ? 0 : found->second.error;
    if ((found != best.end() && found->second.freed >= option.freed) ||
        total - before + option.error > allowed)
      continue;
    total += option.error - before;
    best[option.block] = option;
  }
  for (CellBlock *block : blocks)
    if (auto found = best.find(block); found != best.end())
      chosen.push_back({block, found->second.planes});
}

void LayerSqueezer::apply() {
  for (char value : weights)
    energy += double(int8_t(value)) * int8_t(value);
  for (auto [block, x] : chosen) {
    block->squeeze = x;
    bool isWhole = true;
    for (BlockMember &member : block->members)
      for (int64_t row : member.rows) {
        bool moves = needs(member, row, x);
        isWhole &= moves;
        if (moves)
          member.delayed.push_back(row);
      }
    for (BlockMember &member : block->members)
      for (int64_t row : member.delayed)
        for (int64_t output : member.outputs) {
          // Towards zero, by at most 2^x - 1.
          int64_t value = weight(row, output), lost = value % (int64_t(1) << x);
          error += double(lost * lost);
          weights[size_t(output * matrixRows + row)] = char(value - lost);
        }
    ++squeezed;
    // Where all rows move, nothing comes late: the block as a whole counts more.
    block->shift = isWhole ? x : 0;
    block->delay = isWhole ? 0 : x;
    for (BlockMember &member : block->members) {
      if (isWhole)
        member.delayed.clear();
      delayed += int64_t(member.delayed.size());
    }
  }
}

LogicalResult PimSqueezeOutPass::checkTarget(const MappingTarget &target) {
  if (planes > 7)
    return getOperation().emitError() << "planes is " << planes.getValue() << ", expected 0 to 7";
  if (!(budget >= 0) || budget > 1)
    return getOperation().emitError() << "budget is " << budget.getValue() << ", expected 0 to 1";
  if (target.layout != SliceLayout::Arrays)
    return getOperation().emitError()
           << "target '" << target.name << "' has mapping.slicing = 'columns', where no plane "
           << "leaves an array empty: squeeze out with 'arrays'";
  bool fits = target.scheme == SliceScheme::Differential ||
              (target.scheme == SliceScheme::TwosComplement && target.cellBits == 1);
  if (!fits)
    return getOperation().emitError()
           << "target '" << target.name << "' has mapping.sign = '"
           << (target.scheme == SliceScheme::Offset ? "offset" : "twos-complement") << "' and "
           << target.cellBits << " bits in a cell, whose planes cannot be given up: squeeze out "
           << "with 'differential', or with 'twos-complement' and one bit in a cell";
  return success();
}

LogicalResult PimSqueezeOutPass::squeeze(Conv2DOp op, const MappingTarget &target) {
  TilingAttr before = op.getTilingAttr();
  SlicingAttr slicing = op.getSlicingAttr();
  if (!before || !slicing)
    return op.emitOpError("has no tiling: run pim-tile before pim-squeeze-out");
  std::optional<ConstantBytes> weights = readBytes(op.getWeights());
  if (!weights)
    return op.emitOpError("has weights without data");
  unsigned most =
      std::min<unsigned>(planes, slicing.getWeightBits() - (slicing.getWeightBits() > 1 ? 2 : 1));
  // Magnitudes of fragments have no other sign to give up a plane of.
  if (most == 0 || slicing.getScheme() == SliceScheme::Polarized)
    return success();
  auto error = [&] { return op.emitOpError("cannot be squeezed: "); };
  auto squeezed = SlicingAttr::getChecked(
      error, &getContext(), slicing.getWeightBits(), slicing.getCellBits(), slicing.getInputBits(),
      slicing.getInputOffset(), slicing.getDacBits(), slicing.getScheme(), slicing.getLayout(),
      most, int64_t(0));
  if (!squeezed)
    return failure();
  op.setSlicingAttr(squeezed);
  LayerSqueezer squeezer(op, target, SmallVector<char>(weights->begin(), weights->end()), most);
  if (isAutomatic)
    squeezer.chooseWithin(budget);
  else
    squeezer.chooseAll();
  squeezer.apply();
  TilingAttr tiling = squeezer.getPlan().tiling(squeezer.getWeights());
  if (squeezer.squeezedBlocks() == 0 || tiling.getArrays() >= before.getArrays()) {
    op.setSlicingAttr(slicing);
    return success();
  }
  ArrayFactors factors = ArrayFactors::of(op, target.matrixRows, target.matrixColumns);
  factors.squeezed = factors.sliced - (before.getArrays() - tiling.getArrays());
  factors.attach(op);
  numFreed += before.getArrays() - tiling.getArrays();
  ArrayRef<char> stored = squeezer.getWeights();
  if (squeezer.relativeError() > 0) {
    op.setWeightsAttr(makeElements(op.getWeights().getShapedType(), stored, "squeezed.weights"));
    if (StringRef reference = referenceOf(op.getResult()); !reference.empty())
      changed[reference] = std::vector<char>(stored.begin(), stored.end());
  }
  op.setTilingAttr(tiling);
  Builder builder(&getContext());
  op->setAttr(
      "pim.squeeze",
      builder.getDictionaryAttr(
          {builder.getNamedAttr("blocks", builder.getI64IntegerAttr(squeezer.squeezedBlocks())),
           builder.getNamedAttr("delayed_rows", builder.getI64IntegerAttr(squeezer.delayedRows())),
           builder.getNamedAttr("error", builder.getF64FloatAttr(squeezer.relativeError()))}));
  return success();
}

void PimSqueezeOutPass::runOnOperation() {
  if (planes == 0)
    return;
  FailureOr<MappingTarget> target = MappingTarget::of(getOperation());
  if (failed(target) || failed(checkTarget(*target)))
    return signalPassFailure();
  changed.clear();
  WalkResult walk = getOperation().walk([&](Conv2DOp op) {
    return failed(squeeze(op, *target)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (walk.wasInterrupted() || failed(updateReferenceWeights(getOperation(), changed)))
    signalPassFailure();
}
