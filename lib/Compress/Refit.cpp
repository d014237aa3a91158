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

namespace {

/// Ends a run of the network.
struct Reached {};

/// A layer with its node, called on its own.
class LayerProbe {
public:
  LayerProbe(Network &network, const Layer &layer) : network(network), layer(layer) {
    for (const onnx::NodeProto &each : network.model().proto.graph().node())
      if (nameOf(each) == layer.name)
        node = &each;
    if (!node)
      fail("layer '", layer.name, "' is not in its graph");
  }

  /// What the layer reads when the network runs on `inputs`; nothing after it runs.
  Tensor inputOf(const Tensor &inputs) const {
    Tensor seen;
    auto before = network.inputTransforms;
    auto found = before.find(layer.name);
    network.inputTransforms[layer.name] = [&](const Tensor &x) -> Tensor {
      seen = found == before.end() ? x : found->second(x);
      throw Reached();
    };
    try {
      network.run(inputs);
    } catch (const Reached &) {
    }
    network.inputTransforms = before;
    return seen;
  }

  /// The patches of `input` as [patches, columns].
  Tensor patchesOf(const Tensor &input) const {
    if (!layer.isConvolution())
      return input.reshape({-1, layer.columns});
    NodeView view(network.model(), *node);
    Call call{view, {input}, {true}, false, input.size(0), 1};
    bool isLine = input.dim() == 3;
    at::IntArrayRef weight = network.parameters.at(layer.weight).sizes();
    Window window = windowOf(call, input.sizes(), weight.slice(2).vec());
    Padding padding = window.padding;
    Tensor picture =
        at::constant_pad_nd(isLine ? input.unsqueeze(2) : input,
                            {padding.left, padding.right, padding.top, padding.bottom});
    return at::im2col(picture, window.kernel, window.dilations, {0, 0}, window.strides)
        .transpose(1, 2)
        .reshape({-1, layer.columns});
  }

private:
  Network &network;
  const Layer &layer;
  const onnx::NodeProto *node = nullptr;
};

/// The weight of `layer` in `parameters` as [filters, columns].
Tensor matrixOf(const TensorMap &parameters, const Layer &layer) {
  const Tensor &weight = parameters.at(layer.weight);
  return layer.isTransposed ? weight.t() : weight.reshape({layer.filters, layer.columns});
}

} // namespace

PatchMoments patchMoments(Network &network, const Layer &layer, const Samples &samples,
                          const TensorMap &dense) {
  at::NoGradGuard guard;
  network.setTraining(false);
  LayerProbe probe(network, layer);
  TensorMap now = cloned(network.parameters);
  Tensor filters = matrixOf(dense, layer);
  PatchMoments moments{at::zeros({layer.columns, layer.columns}, at::kDouble),
                       at::zeros({layer.filters, layer.columns}, at::kDouble)};
  int64_t rows = 0;
  for (int64_t begin = 0; begin < samples.size(); begin += samplesAtOnce) {
    Tensor inputs = samples.slice(begin, std::min(samples.size(), begin + samplesAtOnce)).inputs;
    Tensor patches = probe.patchesOf(probe.inputOf(inputs));
    assign(network.parameters, dense);
    Tensor results = at::matmul(probe.patchesOf(probe.inputOf(inputs)), filters.t());
    assign(network.parameters, now);
    moments.seen += at::matmul(patches.t(), patches);
    moments.wanted += at::matmul(results.t(), patches);
    rows += patches.size(0);
  }
  moments.seen /= static_cast<double>(rows);
  moments.wanted /= static_cast<double>(rows);
  return moments;
}

Tensor refitted(const Tensor &pruned, const PatchMoments &moments) {
  at::NoGradGuard guard;
  Tensor before = pruned.to(at::kDouble), result = before.clone();
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
    Tensor solved = at::linalg_solve(system, (part(moments.wanted) + hold * part(before)).t()).t();
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
    PatchMoments moments = patchMoments(network, *layer, samples, dense);
    network.parameters.at(layer->weight)
        .copy_(network.stored(*layer, refitted(network.matrix(*layer), moments)));
  }
}

} // namespace pim::compress
