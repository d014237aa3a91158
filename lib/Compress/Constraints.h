//===- Constraints.h - what weights must keep to ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_CONSTRAINTS_H
#define LIB_COMPRESS_CONSTRAINTS_H

#include "Checkpoint.h"
#include "Network.h"

namespace pim::compress {

/// What earlier steps decided about the layers; a checkpoint holds it.
struct Constraints {
  TensorMap masks;  ///< by parameter, in its shape: 1 where it may be non-zero
  TensorMap scales; ///< by parameter of a layer: the scale of each filter, or one
  /// By parameter: weights before the projection on levels, until the training on levels has them.
  TensorMap unrounded;
  std::map<std::string, std::string> patterns; ///< by layer: the text of what was projected on
  std::map<std::string, std::string> codes;    ///< by layer: likewise

  void save(Checkpoint &checkpoint) const;
  void load(const Checkpoint &checkpoint);

  /// Multiplies gradients by the masks.
  void maskGradients(Network &network) const;
  /// Multiplies parameters by the masks.
  void maskWeights(Network &network) const;
};

} // namespace pim::compress

#endif // LIB_COMPRESS_CONSTRAINTS_H
