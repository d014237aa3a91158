//===- BenchWires.cpp - speed of the network of wires ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Square arrays of cells between 10 and 100 kOhm, with 1 ohm of wire from cell to cell in both
// directions and 100 ohm of driver: the factorization, the currents of one input vector solved with
// it, and the matrix of effective conductances that products use from then on.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/WireResistance.h"

#include <benchmark/benchmark.h>

#include <random>

using namespace pim::runtime;

static WireNetwork networkOf(const benchmark::State &state) {
  const auto side = uint32_t(state.range(0));
  std::mt19937 random(1);
  std::uniform_real_distribution<double> siemens(1e-5, 1e-4);
  std::vector<double> cells(size_t(side) * side);
  for (double &cell : cells)
    cell = siemens(random);
  return {side, side, cells, {.rowWire = 1, .columnWire = 1, .driver = 100}};
}

static void BM_Factorization(benchmark::State &state) {
  for (auto _ : state) {
    const WireNetwork network = networkOf(state);
    benchmark::DoNotOptimize(&network);
  }
}

static void BM_Vector(benchmark::State &state) {
  const WireNetwork network = networkOf(state);
  std::vector<double> volts(size_t(state.range(0)));
  for (size_t r = 0; r < volts.size(); ++r)
    volts[r] = r % 3 == 0 ? 0 : 0.2;
  for (auto _ : state)
    benchmark::DoNotOptimize(network.currents(volts));
}

static void BM_Transfer(benchmark::State &state) {
  const WireNetwork network = networkOf(state);
  for (auto _ : state)
    benchmark::DoNotOptimize(network.transfer());
}

BENCHMARK(BM_Factorization)->Arg(32)->Arg(128)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Vector)->Arg(32)->Arg(128)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Transfer)->Arg(32)->Arg(128)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
