//===- GlobalMemory.h - addresses for values between layers ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// First fit with reuse, for values that live from one layer to another. Tested by
// test/Dialect/PIM/schedule.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_GLOBALMEMORY_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_GLOBALMEMORY_H

#include <cstdint>
#include <map>

namespace mlir::pim {

class GlobalMemory {
public:
  /// The lowest free multiple of globalAlignment with room for `bytes`.
  int64_t allocate(int64_t bytes);
  /// Frees the range that begins at `address`. REQUIRES: allocate() returned it and it is not free.
  void release(int64_t address);
  /// The highest address ever in use.
  int64_t peak() const { return highest; }

private:
  std::map<int64_t, int64_t> ranges; ///< end by begin, of the ranges in use
  int64_t highest = 0;
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_GLOBALMEMORY_H
