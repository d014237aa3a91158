//===- PruneWeights.cpp - zeros in a pattern by magnitude ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/PruneWeights.h"
#include "Constants.h"
#include "FloatOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "pim/Quantization/Passes.h"
#include "pim/Sparsity/PatternSpec.h"
#include "pim/Sparsity/Projection.h"
#include "pim/Support/Error.h"
#include "pim/TosaToGraph/TosaToGraph.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMPRUNEPASS
#include "pim/Quantization/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;
namespace sparsity = ::pim::sparsity;

namespace {
struct PimPrunePass : mlir::pim::impl::PimPrunePassBase<PimPrunePass> {
  using PimPrunePassBase::PimPrunePassBase;
  void runOnOperation() override {
    if (failed(pruneWeights(getOperation(), patterns)))
      signalPassFailure();
  }
};

/// Where the weights of a linear op lie in its constant, as patterns count them.
struct WeightLayout {
  sparsity::WeightShape shape;
  SmallVector<int64_t> indices; ///< in the constant, of each weight in the order of the shape

  static WeightLayout of(Operation *op, ArrayRef<int64_t> constant);
};
} // namespace

WeightLayout WeightLayout::of(Operation *op, ArrayRef<int64_t> constant) {
  WeightLayout layout;
  sparsity::WeightShape &shape = layout.shape;
  // Steps in the constant from one filter, channel, kernel row and column to the next.
  int64_t filter = 1, channel = 1, row = 1, col = 1;
  if (isa<tosa::Conv2DOp>(op)) {
    shape = {constant[0], constant[3], constant[1], constant[2]};
    col = shape.channels;
    row = col * shape.kernelCols;
    filter = row * shape.kernelRows;
  } else if (isa<tosa::DepthwiseConv2DOp>(op)) {
    shape = {constant[2] * constant[3], 1, constant[0], constant[1]};
    col = shape.filters;
    row = col * shape.kernelCols;
  } else {
    shape = {constant[2], constant[1], 1, 1};
    channel = shape.filters;
  }
  for (int64_t f = 0; f < shape.filters; ++f)
    for (int64_t c = 0; c < shape.channels; ++c)
      for (int64_t r = 0; r < shape.kernelRows; ++r)
        for (int64_t s = 0; s < shape.kernelCols; ++s)
          layout.indices.push_back(f * filter + c * channel + r * row + s * col);
  return layout;
}

/// A copy of the chain of casts behind `value` whose constant is zero where `isZero` says.
static Value withZeros(OpBuilder &builder, Value value, ArrayRef<bool> isZero) {
  Operation *op = value.getDefiningOp();
  if (isa<quant::DequantizeCastOp, quant::QuantizeCastOp, quant::StorageCastOp>(op)) {
    Value from = withZeros(builder, op->getOperand(0), isZero);
    if (!from)
      return Value();
    Operation *copy = builder.clone(*op);
    copy->setOperand(0, from);
    return copy->getResult(0);
  }
  std::optional<Elements> elements = getTosaConstant(value);
  if (!elements)
    return Value();
  TosaBuilder tosa(builder, value.getLoc());
  if (elements->getElementType().isSignlessInteger()) {
    // Storage: a zero is the zero point of the type that it is cast to.
    quant::QuantizedType quantized;
    for (Operation *user : value.getUsers())
      if (auto cast = dyn_cast<quant::StorageCastOp>(user))
        quantized = dyn_cast<quant::QuantizedType>(
            mlir::cast<RankedTensorType>(cast.getType()).getElementType());
    SmallVector<int64_t> values = elements->getInts();
    auto perAxis = dyn_cast_or_null<quant::UniformQuantizedPerAxisType>(quantized);
    auto uniform = dyn_cast_or_null<quant::UniformQuantizedType>(quantized);
    if (!perAxis && !uniform)
      return Value();
    int64_t inner = 1, size = 1;
    if (perAxis) {
      ArrayRef<int64_t> shape = elements->getShape();
      size = shape[size_t(perAxis.getQuantizedDimension())];
      for (int64_t extent : shape.drop_front(size_t(perAxis.getQuantizedDimension()) + 1))
        inner *= extent;
    }
    for (size_t i = 0; i < values.size(); ++i)
      if (isZero[i])
        values[i] = perAxis ? perAxis.getZeroPoints()[size_t(int64_t(i) / inner % size)]
                            : uniform.getZeroPoint();
    return tosa.constant(Elements::fromInts(elements->getType(), values));
  }
  std::vector<double> values = elements->getReals();
  for (size_t i = 0; i < values.size(); ++i)
    if (isZero[i])
      values[i] = 0;
  return tosa.constant(Elements::fromReals(elements->getType(), values));
}

static LogicalResult prune(Operation *op, const sparsity::PatternSpec &spec, bool isNamed) {
  Value weights = op->getOperand(1);
  auto reals = evaluateReals(weights);
  if (!reals)
    return op->emitError() << "weights of type " << weights.getType() << " cannot be read";
  WeightLayout layout = WeightLayout::of(op, cast<RankedTensorType>(weights.getType()).getShape());
  std::vector<sparsity::Pattern> fitting;
  for (const sparsity::Pattern &pattern : spec) {
    std::optional<std::string> misfit = sparsity::misfit(pattern, layout.shape);
    if (!misfit)
      fitting.push_back(pattern);
    else if (isNamed)
      op->emitWarning() << "is not pruned by '" << sparsity::formatPattern(pattern)
                        << "': " << *misfit;
  }
  if (fitting.empty())
    return success();
  std::vector<float> values;
  for (int64_t index : layout.indices)
    values.push_back(float(reals->values[size_t(index)]));
  sparsity::Projection projection = sparsity::project(fitting, values, layout.shape);
  std::vector<uint8_t> zeros(values.size(), 0);
  for (size_t i = 0; i < values.size(); ++i)
    zeros[size_t(layout.indices[i])] = values[i] == 0;
  OpBuilder builder(op);
  SmallVector<bool> isZero(zeros.begin(), zeros.end());
  Value pruned = withZeros(builder, weights, isZero);
  if (!pruned)
    return op->emitError() << "weights of type " << weights.getType()
                           << " are made in a way that cannot be pruned";
  op->setOperand(1, pruned);
  op->setAttr("pim.pruned", builder.getStringAttr(sparsity::formatPatternSpec(fitting)));
  return success();
}

LogicalResult mlir::pim::pruneWeights(ModuleOp module, StringRef patterns) {
  if (patterns.empty())
    return success();
  try {
    sparsity::LayerPatterns table = sparsity::parseLayerPatterns(patterns.str());
    for (auto function : module.getOps<func::FuncOp>()) {
      std::vector<Operation *> ops;
      std::vector<std::string> names;
      function.walk([&](Operation *op) {
        if (!isLinear(op))
          return;
        ops.push_back(op);
        names.push_back(layerName(op->getLoc()));
      });
      table.requireAllUsed(names, "--prune");
      const sparsity::PatternSpec *general = table.find("", -1, 0);
      for (size_t i = 0; i < ops.size(); ++i) {
        const sparsity::PatternSpec *spec = table.find(names[i], int64_t(i), int64_t(ops.size()));
        if (spec && failed(prune(ops[i], *spec, spec != general)))
          return failure();
      }
    }
  } catch (const ::pim::Error &error) {
    return module.emitError() << error.what();
  }
  return success();
}
