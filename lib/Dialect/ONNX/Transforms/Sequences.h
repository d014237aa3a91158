//===- Sequences.h - sequences whose length is known ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_ONNX_TRANSFORMS_SEQUENCES_H
#define PIM_LIB_DIALECT_ONNX_TRANSFORMS_SEQUENCES_H

#include "pim/Dialect/ONNX/IR/ONNXDialect.h"

#include <optional>

namespace mlir::pim::onnx {

/// Longer sequences are left to the host.
constexpr int64_t maxSequenceLength = 1024;

/// The tensors of a sequence that a SequenceConstruct or a SequenceEmpty makes; nothing for other
/// values.
std::optional<SmallVector<Value>> elementsOf(Value sequence);

/// Takes sequences and optionals apart where their length is known. A node that makes a sequence
/// (SplitToSequence, SequenceInsert, SequenceErase, SequenceMap, Identity) becomes a
/// SequenceConstruct, and one that reads a sequence of such (SequenceAt, SequenceLength,
/// ConcatFromSequence) what it reads; so do the nodes of optionals. A Split becomes Slices. False,
/// and nothing is changed, for any other node.
bool resolveSequence(NodeOp node);

} // namespace mlir::pim::onnx

#endif // PIM_LIB_DIALECT_ONNX_TRANSFORMS_SEQUENCES_H
