//===- LayerWeights.cpp - a layer's weights as the projections see them ---===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerWeights.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {

sparsity::WeightShape weightShapeOf(const Network &network, const Layer &layer) {
  at::IntArrayRef sizes = network.parameters.at(layer.weight).sizes();
  if (!layer.isConvolution())
    return {layer.filters, layer.columns, 1, 1};
  if (sizes.size() == 3)
    return {sizes[0], sizes[1], 1, sizes[2]};
  return {sizes[0], sizes[1], sizes[2], sizes[3]};
}

std::vector<float> valuesOf(const Network &network, const Layer &layer) {
  at::NoGradGuard guard;
  Tensor matrix = network.matrix(layer).contiguous();
  return {matrix.data_ptr<float>(), matrix.data_ptr<float>() + matrix.numel()};
}

Tensor storedFrom(const Network &network, const Layer &layer, std::span<const float> values) {
  at::NoGradGuard guard;
  Tensor matrix = at::empty({layer.filters, layer.columns});
  std::copy(values.begin(), values.end(), matrix.data_ptr<float>());
  return network.stored(layer, matrix);
}

std::vector<const Layer *> constrainableLayers(const Network &network) {
  std::vector<const Layer *> layers;
  std::set<std::string> seen;
  for (const Layer &layer : network.layers())
    if (seen.insert(layer.weight).second)
      layers.push_back(&layer);
  return layers;
}

std::vector<std::string> namesOf(const std::vector<const Layer *> &layers) {
  std::vector<std::string> names;
  for (const Layer *layer : layers)
    names.push_back(layer->name);
  return names;
}

} // namespace pim::compress
