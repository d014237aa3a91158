//===- LeNetOnnx.cpp - write LeNet-5 as an ONNX file ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LeNetOnnx.h"

#include <fstream>
#include <onnx/onnx_pb.h>
#include <stdexcept>

namespace pim::digits {
namespace {

void setInts(onnx::NodeProto &node, const std::string &name, std::vector<int64_t> values) {
  onnx::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  attribute.mutable_ints()->Assign(values.begin(), values.end());
}

void setInt(onnx::NodeProto &node, const std::string &name, int64_t value) {
  onnx::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void setTensorType(onnx::ValueInfoProto &value, const std::string &name,
                   const std::vector<int64_t> &shape) {
  value.set_name(name);
  onnx::TypeProto::Tensor &type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  for (int64_t size : shape)
    type.mutable_shape()->add_dim()->set_dim_value(size);
}

/// Appends nodes to a chain: each takes the output of the one before.
class ChainBuilder {
public:
  ChainBuilder(onnx::GraphProto &graph, std::string input)
      : graph(graph), value(std::move(input)) {}

  onnx::NodeProto &append(const std::string &type, const std::string &name,
                          const std::vector<std::string> &parameters = {}) {
    onnx::NodeProto &node = *graph.add_node();
    node.set_op_type(type);
    node.set_name(name);
    node.add_input(value);
    for (const std::string &parameter : parameters)
      node.add_input(parameter);
    value = name + "_out";
    node.add_output(value);
    return node;
  }
  void convolution(const std::string &name, int64_t padding) {
    onnx::NodeProto &node = append("Conv", name, {name + ".weight", name + ".bias"});
    setInts(node, "kernel_shape", {5, 5});
    setInts(node, "pads", {padding, padding, padding, padding});
    setInts(node, "strides", {1, 1});
  }
  void pool(const std::string &name) {
    onnx::NodeProto &node = append("MaxPool", name);
    setInts(node, "kernel_shape", {2, 2});
    setInts(node, "strides", {2, 2});
  }
  void fullyConnected(const std::string &name) {
    setInt(append("Gemm", name, {name + ".weight", name + ".bias"}), "transB", 1);
  }

private:
  onnx::GraphProto &graph;
  std::string value;
};

onnx::GraphProto &makeModel(onnx::ModelProto &model, const std::string &name,
                            const std::string &output) {
  model.set_ir_version(8);
  model.set_producer_name("pim-mlir examples/digits");
  onnx::OperatorSetIdProto &opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(13);
  onnx::GraphProto &graph = *model.mutable_graph();
  graph.set_name(name);
  setTensorType(*graph.add_input(), "image", {1, 1, 28, 28});
  setTensorType(*graph.add_output(), output, {1, 10});
  return graph;
}

void addConvolutions(ChainBuilder &chain) {
  chain.convolution("conv1", 2);
  chain.append("Relu", "relu1");
  chain.pool("pool1");
  chain.convolution("conv2", 0);
  chain.append("Relu", "relu2");
  chain.pool("pool2");
}

/// Makes `output` the result of the last node, adds the parameters and writes the file.
void finish(onnx::ModelProto &model, const Parameters &parameters, const std::string &path) {
  onnx::GraphProto &graph = *model.mutable_graph();
  graph.mutable_node(graph.node_size() - 1)->set_output(0, graph.output(0).name());
  for (const auto &[name, parameter] : parameters) {
    onnx::TensorProto &tensor = *graph.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.mutable_dims()->Assign(parameter.shape.begin(), parameter.shape.end());
    tensor.set_raw_data(parameter.values.data(), parameter.values.size() * sizeof(float));
  }
  std::ofstream file(path, std::ios::binary);
  if (!model.SerializeToOstream(&file) || !file.flush())
    throw std::runtime_error(path + ": cannot be written");
}

} // namespace

void writeLeNetOnnx(const Parameters &parameters, const std::string &path) {
  onnx::ModelProto model;
  onnx::GraphProto &graph = makeModel(model, "lenet5", "logits");
  ChainBuilder chain(graph, "image");
  addConvolutions(chain);
  setInt(chain.append("Flatten", "flatten"), "axis", 1);
  chain.fullyConnected("fc1");
  chain.append("Relu", "relu3");
  chain.fullyConnected("fc2");
  chain.append("Relu", "relu4");
  chain.fullyConnected("fc3");
  finish(model, parameters, path);
}

void writeAnalogOnnx(const Parameters &parameters, const std::string &path) {
  const bool isLeNet = parameters.count("conv1.weight") != 0;
  Parameters all = parameters;
  onnx::ModelProto model;
  onnx::GraphProto &graph = makeModel(model, isLeNet ? "lenet5_analog" : "mlp_analog", "scores");
  ChainBuilder chain(graph, "image");
  if (isLeNet) {
    addConvolutions(chain);
  } else {
    all["threshold"] = {{1}, {0.5f}};
    chain.append("Sub", "center", {"threshold"});
  }
  setInt(chain.append("Flatten", "flatten"), "axis", 1);
  chain.append("Sign", "sign");
  for (int layer = 1; all.count("fc" + std::to_string(layer) + ".weight"); ++layer) {
    chain.fullyConnected("fc" + std::to_string(layer));
    chain.append("Sigmoid", "neurons" + std::to_string(layer));
  }
  finish(model, all, path);
}

} // namespace pim::digits
