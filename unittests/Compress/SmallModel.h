//===- SmallModel.h - small ONNX models for tests ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef UNITTESTS_COMPRESS_SMALLMODEL_H
#define UNITTESTS_COMPRESS_SMALLMODEL_H

#include "Network.h"
#include "TensorData.h"

#include <functional>

namespace pim::compress::test {

/// What the pim::Error says that `action` throws, or "none".
inline std::string errorOf(const std::function<void()> &action) {
  try {
    action();
  } catch (const pim::Error &error) {
    return error.what();
  }
  return "none";
}

/// Writes a graph node by node.
class SmallModel {
public:
  explicit SmallModel(std::vector<int64_t> input, int64_t opset = 13) {
    proto.set_ir_version(8);
    proto.add_opset_import()->set_version(opset);
    proto.mutable_graph()->set_name("small");
    declare(*proto.mutable_graph()->add_input(), "x", input);
  }

  SmallModel &weights(const std::string &name, const Tensor &value) {
    storeTensor(*proto.mutable_graph()->add_initializer(), name, value);
    return *this;
  }
  SmallModel &node(const std::string &op, const std::vector<std::string> &inputs,
                   const std::string &output, const std::string &name = "") {
    onnx::NodeProto &node = *proto.mutable_graph()->add_node();
    node.set_op_type(op);
    node.set_name(name.empty() ? output : name);
    for (const std::string &input : inputs)
      node.add_input(input);
    node.add_output(output);
    return *this;
  }
  /// An attribute of the last node.
  SmallModel &ints(const std::string &name, const std::vector<int64_t> &values) {
    onnx::AttributeProto &attribute = add(name, onnx::AttributeProto::INTS);
    for (int64_t value : values)
      attribute.add_ints(value);
    return *this;
  }
  SmallModel &integer(const std::string &name, int64_t value) {
    add(name, onnx::AttributeProto::INT).set_i(value);
    return *this;
  }
  SmallModel &text(const std::string &name, const std::string &value) {
    add(name, onnx::AttributeProto::STRING).set_s(value);
    return *this;
  }

  Model model(const std::string &output, std::vector<int64_t> shape = {1, 1}) {
    declare(*proto.mutable_graph()->add_output(), output, shape);
    return checkedModel(proto, "small.onnx");
  }

  onnx::ModelProto proto;

private:
  onnx::AttributeProto &add(const std::string &name, onnx::AttributeProto::AttributeType type) {
    onnx::GraphProto &graph = *proto.mutable_graph();
    onnx::AttributeProto &attribute = *graph.mutable_node(graph.node_size() - 1)->add_attribute();
    attribute.set_name(name);
    attribute.set_type(type);
    return attribute;
  }
  static void declare(onnx::ValueInfoProto &info, const std::string &name,
                      const std::vector<int64_t> &shape) {
    info.set_name(name);
    auto &type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (int64_t size : shape)
      type.mutable_shape()->add_dim()->set_dim_value(size);
  }
};

} // namespace pim::compress::test

#endif // UNITTESTS_COMPRESS_SMALLMODEL_H
