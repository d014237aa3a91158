//===- WeightCoding.cpp - weights on the levels of a code ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/WeightCoding.h"
#include "LayerInputs.h"
#include "LinearRounder.h"
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
  std::vector<RoundedOutput> outputs;
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
  CodedLayer code(const CodedConvolution &conv, const LinearRounder &rounder,
                  const codes::Code &code) const;
  CodedLayer choose(const CodedConvolution &conv, const LinearRounder &rounder) const;
  bool rewrite(const CodedConvolution &conv, const InputMoments &inputs, const CodedLayer &coded);

  func::FuncOp function;
  const WeightCodeOptions &options;
  const CalibrationOptions &calibration;
  codes::LayerCodes table;
  std::vector<CodedConvolution> convolutions;
};
} // namespace

static std::vector<CodedConvolution> codedConvolutions(func::FuncOp function) {
  std::vector<CodedConvolution> convolutions;
  for (Operation &op : function.getBody().front())
    if (std::optional<CodedConvolution> conv = CodedConvolution::of(&op))
      convolutions.push_back(std::move(*conv));
  return convolutions;
}

static void mark(Operation *op, const codes::Code &code, double relativeError) {
  Builder builder(op->getContext());
  int bits = codes::LevelSet(code).magnitudeBits() + 1;
  op->setAttr("pim.weight_bits", builder.getI32IntegerAttr(bits));
  op->setAttr("pim.weight_code", builder.getStringAttr(codes::formatCode(code)));
  op->setAttr("pim.code_error", builder.getF64FloatAttr(relativeError));
}

static bool isOnLevels(const CodedConvolution &conv, const codes::LevelSet &levels) {
  for (int64_t output = 0; output < conv.shape.outputs; ++output)
    for (float weight : conv.weightsOf(output))
      if (weight != 0 && !levels.contains(int64_t(weight)))
        return false;
  return true;
}

/// Marks the layers that have a code in `text`, by name; nothing else of them changes.
static void markRecordedCodes(func::FuncOp function, const std::string &text) {
  codes::LayerCodes table;
  try {
    table = codes::parseLayerCodes(text);
  } catch (const ::pim::Error &error) {
    ::pim::fail("the model's metadata 'pim.codes': ", error.what());
  }
  std::vector<CodedConvolution> convolutions = codedConvolutions(function);
  int64_t count = int64_t(convolutions.size());
  for (auto [index, conv] : llvm::enumerate(convolutions)) {
    const codes::Code *code = table.find(layerName(conv.op->getLoc()), int64_t(index), count);
    if (!code)
      continue;
    codes::LevelSet levels(*code);
    if (levels.magnitudeBits() <= 7 && isOnLevels(conv, levels))
      mark(conv.op, *code, 0);
    else
      conv.op->emitWarning() << "keeps eight bits: its weights are not on the levels of '"
                             << codes::formatCode(*code)
                             << "', which the model's metadata 'pim.codes' record";
  }
}

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

CodedLayer Coder::code(const CodedConvolution &conv, const LinearRounder &rounder,
                       const codes::Code &code) const {
  codes::LevelSet levels(code);
  CodedLayer layer{code, levels.magnitudeBits(), {}, 0, 0};
  for (int64_t first = 0; first < conv.shape.outputs; first += LinearRounder::fewOutputs) {
    std::vector<float> weights;
    std::vector<double> scales;
    int64_t end = std::min(first + LinearRounder::fewOutputs, conv.shape.outputs);
    for (int64_t output = first; output < end; ++output) {
      std::vector<float> taps = conv.weightsOf(output);
      scales.push_back(rounder.findScale(levels, output, taps));
      llvm::append_range(weights, taps);
    }
    for (RoundedOutput &rounded : rounder.round(levels, first, weights, scales)) {
      layer.error += rounded.error;
      layer.outputs.push_back(std::move(rounded));
    }
    layer.energy += rounder.energy(first, weights);
  }
  return layer;
}

/// The code of least bits within the budget; the best of all if none is.
CodedLayer Coder::choose(const CodedConvolution &conv, const LinearRounder &rounder) const {
  std::optional<CodedLayer> best;
  for (const char *text : automaticCodes) {
    codes::Code candidate = codes::parseCode(text);
    bool isWithin = best && best->relativeError() <= options.errorBudget;
    if (isWithin && codes::LevelSet(candidate).magnitudeBits() > best->magnitudeBits)
      break;
    CodedLayer layer = code(conv, rounder, candidate);
    if (!best || layer.relativeError() < best->relativeError())
      best = std::move(layer);
  }
  return std::move(*best);
}

/// Puts the integers into the convolution, and their scales into its bias and its rescale. False if
/// these have no room for them; nothing is changed then.
bool Coder::rewrite(const CodedConvolution &conv, const InputMoments &inputs,
                    const CodedLayer &coded) {
  tosa::RescaleOp rescale = conv.rescale;
  SmallVector<int64_t> multipliers = getTosaConstant(rescale.getMultiplier())->getInts(),
                       shifts = getTosaConstant(rescale.getShift())->getInts(),
                       biases = conv.bias->getInts();
  const LinearShape &shape = conv.shape;
  std::vector<char> weights(size_t(shape.outputs * shape.taps));
  SmallVector<int64_t> newMultipliers, newShifts, newBiases;
  for (int64_t output = 0; output < shape.outputs; ++output) {
    const RoundedOutput &row = coded.outputs[size_t(output)];
    size_t at = multipliers.size() == 1 ? 0 : size_t(output);
    double factor = Multiplier{int32_t(multipliers[at]), int8_t(shifts[at])}.factor() * row.scale;
    double bias = double(biases[biases.size() == 1 ? 0 : size_t(output)]);
    std::vector<float> before = conv.weightsOf(output);
    for (int64_t tap = 0; tap < shape.taps; ++tap) {
      int32_t integer = row.integers[size_t(tap)];
      bias += (before[size_t(tap)] - row.scale * integer) *
              inputs.mean(shape.patchOffset(output) + tap);
      weights[size_t(shape.weightIndex(output, tap))] = char(integer);
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
  mark(conv.op, coded.code, coded.relativeError());
  builder.setInsertionPoint(rescale);
  rescale.getMultiplierMutable().assign(list(newMultipliers, 32));
  rescale.getShiftMutable().assign(list(newShifts, 8));
  rescale.setPerChannel(true);
  return true;
}

LogicalResult Coder::run() {
  convolutions = codedConvolutions(function);
  if (failed(chooseCodes()))
    return failure();
  auto moments = collectMoments(function, convolutions, calibration);
  if (failed(moments))
    return failure();
  for (auto [index, conv] : llvm::enumerate(convolutions)) {
    const InputMoments &inputs = (*moments)[index];
    const codes::Code *wanted =
        table.find(layerName(conv.op->getLoc()), int64_t(index), int64_t(convolutions.size()));
    bool isAutomatic = options.codes == "auto";
    if (!isAutomatic && !wanted)
      continue;
    LinearRounder rounder(conv.op->getContext(), conv.shape, inputs);
    if (isAutomatic)
      rewrite(conv, inputs, choose(conv, rounder));
    else if (!rewrite(conv, inputs, code(conv, rounder, *wanted)))
      conv.op->emitWarning() << "keeps its weights: with the scales of '"
                             << codes::formatCode(*wanted)
                             << "' its bias or its rescale would leave their range";
  }
  return success();
}

LogicalResult mlir::pim::codeWeights(ModuleOp module, const WeightCodeOptions &options,
                                     const CalibrationOptions &calibration) {
  if (options.codes.empty() && options.recorded.empty())
    return success();
  if (!(options.errorBudget >= 0 && options.errorBudget <= 1))
    return module.emitError() << "error budget is " << options.errorBudget << ", expected 0 to 1";
  try {
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function.isExternal() || !llvm::hasSingleElement(function.getBody()))
        continue;
      if (options.codes.empty())
        markRecordedCodes(function, options.recorded);
      else if (failed(Coder(function, options, calibration).run()))
        return failure();
    }
  } catch (const ::pim::Error &error) {
    return module.emitError() << error.what();
  }
  return success();
}
