//===- ByteGemm.cpp - unsigned bytes times integer weights ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/ByteGemm.h"

#include "ByteGemmVnni.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ByteGemm.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// One vector at a time: this path serves odd weights and old processors.
static void wideGemm(const uint8_t *a, size_t aStride, size_t count, const int32_t *weights,
                     size_t stride, size_t rows, size_t cols, int32_t *c, size_t cStride,
                     bool accumulate) {
  const hn::ScalableTag<int32_t> d;
  const size_t lanes = hn::Lanes(d);
  HWY_ALIGN int32_t tail[hn::MaxLanes(d)];
  for (size_t p = 0; p < count; ++p) {
    const uint8_t *x = a + p * aStride;
    int32_t *out = c + p * cStride;
    for (size_t n = 0; n < cols; n += lanes) {
      auto sum0 = hn::Zero(d), sum1 = hn::Zero(d);
      size_t k = 0;
      for (; k + 2 <= rows; k += 2) {
        sum0 = hn::Add(sum0, hn::Mul(hn::Set(d, x[k]), hn::LoadU(d, weights + k * stride + n)));
        sum1 = hn::Add(sum1,
                       hn::Mul(hn::Set(d, x[k + 1]), hn::LoadU(d, weights + (k + 1) * stride + n)));
      }
      if (k < rows)
        sum0 = hn::Add(sum0, hn::Mul(hn::Set(d, x[k]), hn::LoadU(d, weights + k * stride + n)));
      hn::Store(hn::Add(sum0, sum1), d, tail);
      const size_t valid = std::min(lanes, cols - n);
      for (size_t i = 0; i < valid; ++i)
        out[n + i] = int32_t(uint32_t(tail[i]) + uint32_t(accumulate ? out[n + i] : 0));
    }
  }
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(wideGemm);

ByteGemm::ByteGemm(std::span<const int32_t> weights, size_t rows, size_t cols, Path path)
    : rowCount(rows), colCount(cols) {
  const bool fitsByte =
      std::all_of(weights.begin(), weights.end(), [](int32_t w) { return w >= -128 && w <= 127; });
  isVnni = path == Path::Best && fitsByte && hasVnni();
  if (!isVnni) {
    const size_t stride = (cols + 15) / 16 * 16;
    wide.assign(rows * stride);
    for (size_t k = 0; k < rows; ++k)
      std::copy_n(weights.data() + k * cols, cols, wide.data() + k * stride);
    return;
  }
  const size_t quads = (rows + 3) / 4;
  packed.assign((cols + 15) / 16 * quads * 64);
  for (size_t k = 0; k < rows; ++k)
    for (size_t n = 0; n < cols; ++n)
      packed[((n / 16 * quads + k / 4) * 16 + n % 16) * 4 + k % 4] = int8_t(weights[k * cols + n]);
}

void ByteGemm::run(const uint8_t *a, size_t aStride, size_t count, int32_t *c, size_t cStride,
                   bool accumulate) const {
  if (isVnni)
    vnniGemm(a, aStride, count, packed.data(), rowCount, colCount, c, cStride, accumulate);
  else
    HWY_DYNAMIC_DISPATCH(wideGemm)
  (a, aStride, count, wide.data(), (colCount + 15) / 16 * 16, rowCount, colCount, c, cStride,
   accumulate);
}

} // namespace pim::runtime
#endif // HWY_ONCE
