//===- EnergyModelTest.cpp - what events cost -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/AnalogChain.h"
#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Energy/EnergyModel.h"

#include <gtest/gtest.h>
#include <optional>
#include <set>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

class EnergyModelTest : public ::testing::TestWithParam<target::ArrayKind> {
public:
  void SetUp() override {
    const uint32_t port = builder.tensor(box(fb::Space::Global, Type::I8, 0, {1}));
    builder.input("in", port);
    builder.output("out", port);
  }

  /// A 1x1 convolution of 2x3 positions, 40 inputs and 4 outputs of 8 slices, between a load and a
  /// store.
  Costs costs() {
    std::mt19937 random(1);
    const program::CellLayout layout = program::CellLayout::of(builder.target);
    const uint32_t group =
        core.group(mapMatrix(randomWeights(random, 40, 4, 8),
                             {.arrayRows = layout.rows, .arrayColumns = layout.columns}),
                   128);
    fb::WindowDescriptorT window;
    window.element = Type::I8;
    window.out_rows = window.rows = window.ring_rows = 2;
    window.out_cols = window.cols = 3;
    window.kernel_rows = window.kernel_cols = 1;
    window.row_step = window.col_step = window.row_dilation = window.col_dilation = 1;
    window.channels = window.col_pitch = 40;
    window.row_pitch = 120;
    fb::RequantizeT table;
    table.bias = {0};
    table.multiplier = {1 << 30};
    table.shift = {40};
    table.min = -128;
    table.max = 127;
    const uint32_t in = core.local(Type::I8, 0, {240}),
                   sums = core.local(Type::I32, 1024, {2, 3, 4});
    const uint32_t out = core.local(Type::I8, 2048, {2, 3, 4});
    core.emit(isa::DmaCopy{in, 0, core.global(Type::I8, 0, {240}), 0});
    core.emit(isa::Mvm{group, sums, 0, core.window(window), 0, false});
    core.emit(isa::Vrequant{out, 0, sums, 0, core.params(table)});
    core.emit(isa::DmaCopy{core.global(Type::I8, 1024, {2, 3, 4}), 0, out, 0});
    core.emit(isa::Halt{});
    builder.layer("conv", {fb::Span(0, 0, 3)});
    builder.layer("store", {fb::Span(0, 3, 4)});
    const target::Target target = builder.target;
    const LoadedProgram program(builder.finish(), target);
    const TimingTable table_(program);
    return computeCosts(program, table_, runTiming(program, table_));
  }

  ProgramBuilder builder{testTarget(GetParam())};
  CoreBuilder &core = builder.core();
};

INSTANTIATE_TEST_SUITE_P(Kinds, EnergyModelTest,
                         ::testing::Values(target::ArrayKind::And, target::ArrayKind::Xbar));

TEST_P(EnergyModelTest, TotalsAreTheSumsOfTheirParts) {
  const Costs costs = this->costs();
  Breakdown sum = costs.other.energyJoules;
  for (const LayerCosts &layer : costs.layers)
    sum += layer.energyJoules;
  for (size_t i = 0; i < componentCount; ++i)
    EXPECT_DOUBLE_EQ(sum.parts[i], costs.energyJoules.parts[i]) << componentName(Component(i));
  double total = 0;
  for (double part : costs.energyJoules.parts)
    total += part;
  EXPECT_DOUBLE_EQ(total, costs.energyJoules.total());
  EXPECT_DOUBLE_EQ(costs.aloneJoules, total) << "one image in flight";
  EXPECT_EQ(costs.executedInstructions, 5u);
  EXPECT_EQ(costs.layers[0].executedInstructions + costs.layers[1].executedInstructions +
                costs.other.executedInstructions,
            5u);
}

TEST_P(EnergyModelTest, ProgrammingCountsCellsAndBytes) {
  builder.target.cell.writeEnergyPj = 0.25;
  builder.target.weightStore = {16, 0, 4};
  // Five images in two rounds.
  core.tables.arrays = 5;
  core.tables.rounds = {0, 2};
  core.cells.assign(5 * program::CellLayout::of(builder.target).words(), 0);
  core.emit(isa::Reprogram{0});
  core.emit(isa::Reprogram{1});
  core.emit(isa::Halt{});
  const target::Target target = builder.target;
  const LoadedProgram program(builder.finish(), target);
  const TimingTable table(program);
  const Costs costs = computeCosts(program, table, runTiming(program, table));
  const double cells = 5.0 * target.matrixRows() * target.matrixColumns();
  constexpr double pj = 1e-12;
  EXPECT_EQ(costs.cellWrites, uint64_t(cells));
  EXPECT_EQ(costs.writesPerCell, 2u);
  EXPECT_DOUBLE_EQ(costs.energyJoules[Component::Programming],
                   (cells * 0.25 + cells / 8 * 4.0) * pj);
  EXPECT_DOUBLE_EQ(costs.energyJoules[Component::Noc], cells / 8 * 0.5 * pj);
}

TEST_P(EnergyModelTest, CountsTimesNumbers) {
  const Costs costs = this->costs();
  const Breakdown &energy = costs.energyJoules;
  constexpr double pj = 1e-12;
  if (GetParam() == target::ArrayKind::Xbar) {
    // 6 positions, 8 input steps, 32 columns, 40 rows.
    EXPECT_DOUBLE_EQ(energy[Component::Adc], 6 * 8 * 32 * 4.0 * pj);
    EXPECT_DOUBLE_EQ(energy[Component::ShiftAdd], 6 * 8 * 32 * 0.125 * pj);
    EXPECT_DOUBLE_EQ(energy[Component::Dac], 6 * 8 * 40 * 0.25 * pj);
    EXPECT_DOUBLE_EQ(energy[Component::Array], 6 * 8 * 8.0 * (40 * 32) / (128 * 128) * pj);
    EXPECT_EQ(energy[Component::PopCount], 0);
  } else {
    // 6 positions, 8 planes of inputs, 32 stored rows, 40 of the columns.
    const double share = 40.0 / builder.target.matrixRows();
    EXPECT_DOUBLE_EQ(energy[Component::Array], 6 * 8 * 32 * share * 4.0 * pj);
    EXPECT_DOUBLE_EQ(energy[Component::PopCount], 6 * 8 * 32 * share * 2.0 * pj);
    EXPECT_DOUBLE_EQ(energy[Component::Accumulate], 6 * 8 * 32 * 1.0 * pj);
    EXPECT_DOUBLE_EQ(energy[Component::InputWrite], 6 * 8 * share * 16.0 * pj);
    EXPECT_EQ(energy[Component::Adc], 0);
  }
  EXPECT_DOUBLE_EQ(energy[Component::Dpu], 24 * 0.5 * pj);
  EXPECT_DOUBLE_EQ(energy[Component::Dma], (240 + 24) * 0.125 * pj);
  EXPECT_DOUBLE_EQ(energy[Component::GlobalMemory], (240 + 24) * 2.0 * pj);
  EXPECT_DOUBLE_EQ(energy[Component::Noc], (240 + 24) * 0.5 * pj);
  EXPECT_DOUBLE_EQ(energy[Component::Scratchpad],
                   (240 + 6 * (40 + 16) + (96 + 24) + 24) * 0.25 * pj);
  EXPECT_DOUBLE_EQ(energy[Component::Sequencer], 5 * pj);
  // 2 cores of 1 mW, 128 arrays of 2 uW.
  EXPECT_NEAR(energy[Component::Leakage], (2e-3 + 128 * 2e-6) * costs.latencySeconds, 1e-20);
}

TEST_P(EnergyModelTest, StaticEnergyIsTheLeakageOfItsParts) {
  builder.target.leakage.gating = target::Gating::Unused;
  builder.target.leakage.gatedFraction = 0.25;
  const Costs costs = this->costs();
  EXPECT_DOUBLE_EQ(costs.staticJoules.total(), costs.energyJoules[Component::Leakage]);
  double ofLayers = costs.other.energyJoules[Component::Leakage];
  for (const LayerCosts &layer : costs.layers)
    ofLayers += layer.energyJoules[Component::Leakage];
  EXPECT_DOUBLE_EQ(ofLayers, costs.staticJoules.total());
  EXPECT_GT(costs.staticJoules[Component::Array], 0);
  EXPECT_GT(costs.staticJoules[Component::Scratchpad], 0);
  EXPECT_EQ(costs.staticJoules[Component::Host], 0);
}

TEST_P(EnergyModelTest, AnInferenceAloneLeaksForItsLatency) {
  builder.header.images_in_flight = 2;
  const Costs costs = this->costs();
  ASSERT_LT(costs.intervalSeconds, costs.latencySeconds);
  EXPECT_NEAR(costs.aloneJoules - costs.energyJoules.total(),
              (2e-3 + 128 * 2e-6) * (costs.latencySeconds - costs.intervalSeconds), 1e-20);
}

TEST_P(EnergyModelTest, GatingCutsOffWhatIsNotUsed) {
  Timing timing;
  timing.cycles = 1000; // a microsecond
  timing.activity.resize(1);
  timing.activity[0].core.add(100, 600);
  timing.activity[0].arrays.resize(3);
  timing.activity[0].arrays[1].add(200, 300);
  timing.activity[0].arrays[1].add(400, 450);
  target::Target target = builder.target; // 2 cores of 1 mW, 64 arrays of 2 uW each
  auto joules = [&](target::Gating gating, double fraction) {
    target.leakage.gating = gating;
    target.leakage.gatedFraction = fraction;
    return staticEnergy(target, timing, 1e-6).total();
  };
  constexpr double us = 1e-6, mw = 1e-3, uw = 1e-6;
  EXPECT_DOUBLE_EQ(joules(target::Gating::None, 0.1), (2 * mw + 128 * 2 * uw) * us);
  EXPECT_DOUBLE_EQ(joules(target::Gating::Unused, 0), (mw + 3 * 2 * uw) * us);
  EXPECT_DOUBLE_EQ(joules(target::Gating::Idle, 0), (0.5 * mw + 0.25 * 2 * uw) * us);
  EXPECT_DOUBLE_EQ(joules(target::Gating::Idle, 1), joules(target::Gating::None, 0));
  EXPECT_DOUBLE_EQ(joules(target::Gating::Unused, 0.5),
                   ((1 + 0.5) * mw + (3 + 0.5 * 125) * 2 * uw) * us);
}

TEST_P(EnergyModelTest, AreaCoversTheWholeChip) {
  const Breakdown area = chipArea(builder.target);
  constexpr double um2 = 1e-6;
  EXPECT_DOUBLE_EQ(area[Component::Array], 128 * 100 * um2);
  EXPECT_DOUBLE_EQ(area[Component::Dpu], 2 * 1000 * um2);
  EXPECT_DOUBLE_EQ(area[Component::Scratchpad], 2 * 64 * 64 * um2);
  if (GetParam() == target::ArrayKind::Xbar) {
    EXPECT_DOUBLE_EQ(area[Component::Adc], 128 * 800 * um2);
    EXPECT_DOUBLE_EQ(area[Component::Dac], 128 * 128 * 0.5 * um2);
  } else {
    EXPECT_DOUBLE_EQ(area[Component::PopCount], 128 * 50 * um2);
    EXPECT_EQ(area[Component::Adc], 0);
  }
}

TEST(XbarEnergyTest, AWeakerAdcTakesLess) {
  target::Target target = testTarget();
  fb::ArrayGroupT group;
  group.input_bits = 8;
  const std::vector<ArrayUse> uses{{0, 128, 128, 1}};
  const double strong = matrixVectorEnergy(target, group, uses).total();
  target.adc.bits = 5;
  EXPECT_LT(matrixVectorEnergy(target, group, uses).total(), strong);
  EXPECT_LT(chipArea(target)[Component::Adc], chipArea(testTarget())[Component::Adc]);
}

TEST(ComponentTest, NamesAreDifferent) {
  std::set<std::string> names;
  for (size_t i = 0; i < componentCount; ++i)
    names.insert(componentName(Component(i)));
  EXPECT_EQ(names.size(), componentCount);
}

/// 100 inputs, 40 and 10 neurons in arrays of 32 x 32 pairs: 4 x 2 and 2 arrays.
struct AnalogSample {
  AnalogSample() {
    std::mt19937 random(1);
    chain.emplace(std::vector{randomLayer(random, 100, 40), randomLayer(random, 40, 10)},
                  std::vector<double>{1000, 1000}, 32, 32);
    target.imacArray.layerNs = 2;
    target.imacArray.amplifierUw = 50;
    target.imacArray.neuronUw = 20;
    target.imacArray.signEnergyPj = 0.25;
    target.adc.conversionNs = 3;
    target.adc.energyPjByBits.assign(8, 0.5);
    uses = arrayUses(chain->group, 32);
  }
  std::optional<AnalogChain> chain;
  target::Target target = analogTarget(32, 32);
  std::vector<ArrayUse> uses;
};

TEST(AnalogEnergyTest, CountsTimesNumbers) {
  const AnalogSample sample;
  const Breakdown energy = matrixVectorEnergy(sample.target, sample.chain->group, sample.uses);
  // Pairs: 101 x 40 and 41 x 10, each with a cell of 5 and one of 15 kOhm at 0.8 V for 2 x 2 ns.
  EXPECT_NEAR(energy[Component::Array],
              (101 * 40 + 41 * 10) * 0.64 * (1 / 5e3 + 1 / 15e3) * 4 * 1e3, 1e-9);
  // Amplifiers: 40 pairs in each of 4 rows of arrays, 10 in each of 2.
  EXPECT_NEAR(energy[Component::Neuron], ((4 * 40 + 2 * 10) * 50 + 50 * 20) * 4 * 1e-3, 1e-9);
  EXPECT_DOUBLE_EQ(energy[Component::Dac], 100 * 0.25);
  EXPECT_DOUBLE_EQ(energy[Component::Adc], 10 * 0.5);
}

TEST(AnalogEnergyTest, LayersSettleThenConvertersRead) {
  const AnalogSample sample;
  // 2 layers of 2 ns, 10 results by 4 converters of 3 ns.
  EXPECT_DOUBLE_EQ(matrixVectorTime(sample.target, sample.chain->group, sample.uses).perPositionNs,
                   2 * 2 + 3 * 3.0);
}

} // namespace
