//===- DiagonalKernel.cpp - depthwise products ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiagonalKernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "DiagonalKernel.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

static void run(const uint8_t *in, size_t period, const int16_t *weights, size_t stride,
                size_t taps, size_t count, int32_t *out, bool accumulate) {
  const hn::ScalableTag<int32_t> d;
  const hn::Rebind<uint8_t, decltype(d)> dIn;
  const hn::Rebind<int16_t, decltype(d)> dWeight;
  const size_t lanes = hn::Lanes(d);
  for (size_t o = 0; o < count; o += lanes) {
    auto sum = hn::Zero(d);
    for (size_t t = 0; t < taps; ++t) {
      const auto x = hn::PromoteTo(d, hn::LoadU(dIn, in + t * period + o));
      const auto w = hn::PromoteTo(d, hn::LoadU(dWeight, weights + t * stride + o));
      sum = hn::Add(sum, hn::Mul(x, w));
    }
    if (o + lanes <= count) {
      if (accumulate)
        sum = hn::Add(sum, hn::LoadU(d, out + o));
      hn::StoreU(sum, d, out + o);
      continue;
    }
    HWY_ALIGN int32_t tail[hn::MaxLanes(d)];
    hn::Store(sum, d, tail);
    for (size_t i = 0; o + i < count; ++i)
      out[o + i] = int32_t(uint32_t(tail[i]) + uint32_t(accumulate ? out[o + i] : 0));
  }
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(run);

void diagonalProduct(const uint8_t *in, size_t period, const int16_t *weights, size_t stride,
                     size_t taps, size_t count, int32_t *out, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(run)(in, period, weights, stride, taps, count, out, accumulate);
}

} // namespace pim::runtime
#endif // HWY_ONCE
