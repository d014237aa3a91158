//===- InputSums.cpp - the digital part of affine weights -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/InputSums.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "InputSums.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

static uint32_t sumBytes(const uint8_t *bytes, size_t count) {
  const hn::ScalableTag<uint8_t> d;
  const hn::Repartition<uint64_t, decltype(d)> dSum;
  auto sums = hn::Zero(dSum);
  size_t i = 0;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d))
    sums = hn::Add(sums, hn::SumsOf8(hn::LoadU(d, bytes + i)));
  if (i < count) {
    const auto valid = hn::FirstN(d, count - i);
    sums = hn::Add(sums, hn::SumsOf8(hn::IfThenElseZero(valid, hn::LoadU(d, bytes + i))));
  }
  return uint32_t(hn::GetLane(hn::SumOfLanes(dSum, sums)));
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(sumBytes);

InputSums::InputSums(const fb::ArrayGroupT &group)
    : weightOffset(group.weight_offset), terms(offsetTerms(group)) {}

void InputSums::addTo(InputVectors inputs, OutputVectors outputs) const {
  for (const OffsetTerm &term : terms) {
    if (term.rows.empty() || term.outputs.empty())
      continue;
    // Rows are sorted; those of a dense matrix are a range without repetition.
    bool isRange = true;
    for (size_t i = 1; i < term.rows.size() && isRange; ++i)
      isRange = term.rows[i] == term.rows[i - 1] + 1;
    for (size_t p = 0; p < inputs.count; ++p) {
      const uint8_t *x = inputs.data + p * inputs.stride;
      uint32_t sum = 0;
      if (isRange)
        sum = HWY_DYNAMIC_DISPATCH(sumBytes)(x + term.rows.front(), term.rows.size());
      else
        for (uint32_t row : term.rows)
          sum += x[row];
      const uint32_t offset = sum * uint32_t(weightOffset);
      int32_t *out = outputs.data + p * outputs.stride;
      for (uint32_t o : term.outputs)
        out[o] = int32_t(uint32_t(out[o]) + offset);
    }
  }
}

} // namespace pim::runtime
#endif // HWY_ONCE
