//===- Model.h - ONNX files in and out --------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_MODEL_H
#define LIB_COMPRESS_MODEL_H

#include <onnx/onnx_pb.h>

#include <string>

namespace pim::compress {

/// An ONNX model whose structure has been checked: versions, names, order of the nodes.
struct Model {
  std::string path;
  onnx::ModelProto proto;
  int64_t opset = 0; ///< of the ONNX operators
};

/// Reads the model at `path`; the file is hostile until checked. Throws pim::Error "path: ...".
Model loadModel(const std::string &path);

/// Checks `proto`, of which `path` is the name in messages.
Model checkedModel(onnx::ModelProto proto, const std::string &path);

/// Writes `proto` so that the file is there whole or not at all. Equal models give equal bytes.
/// Throws pim::Error "path: ...".
void saveModel(const onnx::ModelProto &proto, const std::string &path);

/// "node 'conv1' (Conv)", for messages; the first output stands in for a missing name.
std::string labelOf(const onnx::NodeProto &node);
/// The name of the node, or of its first output.
std::string nameOf(const onnx::NodeProto &node);

} // namespace pim::compress

#endif // LIB_COMPRESS_MODEL_H
