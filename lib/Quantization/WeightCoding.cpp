//===- WeightCoding.cpp - weights on the levels of a code ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/WeightCoding.h"
#include "LayerInputs.h"
#include "mlir/IR/Builders.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "pim/Quantization/Multiplier.h"
#include "pim/Support/Error.h"
#include "pim/TosaToGraph/TosaToGraph.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;
namespace codes = ::pim::codes;

/// What "auto" tries, fewest bits first; of those with as many bits the better one is taken.
static constexpr const char *automaticCodes[] = {
    "ternary", "fixed:3", "pot:3", "fixed:4", "apot:4", "fixed:5", "fixed:6", "fixed:7", "fixed:8"};

namespace {
/// One layer on the levels of one code.
struct CodedLayer {
  codes::Code code;
  int magnitudeBits = 0;
  std::vector<CodedRow> rows; ///< of each output
  double error = 0, energy = 0;

  double relativeError() const { return energy > 0 ? error / energy : 0; }
};

class Coder {
public:
  Coder(func::FuncOp function, const WeightCodeOptions &options,
        const CalibrationOptions &calibration)
      : function(function), options(options), calibration(calibration) {}

  LogicalResult run();

private:
  LogicalResult chooseCodes();
  CodedLayer code(const CodedConvolution &conv, ArrayRef<VectorMoments> moments,
                  const codes::Code &code) const;
  CodedLayer choose(const CodedConvolution &conv, ArrayRef<VectorMoments> moments) const;
  bool rewrite(const CodedConvolution &conv, ArrayRef<VectorMoments> moments,
               const CodedLayer &coded);

  func::FuncOp function;
  const WeightCodeOptions &options;
  const CalibrationOptions &calibration;
  codes::LayerCodes table;
  std::vector<CodedConvolution> convolutions;
};
} // namespace

LogicalResult Coder::chooseCodes() {
  if (options.codes == "auto")
    return success();
  table = codes::parseLayerCodes(options.codes);
  for (const auto &clause : table.all())
    if (codes::LevelSet(clause.value).magnitudeBits() > 7)
      ::pim::fail("--weight-code: '", codes::formatCode(clause.value), "' needs ",
                  codes::LevelSet(clause.value).magnitudeBits(),
                  " bits and a sign, expected 7 at most");
  std::vector<std::string> names;
  for (const CodedConvolution &conv : convolutions)
    names.push_back(layerName(conv.op->getLoc()));
  table.requireAllUsed(names, "--weight-code");
  return success();
}

CodedLayer Coder::code(const CodedConvolution &conv, ArrayRef<VectorMoments> moments,
                       const codes::Code &code) const {
  codes::LevelSet levels(code);
  CodedLayer layer{code, levels.magnitudeBits(), {}, 0, 0};
  layer.rows.resize(size_t(conv.outputs));
  std::vector<float> weights(static_cast<size_t>(conv.rows()));
  ArrayRef<char> bytes = conv.weights->getBytes();
  auto read = [&](int64_t output) {
    for (int64_t row = 0; row < conv.rows(); ++row)
      weights[size_t(row)] =
          float(int8_t(bytes[conv.weights->isSplat() ? 0 : size_t(conv.indexOf(output, row))]) -
                conv.weightZeroPoint);
  };
  // Zeros that pruning made stay; a few zeros of a dense layer are levels like others.
  int64_t zeros = 0;
  for (char byte : bytes)
    zeros += int8_t(byte) == conv.weightZeroPoint;
  bool keepZeros = zeros * 8 >= int64_t(bytes.size());
  for (int64_t matrix = 0; matrix < conv.matrices(); ++matrix) {
    ErrorFeedback feedback(moments[size_t(matrix)]);
    int64_t perMatrix = conv.outputs / conv.matrices();
    for (int64_t output = matrix * perMatrix; output < (matrix + 1) * perMatrix; ++output) {
      read(output);
      CodedRow &row = layer.rows[size_t(output)];
      row = feedback.round(levels, weights, keepZeros);
      layer.error += feedback.energy(weights, &row);
      layer.energy += feedback.energy(weights, nullptr);
    }
  }
  return layer;
}

/// The code of least bits within the budget; the best of all if none is.
CodedLayer Coder::choose(const CodedConvolution &conv, ArrayRef<VectorMoments> moments) const {
  std::optional<CodedLayer> best;
  for (const char *text : automaticCodes) {
    codes::Code candidate = codes::parseCode(text);
    bool isWithin = best && best->relativeError() <= options.errorBudget;
    if (isWithin && codes::LevelSet(candidate).magnitudeBits() > best->magnitudeBits)
      break;
    CodedLayer layer = code(conv, moments, candidate);
    if (!best || layer.relativeError() < best->relativeError())
      best = std::move(layer);
  }
  return std::move(*best);
}

/// Puts the integers into the convolution, and their scales into its bias and its rescale. False if
/// these have no room for them; nothing is changed then.
bool Coder::rewrite(const CodedConvolution &conv, ArrayRef<VectorMoments> moments,
                    const CodedLayer &coded) {
  tosa::RescaleOp rescale = conv.rescale;
  SmallVector<int64_t> multipliers = getTosaConstant(rescale.getMultiplier())->getInts(),
                       shifts = getTosaConstant(rescale.getShift())->getInts(),
                       biases = conv.bias->getInts();
  std::vector<char> weights(size_t(conv.outputs * conv.rows()));
  SmallVector<int64_t> newMultipliers, newShifts, newBiases;
  ArrayRef<char> bytes = conv.weights->getBytes();
  for (int64_t output = 0; output < conv.outputs; ++output) {
    const CodedRow &row = coded.rows[size_t(output)];
    const VectorMoments &inputs = moments[size_t(conv.matrixOf(output))];
    size_t at = multipliers.size() == 1 ? 0 : size_t(output);
    double factor = Multiplier{int32_t(multipliers[at]), int8_t(shifts[at])}.factor() * row.scale;
    double bias = double(biases[biases.size() == 1 ? 0 : size_t(output)]);
    for (int64_t i = 0; i < conv.rows(); ++i) {
      int64_t index = conv.indexOf(output, i);
      double before =
          int8_t(bytes[conv.weights->isSplat() ? 0 : size_t(index)]) - conv.weightZeroPoint;
      bias += (before - row.scale * row.integers[size_t(i)]) * inputs.mean(i);
      weights[size_t(index)] = char(row.integers[size_t(i)]);
    }
    bias = std::nearbyint(bias / row.scale);
    std::optional<Multiplier> multiplier = quantizeMultiplier(factor);
    if (!multiplier || std::abs(bias) > double(1 << 30))
      return false;
    newMultipliers.push_back(multiplier->multiplier);
    newShifts.push_back(multiplier->shift);
    newBiases.push_back(int64_t(bias));
  }
  OpBuilder builder(conv.op);
  TosaBuilder tosa(builder, conv.op->getLoc());
  auto list = [&](ArrayRef<int64_t> values, unsigned width) {
    auto type = RankedTensorType::get(int64_t(values.size()), builder.getIntegerType(width));
    return tosa.constant(Elements::fromInts(type, values));
  };
  conv.op->setOperand(1, tosa.constant(Elements(conv.weights->getType(), std::move(weights))));
  conv.op->setOperand(2, list(newBiases, 32));
  conv.op->setOperand(4, list({0}, 8));
  int64_t bits = coded.magnitudeBits + 1;
  conv.op->setAttr("pim.weight_bits", builder.getI32IntegerAttr(int32_t(bits)));
  conv.op->setAttr("pim.weight_code", builder.getStringAttr(codes::formatCode(coded.code)));
  conv.op->setAttr("pim.code_error", builder.getF64FloatAttr(coded.relativeError()));
  builder.setInsertionPoint(rescale);
  rescale.getMultiplierMutable().assign(list(newMultipliers, 32));
  rescale.getShiftMutable().assign(list(newShifts, 8));
  rescale.setPerChannel(true);
  return true;
}

LogicalResult Coder::run() {
  for (Operation &op : function.getBody().front())
    if (std::optional<CodedConvolution> conv = CodedConvolution::of(&op))
      convolutions.push_back(std::move(*conv));
  if (failed(chooseCodes()))
    return failure();
  auto moments = collectMoments(function, convolutions, calibration);
  if (failed(moments))
    return failure();
  for (auto [index, conv] : llvm::enumerate(convolutions)) {
    ArrayRef<VectorMoments> inputs((*moments)[index]);
    if (options.codes == "auto") {
      rewrite(conv, inputs, choose(conv, inputs));
      continue;
    }
    const codes::Code *wanted =
        table.find(layerName(conv.op->getLoc()), int64_t(index), int64_t(convolutions.size()));
    if (wanted && !rewrite(conv, inputs, code(conv, inputs, *wanted)))
      conv.op->emitWarning() << "keeps its weights: with the scales of '"
                             << codes::formatCode(*wanted)
                             << "' its bias or its rescale would leave their range";
  }
  return success();
}

LogicalResult mlir::pim::codeWeights(ModuleOp module, const WeightCodeOptions &options,
                                     const CalibrationOptions &calibration) {
  if (options.codes.empty())
    return success();
  if (!(options.errorBudget >= 0 && options.errorBudget <= 1))
    return module.emitError() << "error budget is " << options.errorBudget << ", expected 0 to 1";
  try {
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal() && llvm::hasSingleElement(function.getBody()) &&
          failed(Coder(function, options, calibration).run()))
        return failure();
  } catch (const ::pim::Error &error) {
    return module.emitError() << error.what();
  }
  return success();
}
