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
/// philox() of a counter.
static HWY_INLINE void philoxLanes(VU (&counter)[4], PhiloxKey key) {
  const PhiloxCounter words = philox({hn::GetLane(counter[0]), hn::GetLane(counter[1]),
                                      hn::GetLane(counter[2]), hn::GetLane(counter[3])},
                                     key);
  for (size_t i = 0; i < 4; ++i)
    counter[i] = hn::Set(DU(), words[i]);
}
#else
using DWide = hn::RepartitionToWide<DU>;
using VWide = hn::Vec<DWide>;

/// A round of lanes of 64 bits whose upper halves may be anything.
static HWY_INLINE void philoxRound(VWide (&counter)[4], VU first, VU second, VWide key0,
                                   VWide key1) {
  const DU d;
  const VWide a = hn::MulEven(hn::BitCast(d, counter[0]), first);
  const VWide b = hn::MulEven(hn::BitCast(d, counter[2]), second);
  counter[0] = hn::Xor(hn::Xor(hn::ShiftRight<32>(b), counter[1]), key0);
  counter[2] = hn::Xor(hn::Xor(hn::ShiftRight<32>(a), counter[3]), key1);
  counter[1] = b;
  counter[3] = a;
}

/// philox() of as many counters as there are lanes: of those with even numbers and of those with
/// odd ones, as a product takes both words of 64 bits.
static HWY_INLINE void philoxLanes(VU (&counter)[4], PhiloxKey key) {
  const DU d;
  const DWide dWide;
  const VU first = hn::Set(d, philoxMultipliers[0]), second = hn::Set(d, philoxMultipliers[1]);
  VWide even[4], odd[4];
  for (size_t i = 0; i < 4; ++i) {
    even[i] = hn::BitCast(dWide, counter[i]);
    odd[i] = hn::ShiftRight<32>(even[i]);
  }
  for (unsigned round = 0; round < philoxRounds; ++round) {
    const VWide key0 = hn::Set(dWide, uint64_t(key[0])), key1 = hn::Set(dWide, uint64_t(key[1]));
    philoxRound(even, first, second, key0, key1);
    philoxRound(odd, first, second, key0, key1);
    key[0] += philoxWeyl[0];
    key[1] += philoxWeyl[1];
  }
  for (size_t i = 0; i < 4; ++i)
    counter[i] = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd[i])), hn::BitCast(d, even[i]));
}
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

/// The numbers of 16 bits: `odd` is 2v + 1 for the lower 15 bits v, the upper bit of `sign` the
/// sign.
static HWY_INLINE VF toNormalLanes(const NoisePieces &pieces, VU odd, VU sign) {
  const DF d;
  const DU dBits;
  const VF place = hn::ConvertTo(d, hn::BitCast(DI(), odd));
  const VI piece = hn::ShiftRight<22>(hn::BitCast(DI(), place));
  const VF inner =
      hn::Add(hn::Mul(lookUp(pieces.square, piece), place), lookUp(pieces.linear, piece));
  const VF size = hn::Add(hn::Mul(inner, place), lookUp(pieces.constant, piece));
  return hn::BitCast(d,
                     hn::Xor(hn::BitCast(dBits, size), hn::And(sign, hn::Set(dBits, 0x80000000u))));
}

/// toNoise() of lanes; with multiples of noisePieces, multiples of it.
static HWY_INLINE void toNoiseLanes(const NoisePieces &pieces, VU word, VF &first, VF &second) {
  const DU d;
  const VU mask = hn::Set(d, 0xfffeu), one = hn::Set(d, 1u);
  first = toNormalLanes(pieces, hn::Or(hn::And(hn::ShiftLeft<1>(word), mask), one),
                        hn::ShiftLeft<16>(word));
  second = toNormalLanes(pieces, hn::Or(hn::And(hn::ShiftRight<15>(word), mask), one), word);
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // PIM_RUNTIME_SRC_ARRAYS_NOISELANES_INL_H
