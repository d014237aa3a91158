//===- Box.h - a tensor descriptor, ready for use --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an instruction needs to know of a TensorDescriptor of Program.fbs: where the box of elements
// begins and ends, and how to walk through several boxes at once in runs that are as long as
// possible.
//
// Tested by runtime/tests/Machine/BoxTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_MACHINE_BOX_H
#define PIM_RUNTIME_MACHINE_BOX_H

#include "pim/Program/Program.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace pim::runtime {

struct Box {
  fb::Space space = fb::Space::Global;
  uint16_t core = 0;
  fb::ElementType element = fb::ElementType::I8;
  uint32_t elementBytes = 1;
  int64_t base = 0;
  std::array<uint32_t, 4> sizes{1, 1, 1, 1};
  std::array<int64_t, 4> strides{};
  /// The bytes of all elements lie in [base + low, base + high).
  int64_t low = 0, high = 1;

  Box() = default;
  /// REQUIRES: the descriptor has been verified.
  explicit Box(const fb::TensorDescriptorT &descriptor);

  uint64_t elements() const { return uint64_t(sizes[0]) * sizes[1] * sizes[2] * sizes[3]; }
  uint64_t bytes() const { return elements() * elementBytes; }
  /// Whether any byte from the first element to the last belongs to none, or to two of them.
  bool hasGaps() const;
};

/// Runs that several boxes of the same sizes have in common: `count` elements with one stride in
/// each box.
template <size_t N> struct CommonRuns {
  using Pointers = std::array<uint8_t *, N>;

  uint64_t count = 1;
  std::array<int64_t, N> stride{};
  /// The loops that lead from run to run, outermost first.
  struct Level {
    uint32_t size = 1;
    std::array<int64_t, N> strides{};
  };
  std::array<Level, 3> levels{};

  explicit CommonRuns(const std::array<const Box *, N> &boxes);

  /// Calls visitor(pointers) with the address of each run in each box. `first` are the addresses of
  /// the first elements.
  template <typename Visitor> void forEach(Pointers first, Visitor &&visitor) const {
    for (uint32_t i = 0; i < levels[0].size; ++i, step(first, levels[0])) {
      Pointers second = first;
      for (uint32_t j = 0; j < levels[1].size; ++j, step(second, levels[1])) {
        Pointers third = second;
        for (uint32_t k = 0; k < levels[2].size; ++k, step(third, levels[2]))
          visitor(third);
      }
    }
  }

private:
  static void step(Pointers &pointers, const Level &level) {
    for (size_t n = 0; n < N; ++n)
      pointers[n] += level.strides[n];
  }
};

template <size_t N> CommonRuns<N>::CommonRuns(const std::array<const Box *, N> &boxes) {
  // Dimensions of size 1 have strides that mean nothing.
  int d = 3;
  while (d > 0 && boxes[0]->sizes[d] == 1)
    --d;
  count = boxes[0]->sizes[d];
  for (size_t n = 0; n < N; ++n)
    stride[n] = boxes[n]->strides[d];
  int level = 2;
  for (--d; d >= 0; --d) {
    const uint32_t size = boxes[0]->sizes[d];
    if (size == 1)
      continue;
    bool joins = level == 2;
    for (size_t n = 0; n < N && joins; ++n)
      joins = boxes[n]->strides[d] == stride[n] * int64_t(count);
    if (joins) {
      count *= size;
      continue;
    }
    levels[level].size = size;
    for (size_t n = 0; n < N; ++n)
      levels[level].strides[n] = boxes[n]->strides[d];
    --level;
  }
}

} // namespace pim::runtime

#endif // PIM_RUNTIME_MACHINE_BOX_H
