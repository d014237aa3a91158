//===- QuantizeTest.cpp - integer graphs beside their float graphs --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "pim/Elements/Ports.h"
#include "pim/Quantization/Calibration.h"
#include "pim/Quantization/Passes.h"
#include "pim/Quantization/QuantParams.h"
#include "pim/Runtime/Graph/Quantize.h"
#include "pim/Runtime/Graph/ReferenceEvaluator.h"
#include "pim/TosaToGraph/TosaToGraph.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

namespace {

/// A model as a float function, with casts after calibration, and as an integer function.
class QuantizedModel {
public:
  explicit QuantizedModel(const std::string &text) {
    context.loadDialect<func::FuncDialect, quant::QuantDialect, tosa::TosaDialect>();
    source = parseSourceString<ModuleOp>(text, &context);
    if (source)
      quantized = OwningOpRef<ModuleOp>(source->clone());
  }

  bool quantize(CalibrationOptions options, bool wideAverages = false) {
    // The warning that inputs are random is meant for users.
    ScopedDiagnosticHandler handler(&context, [](Diagnostic &diagnostic) {
      return success(diagnostic.getSeverity() == DiagnosticSeverity::Warning);
    });
    if (failed(calibrateAndInsertQuantization(*quantized, options)))
      return false;
    cast = OwningOpRef<ModuleOp>(quantized->clone());
    PassManager manager(&context);
    manager.addPass(createQuantize({wideAverages}));
    return succeeded(manager.run(*quantized)) && succeeded(verify(*quantized));
  }

  std::vector<float> runFloat(const std::vector<float> &input) { return run(*source, input); }
  /// The float graph with the rounding of the casts: what the integer graph stands for.
  std::vector<float> runCast(const std::vector<float> &input) { return run(*cast, input); }

  std::vector<float> run(ModuleOp module, const std::vector<float> &input) {
    auto graph = convertTosaToGraph(function(module));
    graph::ReferenceEvaluator evaluator(*graph);
    auto bytes = std::as_bytes(std::span(input));
    auto values = evaluator.run(std::span(&bytes, 1))[0].values<float>();
    return {values.begin(), values.end()};
  }

  std::vector<float> runInteger(const std::vector<float> &input) {
    auto graph = convertTosaToGraph(function(*quantized));
    QuantParams in = *portParams(function(*quantized).getArgAttr(0, quantAttrName));
    std::vector<int8_t> integers;
    for (float value : input)
      integers.push_back(int8_t(in.quantize(value)));
    graph::ReferenceEvaluator evaluator(*graph);
    auto bytes = std::as_bytes(std::span(integers));
    graph::TensorView view = evaluator.run(std::span(&bytes, 1))[0];
    auto out = function(*quantized).getResultAttrOfType<TypeAttr>(0, quantAttrName);
    if (!out) {
      auto values = view.values<float>();
      return {values.begin(), values.end()};
    }
    auto type = mlir::cast<quant::UniformQuantizedType>(out.getValue());
    std::vector<float> reals;
    auto add = [&](auto values) {
      for (auto value : values)
        reals.push_back(graph::dequantize(value, type.getScale(), type.getZeroPoint()));
    };
    if (type.getStorageTypeIntegralWidth() == 8)
      add(view.values<int8_t>());
    else
      add(view.values<int32_t>());
    return reals;
  }

  ModuleOp module() { return *quantized; }
  bool parsed() { return bool(source); }

private:
  static func::FuncOp function(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

  std::optional<QuantParams> portParams(Attribute attribute) {
    auto type = dyn_cast_or_null<TypeAttr>(attribute);
    if (!type)
      return std::nullopt;
    return *getQuantParams(mlir::cast<quant::QuantizedType>(type.getValue()),
                           UnknownLoc::get(&context));
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> source, cast, quantized;
};

std::vector<float> randomInput(unsigned seed) {
  std::mt19937 random(seed);
  // Narrower than the inputs of calibration, so that no activation leaves its range by much.
  std::normal_distribution<float> values(0, 0.7f);
  std::vector<float> input(8 * 8 * 3);
  for (float &value : input)
    value = values(random);
  return input;
}

/// Collects the power of values and of the differences from them.
class NoiseMeter {
public:
  void add(const std::vector<float> &expected, const std::vector<float> &found) {
    for (size_t i = 0; i < expected.size(); ++i) {
      signal += double(expected[i]) * expected[i];
      noise += std::pow(double(expected[i]) - found[i], 2);
    }
  }
  double decibels() const { return 10 * std::log10(signal / std::max(noise, 1e-30)); }

private:
  double signal = 0, noise = 0;
};

struct Ratios {
  double toFloat, toCast;
};

/// How far the integer graph of a random model is from its float graph, without and with casts,
/// over random inputs.
Ratios measure(unsigned seed, CalibrationOptions options, bool softmax, bool averages,
               bool wideAverages = false) {
  QuantizedModel model(::pim::test::RandomModel(seed, averages).write(8, softmax));
  EXPECT_TRUE(model.parsed()) << "seed " << seed;
  if (!model.quantize(options, wideAverages)) {
    ADD_FAILURE() << "seed " << seed;
    return {0, 0};
  }
  NoiseMeter toFloat, toCast;
  for (unsigned i = 0; i < 8; ++i) {
    std::vector<float> input = randomInput(100 + i), found = model.runInteger(input);
    toFloat.add(model.runFloat(input), found);
    toCast.add(model.runCast(input), found);
  }
  return {toFloat.decibels(), toCast.decibels()};
}

TEST(Quantize, IntegerGraphsComputeWhatTheirCastsSay) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Ratios ratios = measure(seed, {}, false, /*averages=*/false);
    EXPECT_GT(ratios.toCast, 30) << "seed " << seed;
    EXPECT_GT(ratios.toFloat, 15) << "seed " << seed;
  }
}

TEST(Quantize, AveragesRoundOnceMore) {
  for (unsigned seed = 1; seed <= 100; ++seed)
    EXPECT_GT(measure(seed, {}, false, /*averages=*/true).toCast, 14) << "seed " << seed;
}

TEST(Quantize, WideAveragesDoNot) {
  for (unsigned seed = 1; seed <= 100; ++seed)
    EXPECT_GT(measure(seed, {}, false, /*averages=*/true, /*wideAverages=*/true).toCast, 30)
        << "seed " << seed;
}

TEST(Quantize, EveryRangeMethodWorks) {
  for (auto method : {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse}) {
    CalibrationOptions options;
    options.method = method;
    EXPECT_GT(measure(11, options, false, true).toFloat, 20) << rangeMethodName(method).str();
  }
}

TEST(Quantize, FewerBitsComputeWhatTheirCastsSay) {
  for (unsigned seed = 61; seed <= 80; ++seed)
    for (unsigned bits = 2; bits <= 7; ++bits) {
      CalibrationOptions options;
      options.weightBits = options.activationBits = bits;
      // A bias rounds to the scale of the accumulator, which few bits make coarse.
      EXPECT_GT(measure(seed, options, true, /*averages=*/false).toCast, 5.0 * bits - 10)
          << "seed " << seed << ", " << bits << " bits";
    }
}

TEST(Quantize, WeightsOfOneBitAreSigns) {
  QuantizedModel model(::pim::test::RandomModel(3).write(4, false));
  CalibrationOptions options;
  options.weightBits = options.activationBits = 1;
  ASSERT_TRUE(model.quantize(options));
  unsigned matrices = 0;
  model.module().walk([&](Operation *op) {
    if (!isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op))
      return;
    ++matrices;
    auto weights = op->getOperand(1).getDefiningOp<tosa::ConstOp>();
    ArrayRef<int8_t> values;
    if (auto resource = dyn_cast<DenseI8ResourceElementsAttr>(weights.getValues()))
      values = *resource.tryGetAsArrayRef();
    for (int8_t value : values)
      EXPECT_EQ(std::abs(value), 1);
    EXPECT_EQ(op->getAttrOfType<IntegerAttr>(weightBitsAttrName).getInt(), 1);
  });
  EXPECT_GT(matrices, 0u);
}

TEST(Quantize, FloatIslandsAreFedByCasts) {
  QuantizedModel model(::pim::test::RandomModel(5).write(4, true));
  ASSERT_TRUE(model.quantize({}));
  unsigned dequantized = 0, floatMatrixOps = 0;
  model.module().walk([&](Operation *op) {
    dequantized += isa<quant::DequantizeCastOp>(op);
    if (isa<tosa::Conv2DOp, tosa::MatMulOp>(op))
      floatMatrixOps += cast<RankedTensorType>(op->getResult(0).getType()).getElementType().isF32();
  });
  EXPECT_EQ(dequantized, 1u);
  EXPECT_EQ(floatMatrixOps, 0u);
}

TEST(Quantize, EqualSeedsGiveEqualModules) {
  auto print = [] {
    QuantizedModel model(::pim::test::RandomModel(9).write(8, true));
    EXPECT_TRUE(model.quantize({}));
    std::string text;
    llvm::raw_string_ostream(text) << model.module();
    return text;
  };
  EXPECT_EQ(print(), print());
}

} // namespace
