//===- ColumnSums-inl.h - what columns make of digits -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums of integers, exact: by products of digits of any width, or by tables for digits of one bit.
//
//===----------------------------------------------------------------------===//
#if defined(PIM_RUNTIME_SRC_ARRAYS_COLUMNSUMS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PIM_RUNTIME_SRC_ARRAYS_COLUMNSUMS_INL_H
#undef PIM_RUNTIME_SRC_ARRAYS_COLUMNSUMS_INL_H
#else
#define PIM_RUNTIME_SRC_ARRAYS_COLUMNSUMS_INL_H
#endif

#include "StepSums-inl.h"

#include <bit>
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

//===----------------------------------------------------------------------===//
// By products
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

static HWY_NOINLINE void multiply(unsigned steps, const int16_t *cells, const int16_t *digits,
                                  size_t pairs, StepSums &sums) {
  withSteps(steps, [&](auto sequence) { sumSteps(cells, digits, pairs, sums, sequence); });
}

//===----------------------------------------------------------------------===//
// By table
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

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#undef PIM_HAS_PAIR_PRODUCTS

#endif // PIM_RUNTIME_SRC_ARRAYS_COLUMNSUMS_INL_H
