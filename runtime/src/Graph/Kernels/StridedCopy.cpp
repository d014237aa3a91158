//===- StridedCopy.cpp - copies boxes of elements -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StridedCopy.h"

#include <algorithm>

using namespace pim::graph;

Shape pim::graph::rowMajorStrides(const Shape &shape) {
  Shape strides(shape.size());
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    strides[d] = stride;
    stride *= shape[d];
  }
  return strides;
}

template <typename T>
static void copyBox(const StridedCopy &copy, size_t dimension, const T *source, T *target) {
  if (dimension == copy.sizes.size()) {
    *target = *source;
    return;
  }
  int64_t size = copy.sizes[dimension];
  int64_t from = copy.sourceStrides[dimension], to = copy.targetStrides[dimension];
  if (dimension + 1 < copy.sizes.size()) {
    for (int64_t i = 0; i < size; ++i)
      copyBox(copy, dimension + 1, source + i * from, target + i * to);
  } else if (from == 1 && to == 1) {
    std::copy_n(source, size, target);
  } else {
    for (int64_t i = 0; i < size; ++i)
      target[i * to] = source[i * from];
  }
}

void StridedCopy::run(const std::byte *source, std::byte *target, size_t elementBytes) const {
  if (elementCount(sizes) == 0)
    return;
  auto copy = [&]<typename T>(T) {
    copyBox(*this, 0, reinterpret_cast<const T *>(source) + sourceOffset,
            reinterpret_cast<T *>(target) + targetOffset);
  };
  switch (elementBytes) {
  case 1:
    return copy(uint8_t());
  case 2:
    return copy(uint16_t());
  case 4:
    return copy(uint32_t());
  default:
    return copy(uint64_t());
  }
}
