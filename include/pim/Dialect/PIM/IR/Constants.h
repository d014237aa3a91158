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
#include <vector>

namespace mlir::pim {

/// The little-endian bytes of a constant, row-major: those of its attribute where it holds them
/// all, valid as long as the attribute's data, else bytes of their own.
class ConstantBytes {
public:
  explicit ConstantBytes(ArrayRef<char> borrowed) : bytes(borrowed) {}
  explicit ConstantBytes(std::vector<char> made) : owned(std::move(made)), bytes(owned) {}
  ConstantBytes(ConstantBytes &&) = default; // a vector that moves keeps its place in memory
  ConstantBytes &operator=(ConstantBytes &&) = default;

  operator ArrayRef<char>() const { return bytes; }
  const char *data() const { return bytes.data(); }
  size_t size() const { return bytes.size(); }
  const char *begin() const { return bytes.begin(); }
  const char *end() const { return bytes.end(); }
  char operator[](size_t index) const { return bytes[index]; }

private:
  std::vector<char> owned;
  ArrayRef<char> bytes;
};

/// The bytes of `elements`, splats expanded. Nothing if it is neither dense nor a resource with
/// data of the right size.
std::optional<ConstantBytes> readBytes(ElementsAttr elements);

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
