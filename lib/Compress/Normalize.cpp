//===- Normalize.cpp - batch normalization for training -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Normalize.h"
#include "Network.h"
#include "TensorData.h"

#include <ATen/core/grad_mode.h>
#include <cmath>

namespace pim::compress {

constexpr double epsilon = 1e-5; // ONNX's default
/// Inputs 1 to 4 of BatchNormalization, in order.
constexpr const char *inputs[] = {"gain", "shift", "mean", "variance"};

static std::string inputName(const std::string &layer, int index) {
  return layer + "/normalized/" + inputs[index];
}

/// Whether `value` is an output of the graph, or normalized already.
static bool isSettled(const onnx::GraphProto &graph, const std::string &value) {
  for (const onnx::ValueInfoProto &output : graph.output())
    if (output.name() == value)
      return true;
  for (const onnx::NodeProto &node : graph.node())
    if (node.op_type() == "BatchNormalization" && node.input(0) == value)
      return true;
  return false;
}

Model withNormalization(Model model, std::vector<std::string> &names) {
  Network network(model);
  onnx::GraphProto &graph = *model.proto.mutable_graph();
  google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes;
  onnx::GraphProto before = graph;
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    const Layer *found = nullptr;
    for (const Layer &layer : network.layers())
      if (layer.op != "MatMul" && layer.name == nameOf(node) && !isSettled(before, layer.output))
        found = &layer;
    if (!found) {
      nodes.Add()->Swap(&node);
      continue;
    }
    names.push_back(found->name);
    onnx::NodeProto normalization;
    normalization.set_op_type("BatchNormalization");
    normalization.set_name(found->name + "/normalize");
    normalization.add_input(found->name + "/raw");
    normalization.add_output(found->output);
    for (int index = 0; index < 4; ++index) {
      bool isOne = index == 0 || index == 3;
      normalization.add_input(inputName(found->name, index));
      storeTensor(*graph.add_initializer(), inputName(found->name, index),
                  at::full({found->filters}, isOne ? 1.0f : 0.0f));
    }
    node.set_name(found->name);
    node.set_output(0, found->name + "/raw");
    nodes.Add()->Swap(&node);
    nodes.Add()->Swap(&normalization);
  }
  graph.mutable_node()->Swap(&nodes);
  return model;
}

void calibrateNormalization(Network &network, const std::vector<std::string> &names,
                            const Samples &samples) {
  at::NoGradGuard guard;
  TensorMap seen;
  for (const std::string &name : names)
    seen[network.layer(name).output];
  network.setTraining(false);
  network.run(samples.inputs, &seen);
  for (const std::string &name : names) {
    const Tensor &output = seen.at(network.layer(name).output);
    Tensor perChannel = output.transpose(0, 1).reshape({output.size(1), -1});
    Tensor mean = perChannel.mean(1), variance = perChannel.var(1, /*unbiased=*/false);
    network.parameters.at(inputName(name, 0)).copy_(at::sqrt(variance + epsilon));
    network.parameters.at(inputName(name, 1)).copy_(mean);
    network.buffers.at(inputName(name, 2)).copy_(mean);
    network.buffers.at(inputName(name, 3)).copy_(variance);
  }
}

} // namespace pim::compress
