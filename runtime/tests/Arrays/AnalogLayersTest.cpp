//===- AnalogLayersTest.cpp - analog layers against their equations ---------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/AnalogLayers.h"

#include "Support/AnalogChain.h"
#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Faults/WireResistance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

std::vector<int> randomSigns(std::mt19937 &random, size_t count) {
  std::vector<int> signs(count);
  for (int &sign : signs)
    sign = int(random() % 3) - 1;
  return signs;
}

std::vector<double> voltsOf(const AnalogChain &chain, const pim::target::Target &target,
                            std::span<const int> inputs, uint64_t seed = 0) {
  const AnalogLayers layers(chain.group, chain.cells(), target, Die{seed});
  std::vector<double> volts(layers.lineCount());
  layers.run(inputs, volts);
  return volts;
}

/// What the equations say of ideal devices: 1/5 kOhm - 1/15 kOhm for a weight, the mean over
/// `partitions`, 4*3/0.8 per volt.
std::vector<double> neuronsByHand(const std::vector<TernaryLayer> &layers,
                                  std::span<const double> ohms, std::span<const uint32_t> parts,
                                  std::span<const int> inputs) {
  std::vector<double> all, before(inputs.begin(), inputs.end());
  for (size_t i = 0; i < layers.size(); ++i) {
    std::vector<double> after;
    for (const std::vector<int> &weights : layers[i]) {
      double z = weights.back();
      for (size_t j = 0; j < before.size(); ++j)
        z += weights[j] * before[j];
      const double v = ohms[i] * 0.8 * (1 / 5000.0 - 1 / 15000.0) * z / parts[i];
      after.push_back(1 / (1 + std::exp(15 * v)));
    }
    all.insert(all.end(), after.begin(), after.end());
    before = after;
  }
  return all;
}

struct Sample {
  std::mt19937 random{7};
  std::vector<TernaryLayer> layers = {randomLayer(random, 100, 40), randomLayer(random, 40, 20),
                                      randomLayer(random, 20, 10)};
  std::vector<double> ohms = {3000, 2000, 1000};
  AnalogChain chain{layers, ohms, 32, 32};
  pim::target::Target target = analogTarget(32, 32);
  std::vector<int> inputs = randomSigns(random, 100);
};

TEST(AnalogLayersTest, IdealDevicesFollowTheEquations) {
  Sample sample;
  EXPECT_EQ(sample.chain.partitions, (std::vector<uint32_t>{4, 2, 1}));
  EXPECT_EQ(sample.chain.arrays, 4u * 2 + 2 + 1);
  const auto volts = voltsOf(sample.chain, sample.target, sample.inputs);
  const auto expected =
      neuronsByHand(sample.layers, sample.ohms, sample.chain.partitions, sample.inputs);
  ASSERT_EQ(volts.size(), 101 + expected.size());
  EXPECT_EQ(volts[100], 0.8);
  for (size_t n = 0; n < expected.size(); ++n)
    EXPECT_NEAR(volts[101 + n] / 0.8, expected[n], 1e-12) << "neuron " << n;
}

TEST(AnalogLayersTest, PartitionsAverage) {
  // The same weights in one array and in two: the second reaches half the voltage.
  const std::vector<TernaryLayer> layers = {{std::vector<int>(8, 1)}};
  const std::vector<int> inputs(7, 1);
  const double whole = voltsOf({layers, {100}, 8, 8}, analogTarget(8, 8), inputs).back();
  const double halves = voltsOf({layers, {100}, 4, 8}, analogTarget(4, 8), inputs).back();
  auto slopeTimesVolts = [](double out) { return std::log(0.8 / out - 1); };
  EXPECT_NEAR(slopeTimesVolts(whole), 2 * slopeTimesVolts(halves), 1e-12);
}

TEST(AnalogLayersTest, ResultsComeFromTheCells) {
  const std::vector<TernaryLayer> layers = {{{1, -1, 0, 1}}};
  AnalogChain chain(layers, {500}, 8, 8);
  const std::vector<int> inputs = {1, 1, 1};
  auto neuron = [&] { return voltsOf(chain, analogTarget(8, 8), inputs).back(); };
  const double before = neuron();
  chain.setPair(0, 2, 0, 1, 1); // zero as two cells at low resistance: no difference
  EXPECT_NEAR(neuron(), before, 1e-15);
  chain.setPair(0, 2, 0, 0, 1);
  EXPECT_GT(neuron(), before); // the sum falls, and the neuron is a falling sigmoid
  EXPECT_NEAR(neuron(), 0.4, 1e-12);
}

TEST(AnalogLayersTest, ReadsAreNoisy) {
  // Three cells at 5 kOhm and three at 15 kOhm at 0.8 V: the variance of their currents is that of
  // one cell at 5 kOhm, sigma^2 (0.8/5000)^2, times 3 + 3/3.
  const std::vector<TernaryLayer> layers = {{{1, -1, 1}}};
  const AnalogChain chain(layers, {500}, 8, 8);
  pim::target::Target target = analogTarget(8, 8);
  const std::vector<int> inputs = {1, 1};
  const double ideal = voltsOf(chain, target, inputs).back();
  target.cell.readNoiseSigma = 0.1;
  const AnalogLayers noisy(chain.group, chain.cells(), target, Die{3});
  auto slopeTimesVolts = [](double out) { return std::log(0.8 / out - 1); };
  auto read = [&](Occasion occasion) {
    std::vector<double> volts(noisy.lineCount());
    noisy.run(inputs, volts, occasion);
    return slopeTimesVolts(volts.back()) - slopeTimesVolts(ideal);
  };
  constexpr uint32_t count = 4000;
  double sum = 0, squares = 0;
  for (uint32_t vector = 0; vector < count; ++vector) {
    const double error = read({5, vector});
    sum += error;
    squares += error * error;
  }
  const double deviation = 15 * 500 * 0.1 * 0.8 / 5000 * 2;
  EXPECT_NEAR(sum / count, 0, 0.05 * deviation);
  EXPECT_NEAR(std::sqrt(squares / count), deviation, 0.04 * deviation);
  EXPECT_EQ(read({5, 9}), read({5, 9}));
  EXPECT_NE(read({5, 9}), read({6, 9}));
}

TEST(AnalogLayersTest, EachPairAndArrayHasNoiseOfItsOwn) {
  Sample sample;
  const auto ideal = voltsOf(sample.chain, sample.target, sample.inputs);
  sample.target.cell.readNoiseSigma = 0.02;
  const auto noisy = voltsOf(sample.chain, sample.target, sample.inputs);
  std::vector<double> errors;
  for (size_t n = 101; n < ideal.size(); ++n)
    errors.push_back(std::log(0.8 / noisy[n] - 1) - std::log(0.8 / ideal[n] - 1));
  std::sort(errors.begin(), errors.end());
  EXPECT_EQ(std::adjacent_find(errors.begin(), errors.end()), errors.end());
}

TEST(AnalogLayersTest, VariationBelongsToTheDie) {
  Sample sample;
  const auto ideal = voltsOf(sample.chain, sample.target, sample.inputs);
  for (auto set : {+[](pim::target::Target &t) { t.cell.variationSigma = 0.05; },
                   +[](pim::target::Target &t) { t.imacArray.amplifierOffsetMv = 5; },
                   +[](pim::target::Target &t) { t.imacArray.amplifierGainSigma = 0.05; },
                   +[](pim::target::Target &t) { t.imacArray.neuronOffsetMv = 5; },
                   +[](pim::target::Target &t) { t.imacArray.neuronSlopeSigma = 0.05; }}) {
    pim::target::Target target = sample.target;
    set(target);
    const auto first = voltsOf(sample.chain, target, sample.inputs, 1);
    EXPECT_EQ(first, voltsOf(sample.chain, target, sample.inputs, 1));
    EXPECT_NE(first, voltsOf(sample.chain, target, sample.inputs, 2));
    EXPECT_NE(first, ideal);
    double most = 0;
    for (size_t i = 0; i < ideal.size(); ++i)
      most = std::max(most, std::fabs(first[i] - ideal[i]));
    EXPECT_GT(most, 1e-4);
    EXPECT_LE(most, 0.8);
  }
}

TEST(AnalogLayersTest, RailsLimitAmplifiers) {
  const std::vector<TernaryLayer> layers = {{std::vector<int>(9, 1)}};
  const AnalogChain chain(layers, {30000}, 32, 8);
  pim::target::Target target = analogTarget(32, 8);
  target.imacArray.amplifierRailV = 0.05;
  const double out = voltsOf(chain, target, std::vector<int>(8, 1)).back();
  EXPECT_NEAR(out, 0.8 / (1 + std::exp(15 * 0.05)), 1e-15);
}

TEST(AnalogLayersTest, WiresDropWhatTheirNetworkSays) {
  std::mt19937 random(3);
  const std::vector<TernaryLayer> layers = {randomLayer(random, 31, 32)};
  const AnalogChain chain(layers, {1000}, 32, 32);
  pim::target::Target target = analogTarget(32, 32);
  target.array.rowWireOhm = 2.5;
  target.array.columnWireOhm = 3.5;
  target.array.driverOhm = 100;
  target.array.senseOhm = 50;
  const std::vector<int> inputs = randomSigns(random, 31);
  const auto found = voltsOf(chain, target, inputs);
  std::vector<double> siemens, volts;
  for (uint32_t r = 0; r < 32; ++r) {
    volts.push_back(r < 31 ? inputs[r] * 0.8 : 0.8);
    for (uint32_t c = 0; c < 64; ++c)
      siemens.push_back(1 / (chain.cells().cell(0, r, c) ? 5000.0 : 15000.0));
  }
  const auto currents = WireNetwork(32, 64, siemens, wireOhms(target)).currents(volts);
  for (uint32_t o = 0; o < 32; ++o) {
    const double v = 1000 * (currents[2 * o] - currents[2 * o + 1]);
    EXPECT_NEAR(found[32 + o], 0.8 / (1 + std::exp(15 * v)), 1e-12);
  }
  EXPECT_NE(found, voltsOf(chain, analogTarget(32, 32), inputs));
}

TEST(AnalogLayersTest, ConvertersReadTheLastLayer) {
  Sample sample;
  for (unsigned bits : {3, 8}) {
    sample.target.adc.bits = bits;
    const auto group =
        imacArrayKind().program(sample.chain.group, sample.chain.cells(), sample.target);
    EXPECT_FALSE(group->isExact());
    std::vector<uint8_t> bytes;
    for (int sign : sample.inputs)
      bytes.push_back(uint8_t(sign + 1));
    std::vector<int32_t> results(10, 5), twice(10, 5);
    ArrayScratch scratch;
    group->multiply({bytes.data(), 1, bytes.size()}, {results.data(), 10}, false, scratch);
    group->multiply({bytes.data(), 1, bytes.size()}, {twice.data(), 10}, true, scratch);
    const auto volts = voltsOf(sample.chain, sample.target, sample.inputs);
    const double most = (1 << bits) - 1;
    for (size_t o = 0; o < 10; ++o) {
      const double code = std::round(volts[volts.size() - 10 + o] / 0.8 * most);
      EXPECT_EQ(results[o], int32_t(std::round(code * 65535 / most)));
      EXPECT_EQ(twice[o], results[o] + 5);
    }
  }
}

TEST(AnalogLayersTest, ImperfectConvertersBelongToTheDie) {
  Sample sample;
  sample.target.adc.bits = 8;
  sample.target.adc.offsetLsb = 3;
  const AnalogLayers first(sample.chain.group, sample.chain.cells(), sample.target, Die{1}),
      second(sample.chain.group, sample.chain.cells(), sample.target, Die{2});
  const auto volts = voltsOf(sample.chain, sample.target, sample.inputs);
  std::vector<int32_t> a(10), b(10), c(10);
  first.convert(volts, a);
  first.convert(volts, b);
  second.convert(volts, c);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
}

} // namespace
