//===- Refit.cpp - least squares after pruning ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Refit.h"
#include "Operators/Operators.h"
#include "Trainer.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {

constexpr int64_t mostColumns = 2048;
constexpr int64_t samplesAtOnce = 64;
constexpr double ridge = 0.01;

bool canRefit(const Layer &layer) { return layer.groups == 1 && layer.columns <= mostColumns; }

Samples spread(const Samples &samples, int64_t count) {
  count = std::min(count, samples.size());
  return samples.at(at::div(at::arange(count, at::kLong) * samples.size(), count, "floor"));
}

/// What the layer reads of `inputs`.
static Tensor inputOf(Network &network, const Layer &layer, const Tensor &inputs) {
  Tensor seen;
  auto before = network.inputTransforms;
  auto found = before.find(layer.name);
  network.inputTransforms[layer.name] = [&](const Tensor &x) {
    seen = found == before.end() ? x : found->second(x);
    return seen;
  };
  network.run(inputs);
  network.inputTransforms = before;
  return seen;
}

/// The patches of `input` as rows [patches, columns]: what a filter for each weight on its own
/// makes of it.
static Tensor patchesOf(const Network &network, const Layer &layer, const Tensor &input) {
  if (!layer.isConvolution())
    return input.reshape({-1, layer.columns});
  for (const onnx::NodeProto &node : network.model().proto.graph().node())
    if (nameOf(node) == layer.name) {
      std::vector<int64_t> shape = network.parameters.at(layer.weight).sizes().vec();
      shape[0] = layer.columns;
      NodeView view(node, network.model().opset);
      Call call{view,          {input, at::eye(layer.columns).view(shape)},
                {true, false}, false,
                input.size(0), 1};
      Tensor result = findOperator(node.op_type())(call).at(0);
      return result.flatten(2).transpose(1, 2).reshape({-1, layer.columns});
    }
  fail("layer '", layer.name, "' is not in its graph");
}

PatchMoments patchMoments(Network &network, const Layer &layer, const Samples &samples,
                          const TensorMap *dense) {
  at::NoGradGuard guard;
  network.setTraining(false);
  TensorMap now = cloned(network.parameters);
  PatchMoments moments;
  moments.seen = at::zeros({layer.columns, layer.columns}, at::kDouble);
  moments.cross = dense ? at::zeros_like(moments.seen) : moments.seen;
  int64_t rows = 0;
  for (int64_t begin = 0; begin < samples.size(); begin += samplesAtOnce) {
    Tensor inputs = samples.slice(begin, std::min(samples.size(), begin + samplesAtOnce)).inputs;
    Tensor patches = patchesOf(network, layer, inputOf(network, layer, inputs));
    moments.seen += at::matmul(patches.t(), patches);
    rows += patches.size(0);
    if (!dense)
      continue;
    assign(network.parameters, *dense);
    Tensor others = patchesOf(network, layer, inputOf(network, layer, inputs));
    moments.cross += at::matmul(others.t(), patches);
    assign(network.parameters, now);
  }
  moments.seen /= static_cast<double>(rows);
  if (dense)
    moments.cross /= static_cast<double>(rows);
  return moments;
}

Tensor refitted(const Tensor &pruned, const Tensor &dense, const PatchMoments &moments) {
  at::NoGradGuard guard;
  Tensor before = pruned.to(at::kDouble), result = before.clone();
  Tensor wanted = at::matmul(dense.to(at::kDouble), moments.cross);
  double hold = ridge * moments.seen.diagonal().mean().item<double>() + 1e-12;
  // Filters with the same support share a system.
  Tensor support = (pruned != 0).contiguous();
  std::map<std::string, std::vector<int64_t>> filters;
  for (int64_t filter = 0; filter < pruned.size(0); ++filter) {
    const char *row = reinterpret_cast<const char *>(support[filter].data_ptr<bool>());
    filters[std::string(row, static_cast<size_t>(pruned.size(1)))].push_back(filter);
  }
  for (const auto &[row, members] : filters) {
    Tensor columns = support[members.front()].nonzero().flatten();
    if (columns.numel() == 0)
      continue;
    Tensor which = at::tensor(members, at::kLong);
    auto part = [&](const Tensor &matrix) {
      return matrix.index_select(0, which).index_select(1, columns);
    };
    Tensor system = moments.seen.index_select(0, columns).index_select(1, columns) +
                    hold * at::eye(columns.numel(), at::kDouble);
    Tensor solved = at::linalg_solve(system, (part(wanted) + hold * part(before)).t()).t();
    result.index_put_({which.unsqueeze(1), columns.unsqueeze(0)}, solved);
  }
  return result.to(at::kFloat);
}

void refitLayers(Network &network, const std::vector<const Layer *> &layers, const TensorMap &dense,
                 const Samples &samples) {
  at::NoGradGuard guard;
  for (const Layer *layer : layers) {
    if (!canRefit(*layer))
      continue;
    PatchMoments moments = patchMoments(network, *layer, samples, &dense);
    const Tensor &weight = dense.at(layer->weight);
    Tensor matrix = layer->isTransposed ? weight.t() : weight.reshape({layer->filters, -1});
    network.parameters.at(layer->weight)
        .copy_(network.stored(*layer, refitted(network.matrix(*layer), matrix, moments)));
  }
}

} // namespace pim::compress
