//===- InitialModel.cpp - graphs to train from scratch --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "TensorData.h"

#include "pim/Compress/Compress.h"
#include "pim/Support/Error.h"

#include <cmath>

namespace pim::compress {
namespace {

/// Appends nodes to a chain: each takes the output of the one before.
class ChainBuilder {
public:
  ChainBuilder(const std::string &name, std::vector<int64_t> input, int64_t classes) {
    model.set_ir_version(8);
    model.set_producer_name("pim-compress");
    onnx::OperatorSetIdProto &opset = *model.add_opset_import();
    opset.set_domain("");
    opset.set_version(13);
    graph().set_name(name);
    declare(*graph().add_input(), "image", std::move(input));
    declare(*graph().add_output(), "scores", {1, classes});
  }

  void convolution(const std::string &name, std::vector<int64_t> shape, int64_t padding) {
    onnx::NodeProto &node = append("Conv", name);
    parameters(node, name, shape);
    setInts(node, "kernel_shape", {shape[2], shape[3]});
    setInts(node, "pads", {padding, padding, padding, padding});
    setInts(node, "strides", {1, 1});
  }
  void pool(const std::string &name) {
    onnx::NodeProto &node = append("MaxPool", name);
    setInts(node, "kernel_shape", {2, 2});
    setInts(node, "strides", {2, 2});
  }
  void connected(const std::string &name, int64_t inputs, int64_t outputs) {
    onnx::NodeProto &node = append("Gemm", name);
    parameters(node, name, {outputs, inputs});
    setInt(node, "transB", 1);
  }
  void flatten() { setInt(append("Flatten", "flatten"), "axis", 1); }
  void simple(const std::string &op, const std::string &name) { append(op, name); }

  onnx::ModelProto finish() {
    graph().mutable_node(graph().node_size() - 1)->set_output(0, "scores");
    return std::move(model);
  }

private:
  onnx::GraphProto &graph() { return *model.mutable_graph(); }

  onnx::NodeProto &append(const std::string &op, const std::string &name) {
    onnx::NodeProto &node = *graph().add_node();
    node.set_op_type(op);
    node.set_name(name);
    node.add_input(value);
    value = name + "_out";
    node.add_output(value);
    return node;
  }

  /// Weights uniform within sqrt(6 / inputs) (He et al. 2015), biases zero.
  void parameters(onnx::NodeProto &node, const std::string &name,
                  const std::vector<int64_t> &shape) {
    int64_t inputs = 1;
    for (size_t dim = 1; dim < shape.size(); ++dim)
      inputs *= shape[dim];
    double bound = std::sqrt(6.0 / static_cast<double>(inputs));
    node.add_input(name + ".weight");
    node.add_input(name + ".bias");
    storeTensor(*graph().add_initializer(), name + ".weight", (at::rand(shape) * 2 - 1) * bound);
    storeTensor(*graph().add_initializer(), name + ".bias", at::zeros({shape[0]}));
  }

  static void declare(onnx::ValueInfoProto &info, const std::string &name,
                      const std::vector<int64_t> &shape) {
    info.set_name(name);
    auto &type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (int64_t size : shape)
      type.mutable_shape()->add_dim()->set_dim_value(size);
  }
  static void setInt(onnx::NodeProto &node, const std::string &name, int64_t value) {
    onnx::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }
  static void setInts(onnx::NodeProto &node, const std::string &name,
                      const std::vector<int64_t> &values) {
    onnx::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (int64_t value : values)
      attribute.add_ints(value);
  }

  onnx::ModelProto model;
  std::string value = "image";
};

/// LeNet-5 in today's usual form: ReLU, max pooling (LeCun et al. 1998).
onnx::ModelProto lenet5() {
  ChainBuilder chain("lenet5", {1, 1, 28, 28}, 10);
  chain.convolution("conv1", {6, 1, 5, 5}, 2);
  chain.simple("Relu", "relu1");
  chain.pool("pool1");
  chain.convolution("conv2", {16, 6, 5, 5}, 0);
  chain.simple("Relu", "relu2");
  chain.pool("pool2");
  chain.flatten();
  chain.connected("fc1", 400, 120);
  chain.simple("Relu", "relu3");
  chain.connected("fc2", 120, 84);
  chain.simple("Relu", "relu4");
  chain.connected("fc3", 84, 10);
  return chain.finish();
}

/// The LeNet-5 of the pruning literature, as Caffe's examples have it: 430,500 weights. ReLU after
/// each convolution too.
onnx::ModelProto lenet5Caffe() {
  ChainBuilder chain("lenet5-caffe", {1, 1, 28, 28}, 10);
  chain.convolution("conv1", {20, 1, 5, 5}, 0);
  chain.simple("Relu", "relu1");
  chain.pool("pool1");
  chain.convolution("conv2", {50, 20, 5, 5}, 0);
  chain.simple("Relu", "relu2");
  chain.pool("pool2");
  chain.flatten();
  chain.connected("fc1", 800, 500);
  chain.simple("Relu", "relu3");
  chain.connected("fc2", 500, 10);
  return chain.finish();
}

/// LeNet-5 as a processor and an analog classifier share it: a sign unit between the convolutions
/// and the fully connected layers, whose neurons are sigmoids. No ReLU before the sign, which would
/// leave it two values of three.
onnx::ModelProto lenet5Imac() {
  ChainBuilder chain("lenet5-imac", {1, 1, 28, 28}, 10);
  chain.convolution("conv1", {6, 1, 5, 5}, 2);
  chain.simple("Relu", "relu1");
  chain.pool("pool1");
  chain.convolution("conv2", {16, 6, 5, 5}, 0);
  chain.pool("pool2");
  chain.flatten();
  chain.simple("Sign", "sign");
  chain.connected("fc1", 400, 120);
  chain.simple("Sigmoid", "neuron1");
  chain.connected("fc2", 120, 84);
  chain.simple("Sigmoid", "neuron2");
  chain.connected("fc3", 84, 10);
  chain.simple("Sigmoid", "neuron3");
  return chain.finish();
}

/// The network of the IMAC group's samples, with sigmoid neurons; `hasSign`: behind a sign unit, as
/// an analog circuit has it, with neurons at its end too.
onnx::ModelProto sigmoidMlp(bool hasSign) {
  ChainBuilder chain(hasSign ? "mlp-imac" : "mlp", {1, 1, 28, 28}, 10);
  chain.flatten();
  if (hasSign)
    chain.simple("Sign", "sign");
  chain.connected("fc1", 784, 16);
  chain.simple("Sigmoid", "neuron1");
  chain.connected("fc2", 16, 10);
  if (hasSign)
    chain.simple("Sigmoid", "neuron2");
  return chain.finish();
}

onnx::ModelProto mlp() { return sigmoidMlp(false); }
onnx::ModelProto mlpImac() { return sigmoidMlp(true); }

struct Entry {
  const char *name;
  onnx::ModelProto (*make)();
};
const Entry entries[] = {{"lenet5", lenet5},
                         {"lenet5-caffe", lenet5Caffe},
                         {"lenet5-imac", lenet5Imac},
                         {"mlp", mlp},
                         {"mlp-imac", mlpImac}};

} // namespace

std::string initialModelNames() {
  std::string names;
  for (const Entry &entry : entries)
    names += (names.empty() ? "" : ", ") + std::string(entry.name);
  return names;
}

void writeInitialModel(const std::string &name, uint64_t seed, const std::string &path) {
  for (const Entry &entry : entries)
    if (name == entry.name) {
      at::manual_seed(seed);
      saveModel(entry.make(), path);
      return;
    }
  fail("there is no initial model '", name, "', expected one of ", initialModelNames());
}

} // namespace pim::compress
