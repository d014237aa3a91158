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
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

#include <cstring>

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

using DF = hn::CappedTag<float, 16>;
using DI = hn::RebindToSigned<DF>;
using DU = hn::RebindToUnsigned<DF>;
using VF = hn::Vec<DF>;
using VI = hn::Vec<DI>;
using VU = hn::Vec<DU>;

/// Input steps that are summed at a time; one draw of noise is enough for them.
static constexpr size_t maxSteps = 8;

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

//===----------------------------------------------------------------------===//
// Column sums
//===----------------------------------------------------------------------===//

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

/// One sum for each of `Steps` steps: a load of the cells serves all steps.
template <size_t Steps>
static HWY_INLINE void sumSteps(const int16_t *cells, const int16_t *digits, size_t pairs,
                                VI (&sums)[maxSteps]) {
  const DI d;
  VI local[Steps];
  for (size_t t = 0; t < Steps; ++t)
    local[t] = hn::Zero(d);
  const size_t stride = pairs * 2;
  for (size_t k = 0; k < pairs; ++k) {
    const VI column = hn::Load(d, reinterpret_cast<const int32_t *>(cells + k * 2 * blockColumns));
    for (size_t t = 0; t < Steps; ++t) {
      int32_t pair;
      memcpy(&pair, digits + t * stride + 2 * k, 4);
      local[t] = addPairProducts(local[t], column, hn::Set(d, pair));
    }
  }
  for (size_t t = 0; t < Steps; ++t)
    sums[t] = local[t];
}

static HWY_INLINE void sumUsedSteps(const int16_t *cells, const int16_t *digits, size_t pairs,
                                    unsigned steps, VI (&sums)[maxSteps]) {
  switch (steps) {
  case 1:
    return sumSteps<1>(cells, digits, pairs, sums);
  case 2:
    return sumSteps<2>(cells, digits, pairs, sums);
  case 3:
    return sumSteps<3>(cells, digits, pairs, sums);
  case 4:
    return sumSteps<4>(cells, digits, pairs, sums);
  case 5:
    return sumSteps<5>(cells, digits, pairs, sums);
  case 6:
    return sumSteps<6>(cells, digits, pairs, sums);
  case 7:
    return sumSteps<7>(cells, digits, pairs, sums);
  default:
    return sumSteps<8>(cells, digits, pairs, sums);
  }
}

//===----------------------------------------------------------------------===//
// Noise
//===----------------------------------------------------------------------===//

struct WidePair {
  VU low, high;
};

/// Both halves of the 64-bit products.
static HWY_INLINE WidePair multiplyWide(VU a, VU factor) {
#if HWY_TARGET == HWY_SCALAR
  const uint64_t product = uint64_t(hn::GetLane(a)) * hn::GetLane(factor);
  return {hn::Set(DU(), uint32_t(product)), hn::Set(DU(), uint32_t(product >> 32))};
#else
  const DU d;
  const hn::RepartitionToWide<DU> dWide;
  const auto even = hn::MulEven(a, factor);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(dWide, a))), factor);
  return {hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even)),
          hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)))};
#endif
}

/// philox() of as many counters as there are lanes.
static HWY_INLINE void philoxLanes(VU (&counter)[4], PhiloxKey key) {
  const DU d;
  const VU first = hn::Set(d, philoxMultipliers[0]), second = hn::Set(d, philoxMultipliers[1]);
  for (unsigned round = 0; round < philoxRounds; ++round) {
    const WidePair a = multiplyWide(counter[0], first), b = multiplyWide(counter[2], second);
    counter[0] = hn::Xor(hn::Xor(b.high, counter[1]), hn::Set(d, key[0]));
    counter[2] = hn::Xor(hn::Xor(a.high, counter[3]), hn::Set(d, key[1]));
    counter[1] = b.low;
    counter[3] = a.low;
    key[0] += philoxWeyl[0];
    key[1] += philoxWeyl[1];
  }
}

/// Natural logarithm of numbers from 1/2 to 2^20, less 20 ln 2; to some units in the last place.
/// With m = x / 2^e in [1/sqrt 2, sqrt 2) and s = (m-1)/(m+1): ln m = 2 atanh s.
static HWY_INLINE VF logOfPart(VF x) {
  const DF d;
  const DI dInt;
  // Bits of 1/sqrt 2; subtracting them makes the exponent that of m.
  const VI offset = hn::Set(dInt, 0x3f3504f3);
  const VI bits = hn::BitCast(dInt, x);
  const VI exponent = hn::ShiftRight<23>(hn::Sub(bits, offset));
  const VF m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  const VF one = hn::Set(d, 1.0f);
  const VF s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const VF square = hn::Mul(s, s);
  VF series = hn::Add(hn::Mul(square, hn::Set(d, 2.0f / 7)), hn::Set(d, 2.0f / 5));
  series = hn::Add(hn::Mul(square, series), hn::Set(d, 2.0f / 3));
  series = hn::Add(hn::Mul(square, series), hn::Set(d, 2.0f));
  const VF whole = hn::ConvertTo(d, hn::Sub(exponent, hn::Set(dInt, 20)));
  return hn::Add(hn::Mul(whole, hn::Set(d, 0.69314718f)), hn::Mul(s, series));
}

/// toNoise() of lanes. Sine and cosine by their Taylor series, on a quarter of the circle.
static HWY_INLINE void toNoiseLanes(VU word, VF &first, VF &second) {
  const DF d;
  const DI dInt;
  const DU dBits;
  const VF part =
      hn::Add(hn::ConvertTo(d, hn::BitCast(dInt, hn::ShiftRight<12>(word))), hn::Set(d, 0.5f));
  const VF radius = hn::Sqrt(hn::Max(hn::Mul(logOfPart(part), hn::Set(d, -2.0f)), hn::Zero(d)));
  const VU turn = hn::And(hn::ShiftRight<2>(word), hn::Set(dBits, 0x3ffu));
  // pi/2 * ((turn + 1/2)/1024 - 1/2)
  const VF angle = hn::Mul(hn::Sub(hn::ConvertTo(d, hn::BitCast(dInt, turn)), hn::Set(d, 511.5f)),
                           hn::Set(d, 1.5339808e-3f));
  const VF square = hn::Mul(angle, angle);
  VF cosine = hn::Add(hn::Mul(square, hn::Set(d, -1.0f / 720)), hn::Set(d, 1.0f / 24));
  cosine = hn::Add(hn::Mul(square, cosine), hn::Set(d, -0.5f));
  cosine = hn::Add(hn::Mul(square, cosine), hn::Set(d, 1.0f));
  VF sine = hn::Add(hn::Mul(square, hn::Set(d, -1.0f / 5040)), hn::Set(d, 1.0f / 120));
  sine = hn::Add(hn::Mul(square, sine), hn::Set(d, -1.0f / 6));
  sine = hn::Add(hn::Mul(square, sine), hn::Set(d, 1.0f));
  const VU sign = hn::ShiftLeft<31>(hn::ShiftRight<1>(word));
  const VF signedRadius = hn::BitCast(d, hn::Xor(hn::BitCast(dBits, radius), sign));
  const VF a = hn::Mul(signedRadius, cosine);
  const VF b = hn::Mul(signedRadius, hn::Mul(angle, sine));
  const auto isSwapped = hn::RebindMask(d, hn::TestBit(word, hn::Set(dBits, 1u)));
  first = hn::IfThenElse(isSwapped, b, a);
  second = hn::IfThenElse(isSwapped, a, b);
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

/// Sixteen columns, or as many of them as a vector has lanes.
template <bool HasNoise, bool HasErrors> struct Columns {
  const AnalogSums &task;
  size_t block, column; ///< the first

  /// Code * lsb of sums in digits.
  HWY_INLINE VI convert(VF sum) const {
    const DF d;
    VF steps = hn::Mul(sum, hn::Set(d, 1.0f / float(task.lsb)));
    const VF largest = hn::Set(d, task.largestCodes[block]);
    if constexpr (HasErrors) {
      const VF zero = hn::Zero(d), one = hn::Set(d, 1.0f);
      steps = hn::Add(hn::Mul(steps, hn::Load(d, task.gains + column)),
                      hn::Load(d, task.offsets + column));
      const VF part = hn::Min(hn::Max(hn::Div(steps, largest), zero), one);
      const VF bow = hn::Mul(part, hn::Sub(one, part));
      steps =
          hn::Add(steps, hn::Mul(hn::Load(d, task.bends + column), hn::Mul(bow, hn::Set(d, 4.0f))));
    }
    steps = hn::Min(hn::Add(steps, hn::Set(d, 0.5f)), largest);
    // Towards zero is down where nothing is below zero.
    const VI code = hn::ConvertTo(DI(), hn::Max(steps, hn::Zero(d)));
    return task.lsb == 1 ? code : hn::Mul(code, hn::Set(DI(), int32_t(task.lsb)));
  }

  HWY_INLINE void run(const int16_t *cells, size_t p) const {
    const DF d;
    const DI dInt;
    VI total = hn::Zero(dInt);
    for (unsigned end = task.used[p]; end != 0;) {
      const unsigned begin = (end - 1) / maxSteps * maxSteps, used = end - begin;
      end = begin;
      const size_t stepStride = task.pairs * 2;
      VI sums[maxSteps];
      sumUsedSteps(cells, task.digits + (p * task.steps + begin) * stepStride, task.pairs, used,
                   sums);
      VF noise[maxSteps];
      if constexpr (HasNoise) {
        const DU dBits;
        VU words[4] = {hn::Load(dBits, task.numbers + column),
                       hn::Set(dBits, task.occasion.vector + uint32_t(p)),
                       hn::Set(dBits, task.occasion.sample),
                       hn::Add(hn::Set(dBits, task.chances[begin / maxSteps]),
                               hn::Load(dBits, task.phases + column))};
        philoxLanes(words, task.key);
        for (size_t i = 0; 2 * i < used; ++i)
          toNoiseLanes(words[i], noise[2 * i], noise[2 * i + 1]);
      }
      const float *digitSums = task.digitSums + p * task.steps + begin;
      for (unsigned t = used; t-- > 0;) {
        VF sum = hn::Mul(hn::ConvertTo(d, sums[t]), hn::Set(d, task.unit));
        if constexpr (HasNoise) {
          const VF current = hn::Add(sum, hn::Set(d, task.noiseBias * digitSums[t]));
          const VF variance = hn::Mul(hn::Max(current, hn::Zero(d)), hn::Set(d, task.noiseFactor));
          sum = hn::Add(sum, hn::Mul(hn::Sqrt(variance), noise[t]));
        }
        total = hn::Add(hn::ShiftLeftSame(total, int(task.dacBits)), convert(sum));
      }
    }
    hn::Store(hn::BitCast(DU(), total), DU(), task.sums + p * task.blocks * blockColumns + column);
  }
};

template <bool HasNoise, bool HasErrors> static void sumBlocks(const AnalogSums &task) {
  const size_t lanes = hn::Lanes(DF());
  const size_t blockCells = task.pairs * 2 * blockColumns;
  for (size_t block = 0; block < task.blocks; ++block)
    for (size_t lane = 0; lane < blockColumns; lane += lanes) {
      const Columns<HasNoise, HasErrors> columns{task, block, block * blockColumns + lane};
      for (size_t p = 0; p < task.count; ++p)
        columns.run(task.cells + block * blockCells + lane * 2, p);
    }
}

static void sum(const AnalogSums &task) {
  if (task.noiseFactor > 0)
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
HWY_EXPORT(sum);

void cutDigits(const DigitTask &task) { HWY_DYNAMIC_DISPATCH(cut)(task); }

void sumAnalog(const AnalogSums &task) { HWY_DYNAMIC_DISPATCH(sum)(task); }

} // namespace pim::runtime
#endif // HWY_ONCE
