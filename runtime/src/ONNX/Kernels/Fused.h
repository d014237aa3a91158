//===- Fused.h - operators as compositions of others ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_KERNELS_FUSED_H
#define PIM_RUNTIME_SRC_ONNX_KERNELS_FUSED_H

#include "../Registry.h"

#include <map>

namespace pim::onnx {

using Attributes = std::map<std::string, graph::Attribute>;

inline graph::Attribute oneInt(int64_t value) { return {{value}, {}, {}}; }
inline graph::Attribute oneReal(double value) { return {{}, {value}, {}}; }
inline graph::Attribute oneText(std::string text) { return {{}, {}, std::move(text)}; }

/// The first `results` results of operator `type` of ai.onnx, in the newest version that a kernel
/// knows, on these values.
std::vector<Value> computeAll(const char *type, const std::vector<Value> &operands,
                              Attributes attributes, int results);

/// Result 0 alone.
Value compute(const char *type, const std::vector<Value> &operands, Attributes attributes = {});

/// An operand that may be left out.
Value operandOrNothing(const Call &call, size_t index);

/// The sum of `value` and operand `index`, if it is there.
Value plusOperand(const Call &call, Value value, size_t index);

/// The kernels of FusedTransformers.cpp, for addFused.
void addFusedTransformers(Registry &registry);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_KERNELS_FUSED_H
