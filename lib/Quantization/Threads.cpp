//===- Threads.cpp - independent pieces of work ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Threads.h"
#include "mlir/IR/Threading.h"

#include <omp.h>

void mlir::pim::forEachOnThreads(MLIRContext *context, int64_t count,
                                 function_ref<void(int64_t)> work) {
  parallelFor(context, 0, size_t(count), [&](size_t index) {
    const int before = omp_get_max_threads(); // of this thread, as is what is set
    omp_set_num_threads(1);
    work(int64_t(index));
    omp_set_num_threads(before);
  });
}
