//===- Permutation.cpp - elements in another order ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Elements/Permutation.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

#include <cstring>

using namespace llvm;

namespace {

/// A dimension of the result.
struct Dimension {
  int64_t size;
  int64_t fromStep; ///< in elements, as toStep
  int64_t toStep;
};

/// The dimensions of the result, outermost first: those of one element are left out, and
/// neighbours that stay neighbours are one.
SmallVector<Dimension> dimensionsOf(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t dim = shape.size(); dim-- > 1;)
    strides[dim - 1] = strides[dim] * shape[dim];
  SmallVector<Dimension> dimensions; // innermost first, until the end
  int64_t toStep = 1;
  for (int64_t dim : llvm::reverse(permutation)) {
    int64_t size = shape[dim];
    if (size == 1)
      continue;
    if (!dimensions.empty() && strides[dim] == dimensions.back().fromStep * dimensions.back().size)
      dimensions.back().size *= size;
    else
      dimensions.push_back({size, strides[dim], toStep});
    toStep *= size;
  }
  std::reverse(dimensions.begin(), dimensions.end());
  return dimensions;
}

/// Calls visit(from, to), positions in elements, for each index of `outer`.
template <typename Visit> void forEachPosition(ArrayRef<Dimension> outer, Visit visit) {
  SmallVector<int64_t> index(outer.size(), 0);
  int64_t from = 0, to = 0;
  while (true) {
    visit(from, to);
    size_t dim = outer.size();
    while (dim-- > 0) {
      from += outer[dim].fromStep;
      to += outer[dim].toStep;
      if (++index[dim] < outer[dim].size)
        break;
      from -= outer[dim].fromStep * outer[dim].size;
      to -= outer[dim].toStep * outer[dim].size;
      index[dim] = 0;
    }
    if (dim == size_t(-1))
      return;
  }
}

/// `near` are neighbours in `from`, `last` neighbours in `to`. Goes block by block, so that the
/// lines of both sides are in the cache while they are needed.
template <unsigned width>
void transpose(const char *from, char *to, const Dimension &near, const Dimension &last) {
  constexpr int64_t nearBlock = 16, lastBlock = 64;
  for (int64_t firstLast = 0; firstLast < last.size; firstLast += lastBlock)
    for (int64_t firstNear = 0; firstNear < near.size; firstNear += nearBlock) {
      const int64_t endLast = std::min(firstLast + lastBlock, last.size);
      const int64_t endNear = std::min(firstNear + nearBlock, near.size);
      for (int64_t n = firstNear; n < endNear; ++n)
        for (int64_t l = firstLast; l < endLast; ++l)
          std::memcpy(to + (n * near.toStep + l) * width, from + (n + l * last.fromStep) * width,
                      width);
    }
}

template <unsigned width>
void permute(const char *from, char *to, SmallVector<Dimension> dimensions) {
  if (dimensions.empty()) {
    std::memcpy(to, from, width);
    return;
  }
  const Dimension last = dimensions.pop_back_val();
  if (last.fromStep == 1) {
    forEachPosition(dimensions, [&](int64_t fromStart, int64_t toStart) {
      std::memcpy(to + toStart * width, from + fromStart * width, size_t(last.size) * width);
    });
    return;
  }
  auto nearest = llvm::find_if(dimensions, [](const Dimension &d) { return d.fromStep == 1; });
  const Dimension near = *nearest;
  dimensions.erase(nearest);
  forEachPosition(dimensions, [&](int64_t fromStart, int64_t toStart) {
    transpose<width>(from + fromStart * width, to + toStart * width, near, last);
  });
}

} // namespace

void mlir::pim::permuteElements(const char *from, char *to, unsigned width, ArrayRef<int64_t> shape,
                                ArrayRef<int64_t> permutation) {
  SmallVector<Dimension> dimensions = dimensionsOf(shape, permutation);
  switch (width) {
  case 1:
    return permute<1>(from, to, std::move(dimensions));
  case 2:
    return permute<2>(from, to, std::move(dimensions));
  case 4:
    return permute<4>(from, to, std::move(dimensions));
  case 8:
    return permute<8>(from, to, std::move(dimensions));
  default:
    llvm_unreachable("elements have 1, 2, 4 or 8 bytes");
  }
}
