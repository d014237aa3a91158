//===- Box.cpp - a tensor descriptor, ready for use -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/Box.h"

#include "pim/Runtime/Machine/WindowRows.h"

#include <algorithm>
#include <cstdlib>

using namespace pim;
using namespace pim::runtime;

Box::Box(const fb::TensorDescriptorT &descriptor)
    : space(descriptor.space), core(descriptor.core), element(descriptor.element),
      elementBytes(elementBytesOf(descriptor.element)), base(int64_t(descriptor.base)),
      high(elementBytes) {
  for (size_t d = 0; d < 4; ++d) {
    sizes[d] = descriptor.sizes[d];
    strides[d] = descriptor.strides[d];
    // Verified boxes lie inside a memory, so the products fit.
    const int64_t reach = int64_t(sizes[d] - 1) * strides[d];
    (reach < 0 ? low : high) += reach;
  }
}

bool Box::hasGaps() const {
  std::array<std::pair<int64_t, uint32_t>, 4> steps; // of each dimension, and how many
  for (size_t d = 0; d < 4; ++d)
    steps[d] = {sizes[d] == 1 ? 0 : std::abs(strides[d]), sizes[d]};
  std::sort(steps.begin(), steps.end());
  int64_t expected = elementBytes;
  for (auto [step, size] : steps) {
    if (size != 1 && step != expected)
      return true;
    expected *= size;
  }
  return false;
}
