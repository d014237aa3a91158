//===- Threads.h - independent pieces of work ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_THREADS_H
#define PIM_LIB_QUANTIZATION_THREADS_H

#include <cstdint>
#include <functional>

namespace mlir::pim {

/// Calls work(0) to work(count - 1), each once, on as many threads as OpenMP would take (those of
/// all processors, or OMP_NUM_THREADS), as calibration does. Products of matrices inside take one
/// thread each: those of one layer are too small to be shared out. REQUIRES: no piece depends on
/// another, and none throws.
void forEachOnThreads(int64_t count, const std::function<void(int64_t)> &work);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_THREADS_H
