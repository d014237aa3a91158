//===- DpuKernels.cpp - loops of the vector unit ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DpuKernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "DpuKernels.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

//===----------------------------------------------------------------------===//
// Loads and stores of narrower elements as lanes of 32 bits
//===----------------------------------------------------------------------===//

using D32 = hn::ScalableTag<int32_t>;

static int32_t saturate(int64_t value) {
  return int32_t(std::clamp<int64_t>(value, std::numeric_limits<int32_t>::min(),
                                     std::numeric_limits<int32_t>::max()));
}

template <typename T> static HWY_INLINE auto loadWide(D32 d, const T *from) {
  if constexpr (sizeof(T) == 4)
    return hn::LoadU(d, from);
  else
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<T, D32>(), from));
}

template <typename T, class V>
static HWY_INLINE void storeNarrow(D32 d, V value, T *to, size_t count) {
  const hn::Rebind<T, D32> dOut;
  auto narrow = [&] {
    if constexpr (sizeof(T) == 4)
      return value;
    else
      return hn::DemoteTo(dOut, value);
  }();
  if (HWY_LIKELY(count >= hn::Lanes(d))) {
    hn::StoreU(narrow, dOut, to);
    return;
  }
  HWY_ALIGN T tail[hn::MaxLanes(D32())];
  hn::Store(narrow, dOut, tail);
  memcpy(to, tail, count * sizeof(T));
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

template <typename T, class Op>
static void forEachElement(T *out, const T *a, const T *b, size_t count, Op op) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    hn::StoreU(op(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
  if (i < count) {
    HWY_ALIGN T tail[hn::MaxLanes(hn::ScalableTag<T>())];
    hn::Store(op(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, tail);
    memcpy(out + i, tail, (count - i) * sizeof(T));
  }
}

template <typename T>
static void binaryTyped(BinaryOp op, uint8_t *out, const uint8_t *a, const uint8_t *b,
                        size_t count) {
  T *to = reinterpret_cast<T *>(out);
  const T *x = reinterpret_cast<const T *>(a), *y = reinterpret_cast<const T *>(b);
  switch (op) {
  case BinaryOp::Min:
    return forEachElement(to, x, y, count, [](auto p, auto q) { return hn::Min(p, q); });
  case BinaryOp::Max:
    return forEachElement(to, x, y, count, [](auto p, auto q) { return hn::Max(p, q); });
  case BinaryOp::Add:
  case BinaryOp::Sub:
  case BinaryOp::Mul:
    break;
  }
  if constexpr (sizeof(T) == 4) {
    if (op == BinaryOp::Add)
      forEachElement(to, x, y, count, [](auto p, auto q) { return hn::Add(p, q); });
    else if (op == BinaryOp::Sub)
      forEachElement(to, x, y, count, [](auto p, auto q) { return hn::Sub(p, q); });
    else
      forEachElement(to, x, y, count, [](auto p, auto q) { return hn::Mul(p, q); });
  }
}

static void binary(BinaryOp op, fb::ElementType element, uint8_t *out, const uint8_t *a,
                   const uint8_t *b, size_t count) {
  if (element == fb::ElementType::I8)
    binaryTyped<int8_t>(op, out, a, b, count);
  else if (element == fb::ElementType::I16)
    binaryTyped<int16_t>(op, out, a, b, count);
  else
    binaryTyped<int32_t>(op, out, a, b, count);
}

//===----------------------------------------------------------------------===//
// TOSA's apply_scale_32
//===----------------------------------------------------------------------===//

#if HWY_TARGET == HWY_SCALAR

/// One lane at a time, in plain arithmetic of 64 bits.
template <bool isDoubleRound, class V>
static HWY_INLINE V applyScale(V value, V multiplier, V shift) {
  const int32_t by = hn::GetLane(shift);
  int64_t round = int64_t(1) << (by - 1);
  if (isDoubleRound && by > 31)
    round += hn::GetLane(value) >= 0 ? int64_t(1) << 30 : -(int64_t(1) << 30);
  const int64_t product = int64_t(hn::GetLane(value)) * hn::GetLane(multiplier);
  return hn::Set(D32(), int32_t((product + round) >> by));
}

#else

/// (value * multiplier + round) >> shift in 64 bits for lanes 0, 2, 4, ..., as 64-bit lanes.
template <bool isDoubleRound, class V>
static HWY_INLINE auto scaleEven(V value, V multiplier, V shift) {
  const hn::Repartition<int64_t, D32> d64;
  // Shifts are small and positive: the low half of a 64-bit lane is its even 32-bit lane.
  const auto by = hn::And(hn::BitCast(d64, shift), hn::Set(d64, 0xffffffff));
  auto round = hn::Shl(hn::Set(d64, 1), hn::Sub(by, hn::Set(d64, 1)));
  if constexpr (isDoubleRound) {
    const auto sign = hn::BroadcastSignBit(hn::ShiftLeft<32>(hn::BitCast(d64, value)));
    const auto more = hn::Sub(hn::Xor(hn::Set(d64, int64_t(1) << 30), sign), sign);
    round = hn::Add(round, hn::IfThenElseZero(hn::Gt(by, hn::Set(d64, 31)), more));
  }
  return hn::Shr(hn::Add(hn::MulEven(value, multiplier), round), by);
}

template <bool isDoubleRound, class V>
static HWY_INLINE V applyScale(V value, V multiplier, V shift) {
  const D32 d;
  const hn::Repartition<uint64_t, D32> d64;
  auto odd = [&](V v) { return hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(d64, v))); };
  const auto even = scaleEven<isDoubleRound>(value, multiplier, shift);
  const auto other = scaleEven<isDoubleRound>(odd(value), odd(multiplier), odd(shift));
  return hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(other)), hn::BitCast(d, even));
}

#endif

/// Products of floats, rounded to the nearest integers, halves to the even ones.
template <class V> static HWY_INLINE auto applyFactor(V value, const float *factor) {
  const hn::RebindToFloat<D32> dFloat;
  return hn::NearestInt(hn::Mul(hn::ConvertTo(dFloat, value), hn::LoadU(dFloat, factor)));
}

template <typename Out, typename In, Rounding rounding>
static void requantizeTyped(const RequantizeTable &table, Out *out, const In *in, size_t count,
                            size_t firstIndex) {
  const D32 d;
  const size_t lanes = hn::Lanes(d);
  const auto zeroPoint = hn::Set(d, table.outputZeroPoint);
  // Bounds before the zero point is added, so that the sum cannot leave 32 bits.
  const auto low = hn::Set(d, saturate(int64_t(table.min) - table.outputZeroPoint)),
             high = hn::Set(d, saturate(int64_t(table.max) - table.outputZeroPoint));
  size_t entry = firstIndex % table.period;
  while (count != 0) {
    const size_t some = HWY_MIN(table.period - entry, count);
    const int32_t *bias = table.bias.data() + entry;
    const int32_t *multiplier = table.multiplier.data() + entry;
    const int32_t *shift = table.shift.data() + entry;
    const float *factor = table.factor.data() + entry;
    for (size_t i = 0; i < some; i += lanes) {
      const auto value = hn::Add(loadWide(d, in + i), hn::LoadU(d, bias + i));
      const auto scaled = [&] {
        if constexpr (rounding == Rounding::Float)
          return applyFactor(value, factor + i);
        else
          return applyScale<rounding == Rounding::Double>(value, hn::LoadU(d, multiplier + i),
                                                          hn::LoadU(d, shift + i));
      }();
      const auto result = hn::Add(hn::Min(hn::Max(scaled, low), high), zeroPoint);
      storeNarrow(d, result, out + i, some - i);
    }
    in += some;
    out += some;
    count -= some;
    entry = 0;
  }
}

template <typename Out, typename In>
static void requantizeRounded(const RequantizeTable &table, uint8_t *out, const uint8_t *in,
                              size_t count, size_t firstIndex) {
  Out *to = reinterpret_cast<Out *>(out);
  const In *from = reinterpret_cast<const In *>(in);
  switch (table.rounding) {
  case Rounding::Single:
    return requantizeTyped<Out, In, Rounding::Single>(table, to, from, count, firstIndex);
  case Rounding::Double:
    return requantizeTyped<Out, In, Rounding::Double>(table, to, from, count, firstIndex);
  case Rounding::Float:
    return requantizeTyped<Out, In, Rounding::Float>(table, to, from, count, firstIndex);
  }
}

template <typename Out>
static void requantizeTo(const RequantizeTable &table, uint8_t *out, fb::ElementType inElement,
                         const uint8_t *in, size_t count, size_t firstIndex) {
  if (inElement == fb::ElementType::I8)
    requantizeRounded<Out, int8_t>(table, out, in, count, firstIndex);
  else if (inElement == fb::ElementType::I16)
    requantizeRounded<Out, int16_t>(table, out, in, count, firstIndex);
  else
    requantizeRounded<Out, int32_t>(table, out, in, count, firstIndex);
}

static void requantize(const RequantizeTable &table, fb::ElementType outElement, uint8_t *out,
                       fb::ElementType inElement, const uint8_t *in, size_t count,
                       size_t firstIndex) {
  if (outElement == fb::ElementType::I8)
    requantizeTo<int8_t>(table, out, inElement, in, count, firstIndex);
  else if (outElement == fb::ElementType::I16)
    requantizeTo<int16_t>(table, out, inElement, in, count, firstIndex);
  else
    requantizeTo<int32_t>(table, out, inElement, in, count, firstIndex);
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

template <typename T>
static void maxPoolTyped(uint8_t *out, const PoolTaps &taps, size_t channels) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  T *to = reinterpret_cast<T *>(out);
  for (size_t c = 0; c < channels; c += lanes) {
    auto largest = hn::Set(d, hwy::LowestValue<T>());
    for (size_t r = 0; r < taps.rowCount; ++r) {
      const uint8_t *tap = taps.rows[r] + c * sizeof(T);
      for (size_t b = 0; b < taps.colCount; ++b, tap += taps.colPitch)
        largest = hn::Max(largest, hn::LoadU(d, reinterpret_cast<const T *>(tap)));
    }
    if (c + lanes <= channels) {
      hn::StoreU(largest, d, to + c);
      continue;
    }
    HWY_ALIGN T tail[hn::MaxLanes(hn::ScalableTag<T>())];
    hn::Store(largest, d, tail);
    memcpy(to + c, tail, (channels - c) * sizeof(T));
  }
}

static void maxPool(fb::ElementType element, uint8_t *out, const PoolTaps &taps, size_t channels) {
  if (element == fb::ElementType::I8)
    maxPoolTyped<int8_t>(out, taps, channels);
  else if (element == fb::ElementType::I16)
    maxPoolTyped<int16_t>(out, taps, channels);
  else
    maxPoolTyped<int32_t>(out, taps, channels);
}

/// reciprocal_scale of TOSA: divides by `count` together with applyScale.
struct Reciprocal {
  int32_t multiplier, shift;

  explicit Reciprocal(uint32_t count) {
    const int k = 32 - std::countl_zero(count - 1);
    multiplier = int32_t((((int64_t(1) << 30) + 1) << k) / count);
    shift = 30 + k;
  }
};

template <typename T>
static void avgPoolTyped(const RequantizeTable &table, uint8_t *out, const PoolTaps &taps,
                         size_t channels) {
  const D32 d;
  const size_t lanes = hn::Lanes(d);
  const uint32_t count = uint32_t(taps.rowCount * taps.colCount);
  const Reciprocal reciprocal(HWY_MAX(count, 1u));
  const auto multiplier = hn::Set(d, reciprocal.multiplier), shift = hn::Set(d, reciprocal.shift);
  const auto start = hn::Set(d, int32_t(0u - count * uint32_t(table.inputZeroPoint)));
  const auto zeroPoint = hn::Set(d, table.outputZeroPoint);
  const auto low = hn::Set(d, table.min), high = hn::Set(d, table.max);
  for (size_t c = 0; c < channels; c += lanes) {
    auto sum = start;
    for (size_t r = 0; r < taps.rowCount; ++r) {
      const uint8_t *tap = taps.rows[r] + c * sizeof(T);
      for (size_t b = 0; b < taps.colCount; ++b, tap += taps.colPitch)
        sum = hn::Add(sum, loadWide(d, reinterpret_cast<const T *>(tap)));
    }
    const auto scaled = applyScale<false>(sum, multiplier, shift);
    const auto result = hn::Min(hn::Max(hn::Add(scaled, zeroPoint), low), high);
    storeNarrow(d, result, reinterpret_cast<T *>(out) + c, channels - c);
  }
}

static void avgPool(const RequantizeTable &table, fb::ElementType element, uint8_t *out,
                    const PoolTaps &taps, size_t channels) {
  if (element == fb::ElementType::I8)
    avgPoolTyped<int8_t>(table, out, taps, channels);
  else
    avgPoolTyped<int16_t>(table, out, taps, channels);
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(binary);
HWY_EXPORT(requantize);
HWY_EXPORT(maxPool);
HWY_EXPORT(avgPool);

void binaryRun(BinaryOp op, fb::ElementType element, uint8_t *out, const uint8_t *a,
               const uint8_t *b, size_t count) {
  HWY_DYNAMIC_DISPATCH(binary)(op, element, out, a, b, count);
}

void requantizeRun(const RequantizeTable &table, fb::ElementType outElement, uint8_t *out,
                   fb::ElementType inElement, const uint8_t *in, size_t count, size_t firstIndex) {
  HWY_DYNAMIC_DISPATCH(requantize)(table, outElement, out, inElement, in, count, firstIndex);
}

void maxPoolRun(fb::ElementType element, uint8_t *out, const PoolTaps &taps, size_t channels) {
  HWY_DYNAMIC_DISPATCH(maxPool)(element, out, taps, channels);
}

void avgPoolRun(const RequantizeTable &table, fb::ElementType element, uint8_t *out,
                const PoolTaps &taps, size_t channels) {
  HWY_DYNAMIC_DISPATCH(avgPool)(table, element, out, taps, channels);
}

RequantizeTable::RequantizeTable(const fb::RequantizeT &table)
    : rounding(table.float_round    ? Rounding::Float
               : table.double_round ? Rounding::Double
                                    : Rounding::Single),
      inputZeroPoint(table.input_zero_point), outputZeroPoint(table.output_zero_point),
      min(table.min), max(table.max) {
  const size_t channels = HWY_MAX(HWY_MAX(table.bias.size(), table.multiplier.size()), size_t(1));
  // Whole vectors where channels are few, and long enough that its end is rarely met.
  period = channels;
  if (channels < 256) {
    period *= 16 / std::gcd(channels, size_t(16));
    while (period < 512)
      period *= 2;
  }
  bias.assign(period);
  multiplier.assign(period);
  shift.assign(period);
  factor.assign(period);
  auto entry = [](const auto &list, size_t i) {
    return list.empty() ? 0 : int32_t(list[i % list.size()]);
  };
  for (size_t i = 0; i < period; ++i) {
    bias[i] = int32_t(uint32_t(entry(table.bias, i)) - uint32_t(table.input_zero_point));
    multiplier[i] = entry(table.multiplier, i);
    // Tables for pooling have no scales; a shift of zero would be none.
    shift[i] = table.shift.empty() ? 31 : entry(table.shift, i);
    factor[i] = float(std::ldexp(double(multiplier[i]), -shift[i]));
  }
}

} // namespace pim::runtime
#endif // HWY_ONCE
