//===- LayerWeights.h - a layer's weights as the projections see them -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_LAYERWEIGHTS_H
#define LIB_COMPRESS_LAYERWEIGHTS_H

#include "Network.h"

#include "pim/Sparsity/Weight.h"
#include "pim/Support/LayerSelector.h"

namespace pim::compress {

/// Extents of the layer's weight; a fully connected one has a 1x1 kernel.
sparsity::WeightShape weightShapeOf(const Network &network, const Layer &layer);

/// The layer's matrix [filters, columns], row by row.
std::vector<float> valuesOf(const Network &network, const Layer &layer);

/// `values` of the matrix in the shape that the parameter has.
Tensor storedFrom(const Network &network, const Layer &layer, std::span<const float> values);

/// Layers that constraints can be put on: one for each parameter, in graph order.
std::vector<const Layer *> constrainableLayers(const Network &network);
std::vector<std::string> namesOf(const std::vector<const Layer *> &layers);

} // namespace pim::compress

#endif // LIB_COMPRESS_LAYERWEIGHTS_H
