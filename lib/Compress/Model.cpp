//===- Model.cpp - ONNX files in and out ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"

#include "pim/Runtime/Data/Dataset.h"
#include "pim/Support/Error.h"
#include "pim/Support/File.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <set>

namespace pim::compress {

// The same as pimc accepts.
static constexpr int64_t minIrVersion = 3, maxIrVersion = 13;
static constexpr int64_t minOpset = 7, maxOpset = 24;
static constexpr size_t maxModelBytes = (size_t(1) << 31) - 1; // of a protobuf message

std::string nameOf(const onnx::NodeProto &node) {
  return !node.name().empty() || node.output_size() == 0 ? node.name() : node.output(0);
}

std::string labelOf(const onnx::NodeProto &node) {
  return "node '" + nameOf(node) + "' (" + node.op_type() + ")";
}

/// The version of the ONNX operators. Throws if the versions are not ours.
static int64_t checkVersions(const onnx::ModelProto &proto, const std::string &path) {
  if (!proto.has_graph() || !proto.has_ir_version())
    fail(path, ": is not an ONNX model: it has no ", proto.has_graph() ? "IR version" : "graph");
  if (proto.ir_version() < minIrVersion || proto.ir_version() > maxIrVersion)
    fail(path, ": has IR version ", proto.ir_version(), ", expected ", minIrVersion, " to ",
         maxIrVersion);
  int64_t opset = 0;
  for (const onnx::OperatorSetIdProto &import : proto.opset_import())
    if (import.domain().empty() || import.domain() == "ai.onnx")
      opset = import.version();
  if (opset < minOpset || opset > maxOpset)
    fail(path, ": uses opset ", opset, ", expected ", minOpset, " to ", maxOpset);
  return opset;
}

/// Each value is made once, before it is used.
static void checkOrder(const onnx::GraphProto &graph, const std::string &path) {
  std::set<std::string> values;
  for (const onnx::ValueInfoProto &input : graph.input())
    if (input.name().empty() || !values.insert(input.name()).second)
      fail(path, ": graph input '", input.name(), "' has no name or is there twice");
  std::set<std::string> initializers;
  for (const onnx::TensorProto &tensor : graph.initializer()) {
    if (tensor.name().empty() || !initializers.insert(tensor.name()).second)
      fail(path, ": initializer '", tensor.name(), "' has no name or is there twice");
    values.insert(tensor.name());
  }
  if (graph.sparse_initializer_size() != 0)
    fail(path, ": has sparse initializers, which are not supported; store them dense");
  for (const onnx::NodeProto &node : graph.node()) {
    if (!node.domain().empty() && node.domain() != "ai.onnx")
      fail(path, ": ", labelOf(node), ": is of domain '", node.domain(),
           "', which cannot be trained; only ONNX's own operators can");
    for (const std::string &input : node.input())
      if (!input.empty() && !values.count(input))
        fail(path, ": ", labelOf(node), ": input '", input,
             "' is neither a graph input, nor an initializer, nor made by an earlier node");
    for (const std::string &output : node.output())
      if (!output.empty() && !values.insert(output).second)
        fail(path, ": ", labelOf(node), ": makes value '", output, "', which is there already");
    for (const onnx::AttributeProto &attribute : node.attribute())
      if (attribute.has_g() || attribute.graphs_size() != 0)
        fail(path, ": ", labelOf(node), ": has a sub-graph, which cannot be trained");
  }
  if (graph.output_size() == 0)
    fail(path, ": the graph has no output");
  for (const onnx::ValueInfoProto &output : graph.output())
    if (!values.count(output.name()))
      fail(path, ": graph output '", output.name(), "' is made by no node");
}

Model checkedModel(onnx::ModelProto proto, const std::string &path) {
  Model model{path, std::move(proto), 0};
  model.opset = checkVersions(model.proto, path);
  checkOrder(model.proto.graph(), path);
  return model;
}

Model loadModel(const std::string &path) {
  std::vector<std::byte> bytes = readBytes(path);
  if (bytes.empty())
    fail(path, ": is empty, expected an ONNX model");
  if (bytes.size() > maxModelBytes)
    fail(path, ": has ", bytes.size(),
         " bytes; models of 2 GB and more must keep weights as external data");
  // Protobuf tells the error stream what it dislikes; our one line says it.
  google::protobuf::LogSilencer silence;
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t *>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  onnx::ModelProto proto;
  if (!proto.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    fail(path, ": is not an ONNX model, or a damaged one");
  return checkedModel(std::move(proto), path);
}

void saveModel(const onnx::ModelProto &proto, const std::string &path) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream sink(&bytes);
    google::protobuf::io::CodedOutputStream stream(&sink);
    stream.SetSerializationDeterministic(true);
    if (!proto.SerializeToCodedStream(&stream))
      fail(path, ": cannot be written: the model has more than 2 GB");
  }
  writeBytes(path, std::as_bytes(std::span(bytes)));
}

} // namespace pim::compress
