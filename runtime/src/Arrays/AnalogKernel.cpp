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

#include "pim/Runtime/Faults/ReadNoise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "AnalogKernel.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

#include "NoiseLanes-inl.h"
#include "PlaneOf-inl.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>

HWY_BEFORE_NAMESPACE();
// Highway asks a processor of this generation for VNNI, but does not tell the compiler.
#if HWY_TARGET == HWY_AVX3_DL && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx512vnni")
#define PIM_HAS_PAIR_PRODUCTS 1
#else
#define PIM_HAS_PAIR_PRODUCTS 0
#endif
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static void cut(const DigitTask &task) {
  const unsigned mask = (1u << task.dacBits) - 1;
  const size_t stride = task.pairs * 2;
  int16_t *digits = task.digits;
  for (size_t p = 0; p < task.count; ++p) {
    const uint8_t *x = task.inputs + p * task.inputStride;
    unsigned used = 0;
    for (unsigned t = 0; t < task.steps; ++t, digits += stride) {
      uint32_t sum = 0;
      for (size_t r = 0; r < task.rows; ++r) {
        const unsigned digit = unsigned(x[r]) << task.delays[r] >> (t * task.dacBits) & mask;
        digits[r] = int16_t(digit);
        sum += digit;
      }
      for (size_t r = task.rows; r < stride; ++r)
        digits[r] = 0;
      task.sums[p * task.steps + t] = float(sum);
      if (sum != 0)
        used = t + 1;
    }
    task.used[p] = uint8_t(used);
  }
}

/// The first and second bytes of inputs shifted by their delays.
static void delay(const DigitTask &task, const uint8_t *inputs) {
  for (size_t r = 0; r < task.rows; ++r) {
    const unsigned late = unsigned(inputs[r]) << task.delays[r];
    task.late[r] = uint8_t(late);
    task.late[task.rows + 64 + r] = uint8_t(late >> 8);
  }
}

/// Of bytes of eight rows each, the bits of one step after the other, a byte each: transposes
/// matrices of 8 x 8 bits, one a lane. Source of the steps: Warren, Hacker's Delight, section 7-3.
static HWY_INLINE void storePatterns(const uint8_t *bytes, uint64_t *to) {
  const hn::CappedTag<uint64_t, 8> d;
  uint64_t octets[8];
  memcpy(octets, bytes, sizeof octets);
  for (size_t i = 0; i < 8; i += hn::Lanes(d)) {
    auto rows = hn::LoadU(d, octets + i);
    auto exchange = [&](auto distance, uint64_t mask) {
      constexpr int shift = decltype(distance)::value;
      const auto pairs = hn::And(hn::Xor(rows, hn::ShiftRight<shift>(rows)), hn::Set(d, mask));
      rows = hn::Xor3(rows, pairs, hn::ShiftLeft<shift>(pairs));
    };
    exchange(std::integral_constant<int, 7>(), 0x00aa00aa00aa00aa);
    exchange(std::integral_constant<int, 14>(), 0x0000cccc0000cccc);
    exchange(std::integral_constant<int, 28>(), 0x00000000f0f0f0f0);
    hn::StoreU(rows, d, to + i);
  }
}

static void cutPatterns(const DigitTask &task) {
  const size_t octets = task.pairs / 4;
  uint64_t *patterns = task.patterns;
  for (size_t p = 0; p < task.count; ++p) {
    const uint8_t *bytes[2] = {task.inputs + p * task.inputStride, nullptr};
    if (task.late) {
      delay(task, bytes[0]);
      bytes[0] = task.late;
      bytes[1] = task.late + task.rows + 64;
    }
    // What is written behind the last octet is of the next steps, whose turn comes.
    for (unsigned begin = 0; begin < task.steps; begin += maxSteps, patterns += octets)
      for (size_t r = 0; r < task.rows; r += 64)
        storePatterns(bytes[begin / maxSteps] + r, patterns + r / 8);
    unsigned used = 0;
    for (unsigned t = 0; t < task.steps; ++t) {
      unsigned sum = 0;
      for (size_t r = 0; r < task.rows; r += 64) {
        // Bytes behind the last row may be anything.
        const size_t left = task.rows - r;
        const uint64_t valid = left < 64 ? (uint64_t(1) << left) - 1 : ~uint64_t(0);
        sum += unsigned(hwy::PopCount(planeOf(bytes[t / maxSteps] + r, t % maxSteps) & valid));
      }
      task.sums[p * task.steps + t] = float(sum);
      if (sum != 0)
        used = t + 1;
    }
    task.used[p] = uint8_t(used);
  }
}

//===----------------------------------------------------------------------===//
// Column sums
//===----------------------------------------------------------------------===//

/// Of each step and lane. In memory, written by functions that are not inlined: a compiler that
/// keeps sums in registers for those who read them moves them about while they are summed.
struct StepSums {
  HWY_ALIGN int32_t lanes[maxSteps][blockColumns];

  HWY_INLINE void set(size_t step, VI sum) { hn::Store(sum, DI(), lanes[step]); }
  HWY_INLINE VI get(size_t step) const { return hn::Load(DI(), lanes[step]); }
};

/// sum + a[0]*b[0] + a[1]*b[1], where lanes hold two numbers of 16 bits.
static HWY_INLINE VI addPairProducts(VI sum, VI a, VI b) {
#if PIM_HAS_PAIR_PRODUCTS
  return VI{_mm512_dpwssd_epi32(sum.raw, a.raw, b.raw)};
#else
  const VI high = hn::Mul(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b));
  const VI low =
      hn::Mul(hn::ShiftRight<16>(hn::ShiftLeft<16>(a)), hn::ShiftRight<16>(hn::ShiftLeft<16>(b)));
  return hn::Add(sum, hn::Add(high, low));
#endif
}

/// One sum for each step of `T`: a load of the cells serves all of them. Steps are written out, so
/// that sums stay in registers.
template <size_t... T>
static HWY_INLINE void sumSteps(const int16_t *cells, const int16_t *digits, size_t pairs,
                                StepSums &sums, std::index_sequence<T...>) {
  const DI d;
  VI local[] = {((void)T, hn::Zero(d))...};
  const size_t stride = pairs * 2;
  auto digitsOf = [&](size_t t, size_t k) {
    int32_t pair;
    memcpy(&pair, digits + t * stride + 2 * k, 4);
    return hn::Set(d, pair);
  };
  for (size_t k = 0; k < pairs; ++k) {
    const VI column = hn::Load(d, reinterpret_cast<const int32_t *>(cells + k * 2 * blockColumns));
    ((local[T] = addPairProducts(local[T], column, digitsOf(T, k))), ...);
  }
  (sums.set(T, local[T]), ...);
}

/// Calls `body` with the sequence of `steps` steps.
template <class Body> static HWY_INLINE void withSteps(unsigned steps, const Body &body) {
  switch (steps) {
  case 1:
    return body(std::make_index_sequence<1>());
  case 2:
    return body(std::make_index_sequence<2>());
  case 3:
    return body(std::make_index_sequence<3>());
  case 4:
    return body(std::make_index_sequence<4>());
  case 5:
    return body(std::make_index_sequence<5>());
  case 6:
    return body(std::make_index_sequence<6>());
  case 7:
    return body(std::make_index_sequence<7>());
  default:
    return body(std::make_index_sequence<8>());
  }
}

static HWY_NOINLINE void multiply(unsigned steps, const int16_t *cells, const int16_t *digits,
                                  size_t pairs, StepSums &sums) {
  withSteps(steps, [&](auto sequence) { sumSteps(cells, digits, pairs, sums, sequence); });
}

//===----------------------------------------------------------------------===//
// Column sums by table
//===----------------------------------------------------------------------===//

/// Sums of 16 bits, two in each lane.
static HWY_INLINE VU addHalves(VU a, VU b) {
  const DU d;
#if HWY_TARGET == HWY_SCALAR
  const VU high = hn::Set(d, 0xffff0000u);
  return hn::Or(hn::AndNot(high, hn::Add(a, b)), hn::And(high, hn::Add(hn::And(a, high), b)));
#else
  const hn::Repartition<uint16_t, DU> d16;
  return hn::BitCast(d, hn::Add(hn::BitCast(d16, a), hn::BitCast(d16, b)));
#endif
}

static HWY_INLINE VU loadHalves(const int16_t *from) {
  return hn::Load(DU(), reinterpret_cast<const uint32_t *>(from));
}

/// The sums of all subsets of four rows, for 32 columns: where inputs have one bit, what four rows
/// add to a column is looked up. A column of the first block stands beside one of the second, in
/// the low and the high half of 32 bits.
static void fillSubsets(const int16_t *first, const int16_t *second, size_t pairs, int16_t *table) {
  const DU d;
  const VU low = hn::Set(d, 0xffffu);
  auto load = [&](const int16_t *cells, size_t pair, size_t lane) {
    return cells ? loadHalves(cells + pair * 2 * blockColumns + lane * 2) : hn::Zero(d);
  };
  for (size_t lane = 0; lane < blockColumns; lane += hn::Lanes(d))
    for (size_t pair = 0; pair < pairs; pair += 2) {
      VU sums[16];
      sums[0] = hn::Zero(d);
      for (size_t row = 0; row < 4; ++row) {
        const VU a = load(first, pair + row / 2, lane), b = load(second, pair + row / 2, lane);
        const VU both = row % 2 == 0 ? hn::Or(hn::And(a, low), hn::ShiftLeft<16>(b))
                                     : hn::Or(hn::ShiftRight<16>(a), hn::AndNot(low, b));
        for (size_t subset = 0; subset < size_t(1) << row; ++subset)
          sums[subset | size_t(1) << row] = addHalves(sums[subset], both);
      }
      int16_t *to = table + (pair / 2 << (subsetShift + 4)) + lane * 2;
      for (size_t subset = 0; subset < 16; ++subset)
        hn::Store(sums[subset], d, reinterpret_cast<uint32_t *>(to + (subset << subsetShift)));
    }
}

/// sum + the low half of each lane, or the high one.
static HWY_INLINE VI addLow(VI sum, VI halves) {
#if PIM_HAS_PAIR_PRODUCTS
  return VI{_mm512_dpwssd_epi32(sum.raw, halves.raw, _mm512_set1_epi32(1))};
#else
  return hn::Add(sum, hn::ShiftRight<16>(hn::ShiftLeft<16>(halves)));
#endif
}
static HWY_INLINE VI addHigh(VI sum, VI halves) {
#if PIM_HAS_PAIR_PRODUCTS
  return VI{_mm512_dpwssd_epi32(sum.raw, halves.raw, _mm512_set1_epi32(0x10000))};
#else
  return hn::Add(sum, hn::ShiftRight<16>(halves));
#endif
}

/// Where the sums are of the subset that four bits from `bit` on name.
static HWY_INLINE const int16_t *subsetAt(const int16_t *table, uint64_t patterns, int bit) {
  const uint64_t at =
      std::rotr(patterns, bit - subsetShift - 1) & (uint64_t(15) << (subsetShift + 1));
  return reinterpret_cast<const int16_t *>(reinterpret_cast<const char *>(table) + at);
}

/// One sum of each of two blocks for each step of `T`. One load brings the patterns of all steps:
/// loads are what these sums wait for.
template <size_t... T>
static HWY_INLINE void lookUpSteps(const int16_t *table, const uint64_t *patterns, size_t octets,
                                   StepSums &first, StepSums &second, std::index_sequence<T...>) {
  const DI d;
  VI a[] = {((void)T, hn::Zero(d))...}, b[] = {((void)T, hn::Zero(d))...};
  auto add = [](VI &low, VI &high, VU sums) {
    low = addLow(low, hn::BitCast(DI(), sums));
    high = addHigh(high, hn::BitCast(DI(), sums));
  };
  for (size_t o = 0; o < octets; ++o, table += size_t(32) << subsetShift) {
    const uint64_t octet = patterns[o];
    (add(a[T], b[T],
         addHalves(loadHalves(subsetAt(table, octet, 8 * T)),
                   loadHalves(subsetAt(table + (size_t(16) << subsetShift), octet, 8 * T + 4)))),
     ...);
  }
  (first.set(T, a[T]), ...);
  (second.set(T, b[T]), ...);
}

static HWY_NOINLINE void lookUp(unsigned steps, const int16_t *table, const uint64_t *patterns,
                                size_t octets, StepSums &first, StepSums &second) {
  withSteps(steps,
            [&](auto sequence) { lookUpSteps(table, patterns, octets, first, second, sequence); });
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

/// The integer below numbers from 0 to 65535. ConvertTo() would see to larger ones, too.
static HWY_INLINE VI floorOf(VF x) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return VI{_mm512_cvttps_epi32(x.raw)};
#else
  return hn::ConvertTo(DI(), x);
#endif
}

// Floats that are not NaN are in the order of their bits as integers, but for negative ones among
// each other. Integers are compared on all ports of a processor, floats on those of their sums.

static HWY_INLINE VF atLeastZero(VF x) {
  const DI d;
  return hn::BitCast(DF(), hn::Max(hn::BitCast(d, x), hn::Zero(d)));
}

/// The smaller of a number and one that is not negative.
static HWY_INLINE VF atMost(VF x, VF most) {
  const DI d;
  return hn::BitCast(DF(), hn::Min(hn::BitCast(d, x), hn::BitCast(d, most)));
}

/// What some columns from `column` on draw.
struct ColumnNoise {
  CounterLanes counters[2]; ///< of steps 0 to 7 and of those from 8 on

  ColumnNoise(const AnalogSums &task, size_t column)
      : counters{countersOf(task, column, 0), countersOf(task, column, 1)} {}

private:
  static CounterLanes countersOf(const AnalogSums &task, size_t column, size_t chance) {
    const DU d;
    return {hn::Load(d, task.numbers + column), task.occasion.sample,
            hn::Add(hn::Set(d, task.chances[chance]), hn::Load(d, task.phases + column)), task.key};
  }
};

struct NoNoise {
  NoNoise(const AnalogSums &, size_t) {}
};

/// Sixteen columns, or as many of them as a vector has lanes. Sums are in steps of the converter;
/// counts are worth a power of two of them if HasPower.
template <bool HasNoise, bool HasErrors, bool HasPower> struct Columns {
  const AnalogSums &task;
  size_t column; ///< the first
  VF unit, largest;
  std::conditional_t<HasNoise, ColumnNoise, NoNoise> noise;

  Columns(const AnalogSums &task, size_t block, size_t lane)
      : task(task), column(block * blockColumns + lane),
        unit(hn::Set(DF(), task.unit / float(task.lsb))),
        largest(hn::Set(DF(), task.largestCodes[block])), noise(task, column) {}

  /// counts * unit + more, as if in two steps: together where the product of a power of two is
  /// exact.
  HWY_INLINE VF toSteps(VF counts, float more) const {
    const DF d;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
    if constexpr (HasPower)
      return hn::MulAdd(counts, unit, hn::Set(d, more));
#endif
    return hn::Add(hn::Mul(counts, unit), hn::Set(d, more));
  }

  /// The codes of sums, to which ideal converters have half a step added already.
  HWY_INLINE VI convert(VF steps) const {
    const DF d;
    if constexpr (HasErrors) {
      const VF zero = hn::Zero(d), one = hn::Set(d, 1.0f);
      steps = hn::Add(hn::Mul(steps, hn::Load(d, task.gains + column)),
                      hn::Load(d, task.offsets + column));
      const VF part = hn::Min(hn::Max(hn::Div(steps, largest), zero), one);
      const VF bow = hn::Mul(part, hn::Sub(one, part));
      steps =
          hn::Add(steps, hn::Mul(hn::Load(d, task.bends + column), hn::Mul(bow, hn::Set(d, 4.0f))));
      steps = hn::Add(steps, hn::Set(d, 0.5f));
    }
    return floorOf(atLeastZero(atMost(steps, largest)));
  }

  /// The codes of the sums of a step; see AnalogSums. `drawn` matters where there is noise.
  HWY_INLINE VI codes(VI sums, float middle, float noiseBias, VF drawn) const {
    const DF d;
    const VF counts = hn::ConvertTo(d, sums);
    VF sum = toSteps(counts, middle);
    if constexpr (HasNoise) {
      const VF current = atLeastZero(toSteps(counts, noiseBias));
      sum = hn::Add(sum, hn::Mul(deviationLanes(current), drawn));
    }
    return convert(sum);
  }

  HWY_INLINE void store(VI codes, size_t p) const {
    const VI total = hn::Mul(codes, hn::Set(DI(), int32_t(task.lsb)));
    hn::Store(hn::BitCast(DU(), total), DU(), task.sums + p * task.blocks * blockColumns + column);
  }
};

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
#undef PIM_HAS_PAIR_PRODUCTS

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(cut);
HWY_EXPORT(cutPatterns);
HWY_EXPORT(sum);

void cutDigits(const DigitTask &task) {
  if (task.patterns)
    HWY_DYNAMIC_DISPATCH(cutPatterns)(task);
  else
    HWY_DYNAMIC_DISPATCH(cut)(task);
}

void sumAnalog(const AnalogSums &task) { HWY_DYNAMIC_DISPATCH(sum)(task); }

} // namespace pim::runtime
#endif // HWY_ONCE
