//===- UnusedPaths.cpp - channels that nothing makes or reads -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UnusedPaths.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {
namespace {

const std::set<std::string> zeroKeepers = {
    "Abs",           "AveragePool", "Dropout",  "Elu",       "GlobalAveragePool",
    "GlobalMaxPool", "HardSwish",   "Identity", "LeakyRelu", "MaxPool",
    "Relu",          "Tanh"};

/// Follows the values that carry a layer's channels.
class PathFinder {
public:
  PathFinder(const Network &network, const Layer &producer)
      : network(network), graph(network.model().proto.graph()) {
    path.producer = &producer;
    if (!producer.bias.empty())
      path.perChannel.push_back(producer.bias);
  }

  /// False if the channels end somewhere else than in layers.
  bool run() {
    if (path.producer->groups != 1)
      return false;
    values.push_back(path.producer->output);
    while (!values.empty()) {
      std::string value = values.back();
      values.pop_back();
      for (const onnx::ValueInfoProto &output : graph.output())
        if (output.name() == value)
          return false;
      for (const onnx::NodeProto &node : graph.node())
        for (int index = 0; index < node.input_size(); ++index)
          if (node.input(index) == value && (index != 0 || !follow(node)))
            return false;
    }
    return !path.readers.empty();
  }

  ChannelPath path;

private:
  bool follow(const onnx::NodeProto &node) {
    const std::string &op = node.op_type();
    if (op == "BatchNormalization") {
      for (int index = 1; index <= 4; ++index)
        path.perChannel.push_back(node.input(index));
    } else if (op == "Reshape") {
      // [1, -1] or [0, -1] takes any number of channels.
      auto shape = network.buffers.find(node.input_size() > 1 ? node.input(1) : "");
      bool isFlatten = shape != network.buffers.end() && shape->second.numel() == 2;
      if (!isFlatten)
        return false;
      path.canShrink &= shape->second[1].item<int64_t>() == -1;
    } else if (op == "Flatten") {
      if (NodeView(network.model(), node).integer("axis", 1) != 1)
        return false;
    } else if (op == "Clip") {
      return false; // its bounds need not keep zero
    } else if (const Layer *layer = layerOf(node)) {
      if (layer->groups != 1 || layer->columns % path.producer->filters != 0)
        return false;
      path.readers.push_back({layer, layer->columns / path.producer->filters});
      return true;
    } else if (!zeroKeepers.count(op)) {
      return false;
    }
    values.push_back(node.output(0));
    return true;
  }

  const Layer *layerOf(const onnx::NodeProto &node) const {
    for (const Layer &layer : network.layers())
      if (layer.output == node.output(0))
        return &layer;
    return nullptr;
  }

  const Network &network;
  const onnx::GraphProto &graph;
  std::vector<std::string> values;
};

/// Which channels a matrix [filters, channels * per] has weights for.
Tensor readChannels(const Network &network, const ChannelPath::Reader &reader) {
  Tensor used = (network.matrix(*reader.layer) != 0).any(0);
  return used.view({-1, reader.columnsPerChannel}).any(1);
}

Tensor &maskOf(Network &network, Constraints &constraints, const std::string &parameter) {
  Tensor &mask = constraints.masks[parameter];
  if (!mask.defined())
    mask = at::ones_like(network.parameters.at(parameter)).detach();
  return mask;
}

/// Masks `rows` (true: keep) of a layer's matrix, or what reads those channels.
void maskMatrix(Network &network, Constraints &constraints, const Layer &layer,
                const Tensor &keep) {
  Tensor matrix = keep.to(at::kFloat).expand({layer.filters, layer.columns});
  maskOf(network, constraints, layer.weight).mul_(network.stored(layer, matrix.contiguous()));
}

/// True if this masked anything new.
bool dropChannels(Network &network, Constraints &constraints, const ChannelPath &path) {
  Tensor made = (network.matrix(*path.producer) != 0).any(1);
  Tensor read = at::zeros_like(made);
  for (const ChannelPath::Reader &reader : path.readers)
    read = read | readChannels(network, reader);
  Tensor live = made & read;
  if (live.equal(made) && live.equal(read))
    return false;
  maskMatrix(network, constraints, *path.producer, live.unsqueeze(1));
  for (const std::string &name : path.perChannel)
    if (network.parameters.count(name))
      maskOf(network, constraints, name)
          .mul_(live.to(at::kFloat).view_as(network.parameters.at(name)));
  for (const ChannelPath::Reader &reader : path.readers)
    maskMatrix(network, constraints, *reader.layer,
               live.unsqueeze(1).expand({live.size(0), reader.columnsPerChannel}).reshape({1, -1}));
  constraints.maskWeights(network);
  return true;
}

} // namespace

std::vector<ChannelPath> findChannelPaths(const Network &network) {
  std::vector<ChannelPath> paths;
  for (const Layer &layer : network.layers()) {
    PathFinder finder(network, layer);
    if (finder.run())
      paths.push_back(finder.path);
  }
  return paths;
}

void dropUnusedPaths(Network &network, Constraints &constraints) {
  at::NoGradGuard guard;
  std::vector<ChannelPath> paths = findChannelPaths(network);
  for (bool changed = true; changed;) {
    changed = false;
    for (const ChannelPath &path : paths)
      changed |= dropChannels(network, constraints, path);
  }
}

Tensor liveChannels(const Network &network, const ChannelPath &path) {
  at::NoGradGuard guard;
  Tensor live = (network.matrix(*path.producer) != 0).any(1).nonzero().reshape({-1});
  return live.numel() ? live : at::zeros({1}, at::kLong);
}

} // namespace pim::compress
