//===- NodeView.h - attributes of an ONNX node ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_NODEVIEW_H
#define LIB_COMPRESS_NODEVIEW_H

#include "Model.h"

#include "pim/Support/Error.h"

#include <vector>

namespace pim::compress {

/// Reads the attributes of a node; wrong kinds throw pim::Error with the model's path and the
/// node's name.
class NodeView {
public:
  /// `path`: of the model, for messages.
  NodeView(const onnx::NodeProto &node, int64_t opset, std::string path)
      : node(&node), opset(opset), path(std::move(path)) {}
  NodeView(const Model &model, const onnx::NodeProto &node)
      : NodeView(node, model.opset, model.path) {}

  const onnx::NodeProto &proto() const { return *node; }
  const std::string &op() const { return node->op_type(); }
  int64_t version() const { return opset; }

  bool has(const std::string &name) const { return find(name) != nullptr; }
  int64_t integer(const std::string &name, int64_t missing) const;
  double real(const std::string &name, double missing) const;
  std::string text(const std::string &name, const std::string &missing) const;
  std::vector<int64_t> integers(const std::string &name, std::vector<int64_t> missing = {}) const;
  const onnx::AttributeProto *find(const std::string &name) const;

  /// Throws pim::Error "path: node 'name' (Op): ...".
  template <typename... Parts> [[noreturn]] void fail(const Parts &...parts) const {
    pim::fail(path, ": ", labelOf(*node), ": ", parts...);
  }

private:
  const onnx::AttributeProto *find(const std::string &name,
                                   onnx::AttributeProto::AttributeType type) const;

  const onnx::NodeProto *node;
  int64_t opset;
  std::string path;
};

} // namespace pim::compress

#endif // LIB_COMPRESS_NODEVIEW_H
