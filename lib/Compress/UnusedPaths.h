//===- UnusedPaths.h - channels that nothing makes or reads -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_UNUSEDPATHS_H
#define LIB_COMPRESS_UNUSEDPATHS_H

#include "Constraints.h"

namespace pim::compress {

/// Where the channels that a layer makes go, if every way ends in a layer and keeps both the order
/// of channels and zeros: through activations with f(0) = 0, pools, BatchNormalization, Dropout,
/// Flatten.
struct ChannelPath {
  struct Reader {
    const Layer *layer;
    int64_t columnsPerChannel;
  };
  const Layer *producer;
  std::vector<std::string> perChannel; ///< parameters and buffers with one value for each channel
  std::vector<Reader> readers;
  bool canShrink = true; ///< no node on the way states the number of channels
};

std::vector<ChannelPath> findChannelPaths(const Network &network);

/// Extends the masks until nothing changes: a filter without weights loses its bias (its channel is
/// then zero) and the weights that read its channel; a filter whose channel nothing reads loses its
/// weights.
void dropUnusedPaths(Network &network, Constraints &constraints);

/// The channels of `path` that are left, at least one.
Tensor liveChannels(const Network &network, const ChannelPath &path);

} // namespace pim::compress

#endif // LIB_COMPRESS_UNUSEDPATHS_H
