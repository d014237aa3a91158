//===- DigitKernel.cpp - input vectors as digits --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DigitKernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "DigitKernel.cpp"
#include <hwy/foreach_target.h> // IWYU pragma: keep
#include <hwy/highway.h>

#include "PlaneOf-inl.h"

#include <cstring>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace pim::runtime::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

static void cut(const DigitTask &task) {
  const unsigned mask = (1u << task.dacBits) - 1;
  const size_t stride = task.pairs * 2;
  int16_t *digits = task.digits;
  for (size_t p = 0; p < task.count; ++p) {
    const uint8_t *x = task.inputs + p * task.inputStride;
    unsigned used = 0;
    for (unsigned t = 0; t < task.steps; ++t, digits += stride) {
      uint32_t sum = 0;
      for (size_t r = 0; r < task.rows; ++r) {
        const unsigned digit = unsigned(x[r]) << task.delays[r] >> (t * task.dacBits) & mask;
        digits[r] = int16_t(digit);
        sum += digit;
      }
      for (size_t r = task.rows; r < stride; ++r)
        digits[r] = 0;
      task.sums[p * task.steps + t] = float(sum);
      if (sum != 0)
        used = t + 1;
    }
    task.used[p] = uint8_t(used);
  }
}

/// The first and second bytes of inputs shifted by their delays.
static void delay(const DigitTask &task, const uint8_t *inputs) {
  for (size_t r = 0; r < task.rows; ++r) {
    const unsigned late = unsigned(inputs[r]) << task.delays[r];
    task.late[r] = uint8_t(late);
    task.late[task.rows + 64 + r] = uint8_t(late >> 8);
  }
}

/// Of bytes of eight rows each, the bits of one step after the other, a byte each: transposes
/// matrices of 8 x 8 bits, one a lane. Source of the steps: Warren, Hacker's Delight, section 7-3.
static HWY_INLINE void storePatterns(const uint8_t *bytes, uint64_t *to) {
  const hn::CappedTag<uint64_t, 8> d;
  uint64_t octets[8];
  memcpy(octets, bytes, sizeof octets);
  for (size_t i = 0; i < 8; i += hn::Lanes(d)) {
    auto rows = hn::LoadU(d, octets + i);
    auto exchange = [&](auto distance, uint64_t mask) {
      constexpr int shift = decltype(distance)::value;
      const auto pairs = hn::And(hn::Xor(rows, hn::ShiftRight<shift>(rows)), hn::Set(d, mask));
      rows = hn::Xor3(rows, pairs, hn::ShiftLeft<shift>(pairs));
    };
    exchange(std::integral_constant<int, 7>(), 0x00aa00aa00aa00aa);
    exchange(std::integral_constant<int, 14>(), 0x0000cccc0000cccc);
    exchange(std::integral_constant<int, 28>(), 0x00000000f0f0f0f0);
    hn::StoreU(rows, d, to + i);
  }
}

static void cutPatterns(const DigitTask &task) {
  const size_t octets = task.pairs / 4;
  uint64_t *patterns = task.patterns;
  for (size_t p = 0; p < task.count; ++p) {
    const uint8_t *bytes[2] = {task.inputs + p * task.inputStride, nullptr};
    if (task.late) {
      delay(task, bytes[0]);
      bytes[0] = task.late;
      bytes[1] = task.late + task.rows + 64;
    }
    // What is written behind the last octet is of the next steps, whose turn comes.
    for (unsigned begin = 0; begin < task.steps; begin += maxSteps, patterns += octets)
      for (size_t r = 0; r < task.rows; r += 64)
        storePatterns(bytes[begin / maxSteps] + r, patterns + r / 8);
    unsigned used = 0;
    for (unsigned t = 0; t < task.steps; ++t) {
      unsigned sum = 0;
      for (size_t r = 0; r < task.rows; r += 64) {
        // Bytes behind the last row may be anything.
        const size_t left = task.rows - r;
        const uint64_t valid = left < 64 ? (uint64_t(1) << left) - 1 : ~uint64_t(0);
        sum += unsigned(hwy::PopCount(planeOf(bytes[t / maxSteps] + r, t % maxSteps) & valid));
      }
      task.sums[p * task.steps + t] = float(sum);
      if (sum != 0)
        used = t + 1;
    }
    task.used[p] = uint8_t(used);
  }
}

} // namespace pim::runtime::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pim::runtime {

HWY_EXPORT(cut);
HWY_EXPORT(cutPatterns);

void cutDigits(const DigitTask &task) {
  if (task.patterns)
    HWY_DYNAMIC_DISPATCH(cutPatterns)(task);
  else
    HWY_DYNAMIC_DISPATCH(cut)(task);
}

} // namespace pim::runtime
#endif // HWY_ONCE
