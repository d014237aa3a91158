//===- Refit.h - least squares after pruning --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights that pruning left, moved so that a layer's results stay near those of the dense network
// (the reconstruction of He et al., ICCV 2017, for any pattern of zeros). No training, no labels.
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_REFIT_H
#define LIB_COMPRESS_REFIT_H

#include "Network.h"
#include "Samples.h"

namespace pim::compress {

/// Means over the patches x that a layer's filters see (rows of its matrix product), in double.
struct PatchMoments {
  Tensor seen; ///< x x^T with the network as it is: [columns, columns]
  Tensor
      wanted; ///< y x^T with the results y of the dense network, less its bias: [filters, columns]
};

/// Whether refitting knows the layer's patches: one group, and few enough columns to solve for.
bool canRefit(const Layer &layer);

/// `dense`: the parameters of the dense network. REQUIRES: canRefit(layer).
PatchMoments patchMoments(Network &network, const Layer &layer, const Samples &samples,
                          const TensorMap &dense);

/// For each filter the weights on the support of `pruned` of least mean |w x - y|^2; a hundredth of
/// the mean square of x holds them near `pruned`, a matrix [filters, columns].
Tensor refitted(const Tensor &pruned, const PatchMoments &moments);

/// `count` of the samples, evenly spread; all if there are fewer.
Samples spread(const Samples &samples, int64_t count);

/// Refits the layers in the order of the graph, each to what those before it make now.
void refitLayers(Network &network, const std::vector<const Layer *> &layers, const TensorMap &dense,
                 const Samples &samples);

} // namespace pim::compress

#endif // LIB_COMPRESS_REFIT_H
