//===- RaiseOpset.cpp - older models in opset 13 --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Export.h"
#include "NodeView.h"
#include "TensorData.h"

#include <limits>

namespace pim::compress {

constexpr int64_t wantedOpset = 13; // the first with scales per channel in DequantizeLinear

static void removeAttribute(onnx::NodeProto &node, const std::string &name) {
  for (int index = 0; index < node.attribute_size(); ++index)
    if (node.attribute(index).name() == name) {
      node.mutable_attribute()->DeleteSubrange(index, 1);
      return;
    }
}

/// Makes `value` an initializer and the next input of `node`.
static void addInput(onnx::GraphProto &graph, onnx::NodeProto &node, const Tensor &value) {
  std::string name = nameOf(node) + "/input" + std::to_string(node.input_size());
  storeTensor(*graph.add_initializer(), name, value);
  node.add_input(name);
}

static void moveIntegers(onnx::GraphProto &graph, onnx::NodeProto &node, const NodeView &view,
                         const std::string &name) {
  if (!view.has(name))
    return;
  std::vector<int64_t> values = view.integers(name);
  removeAttribute(node, name);
  addInput(graph, node, at::tensor(values, at::kLong));
}

static void raiseNode(onnx::GraphProto &graph, onnx::NodeProto &node, int64_t opset,
                      const std::string &path) {
  NodeView view(node, opset, path);
  const std::string op = node.op_type();
  if (op == "Clip" && node.input_size() == 1) {
    constexpr float endless = std::numeric_limits<float>::max();
    float low = static_cast<float>(view.real("min", -endless));
    float high = static_cast<float>(view.real("max", endless));
    removeAttribute(node, "min");
    removeAttribute(node, "max");
    addInput(graph, node, at::tensor(low));
    addInput(graph, node, at::tensor(high));
  } else if (op == "Dropout") {
    removeAttribute(node, "ratio"); // of no effect in inference
  } else if (op == "Squeeze" || op == "Unsqueeze" || op == "ReduceSum") {
    moveIntegers(graph, node, view, "axes");
  } else if (op == "Pad" && node.input_size() == 1) {
    float value = static_cast<float>(view.real("value", 0));
    moveIntegers(graph, node, view, "pads");
    removeAttribute(node, "value");
    addInput(graph, node, at::tensor(value));
  } else if (op == "Slice" && node.input_size() == 1) {
    std::vector<int64_t> axes = view.integers("axes");
    for (size_t axis = 0; axes.size() < view.integers("starts").size(); ++axis)
      axes.push_back(static_cast<int64_t>(axis));
    moveIntegers(graph, node, view, "starts");
    moveIntegers(graph, node, view, "ends");
    removeAttribute(node, "axes");
    addInput(graph, node, at::tensor(axes, at::kLong));
  } else if ((op == "Softmax" || op == "LogSoftmax") && !view.has("axis")) {
    // Its meaning for matrices, the only ones that classifiers end in, stays with an axis of 1.
    onnx::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name("axis");
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(1);
  } else if (op == "BatchNormalization") {
    removeAttribute(node, "spatial");
  }
}

void raiseOpset(onnx::ModelProto &proto, const std::string &path) {
  for (onnx::OperatorSetIdProto &import : *proto.mutable_opset_import()) {
    if (!import.domain().empty() && import.domain() != "ai.onnx")
      continue;
    if (import.version() >= wantedOpset)
      return;
    for (onnx::NodeProto &node : *proto.mutable_graph()->mutable_node())
      raiseNode(*proto.mutable_graph(), node, import.version(), path);
    import.set_version(wantedOpset);
  }
  proto.set_ir_version(std::max<int64_t>(proto.ir_version(), 7));
}

} // namespace pim::compress
