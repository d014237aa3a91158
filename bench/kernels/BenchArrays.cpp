//===- BenchArrays.cpp - speed of the array kernels -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Multiply-accumulates a second of one thread, for the layer shapes that networks have: positions
// of one call, matrix rows, matrix columns. 8-bit weights on one-bit cells, 8-bit inputs.
//
//===----------------------------------------------------------------------===//

#include "Support/MappedMatrix.h"

#include "pim/Target/Target.h"

#include <benchmark/benchmark.h>

using namespace pim::runtime;
using namespace pim::runtime::testing;

static void runGroup(benchmark::State &state, unsigned adcBits, double variation = 0,
                     double readNoise = 0) {
  const size_t count = size_t(state.range(0)), rows = size_t(state.range(1)),
               cols = size_t(state.range(2));
  std::mt19937 random(1);
  const MappedMatrix matrix = mapMatrix(randomWeights(random, rows, cols, 8), {});
  const auto inputs = randomInputs(random, count, rows, 8);
  pim::target::Target target;
  target.array.rows = target.array.cols = target.array.activeRows = 128;
  target.cell.bits = target.dac.bits = 1;
  target.adc.bits = adcBits;
  target.adc.perArray = 1;
  target.cell.variationSigma = variation;
  target.cell.readNoiseSigma = readNoise;
  const auto group = xbarArrayKind().program(matrix.group, matrix.cells(), target);
  std::vector<int32_t> results(count * cols);
  ArrayScratch scratch;
  for (auto _ : state) {
    group->multiply({inputs.data(), count, rows}, {results.data(), cols}, false, scratch);
    benchmark::DoNotOptimize(results.data());
  }
  state.counters["MAC/s"] = benchmark::Counter(
      double(count * rows * cols) * double(state.iterations()), benchmark::Counter::kIsRate);
}

static void BM_Exact(benchmark::State &state) { runGroup(state, 8); }
static void BM_AdcOf6Bits(benchmark::State &state) { runGroup(state, 6); }
static void BM_Variation(benchmark::State &state) { runGroup(state, 6, 0.05); }
static void BM_VariationAndNoise(benchmark::State &state) { runGroup(state, 6, 0.05, 0.05); }

static void shapes(benchmark::internal::Benchmark *benchmark) {
  benchmark->ArgNames({"positions", "rows", "cols"});
  for (auto [positions, rows, cols] : {std::array{28, 25, 8},
                                       {784, 25, 8},
                                       {196, 200, 16},
                                       {1, 256, 10},
                                       {256, 128, 16},
                                       {1024, 144, 16},
                                       {256, 288, 32},
                                       {64, 576, 64},
                                       {196, 1152, 128}})
    benchmark->Args({positions, rows, cols});
}
BENCHMARK(BM_Exact)->Apply(shapes);
BENCHMARK(BM_AdcOf6Bits)->Apply(shapes);
BENCHMARK(BM_Variation)->Apply(shapes);
BENCHMARK(BM_VariationAndNoise)->Apply(shapes);

BENCHMARK_MAIN();
