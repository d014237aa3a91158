//===- Box.cpp - a tensor descriptor, ready for use -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/Box.h"

#include "pim/Runtime/Machine/WindowRows.h"

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

bool Box::isDense() const {
  int64_t expected = elementBytes;
  for (size_t d = 4; d-- > 0;) {
    if (sizes[d] != 1 && strides[d] != expected)
      return false;
    expected *= sizes[d];
  }
  return true;
}
