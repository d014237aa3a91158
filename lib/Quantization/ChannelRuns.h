//===- ChannelRuns.h - elements channel by channel -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_CHANNELRUNS_H
#define PIM_LIB_QUANTIZATION_CHANNELRUNS_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"

namespace mlir::pim {

/// Calls visit(channel, first, run) for the runs of neighbours that share an index along dimension
/// `axis`, in memory order: run[0] is element `first`. REQUIRES: as many `values` as `shape` has.
template <typename T, typename Visit>
void forEachChannelRun(ArrayRef<T> values, ArrayRef<int64_t> shape, int64_t axis, Visit visit) {
  size_t length = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    length *= size_t(size);
  const auto channels = size_t(shape[axis]);
  size_t channel = 0;
  for (size_t first = 0; first < values.size(); first += length) {
    visit(channel, first, values.slice(first, length));
    if (++channel == channels)
      channel = 0;
  }
}

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_CHANNELRUNS_H
