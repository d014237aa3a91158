//===- Value.h - what a port of a model may hold ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most ports of models are tensors; ONNX has sequences of tensors and optional values too.
//
// Tested by runtime/tests/Data/ValueTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_DATA_VALUE_H
#define PIM_RUNTIME_DATA_VALUE_H

#include "pim/Runtime/Data/Dataset.h"

#include <variant>

namespace pim::data {

/// Nothing (an optional without content), a tensor, or a sequence of tensors.
using Value = std::variant<std::monostate, Array, std::vector<Array>>;

/// Reads the value of a port that is a sequence: the arrays of an .npz file in their order, or an
/// ONNX SequenceProto. Where the port is optional, an ONNX OptionalProto too. Throws pim::Error
/// "path: what was found, what was expected". parseSequence() reads the content of a file whose
/// name is `path` in messages.
Value loadSequence(const std::string &path, bool isOptional);
Value parseSequence(std::span<const std::byte> content, const std::string &path, bool isOptional);

/// Reads the value of a port that is an optional tensor: an ONNX OptionalProto, or a tensor as
/// load() reads it. Throws pim::Error as above.
Value loadOptional(const std::string &path);
Value parseOptional(std::span<const std::byte> content, const std::string &path);

/// `value` as named arrays: a tensor has the name, those of a sequence the name, a dot and their
/// number, nothing has none.
std::vector<NamedArray> toNamedArrays(Value value, const std::string &name);

} // namespace pim::data

#endif // PIM_RUNTIME_DATA_VALUE_H
