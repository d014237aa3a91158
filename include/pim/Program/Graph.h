//===- Graph.h - a tensor graph outside MLIR -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What calibration, `pim-run --check` and `host` instructions execute: a TOSA graph without MLIR.
// Compiler code makes one from a function (Translate/TosaToGraph.h), the evaluators of the
// simulator run it (pim/Runtime/Graph/{Reference,Host}Evaluator.h).
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_GRAPH_H
#define PIM_PROGRAM_GRAPH_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pim {

enum class ElementType : int8_t { I1 = 0, I8, I16, I32, I64, F32 };

/// Bytes of one element in memory (I1 takes one byte). 48-bit TOSA accumulators are held as I64.
size_t elementBytes(ElementType type);
/// "i8", "f32", ...
const char *elementName(ElementType type);

namespace graph {

/// A value of the graph. A constant has data; its bytes are little-endian and row-major.
struct Tensor {
  std::string name;
  ElementType element = ElementType::F32;
  std::vector<int64_t> shape;
  /// The constant's bytes, empty if the tensor is computed. May point into memory owned by somebody
  /// else (an MLIR resource, a mapped file), which must then outlive the graph, or into `storage`.
  std::span<const std::byte> data;
  std::shared_ptr<std::vector<std::byte>> storage;

  bool isConstant() const { return !data.empty(); }
  int64_t elementCount() const;
};

struct Attribute {
  std::vector<int64_t> ints;
  std::vector<double> floats;
  std::string text;
};

/// One operation. `code` is the MLIR name. Operands are TOSA's, in TOSA's order and count (zero
/// points, shapes, multipliers and shifts are operands there too); attributes have TOSA's names,
/// e.g. tosa.conv2d has "pad", "stride", "dilation"; an enumeration is its text ("SINGLE_ROUND"), a
/// boolean an integer.
struct Op {
  std::string code;
  std::string name;
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::map<std::string, Attribute> attributes;
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
/// op that uses a value before it is made, constant whose size does not fit its shape, shape with a
/// negative or overflowing size.
Graph deserialize(std::span<const std::byte> bytes);

} // namespace graph
} // namespace pim

#endif // PIM_PROGRAM_GRAPH_H
