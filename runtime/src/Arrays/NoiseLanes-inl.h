//===- NoiseLanes-inl.h - many normal numbers at a time ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Philox and the numbers of ReadNoise.h, a lane each. Included once for each processor generation;
// every one of them draws the same numbers.
//
//===----------------------------------------------------------------------===//
#if defined(PIM_RUNTIME_SRC_ARRAYS_NOISELANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PIM_RUNTIME_SRC_ARRAYS_NOISELANES_INL_H
#undef PIM_RUNTIME_SRC_ARRAYS_NOISELANES_INL_H
#else
#define PIM_RUNTIME_SRC_ARRAYS_NOISELANES_INL_H
#endif

#include "pim/Runtime/Faults/Philox.h"
#include "pim/Runtime/Faults/ReadNoise.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DF = hn::CappedTag<float, 16>;
using DI = hn::RebindToSigned<DF>;
using DU = hn::RebindToUnsigned<DF>;
using VF = hn::Vec<DF>;
using VI = hn::Vec<DI>;
using VU = hn::Vec<DU>;

#if HWY_TARGET == HWY_SCALAR
/// Counters of Philox, a lane each, that differ in their second word from draw to draw.
class CounterLanes {
public:
  CounterLanes(VU first, uint32_t third, VU fourth, PhiloxKey key)
      : first(hn::GetLane(first)), third(third), fourth(hn::GetLane(fourth)), key(key) {}

  /// philox() of some counters whose third words and keys are the same.
  template <size_t N>
  static HWY_INLINE void draw(const CounterLanes *const (&counters)[N], uint32_t second,
                              VU (&words)[N][4]) {
    for (size_t n = 0; n < N; ++n) {
      const CounterLanes &from = *counters[n];
      const PhiloxCounter result = philox({from.first, second, from.third, from.fourth}, from.key);
      for (size_t i = 0; i < 4; ++i)
        words[n][i] = hn::Set(DU(), result[i]);
    }
  }

private:
  uint32_t first, third, fourth;
  PhiloxKey key;
};
#else
using DWide = hn::RepartitionToWide<DU>;
using VWide = hn::Vec<DWide>;

/// The products of the lower halves of lanes of 64 bits, whose upper halves may be anything.
static HWY_INLINE VWide timesLower(VWide x, uint32_t factor) {
  const DU d;
  return hn::MulEven(hn::BitCast(d, x), hn::Set(d, factor));
}

static HWY_INLINE VWide broadcast(uint32_t word) { return hn::Set(DWide(), uint64_t(word)); }

/// The even lanes of two vectors in turn.
static HWY_INLINE VU interleaveEven(VU even, VU odd) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return VU{_mm512_mask_shuffle_epi32(even.raw, 0xaaaa, odd.raw, _MM_PERM_CCAA)};
#else
  return hn::OddEven(hn::DupEven(odd), even);
#endif
}

/// Counters of Philox, a lane each, that differ in their second word from draw to draw. What the
/// first three rounds make of the other words is computed once. Even and odd lanes stand apart, as
/// a product takes both words of 64 bits.
class CounterLanes {
public:
  CounterLanes(VU first, uint32_t third, VU fourth, PhiloxKey key)
      : CounterLanes(hn::BitCast(DWide(), first), third, hn::BitCast(DWide(), fourth), key) {}

  /// philox() of some counters whose third words and keys are the same. Side by side: a round waits
  /// for the one before it.
  template <size_t N>
  static HWY_INLINE void draw(const CounterLanes *const (&counters)[N], uint32_t second,
                              VU (&words)[N][4]) {
    const uint64_t product = uint64_t(philoxMultipliers[0]) * (counters[0]->firstMask ^ second);
    const VWide high = broadcast(uint32_t(product >> 32)), low = broadcast(uint32_t(product));
    VWide halves[2 * N][4];
    for (size_t n = 0; n < N; ++n) {
      counters[n]->even.afterThree(high, low, halves[2 * n]);
      counters[n]->odd.afterThree(high, low, halves[2 * n + 1]);
    }
    for (const auto &key : counters[0]->keys)
      for (auto &half : halves)
        philoxRound(half, key);
    const DU d;
    for (size_t n = 0; n < N; ++n)
      for (size_t i = 0; i < 4; ++i)
        words[n][i] =
            interleaveEven(hn::BitCast(d, halves[2 * n][i]), hn::BitCast(d, halves[2 * n + 1][i]));
  }

private:
  CounterLanes(VWide first, uint32_t third, VWide fourth, PhiloxKey key)
      : firstMask(uint32_t(uint64_t(philoxMultipliers[1]) * third >> 32) ^ key[0]),
        even(first, philoxMultipliers[1] * third, fourth, key),
        odd(hn::ShiftRight<32>(first), philoxMultipliers[1] * third, hn::ShiftRight<32>(fourth),
            key),
        keys() {
    for (unsigned round = 0; round < philoxRounds; ++round, advance(key))
      if (round >= 3)
        keys[round - 3] = {key[0], key[1]};
  }

  static HWY_INLINE void advance(PhiloxKey &key) {
    key[0] += philoxWeyl[0];
    key[1] += philoxWeyl[1];
  }

  /// Both words of a key, widened: what lies in memory is broadcast on the way from there.
  using WideKey = std::array<uint64_t, 2>;

  static HWY_INLINE void philoxRound(VWide (&counter)[4], const WideKey &key) {
    const VWide a = timesLower(counter[0], philoxMultipliers[0]);
    const VWide b = timesLower(counter[2], philoxMultipliers[1]);
    counter[0] = hn::Xor3(hn::ShiftRight<32>(b), counter[1], hn::Set(DWide(), key[0]));
    counter[2] = hn::Xor3(hn::ShiftRight<32>(a), counter[3], hn::Set(DWide(), key[1]));
    counter[1] = b;
    counter[3] = a;
  }

  /// Every other lane. `a` and `b` are the products of rounds 0 to 2: the first one of round 1 is
  /// that of a word that the lanes share, and the second one of round 2 waits for it.
  struct Half {
    VWide beforeB2; ///< but for the upper half of a1
    VWide first;    ///< after three rounds, but for the upper half of b2
    VWide third;    ///< likewise, but for the lower half of a1
    VWide fourth;   ///< likewise

    Half(VWide firstWord, uint32_t second, VWide fourthWord, PhiloxKey key) {
      const VWide a0 = timesLower(firstWord, philoxMultipliers[0]);
      const VWide b1 = timesLower(hn::Xor3(hn::ShiftRight<32>(a0), fourthWord, broadcast(key[1])),
                                  philoxMultipliers[1]);
      advance(key);
      beforeB2 = hn::Xor(a0, broadcast(key[1]));
      const VWide a2 = timesLower(hn::Xor(hn::ShiftRight<32>(b1), broadcast(second ^ key[0])),
                                  philoxMultipliers[0]);
      advance(key);
      first = hn::Xor(b1, broadcast(key[0]));
      third = hn::Xor(hn::ShiftRight<32>(a2), broadcast(key[1]));
      fourth = a2;
    }

    HWY_INLINE void afterThree(VWide high, VWide low, VWide (&words)[4]) const {
      const VWide b2 = timesLower(hn::Xor(beforeB2, high), philoxMultipliers[1]);
      words[0] = hn::Xor(first, hn::ShiftRight<32>(b2));
      words[1] = b2;
      words[2] = hn::Xor(third, low);
      words[3] = fourth;
    }
  };
  static_assert(philoxRounds >= 3);

  uint32_t firstMask; ///< of the first word after a round, but for the second word of the counter
  Half even, odd;
  std::array<WideKey, philoxRounds - 3> keys; ///< of the rounds from 3 on
};
#endif

/// The entry of 32 that the lowest five bits of `index` name, in each lane.
static HWY_INLINE VF lookUp(const std::array<float, 32> &table, VI index) {
  const DF d;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return VF{_mm512_permutex2var_ps(hn::LoadU(d, table.data()).raw, index.raw,
                                   hn::LoadU(d, table.data() + 16).raw)};
#else
  return hn::GatherIndex(d, table.data(), hn::And(index, hn::Set(DI(), 31)));
#endif
}

/// The numbers of places.
static HWY_INLINE VF toNormalLanes(const NoisePieces &pieces, VU places) {
  const DF d;
  const VF place = hn::ConvertTo(d, hn::BitCast(DI(), places));
  const VI piece = hn::ShiftRight<22>(hn::BitCast(DI(), place));
  return hn::Add(hn::Mul(lookUp(pieces.linear, piece), place),
                 hn::CopySign(lookUp(pieces.constant, piece), place));
}

/// deviationOf(), in each lane.
static HWY_INLINE VF deviationLanes(VF current) {
  const DF d;
  const VF start = hn::BitCast(
      d, hn::Sub(hn::Set(DU(), deviationStart), hn::ShiftRight<1>(hn::BitCast(DU(), current))));
  const VF root = hn::Mul(current, start);
  return hn::Mul(root, hn::Sub(hn::Set(d, deviationStep), hn::Mul(root, start)));
}

/// The lower half of words, above a half.
static HWY_INLINE VU lowerPlace(VU word) {
#if HWY_TARGET == HWY_AVX3_DL
  return VU{_mm512_shldi_epi32(word.raw, _mm512_set1_epi32(int(0x80000000u)), 16)};
#else
  return hn::Or(hn::ShiftLeft<16>(word), hn::Set(DU(), 0x8000u));
#endif
}

/// The numbers that toNoise() makes of the lower or the upper halves of words; with multiples of
/// noisePieces, multiples of them.
template <bool IsUpper> static HWY_INLINE VF toNoiseLanes(const NoisePieces &pieces, VU word) {
  const DU d;
  if constexpr (IsUpper)
    return toNormalLanes(pieces, hn::OrAnd(hn::Set(d, 0x8000u), word, hn::Set(d, 0xffff0000u)));
  else
    return toNormalLanes(pieces, lowerPlace(word));
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // PIM_RUNTIME_SRC_ARRAYS_NOISELANES_INL_H
