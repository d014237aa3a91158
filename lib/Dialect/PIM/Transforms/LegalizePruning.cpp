//===- LegalizePruning.cpp - what the zeros of layers follow ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-legalize-pruning; the patterns are those of pim/Sparsity. Tested by
// test/Dialect/PIM/legalize-pruning.mlir and legalize-pruning-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "pim/Sparsity/PatternSpec.h"
#include "pim/Sparsity/Projection.h"
#include "pim/Support/Error.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMLEGALIZEPRUNINGPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;
namespace sparsity = ::pim::sparsity;

/// A share of zeros that is more than chance leaves in a dense layer of 8 bits.
static constexpr double leastShare = 0.1;
/// A pattern is what the zeros follow if it explains this share of them; quantization adds others.
static constexpr double mostOfThem = 0.5;
/// Patterns whose shares differ by less explain about the same zeros.
static constexpr double nearlyAsMany = 0.05;

namespace {
struct PimLegalizePruningPass
    : mlir::pim::impl::PimLegalizePruningPassBase<PimLegalizePruningPass> {
  using PimLegalizePruningPassBase::PimLegalizePruningPassBase;
  void runOnOperation() override;

  LogicalResult legalize(Conv2DOp op, const sparsity::PatternSpec *required);
};

/// The weights of one op as patterns see them: filter by filter, channel by channel.
struct PatternWeights {
  std::vector<float> values;
  sparsity::WeightShape shape;
  int64_t zeros = 0;

  PatternWeights(Conv2DOp op, ArrayRef<char> bytes) {
    shape = {op.getOutputChannels(), op.getInputChannels() / op.getGroups(), op.getKernelRows(),
             op.getKernelCols()};
    values.resize(size_t(shape.count()));
    for (int64_t filter = 0; filter < shape.filters; ++filter)
      for (int64_t tap = 0; tap < shape.taps(); ++tap)
        for (int64_t channel = 0; channel < shape.channels; ++channel) {
          int64_t from = (filter * shape.taps() + tap) * shape.channels + channel;
          float value = float(int8_t(bytes[size_t(from)]));
          zeros += value == 0;
          values[size_t(filter * shape.columns() + shape.column(channel, tap))] = value;
        }
  }
  sparsity::WeightView view() const { return {values, shape}; }
  double zeroShare() const { return double(zeros) / double(values.size()); }
};
} // namespace

/// The pattern that explains most of the zeros, and of those that explain nearly as many the one
/// that says most. Where none explains enough of them: that of the signs, if there is one, and else
/// `irregular`, which any zeros follow.
static std::optional<sparsity::Recognition> tightestPattern(const sparsity::WeightView &weights) {
  std::optional<sparsity::Recognition> places, signs, irregular;
  double mostExplained = 0;
  for (const sparsity::Recognition &found : sparsity::recognize(weights)) {
    if (std::holds_alternative<sparsity::Irregular>(found.pattern)) {
      irregular = found;
    } else if (found.explained < mostOfThem) {
      continue;
    } else if (std::holds_alternative<sparsity::Polarized>(found.pattern)) {
      signs = found;
    } else if (!places || (found.explained >= mostExplained - nearlyAsMany &&
                           found.pattern.index() < places->pattern.index())) {
      mostExplained = std::max(mostExplained, found.explained);
      places = found;
    }
  }
  return places ? places : signs ? signs : irregular;
}

LogicalResult PimLegalizePruningPass::legalize(Conv2DOp op, const sparsity::PatternSpec *required) {
  std::optional<ConstantBytes> bytes = readBytes(op.getWeights());
  if (!bytes)
    return op.emitOpError("has weights without data");
  int64_t zeros = llvm::count(*bytes, 0);
  if (!required && double(zeros) < leastShare * double(bytes->size()))
    return success();
  PatternWeights weights(op, *bytes);
  if (required)
    for (const sparsity::Pattern &pattern : *required)
      if (!sparsity::misfit(pattern, weights.shape) &&
          !sparsity::satisfies(pattern, weights.view()))
        return op.emitOpError() << "has zeros that do not follow '"
                                << sparsity::formatPattern(pattern)
                                << "': prune with --prune, or compress with pim-compress";
  std::optional<sparsity::Recognition> found = tightestPattern(weights.view());
  Builder builder(&getContext());
  std::string name = found ? sparsity::formatPattern(found->pattern) : "none";
  double explained = found ? found->explained : 0;
  op->setAttr("pim.pattern",
              builder.getDictionaryAttr(
                  {builder.getNamedAttr("explained", builder.getF64FloatAttr(explained)),
                   builder.getNamedAttr("name", builder.getStringAttr(name)),
                   builder.getNamedAttr("zeros", builder.getF64FloatAttr(weights.zeroShare()))}));
  ++numRecognized;
  return success();
}

void PimLegalizePruningPass::runOnOperation() {
  try {
    sparsity::LayerPatterns table;
    if (!required.empty())
      table = sparsity::parseLayerPatterns(required.getValue());
    std::vector<Conv2DOp> ops;
    std::vector<std::string> names;
    getOperation().walk([&](Conv2DOp op) {
      ops.push_back(op);
      auto layer = op->getParentOfType<LayerOp>();
      names.push_back(layer ? layer.getName().str() : "");
    });
    table.requireAllUsed(names, "required");
    for (size_t i = 0; i < ops.size(); ++i)
      if (failed(legalize(ops[i], table.find(names[i], int64_t(i), int64_t(ops.size())))))
        return signalPassFailure();
  } catch (const ::pim::Error &error) {
    getOperation().emitError() << error.what();
    signalPassFailure();
  }
}
