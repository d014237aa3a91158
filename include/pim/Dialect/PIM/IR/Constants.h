//===- Constants.h - integers of constant attributes -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants are dense attributes when small and resources when large. These read both.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_CONSTANTS_H
#define PIM_DIALECT_PIM_IR_CONSTANTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace mlir::pim {

/// The little-endian bytes of `elements`, row-major, splats expanded. Nothing if it is neither
/// dense nor a resource with data of the right size.
std::optional<SmallVector<char>> readBytes(ElementsAttr elements);

/// The values of `elements`, whose type is a signless integer of 8, 16, 32 or 64 bits (or index).
std::optional<SmallVector<int64_t>> readIntegers(ElementsAttr elements);

/// The same for the constant that defines `value` (tosa.const or tosa.const_shape).
std::optional<SmallVector<int64_t>> readIntegers(Value value);

/// The value of a constant of one element.
std::optional<int64_t> readScalar(Value value);

/// `data` as an attribute of `type`: a resource named after `name` if it is larger than 64 bytes.
ElementsAttr makeElements(ShapedType type, ArrayRef<char> data, StringRef name);

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_IR_CONSTANTS_H
