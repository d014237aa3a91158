//===- StepSums-inl.h - sums of some input steps ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#if defined(PIM_RUNTIME_SRC_ARRAYS_STEPSUMS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PIM_RUNTIME_SRC_ARRAYS_STEPSUMS_INL_H
#undef PIM_RUNTIME_SRC_ARRAYS_STEPSUMS_INL_H
#else
#define PIM_RUNTIME_SRC_ARRAYS_STEPSUMS_INL_H
#endif

#include "AnalogKernel.h"
#include "NoiseLanes-inl.h"

#include <utility>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Of each step and lane. In memory, written by functions that are not inlined: a compiler that
/// keeps sums in registers for those who read them moves them about while they are summed.
struct StepSums {
  HWY_ALIGN int32_t lanes[maxSteps][blockColumns];

  HWY_INLINE void set(size_t step, VI sum) { hn::Store(sum, DI(), lanes[step]); }
  HWY_INLINE VI get(size_t step) const { return hn::Load(DI(), lanes[step]); }
};

/// Calls `body` with the sequence of `steps` steps.
template <class Body> static HWY_INLINE void withSteps(unsigned steps, const Body &body) {
  switch (steps) {
  case 1:
    return body(std::make_index_sequence<1>());
  case 2:
    return body(std::make_index_sequence<2>());
  case 3:
    return body(std::make_index_sequence<3>());
  case 4:
    return body(std::make_index_sequence<4>());
  case 5:
    return body(std::make_index_sequence<5>());
  case 6:
    return body(std::make_index_sequence<6>());
  case 7:
    return body(std::make_index_sequence<7>());
  default:
    return body(std::make_index_sequence<8>());
  }
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // PIM_RUNTIME_SRC_ARRAYS_STEPSUMS_INL_H
