//===- ColumnCodes-inl.h - what converters make of sums ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#if defined(PIM_RUNTIME_SRC_ARRAYS_COLUMNCODES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PIM_RUNTIME_SRC_ARRAYS_COLUMNCODES_INL_H
#undef PIM_RUNTIME_SRC_ARRAYS_COLUMNCODES_INL_H
#else
#define PIM_RUNTIME_SRC_ARRAYS_COLUMNCODES_INL_H
#endif

#include "AnalogKernel.h"
#include "NoiseLanes-inl.h"

#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The integer below numbers from 0 to 65535. ConvertTo() would see to larger ones, too.
static HWY_INLINE VI floorOf(VF x) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return VI{_mm512_cvttps_epi32(x.raw)};
#else
  return hn::ConvertTo(DI(), x);
#endif
}

// Floats that are not NaN are in the order of their bits as integers, but for negative ones among
// each other. Integers are compared on all ports of a processor, floats on those of their sums.

static HWY_INLINE VF atLeastZero(VF x) {
  const DI d;
  return hn::BitCast(DF(), hn::Max(hn::BitCast(d, x), hn::Zero(d)));
}

/// The smaller of a number and one that is not negative.
static HWY_INLINE VF atMost(VF x, VF most) {
  const DI d;
  return hn::BitCast(DF(), hn::Min(hn::BitCast(d, x), hn::BitCast(d, most)));
}

/// What some columns from `column` on draw.
struct ColumnNoise {
  CounterLanes counters[2]; ///< of steps 0 to 7 and of those from 8 on

  ColumnNoise(const AnalogSums &task, size_t column)
      : counters{countersOf(task, column, 0), countersOf(task, column, 1)} {}

private:
  static CounterLanes countersOf(const AnalogSums &task, size_t column, size_t chance) {
    const DU d;
    return {hn::Load(d, task.numbers + column), task.occasion.sample,
            hn::Add(hn::Set(d, task.chances[chance]), hn::Load(d, task.phases + column)), task.key};
  }
};

struct NoNoise {
  NoNoise(const AnalogSums &, size_t) {}
};

/// Sixteen columns, or as many of them as a vector has lanes. Sums are in steps of the converter;
/// counts are worth a power of two of them if HasPower.
template <bool HasNoise, bool HasErrors, bool HasPower> struct Columns {
  const AnalogSums &task;
  size_t column; ///< the first
  VF unit, largest;
  std::conditional_t<HasNoise, ColumnNoise, NoNoise> noise;

  Columns(const AnalogSums &task, size_t block, size_t lane)
      : task(task), column(block * blockColumns + lane),
        unit(hn::Set(DF(), task.unit / float(task.lsb))),
        largest(hn::Set(DF(), task.largestCodes[block])), noise(task, column) {}

  /// counts * unit + more, as if in two steps: together where the product of a power of two is
  /// exact.
  HWY_INLINE VF toSteps(VF counts, float more) const {
    const DF d;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
    if constexpr (HasPower)
      return hn::MulAdd(counts, unit, hn::Set(d, more));
#endif
    return hn::Add(hn::Mul(counts, unit), hn::Set(d, more));
  }

  /// The codes of sums, to which ideal converters have half a step added already.
  HWY_INLINE VI convert(VF steps) const {
    const DF d;
    if constexpr (HasErrors) {
      const VF zero = hn::Zero(d), one = hn::Set(d, 1.0f);
      steps = hn::Add(hn::Mul(steps, hn::Load(d, task.gains + column)),
                      hn::Load(d, task.offsets + column));
      const VF part = hn::Min(hn::Max(hn::Div(steps, largest), zero), one);
      const VF bow = hn::Mul(part, hn::Sub(one, part));
      steps =
          hn::Add(steps, hn::Mul(hn::Load(d, task.bends + column), hn::Mul(bow, hn::Set(d, 4.0f))));
      steps = hn::Add(steps, hn::Set(d, 0.5f));
    }
    return floorOf(atLeastZero(atMost(steps, largest)));
  }

  /// The codes of the sums of a step; see AnalogSums. `drawn` matters where there is noise.
  HWY_INLINE VI codes(VI sums, float middle, float noiseBias, VF drawn) const {
    const DF d;
    const VF counts = hn::ConvertTo(d, sums);
    VF sum = toSteps(counts, middle);
    if constexpr (HasNoise) {
      const VF current = atLeastZero(toSteps(counts, noiseBias));
      sum = hn::Add(sum, hn::Mul(deviationLanes(current), drawn));
    }
    return convert(sum);
  }

  HWY_INLINE void store(VI codes, size_t p) const {
    const VI total = hn::Mul(codes, hn::Set(DI(), int32_t(task.lsb)));
    hn::Store(hn::BitCast(DU(), total), DU(), task.sums + p * task.blocks * blockColumns + column);
  }
};

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif // PIM_RUNTIME_SRC_ARRAYS_COLUMNCODES_INL_H
