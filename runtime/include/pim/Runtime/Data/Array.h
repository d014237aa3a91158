//===- Array.h - an array read from a data file ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_DATA_ARRAY_H
#define PIM_RUNTIME_DATA_ARRAY_H

#include "pim/Program/Graph.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pim::data {

/// What the elements of a data file are. Graphs know more types (pim::ElementType).
enum class Type : uint8_t { Bool, U8, I8, U16, I16, U32, I32, U64, I64, F16, F32, F64, Text };

/// Bytes of one element.
size_t typeBytes(Type type);
/// "u8", "f32", ...
const char *typeName(Type type);
/// The type of arrays that hold elements of graphs: small integers take a byte, small floats but
/// halves are widened to f32, which is exact.
Type arrayType(ElementType element);
/// Whether arrayType() widens it.
bool isWidened(ElementType element);

/// An array: row-major, little-endian.
struct Array {
  Type type = Type::F32;
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;
  std::vector<std::string> texts{}; ///< the elements where `type` is Text, which has no bytes

  int64_t elementCount() const;
  /// Element `index` of the flat array as a number (integers beyond 2^53 are rounded; not for
  /// Text).
  double at(int64_t index) const;
  /// Element `index` as an integer (u64 by its bits). REQUIRES: isInteger().
  int64_t integerAt(int64_t index) const;
  bool isInteger() const { return type < Type::F16; }
};

/// An array with a name, as in .npz files.
struct NamedArray {
  std::string name;
  Array array;
};

/// "1x3x224x224"; "scalar" for no dimension.
std::string shapeText(const std::vector<int64_t> &shape);

/// The product of `shape`. Throws pim::Error, starting with `what`, if a dimension is negative or
/// the size in bytes at `elementBytes` each overflows or is more than `limitBytes`.
int64_t checkedElementCount(const std::vector<int64_t> &shape, size_t elementBytes,
                            uint64_t limitBytes, const std::string &what);

} // namespace pim::data

#endif // PIM_RUNTIME_DATA_ARRAY_H
