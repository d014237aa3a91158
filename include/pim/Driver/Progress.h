//===- Progress.h - a progress bar on a terminal ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_PROGRESS_H
#define PIM_DRIVER_PROGRESS_H

#include <cstdint>
#include <functional>
#include <string>

namespace mlir::pim {

/// A function to be called with how much is done of how much; time counts from the first call.
/// Draws a bar on the error stream once the work has taken two seconds, and removes it when
/// everything is done, after which more work may follow; does nothing where the stream is no
/// terminal. Not to be called from two threads at once.
std::function<void(int64_t done, int64_t total)> makeProgressBar(std::string label);

} // namespace mlir::pim

#endif // PIM_DRIVER_PROGRESS_H
