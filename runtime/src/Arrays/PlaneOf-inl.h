//===- PlaneOf-inl.h - one bit of many bytes --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#if defined(PIM_RUNTIME_SRC_ARRAYS_PLANEOF_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PIM_RUNTIME_SRC_ARRAYS_PLANEOF_INL_H
#undef PIM_RUNTIME_SRC_ARRAYS_PLANEOF_INL_H
#else
#define PIM_RUNTIME_SRC_ARRAYS_PLANEOF_INL_H
#endif

#include <hwy/highway.h>

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Bit `bit` of 64 bytes.
static HWY_INLINE uint64_t planeOf(const uint8_t *bytes, unsigned bit) {
  const hn::CappedTag<uint8_t, 64> d;
  const size_t lanes = hn::Lanes(d);
  const auto wanted = hn::Set(d, uint8_t(1u << bit));
  uint64_t plane = 0;
  for (size_t r = 0; r < 64; r += lanes) {
    uint8_t mask[8] = {};
    hn::StoreMaskBits(d, hn::TestBit(hn::LoadU(d, bytes + r), wanted), mask);
    uint64_t part;
    memcpy(&part, mask, 8);
    plane |= part << r;
  }
  return plane;
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // PIM_RUNTIME_SRC_ARRAYS_PLANEOF_INL_H
