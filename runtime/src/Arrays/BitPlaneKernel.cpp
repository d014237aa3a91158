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

/// Scalable vectors of at most 64 bytes; a plane word of 64 rows is one or several stores of mask
/// bits.
static unsigned pack(const uint8_t *inputs, size_t count, unsigned planes, size_t words,
                     bool isWide, uint32_t *out) {
  const hn::CappedTag<uint8_t, 64> d;
  const size_t lanes = hn::Lanes(d);
  // 1024 rows at a time, so that the masks stay on the stack.
  constexpr size_t chunkRows = 1024;
  uint8_t masks[8][chunkRows / 8 + 64];
  const size_t rowsPerWord = isWide ? 32 : 16;
  uint32_t seen = 0;
  for (size_t begin = 0; begin < count; begin += chunkRows) {
    const size_t rows = HWY_MIN(chunkRows, count - begin);
    for (size_t r = 0; r < rows; r += lanes) {
      auto x = hn::LoadU(d, inputs + begin + r);
      if (rows - r < lanes)
        x = hn::IfThenElseZero(hn::FirstN(d, rows - r), x);
      for (unsigned i = 0; i < planes; ++i) {
        const auto ones = hn::TestBit(x, hn::Set(d, uint8_t(1u << i)));
        if (lanes >= 8) {
          hn::StoreMaskBits(d, ones, masks[i] + r / 8);
          continue;
        }
        uint8_t bits[8] = {};
        hn::StoreMaskBits(d, ones, bits);
        masks[i][r / 8] = uint8_t((r % 8 ? masks[i][r / 8] : 0) | bits[0] << (r % 8));
      }
    }
    const size_t chunkWords = HWY_MIN(chunkRows / rowsPerWord, words - begin / rowsPerWord);
    // What the last vector of rows did not reach.
    const size_t reached = ((rows + lanes - 1) / lanes * lanes + 7) / 8;
    const size_t needed = chunkWords * rowsPerWord / 8;
    for (unsigned i = 0; i < planes; ++i) {
      if (needed > reached)
        memset(masks[i] + reached, 0, needed - reached);
      uint32_t *to = out + i * words + begin / rowsPerWord;
      uint32_t any = 0;
      for (size_t w = 0; w < chunkWords; ++w) {
        uint32_t word = 0;
        if (isWide) {
          memcpy(&word, masks[i] + w * 4, 4);
        } else {
          uint16_t half;
          memcpy(&half, masks[i] + w * 2, 2);
          word = half * 0x10001u;
        }
        to[w] = word;
        any |= word;
      }
      if (any)
        seen = HWY_MAX(seen, i + 1);
    }
  }
  return seen;
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// The ADC: clamp(floor(sum/lsb + 1/2), 0, maxCode) * lsb.
template <class D> class Converter {
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

public:
  Converter(D d, uint32_t lsb, uint32_t maxCode)
      : lsb(lsb), half(hn::Set(d, T(lsb / 2))),
        limit(hn::Set(d, T(HWY_MIN(maxCode, uint32_t(T(~T(0))))))) {
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
    hn::Store(sum, d, values);
    for (size_t i = 0; i < hn::Lanes(d); ++i) {
      const uint64_t code = (2 * uint64_t(values[i]) + lsb) / (2 * uint64_t(lsb));
      values[i] = T(HWY_MIN(code, uint64_t(hn::GetLane(limit))) * lsb);
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
  const Converter<D> convert(d, task.lsb, task.maxCode);
  const T *cells = reinterpret_cast<const T *>(task.cells) + v * Words * lanes;
  T *sums = static_cast<T *>(task.sums) + v * lanes;
  hn::Vec<D> column[Words];
  for (size_t w = 0; w < Words; ++w)
    column[w] = hn::Load(d, cells + w * lanes);
  for (size_t p = 0; p < task.count; ++p) {
    const uint32_t *planes = task.planes + p * task.planeStride;
    auto total = hn::Zero(d);
    for (size_t t = task.steps[p]; t-- > 0;) {
      const uint32_t *x = planes + t * Words;
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
  const Converter<D> convert(d, task.lsb, task.maxCode);
  const T *cells = reinterpret_cast<const T *>(task.cells) + v * task.cellBits * task.words * lanes;
  T *sums = static_cast<T *>(task.sums) + v * lanes;
  for (size_t p = 0; p < task.count; ++p) {
    const uint32_t *planes = task.planes + p * task.planeStride;
    auto total = hn::Zero(d);
    for (size_t t = task.steps[p]; t-- > 0;) {
      auto sum = hn::Zero(d);
      for (size_t k = 0; k < task.dacBits; ++k) {
        const uint32_t *x = planes + (t * task.dacBits + k) * task.words;
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

template <typename T>
static HWY_INLINE void spliceLanes(const T *sums, unsigned shift, bool negative, int32_t *results) {
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
    const auto worth = hn::BitCast(d, hn::ShiftLeftSame(wide, int(shift)));
    const auto before = hn::LoadU(d, results + i);
    hn::StoreU(negative ? hn::Sub(before, worth) : hn::Add(before, worth), d, results + i);
  }
}

static void splice(const void *sums, bool isWide, unsigned shift, bool negative, int32_t *results) {
  if (isWide)
    spliceLanes(static_cast<const uint32_t *>(sums), shift, negative, results);
  else
    spliceLanes(static_cast<const uint16_t *>(sums), shift, negative, results);
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(lanesOf);
HWY_EXPORT(pack);
HWY_EXPORT(sum);
HWY_EXPORT(splice);

size_t planeLanes(bool isWide) { return HWY_DYNAMIC_DISPATCH(lanesOf)(isWide); }

unsigned packPlanes(const uint8_t *inputs, size_t count, unsigned planes, size_t words, bool isWide,
                    uint32_t *out) {
  return HWY_DYNAMIC_DISPATCH(pack)(inputs, count, planes, words, isWide, out);
}

void sumPlanes(const PlaneSums &task) { HWY_DYNAMIC_DISPATCH(sum)(task); }

void spliceColumns(const void *sums, bool isWide, unsigned shift, bool negative, int32_t *results) {
  HWY_DYNAMIC_DISPATCH(splice)(sums, isWide, shift, negative, results);
}

} // namespace pim::runtime
#endif // HWY_ONCE
