//===- InferByExample.h - what a node makes, found by running it -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ONNXTOGRAPH_INFERBYEXAMPLE_H
#define PIM_ONNXTOGRAPH_INFERBYEXAMPLE_H

#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Elements/Elements.h"

namespace mlir::pim {

/// What running a node on examples says of its results.
struct ExampleResults {
  /// The type of each result; null for one that nobody reads, or whose shape depends on the data.
  llvm::SmallVector<RankedTensorType> types;
  /// The values, if every input is constant: one for each result that has a type.
  llvm::SmallVector<std::optional<Elements>> values;
};

/// Runs the kernel of `node` on inputs of zeros, of ones, and, unless it refuses them, of 0, 1, 2
/// and so on: a shape that these agree on is taken for that of all data. Nothing if the node has an
/// input of unknown shape, or no kernel, or the kernel refuses it.
std::optional<ExampleResults> inferByExample(onnx::NodeOp node);

} // namespace mlir::pim

#endif // PIM_ONNXTOGRAPH_INFERBYEXAMPLE_H
