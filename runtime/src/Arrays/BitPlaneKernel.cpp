//===- BitPlaneKernel.cpp - counting ones behind an ADC ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BitPlaneKernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "BitPlaneKernel.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

#include "PlaneOf-inl.h"

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

static size_t lanesOf(bool isWide) {
  return isWide ? hn::Lanes(hn::ScalableTag<uint32_t>()) : hn::Lanes(hn::ScalableTag<uint16_t>());
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// Writes 64 rows as two words of 32 or four of 16, these twice each.
static HWY_INLINE void storePlane(uint64_t plane, bool isWide, uint32_t *to) {
  if (isWide) {
    memcpy(to, &plane, 8);
    return;
  }
  for (unsigned w = 0; w < 4; ++w)
    to[w] = uint32_t(plane >> (16 * w) & 0xffff) * 0x10001u;
}

static void pack(const PlaneTask &task) {
  const size_t wordStride = planeWords(task.rows, task.isWide);
  const size_t wordsAtOnce = task.isWide ? 2 : 4;
  for (size_t p = 0; p < task.count; ++p) {
    const uint8_t *inputs = task.inputs + p * task.inputStride;
    uint32_t *planes = task.planes + p * task.planeStride;
    unsigned used = 0;
    for (size_t r = 0, w = 0; r < task.rows; r += 64, w += wordsAtOnce) {
      // Bytes behind the last row may be anything.
      const size_t left = task.rows - r;
      const uint64_t valid = left < 64 ? (uint64_t(1) << left) - 1 : ~uint64_t(0);
      for (unsigned i = 0; i < task.inputBits; ++i) {
        const uint64_t plane = planeOf(inputs + r, i) & valid;
        storePlane(plane, task.isWide, planes + i * wordStride + w);
        if (plane != 0)
          used = HWY_MAX(used, i + 1);
      }
    }
    for (unsigned i = task.inputBits; i < task.planeCount; ++i)
      memset(planes + i * wordStride, 0, wordStride * sizeof(uint32_t));
    task.usedPlanes[p] = uint8_t(used);
  }
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// The ADC: clamp(floor(sum/lsb + 1/2), 0, maxCode) * lsb.
template <class D> class Converter {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

public:
  /// Of the columns of vector `v`.
  Converter(D d, const PlaneSums &task, size_t v)
      : lsb(task.lsb), half(hn::Set(d, T(lsb / 2))),
        limit(hn::Load(d, reinterpret_cast<const T *>(task.limits) + v * hn::Lanes(d))) {
    while ((1u << (shift + 1)) <= lsb)
      ++shift;
    isPowerOfTwo = (1u << shift) == lsb;
  }

  V operator()(D d, V sum) const {
    if (HWY_LIKELY(isPowerOfTwo)) {
      if (shift == 0)
        return hn::Min(sum, limit);
      return hn::ShiftLeftSame(hn::Min(hn::ShiftRightSame(hn::Add(sum, half), shift), limit),
                               shift);
    }
    return divide(d, sum);
  }

private:
  V divide(D d, V sum) const {
    HWY_ALIGN T values[hn::MaxLanes(d)];
    HWY_ALIGN T limits[hn::MaxLanes(d)];
    hn::Store(sum, d, values);
    hn::Store(limit, d, limits);
    for (size_t i = 0; i < hn::Lanes(d); ++i) {
      const uint64_t code = (2 * uint64_t(values[i]) + lsb) / (2 * uint64_t(lsb));
      values[i] = T(HWY_MIN(code, uint64_t(limits[i])) * lsb);
    }
    return hn::Load(d, values);
  }

  uint32_t lsb;
  int shift = 0;
  bool isPowerOfTwo = true;
  V half, limit;
};

/// The usual case, one-bit cells and drivers, with the cells of `Words` words held in registers.
template <class D, size_t Words> HWY_INLINE void sumBinary(D d, const PlaneSums &task, size_t v) {
  using T = hn::TFromD<D>;
  const hn::Repartition<uint32_t, D> d32;
  const size_t lanes = hn::Lanes(d);
  const Converter<D> convert(d, task, v);
  const T *cells = reinterpret_cast<const T *>(task.cells) + v * Words * lanes;
  T *sums = static_cast<T *>(task.sums) + v * lanes;
  hn::Vec<D> column[Words];
  for (size_t w = 0; w < Words; ++w)
    column[w] = hn::Load(d, cells + w * lanes);
  for (size_t p = 0; p < task.count; ++p) {
    const uint32_t *planes = task.planes + p * task.planeStride;
    auto total = hn::Zero(d);
    for (size_t t = task.steps[p]; t-- > 0;) {
      const uint32_t *x = planes + t * task.wordStride;
      auto sum = hn::PopulationCount(hn::And(column[0], hn::BitCast(d, hn::Set(d32, x[0]))));
      for (size_t w = 1; w < Words; ++w)
        sum = hn::Add(sum,
                      hn::PopulationCount(hn::And(column[w], hn::BitCast(d, hn::Set(d32, x[w])))));
      total = hn::Add(hn::Add(total, total), convert(d, sum));
    }
    hn::Store(total, d, sums + p * task.vectors * lanes);
  }
}

/// Any number of words, cell bits and driver bits.
template <class D> HWY_INLINE void sumGeneral(D d, const PlaneSums &task, size_t v) {
  using T = hn::TFromD<D>;
  const hn::Repartition<uint32_t, D> d32;
  const size_t lanes = hn::Lanes(d);
  const Converter<D> convert(d, task, v);
  const T *cells = reinterpret_cast<const T *>(task.cells) + v * task.cellBits * task.words * lanes;
  T *sums = static_cast<T *>(task.sums) + v * lanes;
  for (size_t p = 0; p < task.count; ++p) {
    const uint32_t *planes = task.planes + p * task.planeStride;
    auto total = hn::Zero(d);
    for (size_t t = task.steps[p]; t-- > 0;) {
      auto sum = hn::Zero(d);
      for (size_t k = 0; k < task.dacBits; ++k) {
        const uint32_t *x = planes + (t * task.dacBits + k) * task.wordStride;
        for (size_t j = 0; j < task.cellBits; ++j) {
          const T *column = cells + j * task.words * lanes;
          auto ones = hn::Zero(d);
          for (size_t w = 0; w < task.words; ++w)
            ones = hn::Add(ones, hn::PopulationCount(hn::And(hn::Load(d, column + w * lanes),
                                                             hn::BitCast(d, hn::Set(d32, x[w])))));
          sum = hn::Add(sum, hn::ShiftLeftSame(ones, int(k + j)));
        }
      }
      total = hn::Add(hn::ShiftLeftSame(total, int(task.dacBits)), convert(d, sum));
    }
    hn::Store(total, d, sums + p * task.vectors * lanes);
  }
}

template <class D> static void sumVectors(D d, const PlaneSums &task) {
  const size_t words = task.cellBits == 1 && task.dacBits == 1 ? task.words : 0;
  for (size_t v = 0; v < task.vectors; ++v)
    switch (words) {
    case 1:
      sumBinary<D, 1>(d, task, v);
      break;
    case 2:
      sumBinary<D, 2>(d, task, v);
      break;
    case 3:
      sumBinary<D, 3>(d, task, v);
      break;
    case 4:
      sumBinary<D, 4>(d, task, v);
      break;
    case 5:
      sumBinary<D, 5>(d, task, v);
      break;
    case 6:
      sumBinary<D, 6>(d, task, v);
      break;
    case 7:
      sumBinary<D, 7>(d, task, v);
      break;
    case 8:
      sumBinary<D, 8>(d, task, v);
      break;
    default:
      sumGeneral(d, task, v);
      break;
    }
}

static void sum(const PlaneSums &task) {
  if (task.isWide)
    sumVectors(hn::ScalableTag<uint32_t>(), task);
  else
    sumVectors(hn::ScalableTag<uint16_t>(), task);
}

/// Sixteen columns, shifted and added to or subtracted from sixteen results.
template <typename T>
static HWY_INLINE void spliceBlock(const T *sums, const ColumnBlock &block, int32_t *results) {
  const hn::CappedTag<int32_t, 16> d;
  const hn::Rebind<T, decltype(d)> dSum;
  const hn::RebindToUnsigned<decltype(d)> dUnsigned;
  for (size_t i = 0; i < 16; i += hn::Lanes(d)) {
    const auto loaded = hn::LoadU(dSum, sums + i);
    hn::Vec<decltype(dUnsigned)> wide;
    if constexpr (sizeof(T) == 4)
      wide = loaded;
    else
      wide = hn::PromoteTo(dUnsigned, loaded);
    const auto worth = hn::BitCast(d, hn::ShiftLeftSame(wide, int(block.shift)));
    const auto before = hn::LoadU(d, results + i);
    hn::StoreU(block.negative ? hn::Sub(before, worth) : hn::Add(before, worth), d, results + i);
  }
}

template <typename T>
static void spliceTyped(const T *sums, size_t columnStride, size_t count,
                        std::span<const ColumnBlock> blocks, int32_t *results,
                        size_t resultStride) {
  for (size_t p = 0; p < count; ++p, sums += columnStride, results += resultStride) {
    memset(results, 0, resultStride * sizeof(int32_t));
    for (size_t b = 0; b < blocks.size(); ++b)
      spliceBlock(sums + b * 16, blocks[b], results + blocks[b].result);
  }
}

static void splice(const void *sums, bool isWide, size_t columnStride, size_t count,
                   std::span<const ColumnBlock> blocks, int32_t *results, size_t resultStride) {
  if (isWide)
    spliceTyped(static_cast<const uint32_t *>(sums), columnStride, count, blocks, results,
                resultStride);
  else
    spliceTyped(static_cast<const uint16_t *>(sums), columnStride, count, blocks, results,
                resultStride);
}

static void addTo(int32_t *out, size_t outStride, const int32_t *results, size_t resultStride,
                  size_t count, size_t width, int32_t scale) {
  const hn::ScalableTag<int32_t> d;
  const size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale);
  for (size_t p = 0; p < count; ++p, out += outStride, results += resultStride) {
    size_t i = 0;
    for (; i + lanes <= width; i += lanes)
      hn::StoreU(hn::Add(hn::LoadU(d, out + i), hn::Mul(hn::LoadU(d, results + i), factor)), d,
                 out + i);
    for (; i < width; ++i)
      out[i] = int32_t(uint32_t(out[i]) + uint32_t(results[i]) * uint32_t(scale));
  }
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(lanesOf);
HWY_EXPORT(pack);
HWY_EXPORT(sum);
HWY_EXPORT(splice);
HWY_EXPORT(addTo);

size_t planeLanes(bool isWide) { return HWY_DYNAMIC_DISPATCH(lanesOf)(isWide); }

void packPlanes(const PlaneTask &task) { HWY_DYNAMIC_DISPATCH(pack)(task); }

void sumPlanes(const PlaneSums &task) { HWY_DYNAMIC_DISPATCH(sum)(task); }

void spliceColumns(const void *sums, bool isWide, size_t columnStride, size_t count,
                   std::span<const ColumnBlock> blocks, int32_t *results, size_t resultStride) {
  HWY_DYNAMIC_DISPATCH(splice)
  (sums, isWide, columnStride, count, blocks, results, resultStride);
}

void addScaled(int32_t *out, size_t outStride, const int32_t *results, size_t resultStride,
               size_t count, size_t width, int32_t scale) {
  HWY_DYNAMIC_DISPATCH(addTo)(out, outStride, results, resultStride, count, width, scale);
}

} // namespace pim::runtime
#endif // HWY_ONCE
