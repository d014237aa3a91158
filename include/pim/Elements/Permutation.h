//===- Permutation.h - elements in another order ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ELEMENTS_PERMUTATION_H
#define PIM_ELEMENTS_PERMUTATION_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <vector>

namespace mlir::pim {

/// Writes the row-major elements of `from`, of 1, 2, 4 or 8 bytes (`width`), to `to` so that
/// dimension i there is dimension permutation[i] of `shape`. REQUIRES: no dimension is 0.
void permuteElements(const char *from, char *to, unsigned width, llvm::ArrayRef<int64_t> shape,
                     llvm::ArrayRef<int64_t> permutation);

/// The same for a vector of numbers. REQUIRES: as many `values` as `shape` has.
template <typename T>
std::vector<T> permuteElements(llvm::ArrayRef<T> values, llvm::ArrayRef<int64_t> shape,
                               llvm::ArrayRef<int64_t> permutation) {
  std::vector<T> out(values.size());
  permuteElements(reinterpret_cast<const char *>(values.data()),
                  reinterpret_cast<char *>(out.data()), sizeof(T), shape, permutation);
  return out;
}

} // namespace mlir::pim

#endif // PIM_ELEMENTS_PERMUTATION_H
