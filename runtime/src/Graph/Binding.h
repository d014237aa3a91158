//===- Binding.h - an op with its operands and attributes ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fetches what a kernel needs of an op, or fails with a message that names op and node. Everything
// that can be wrong with an op is found while its kernel is prepared; running a prepared kernel
// checks values alone.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_BINDING_H
#define PIM_RUNTIME_SRC_GRAPH_BINDING_H

#include "pim/Program/Graph.h"
#include "pim/Support/Error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pim::graph {

using Shape = std::vector<int64_t>;

/// "[1, 28, 28, 1]".
std::string shapeText(std::span<const int64_t> shape);

/// The number of elements. REQUIRES: the tensor passed Plan's checks, so that it does not overflow.
int64_t elementCount(std::span<const int64_t> shape);

class Binding {
public:
  Binding(const Graph &graph, const Op &op) : graph(graph), op(op) {}

  const Op &node() const { return op; }
  const Graph &wholeGraph() const { return graph; }
  const std::string &code() const { return op.code; }
  size_t inputCount() const { return op.inputs.size(); }
  const Tensor &input(size_t index) const { return graph.tensors[op.inputs[index]]; }
  const Tensor &output(size_t index = 0) const { return graph.tensors[op.outputs[index]]; }

  /// Fails unless the op has this many operands and one result.
  void expectOperands(size_t count) const;
  void expectRank(size_t inputIndex, size_t rank) const;
  void expectElement(const Tensor &tensor, ElementType element, const char *role) const;
  /// Fails unless operand `index` holds one element.
  void expectScalar(size_t index) const;
  /// Fails unless result 0 has this shape.
  void expectOutputShape(const Shape &shape) const;

  bool hasAttribute(const char *name) const { return op.attributes.count(name) != 0; }
  /// Integers of an attribute, `count` of them; fails if it is missing.
  std::vector<int64_t> integers(const char *name, size_t count) const;
  int64_t integer(const char *name) const { return integers(name, 1)[0]; }
  /// A boolean, false if the attribute is missing.
  bool flag(const char *name) const;
  /// A number, given as a float or an integer.
  double number(const char *name) const;
  /// The text of an attribute, or `otherwise` if it is missing.
  std::string text(const char *name, const char *otherwise) const;
  /// The attribute "axis", as a dimension of operand 0.
  size_t axis() const;
  const Attribute &attribute(const char *name) const;

  /// The integers of a constant operand of any integer type.
  std::vector<int64_t> constantIntegers(size_t index) const;

  template <typename... Parts> [[noreturn]] void fail(const Parts &...parts) const {
    pim::fail("op ", op.code, " of node '", op.name, "': ", parts...);
  }
  /// Fails because no kernel exists for these element types.
  [[noreturn]] void failElement() const;

private:
  const Graph &graph;
  const Op &op;
};

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_BINDING_H
