//===- Samples.h - labelled samples for training ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_SAMPLES_H
#define LIB_COMPRESS_SAMPLES_H

#include "Torch.h"

#include "pim/Compress/Options.h"

namespace pim::compress {

class Network;

/// Inputs [N, ...] as the network takes them, and the class of each.
struct Samples {
  Tensor inputs; ///< float
  Tensor labels; ///< int64

  int64_t size() const { return labels.defined() ? labels.size(0) : 0; }
  Samples at(const Tensor &indices) const;
  Samples slice(int64_t begin, int64_t end) const;
};

/// Reads the images and labels for the input of `network`. Throws pim::Error with the file where a
/// shape does not fit, a label is no class of the network, or the numbers differ. Samples whose
/// label is -1 (unlabelled) are left out.
Samples loadSamples(const DataFiles &files, const data::Preprocess &preprocess,
                    const Network &network);

/// Splits off `share` of the samples, drawn with `seed`; the order of the rest is kept.
std::pair<Samples, Samples> split(const Samples &samples, double share, uint64_t seed);

} // namespace pim::compress

#endif // LIB_COMPRESS_SAMPLES_H
