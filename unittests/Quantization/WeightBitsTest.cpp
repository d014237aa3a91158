//===- WeightBitsTest.cpp - what automatic bits lose ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightBits.h"
#include "SampleFile.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Parser/Parser.h"
#include "pim/Quantization/QuantParams.h"
#include "pim/Runtime/Graph/ReferenceEvaluator.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

namespace {

constexpr size_t sampleCount = 64, sampleSize = 24, classes = 10;

/// So many matrices of equal weights, whose products are added up: their errors are equal too, so
/// those of all together are far larger than if they were independent.
std::string writeModel(unsigned seed, int branches) {
  std::mt19937 random(seed);
  std::normal_distribution<float> draw(0, 1);
  std::ostringstream weights, text;
  for (size_t row = 0; row < sampleSize; ++row) {
    weights << (row ? ", [" : "[");
    for (size_t col = 0; col < classes; ++col)
      weights << (col ? ", " : "") << std::scientific << draw(random);
    weights << "]";
  }
  text << "func.func @main(%x: tensor<1x1x24xf32>) -> tensor<1x1x10xf32> {\n"
       << "%z = \"tosa.const\"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>\n";
  for (int i = 0; i < branches; ++i) {
    text << "%w" << i << " = \"tosa.const\"() {values = dense<[[" << weights.str()
         << "]]> : tensor<1x24x10xf32>} : () -> tensor<1x24x10xf32>\n%p" << i
         << " = tosa.matmul %x, %w" << i << ", %z, %z : (tensor<1x1x24xf32>, "
         << "tensor<1x24x10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x10xf32>\n";
    if (i == 0)
      text << "%s0 = tosa.add %p0, %p0";
    else
      text << "%s" << i << " = tosa.add %s" << i - 1 << ", %p" << i;
    text << " : (tensor<1x1x10xf32>, tensor<1x1x10xf32>) -> tensor<1x1x10xf32>\n";
  }
  text << "return %s" << branches - 1 << " : tensor<1x1x10xf32>\n}\n";
  return text.str();
}

/// Leaves the casts of weights alone: activations stay as they are.
void dropActivationCasts(ModuleOp module) {
  module.walk([](quant::DequantizeCastOp cast) {
    auto from = cast.getInput().getDefiningOp<quant::QuantizeCastOp>();
    if (from && !from.getInput().getDefiningOp<tosa::ConstOp>())
      cast.getResult().replaceAllUsesWith(from.getInput());
  });
}

std::vector<size_t> winnersOf(ModuleOp module, const SampleFile &samples) {
  auto graph = convertTosaToGraph(*module.getOps<func::FuncOp>().begin());
  graph::ReferenceEvaluator evaluator(*graph);
  std::vector<size_t> winners;
  for (size_t sample = 0; sample < sampleCount; ++sample) {
    if (!isForTrials(int64_t(sample), int64_t(sampleCount)))
      continue;
    auto bytes = std::as_bytes(samples.of(sample));
    auto scores = evaluator.run(std::span(&bytes, 1))[0].values<float>();
    winners.push_back(size_t(std::max_element(scores.begin(), scores.end()) - scores.begin()));
  }
  return winners;
}

/// Of a search for bits: inferences done, of how many in all until they are done.
struct SearchProgress {
  int64_t done = 0, total = 0, finished = 0;

  void update(int64_t nowDone, int64_t nowTotal) {
    if (done == total)
      done = total = 0;
    EXPECT_GT(nowDone, done);
    EXPECT_LE(nowDone, nowTotal);
    if (total != 0) {
      EXPECT_EQ(nowTotal, total);
    }
    done = nowDone;
    total = nowTotal;
    finished += done == total;
  }
};

/// Bits that all layers together save, and classes of 100 that the chosen bits turn.
struct Outcome {
  int saved = 0;
  double turned = 0;
};

Outcome chooseBits(unsigned seed, double mostLoss) {
  MLIRContext context;
  context.loadDialect<func::FuncDialect, quant::QuantDialect, tosa::TosaDialect>();
  OwningOpRef<ModuleOp> source = parseSourceString<ModuleOp>(writeModel(seed, 12), &context);
  OwningOpRef<ModuleOp> rounded(source->clone());
  SampleFile samples(sampleCount, sampleSize, seed);
  CalibrationOptions options;
  options.data = {samples.path};
  options.automaticWeightBits = true;
  options.maxAccuracyLoss = mostLoss;
  options.biasCorrection = false;
  int64_t reads = 0;
  SearchProgress search;
  options.progress = [&](int64_t done, int64_t total) {
    EXPECT_EQ(done, ++reads);
    EXPECT_EQ(total, int64_t(sampleCount));
  };
  options.searchProgress = [&](int64_t done, int64_t total) { search.update(done, total); };
  EXPECT_TRUE(succeeded(calibrateAndInsertQuantization(*rounded, options)));
  EXPECT_EQ(reads, int64_t(sampleCount));
  EXPECT_EQ(search.done, search.total);
  EXPECT_GE(search.finished, 2); // the choice, and what confirms it
  Outcome outcome;
  rounded->walk([&](Operation *op) {
    if (auto bits = op->getAttrOfType<IntegerAttr>("pim.weight_bits"); bits && !isa<ModuleOp>(op))
      outcome.saved += 8 - int(bits.getInt());
  });
  dropActivationCasts(*rounded);
  std::vector<size_t> before = winnersOf(*source, samples), after = winnersOf(*rounded, samples);
  for (size_t i = 0; i < before.size(); ++i)
    outcome.turned += before[i] != after[i];
  outcome.turned *= 100.0 / double(before.size());
  return outcome;
}

TEST(WeightBits, LoseNoMoreTogetherThanTheBudget) {
  int saved = 0;
  for (unsigned seed = 0; seed < 12; ++seed) {
    const Outcome outcome = chooseBits(seed, 7);
    EXPECT_LE(outcome.turned, 7) << "seed " << seed;
    saved += outcome.saved;
  }
  EXPECT_GT(saved, 0);
}

TEST(WeightBits, SaveLessWithASmallerBudget) {
  int none = 0, some = 0;
  for (unsigned seed = 0; seed < 6; ++seed) {
    const Outcome outcome = chooseBits(seed, 0);
    EXPECT_EQ(outcome.turned, 0) << "seed " << seed;
    none += outcome.saved;
    some += chooseBits(seed, 10).saved;
  }
  EXPECT_LT(none, some);
}

} // namespace
