//===- AnalogKernel.cpp - sums of imperfect columns -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled without contraction of products and sums, so that every processor rounds alike.
//
//===----------------------------------------------------------------------===//

#include "AnalogKernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "AnalogKernel.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

#include "ColumnCodes-inl.h"
#include "ColumnSums-inl.h"

#include <algorithm>
#include <bit>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// At most maxSteps steps of a vector, of N blocks side by side: what there is to convert.
template <bool HasNoise, size_t N> struct StepLot {
  size_t p;
  unsigned begin, steps;
  StepSums sums[N];
  /// Of which each word makes the noise of two steps.
  HWY_ALIGN uint32_t words[HasNoise ? N : 1][maxSteps / 2][blockColumns];

  template <bool HasErrors, bool HasPower>
  HWY_INLINE void draw(const AnalogSums &task,
                       const Columns<HasNoise, HasErrors, HasPower> (&columns)[N]) {
    if constexpr (HasNoise) {
      const CounterLanes *counters[N];
      for (size_t n = 0; n < N; ++n)
        counters[n] = &columns[n].noise.counters[begin / maxSteps];
      VU drawn[N][maxSteps / 2];
      CounterLanes::draw(counters, task.occasion.vector + uint32_t(p), drawn);
      for (size_t n = 0; n < N; ++n)
        for (size_t i = 0; i < maxSteps / 2; ++i)
          hn::Store(drawn[n][i], DU(), words[n][i]);
    }
  }
};

/// Converts the sums of a lot, those of the last step first: what came before is shifted by
/// `digitBits`. Side by side for N blocks, none of which waits for another. Noise is made just
/// before it is added.
template <bool HasNoise, bool HasErrors, bool HasPower, size_t N>
static HWY_INLINE void splice(const AnalogSums &task, unsigned digitBits,
                              const Columns<HasNoise, HasErrors, HasPower> (&columns)[N],
                              const StepLot<HasNoise, N> &lot, VI (&totals)[N]) {
  const float *middles = task.middles + lot.p * task.steps + lot.begin;
  const float *noiseBiases = task.noiseBiases + lot.p * task.steps + lot.begin;
  auto add = [&](size_t n, size_t t, VF drawn) {
    const VI before = digitBits == 1 ? hn::Add(totals[n], totals[n])
                                     : hn::ShiftLeftSame(totals[n], int(digitBits));
    totals[n] =
        hn::Add(before, columns[n].codes(lot.sums[n].get(t), middles[t], noiseBiases[t], drawn));
  };
  if constexpr (HasNoise) {
    auto addEven = [&](size_t i) {
      for (size_t n = 0; n < N; ++n)
        add(n, 2 * i, toNoiseLanes<false>(*task.noise, hn::Load(DU(), lot.words[n][i])));
    };
    if (lot.steps % 2 != 0)
      addEven(lot.steps / 2);
    for (unsigned i = lot.steps / 2; i-- > 0;) {
      for (size_t n = 0; n < N; ++n)
        add(n, 2 * i + 1, toNoiseLanes<true>(*task.noise, hn::Load(DU(), lot.words[n][i])));
      addEven(i);
    }
  } else {
    withSteps(lot.steps, [&](auto sequence) {
      for (size_t t = sequence.size(); t-- > 0;)
        for (size_t n = 0; n < N; ++n)
          add(n, t, hn::Zero(DF()));
    });
  }
}

/// Calls `body(begin, steps)` for the used steps of vector p, maxSteps at a time, the last ones
/// first.
template <class Body>
static HWY_INLINE void forSteps(const AnalogSums &task, size_t p, const Body &body) {
  for (unsigned end = task.used[p]; end != 0;) {
    const unsigned begin = (end - 1) / maxSteps * maxSteps, steps = end - begin;
    end = begin;
    body(begin, steps);
  }
}

/// Sums up, with `sumUp(lot)`, and converts all vectors for N lots of columns, of which the first
/// `kept` are wanted.
template <bool HasNoise, bool HasErrors, bool HasPower, size_t N, class SumUp>
static HWY_INLINE void sumColumns(const AnalogSums &task, unsigned digitBits,
                                  const Columns<HasNoise, HasErrors, HasPower> (&columns)[N],
                                  size_t kept, const SumUp &sumUp) {
  for (size_t p = 0; p < task.count; ++p) {
    VI totals[N];
    for (VI &total : totals)
      total = hn::Zero(DI());
    forSteps(task, p, [&](unsigned begin, unsigned steps) {
      StepLot<HasNoise, N> lot;
      lot.p = p;
      lot.begin = begin;
      lot.steps = steps;
      lot.draw(task, columns);
      sumUp(lot);
      splice(task, digitBits, columns, lot, totals);
    });
    for (size_t n = 0; n < kept; ++n)
      columns[n].store(totals[n], p);
  }
}

/// Digits of several bits: products.
template <bool HasNoise, bool HasErrors, bool HasPower>
static void multiplyBlocks(const AnalogSums &task) {
  const size_t lanes = hn::Lanes(DF());
  const size_t blockCells = task.pairs * 2 * blockColumns;
  for (size_t block = 0; block < task.blocks; ++block)
    for (size_t lane = 0; lane < blockColumns; lane += lanes) {
      const Columns<HasNoise, HasErrors, HasPower> columns[] = {{task, block, lane}};
      const int16_t *cells = task.cells + block * blockCells + lane * 2;
      sumColumns(task, task.dacBits, columns, 1, [&](StepLot<HasNoise, 1> &lot) {
        multiply(lot.steps, cells, task.digits + (lot.p * task.steps + lot.begin) * task.pairs * 2,
                 task.pairs, lot.sums[0]);
      });
    }
}

/// Asks for the p-th of `shares` parts of some cells, which are read soon, and from a memory
/// farther away than the processor foresees: it stops at the end of a page, which a block may fill.
static HWY_INLINE void prefetchShare(const int16_t *cells, size_t size, size_t p, size_t shares) {
  constexpr size_t line = 64 / sizeof(int16_t);
  const size_t lines = size / line;
  for (size_t i = lines * p / shares, end = lines * (p + 1) / shares; i < end; ++i)
    hwy::Prefetch(cells + i * line);
}

/// Digits of one bit: tables, for two blocks at a time.
template <bool HasNoise, bool HasErrors, bool HasPower>
static void lookUpBlocks(const AnalogSums &task) {
  const size_t blockCells = task.pairs * 2 * blockColumns, octets = task.pairs / 4;
  const size_t groups = (task.steps + maxSteps - 1) / maxSteps;
  for (size_t block = 0; block < task.blocks; block += 2) {
    // The last block may stand alone: then it stands for both.
    const bool hasSecond = block + 1 < task.blocks;
    const int16_t *cells = task.cells + block * blockCells;
    const size_t following = std::min<size_t>(task.blocks - block - 1 - hasSecond, 2);
    fillSubsets(cells, hasSecond ? cells + blockCells : nullptr, task.pairs, task.table);
    for (size_t lane = 0; lane < blockColumns; lane += hn::Lanes(DF())) {
      const Columns<HasNoise, HasErrors, HasPower> columns[] = {{task, block, lane},
                                                                {task, block + hasSecond, lane}};
      sumColumns(task, 1, columns, 1 + hasSecond, [&](StepLot<HasNoise, 2> &lot) {
        prefetchShare(cells + 2 * blockCells, following * blockCells, lot.p, task.count);
        lookUp(lot.steps, task.table + lane * 2,
               task.patterns + (lot.p * groups + lot.begin / maxSteps) * octets, octets,
               lot.sums[0], lot.sums[1]);
      });
    }
  }
}

template <bool HasNoise, bool HasErrors> static void sumBlocks(const AnalogSums &task) {
  // Products of digits of several bits take longer than what is made of them.
  if (!task.patterns)
    return multiplyBlocks<HasNoise, HasErrors, false>(task);
  // Units are powers of two.
  if (std::has_single_bit(task.lsb))
    lookUpBlocks<HasNoise, HasErrors, true>(task);
  else
    lookUpBlocks<HasNoise, HasErrors, false>(task);
}

static void sum(const AnalogSums &task) {
  if (task.noise)
    task.hasErrors ? sumBlocks<true, true>(task) : sumBlocks<true, false>(task);
  else
    task.hasErrors ? sumBlocks<false, true>(task) : sumBlocks<false, false>(task);
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(sum);

void sumAnalog(const AnalogSums &task) { HWY_DYNAMIC_DISPATCH(sum)(task); }

} // namespace pim::runtime
#endif // HWY_ONCE
