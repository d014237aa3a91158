//===- Call.h - a node with the operands of one run -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a kernel sees: the node's attributes, its operands, and where its results go. Everything
// that fetches something fails with a message that names op and node.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_CALL_H
#define PIM_RUNTIME_SRC_ONNX_CALL_H

#include "Elements.h"
#include "pim/Support/Error.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pim::onnx {

/// Sub-graph number `index` of attribute `name`, run on these values.
using RunBody =
    std::function<std::vector<Value>(const graph::Graph &body, std::span<const Value> inputs)>;

/// One run of one node.
class Call {
public:
  Call(const graph::Op &op, std::span<const Value> inputs, std::vector<Value> &outputs,
       const RunBody &runBody, std::shared_ptr<void> &kept)
      : kept(kept), op(op), inputs(inputs), outputs(outputs), runBody(runBody) {}

  std::string_view type() const { return std::string_view(op.code).substr(5); }
  int64_t opset() const { return integer("opset", 1); }

  size_t inputCount() const { return inputs.size(); }
  bool has(size_t index) const {
    return index < inputs.size() && !std::holds_alternative<std::monostate>(inputs[index]);
  }
  const Value &value(size_t index) const;
  const Tensor &in(size_t index) const;
  const Sequence &sequence(size_t index) const;
  /// The operand as integers, row-major; fails unless it is a tensor of integers.
  std::vector<int64_t> ints(size_t index) const;
  /// The one number in an operand, or `otherwise` if it is left out.
  double number(size_t index, double otherwise) const;
  int64_t integerInput(size_t index, int64_t otherwise) const;

  size_t outputCount() const { return outputs.size(); }
  bool wants(size_t index) const { return index < op.outputs.size() && op.outputs[index] != -1; }
  /// Makes result `index`, uninitialized.
  Tensor &out(size_t index, ElementType element, Shape shape);
  void set(size_t index, Value value);

  bool hasAttribute(const char *name) const { return op.attributes.count(name) != 0; }
  int64_t integer(const char *name, int64_t otherwise) const;
  double real(const char *name, double otherwise) const;
  std::string text(const char *name, const char *otherwise) const;
  std::vector<int64_t> intList(const char *name) const;
  std::vector<double> realList(const char *name) const;
  std::vector<std::string> textList(const char *name) const;
  /// Fails unless the attribute is one tensor.
  Tensor tensor(const char *name) const;
  std::vector<Value> runGraph(const char *name, std::span<const Value> values) const;
  const graph::Graph &body(const char *name) const;
  /// The element type with this number in ONNX's TensorProto.
  ElementType elementOf(int64_t number) const;

  /// `axis` counted from the front; fails unless -rank <= axis < rank.
  int64_t axis(int64_t axis, int64_t rank) const;
  /// `index` counted from the front; fails unless -size <= index < size.
  int64_t index(int64_t index, int64_t size) const {
    require(index >= -size && index < size, "index ", index, " lies outside of ", size,
            " elements");
    return index < 0 ? index + size : index;
  }
  std::vector<int64_t> axes(std::vector<int64_t> axes, int64_t rank) const;
  /// Fails unless `okay`.
  template <typename... Parts> void require(bool okay, const Parts &...parts) const {
    if (!okay)
      fail(parts...);
  }
  void requireSameElement(size_t a, size_t b) const;
  void requireShape(const Tensor &tensor, const Shape &shape, const char *role) const;
  template <typename... Parts> [[noreturn]] void fail(const Parts &...parts) const {
    pim::fail("op ", op.code, " of node '", op.name, "': ", parts...);
  }

  /// What a kernel wants to keep from one run of the node to the next.
  std::shared_ptr<void> &kept;

private:
  const graph::Attribute *find(const char *name) const;

  const graph::Op &op;
  std::span<const Value> inputs;
  std::vector<Value> &outputs;
  const RunBody &runBody;
};

using Kernel = void (*)(Call &);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_CALL_H
