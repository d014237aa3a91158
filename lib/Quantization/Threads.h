//===- Threads.h - independent pieces of work ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_THREADS_H
#define PIM_LIB_QUANTIZATION_THREADS_H

#include "mlir/Support/LLVM.h"

#include <cstdint>

namespace mlir::pim {

/// Calls work(0) to work(count - 1), each once, on the threads of the context. Products of matrices
/// inside take one thread each: those of one layer are too small to be shared out. REQUIRES: no
/// piece depends on another, and none throws.
void forEachOnThreads(MLIRContext *context, int64_t count, function_ref<void(int64_t)> work);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_THREADS_H
