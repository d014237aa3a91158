//===- Operators.h - ONNX operators as torch functions ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One file per family; a family's table names its operators. Every function is differentiable in
// its float inputs, except where the operator has no gradient by its nature.
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_OPERATORS_OPERATORS_H
#define LIB_COMPRESS_OPERATORS_OPERATORS_H

#include "../NodeView.h"
#include "../Torch.h"

#include <span>

namespace pim::compress {

/// One execution of a node.
struct Call {
  const NodeView &node;
  std::vector<Tensor> inputs; ///< undefined where left out
  std::vector<bool> batched;  ///< which inputs depend on the input of the graph
  bool training = false;
  int64_t batch = 1;      ///< samples in this run
  int64_t modelBatch = 1; ///< the batch size that shapes in the model speak of

  bool has(size_t index) const { return index < inputs.size() && inputs[index].defined(); }
  /// Input `index`, which the operator needs.
  const Tensor &input(size_t index) const;
  /// Input `index` as integers of a constant; throws if it is no list of integers.
  std::vector<int64_t> list(size_t index) const;
  /// `axis` with negative ones counted from `rank`; throws if it is out of range.
  int64_t axis(int64_t axis, int64_t rank) const;
};

using Operator = std::vector<Tensor> (*)(Call &call);

struct OperatorEntry {
  const char *name;
  Operator function;
};

std::span<const OperatorEntry> activationOperators();
std::span<const OperatorEntry> convolutionOperators();
std::span<const OperatorEntry> elementwiseOperators();
std::span<const OperatorEntry> matrixOperators();
std::span<const OperatorEntry> normalizationOperators();
std::span<const OperatorEntry> poolingOperators();
std::span<const OperatorEntry> quantizationOperators();
std::span<const OperatorEntry> reductionOperators();
std::span<const OperatorEntry> shapeOperators();

/// The function of an operator, or null.
Operator findOperator(const std::string &name);
/// All names, sorted, separated by ", ".
std::string operatorNames();

/// Padding of the two spatial sides: begin and end of rows, then of columns.
struct Padding {
  int64_t top = 0, bottom = 0, left = 0, right = 0;
  bool isSymmetric() const { return top == bottom && left == right; }
  bool isZero() const { return !top && !bottom && !left && !right; }
};

/// The window of a convolution or pool over rows and columns. A 1-D operator is a 2-D one with one
/// row.
struct Window {
  std::vector<int64_t> kernel, strides, dilations; ///< rows, columns
  Padding padding;
};

/// Reads kernel_shape (or takes `kernel`), strides, dilations, pads and auto_pad for an input of
/// shape `input` [N,C,H,W].
Window windowOf(const Call &call, at::IntArrayRef input, std::vector<int64_t> kernel);

} // namespace pim::compress

#endif // LIB_COMPRESS_OPERATORS_OPERATORS_H
