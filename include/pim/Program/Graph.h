//===- Graph.h - a tensor graph outside MLIR -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What calibration, `pim-run --check` and `host` instructions execute: a graph of TOSA or ONNX
// operators without MLIR.
// Compiler code makes one from a function (Translate/TosaToGraph.h), the evaluators of the
// simulator run it (pim/Runtime/Graph/{Reference,Host}Evaluator.h).
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_GRAPH_H
#define PIM_PROGRAM_GRAPH_H

#include "pim/Program/ElementTypes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pim::graph {

/// A value of the graph. A constant has data; its bytes are little-endian and row-major.
struct Tensor {
  std::string name;
  ElementType element = ElementType::F32;
  /// Results of ONNX operators may have dimensions that are known at run time alone: -1.
  std::vector<int64_t> shape;
  /// The constant's bytes, empty if the tensor is computed. May point into memory owned by somebody
  /// else (an MLIR resource, a mapped file), which must then outlive the graph, or into `storage`.
  std::span<const std::byte> data;
  std::shared_ptr<std::vector<std::byte>> storage;
  /// Even the rank is known at run time alone; `shape` is empty.
  bool unranked = false;

  bool isConstant() const { return !data.empty(); }
  bool hasStaticShape() const;
  /// -1 unless the shape is static.
  int64_t elementCount() const;
};

struct Graph;

struct Attribute {
  std::vector<int64_t> ints;
  std::vector<double> floats;
  std::string text;
  std::vector<std::string> texts{};
  std::vector<Tensor> tensors{};                ///< constants
  std::vector<std::shared_ptr<Graph>> graphs{}; ///< never null
};

/// One operation. `code` is the MLIR name. Operands are TOSA's, in TOSA's order and count (zero
/// points, shapes, multipliers and shifts are operands there too); attributes have TOSA's names,
/// e.g. tosa.conv2d has "pad", "stride", "dilation"; an enumeration is its text ("SINGLE_ROUND"), a
/// boolean an integer.
///
/// `onnx.<OpType>` is an ONNX operator. Operands, results and attributes are the node's, plus the
/// attributes "domain" (a text, empty for ai.onnx) and "opset" (the version of that domain that the
/// model imports). An operand or result that the node leaves out is -1. Attributes that are lists
/// of text, tensors or graphs are `texts`, `tensors`, `graphs`. A sub-graph is self-contained:
/// values of the enclosing graph that it uses are its last inputs and the last operands of the op,
/// whose attribute "captures" is their number; the two branches of an If take the same captures.
struct Op {
  std::string code;
  std::string name;
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::map<std::string, Attribute> attributes;

  /// Whether the code is "onnx.<OpType>".
  bool isONNX() const { return code.starts_with("onnx."); }
};

struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Op> ops; // topological order
  std::vector<int> inputs;
  std::vector<int> outputs;
};

/// The bytes of `graph` as a Graph.fbs buffer; equal graphs give equal bytes.
std::vector<std::byte> serialize(const Graph &graph);

/// Reads a buffer made by serialize(). Constants borrow from `bytes`, which must outlive the
/// result. Throws pim::Error if the buffer is malformed: bad FlatBuffer, tensor index out of range,
/// op that uses a value before it is made, operand left out by an operator that is not ONNX's,
/// constant whose size does not fit its shape, shape with an overflowing size or a negative one
/// that is not -1.
Graph deserialize(std::span<const std::byte> bytes);

/// The same, whose constants, those of attributes and bodies too, keep `bytes` alive.
Graph deserialize(std::shared_ptr<std::vector<std::byte>> bytes);

} // namespace pim::graph

#endif // PIM_PROGRAM_GRAPH_H
