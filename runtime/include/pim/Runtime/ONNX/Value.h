//===- Value.h - what ONNX operators take and give --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value is a tensor, a sequence of tensors, or nothing (an optional without content). Tensors
// share their elements: copying one copies no elements.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ONNX_VALUE_H
#define PIM_RUNTIME_ONNX_VALUE_H

#include "pim/Program/Graph.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace pim::onnx {

using Shape = std::vector<int64_t>;

/// Elements of the product of `shape`; throws pim::Error if a size is negative or the tensor would
/// not fit in memory.
int64_t checkedCount(std::span<const int64_t> shape, size_t elementBytes);

/// "[1, 28, 28]".
std::string shapeText(std::span<const int64_t> shape);

/// A tensor of any element type, row-major. Elements of numbers lie in memory as ElementType says;
/// those of ElementType::STRING are std::string.
class Tensor {
public:
  Tensor() : Tensor(ElementType::F32, {0}) {}
  /// Uninitialized numbers or empty texts. Throws as checkedCount().
  Tensor(ElementType element, Shape shape);
  /// A view of elements that `owner` keeps alive, or somebody else if it is null. REQUIRES:
  /// numbers, aligned to their size, as many as `shape` needs.
  Tensor(ElementType element, Shape shape, std::span<const std::byte> bytes,
         std::shared_ptr<const void> owner);
  /// The constant of a graph; borrows its numbers. Throws pim::Error if data and shape disagree.
  static Tensor constant(const graph::Tensor &source);
  static Tensor ofInts(const std::vector<int64_t> &values);

  ElementType element() const { return type; }
  const Shape &shape() const { return sizes; }
  int64_t size(size_t dimension) const { return sizes[dimension]; }
  int64_t rank() const { return static_cast<int64_t>(sizes.size()); }
  int64_t count() const { return elements; }
  bool isText() const { return type == ElementType::STRING; }

  /// REQUIRES: numbers (not text) of the size of T.
  template <typename T> const T *data() const { return reinterpret_cast<const T *>(memory); }
  template <typename T> T *data() { return reinterpret_cast<T *>(memory); }
  std::span<const std::byte> bytes() const {
    return {memory, isText() ? 0 : size_t(elements) * elementBytes(type)};
  }
  /// REQUIRES: isText().
  std::vector<std::string> &texts() { return *strings; }
  const std::vector<std::string> &texts() const { return *strings; }

  /// The same elements under another shape. REQUIRES: the same number of elements.
  Tensor reshaped(Shape shape) const;

private:
  ElementType type;
  Shape sizes;
  int64_t elements = 0;
  std::byte *memory = nullptr;
  std::shared_ptr<const void> owner;
  std::shared_ptr<std::vector<std::string>> strings;
};

using Sequence = std::vector<Tensor>;
/// std::monostate is an operand left out, or an optional without content.
using Value = std::variant<std::monostate, Tensor, Sequence>;

} // namespace pim::onnx

#endif // PIM_RUNTIME_ONNX_VALUE_H
