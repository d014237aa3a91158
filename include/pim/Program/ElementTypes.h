//===- ElementTypes.h - the types of a tensor's elements -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_ELEMENTTYPES_H
#define PIM_PROGRAM_ELEMENTTYPES_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace pim {

/// TOSA operators take the first six; the others are for ONNX operators. F8E8M0 are scales: an
/// exponent, no sign, no mantissa. A STRING tensor's data is, for each element, four bytes of
/// length and then as many bytes of text.
enum class ElementType : int8_t {
  I1 = 0,
  I8,
  I16,
  I32,
  I64,
  F32,
  U8,
  U16,
  U32,
  U64,
  F16,
  BF16,
  F64,
  I4,
  U4,
  F8E4M3FN,
  F8E4M3FNUZ,
  F8E5M2,
  F8E5M2FNUZ,
  STRING,
  F8E8M0,
  F4E2M1,
  I2,
  U2
};
inline constexpr size_t elementTypeCount = size_t(ElementType::U2) + 1;

/// Bytes of one element in memory: what has less than 8 bits takes one byte, integers
/// sign-extended. 48-bit TOSA accumulators are held as I64. The elements of a STRING tensor differ
/// in size; what is given then is 1.
size_t elementBytes(ElementType type);
/// The bits that make up an element: 1 for I1, 4 for U4. REQUIRES: not STRING.
size_t elementBits(ElementType type);
/// "i8", "f32", ...
const char *elementName(ElementType type);
/// The number of the type in onnx.proto (TensorProto.DataType), and the type with a number, if it
/// has a form here.
int dataTypeOf(ElementType type);
std::optional<ElementType> elementOfDataType(int64_t number);
/// Whether a type has the number, with a form here or without.
bool isDataType(int64_t number);
/// "FLOAT", "INT4"; of what is no type, the number.
std::string dataTypeName(int64_t number);

} // namespace pim

#endif // PIM_PROGRAM_ELEMENTTYPES_H
