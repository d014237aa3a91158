//===- Array.cpp - an array read from a data file -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Data/Array.h"

#include "pim/Program/SmallFloats.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <cstring>

using namespace pim;
using namespace pim::data;

size_t pim::data::typeBytes(Type type) {
  switch (type) {
  case Type::Bool:
  case Type::U8:
  case Type::I8:
    return 1;
  case Type::U16:
  case Type::I16:
  case Type::F16:
    return 2;
  case Type::U32:
  case Type::I32:
  case Type::F32:
    return 4;
  case Type::U64:
  case Type::I64:
  case Type::F64:
    return 8;
  case Type::Text:
    break;
  }
  return 1;
}

const char *pim::data::typeName(Type type) {
  static const char *const names[] = {"bool", "u8",  "i8",  "u16", "i16", "u32", "i32",
                                      "u64",  "i64", "f16", "f32", "f64", "text"};
  return names[static_cast<size_t>(type)];
}

bool pim::data::isWidened(ElementType element) {
  return isSmallFloat(element) && element != ElementType::F16;
}

Type pim::data::arrayType(ElementType element) {
  using enum ElementType;
  switch (element) {
  case I1:
    return Type::Bool;
  case I8:
  case I4:
  case I2:
    return Type::I8;
  case U8:
  case U4:
  case U2:
    return Type::U8;
  case I16:
    return Type::I16;
  case U16:
    return Type::U16;
  case I32:
    return Type::I32;
  case U32:
    return Type::U32;
  case I64:
    return Type::I64;
  case U64:
    return Type::U64;
  case F16:
    return Type::F16;
  case F64:
    return Type::F64;
  case STRING:
    return Type::Text;
  default: // F32, and what is widened to it
    return Type::F32;
  }
}

int64_t Array::elementCount() const {
  return static_cast<int64_t>(type == Type::Text ? texts.size() : bytes.size() / typeBytes(type));
}

template <typename T> static T element(const Array &array, int64_t index) {
  T value;
  std::memcpy(&value, array.bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

int64_t Array::integerAt(int64_t index) const {
  switch (type) {
  case Type::Bool:
    return element<uint8_t>(*this, index) != 0;
  case Type::U8:
    return element<uint8_t>(*this, index);
  case Type::I8:
    return element<int8_t>(*this, index);
  case Type::U16:
    return element<uint16_t>(*this, index);
  case Type::I16:
    return element<int16_t>(*this, index);
  case Type::U32:
    return element<uint32_t>(*this, index);
  case Type::I32:
    return element<int32_t>(*this, index);
  case Type::U64:
  case Type::I64:
    return element<int64_t>(*this, index);
  default:
    return 0;
  }
}

double Array::at(int64_t index) const {
  switch (type) {
  case Type::F16:
    return decodeFloat(ElementType::F16, element<uint16_t>(*this, index));
  case Type::F32:
    return element<float>(*this, index);
  case Type::F64:
    return element<double>(*this, index);
  case Type::U64:
    return static_cast<double>(element<uint64_t>(*this, index));
  default:
    return static_cast<double>(integerAt(index));
  }
}

std::string pim::data::shapeText(const std::vector<int64_t> &shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  for (int64_t size : shape)
    text.append(text.empty() ? "" : "x").append(std::to_string(size));
  return text;
}

int64_t pim::data::checkedElementCount(const std::vector<int64_t> &shape, size_t elementBytes,
                                       uint64_t limitBytes, const std::string &what) {
  uint64_t bytes = elementBytes;
  for (int64_t size : shape) {
    if (size < 0)
      fail(what, ": shape ", shapeText(shape), " has a negative dimension");
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes) ||
        bytes > (uint64_t(1) << 62))
      fail(what, ": shape ", shapeText(shape), " is too large");
  }
  if (bytes > limitBytes)
    fail(what, ": shape ", shapeText(shape), " needs ", bytes, " bytes, which is more than ",
         limitBytes);
  return static_cast<int64_t>(bytes / elementBytes);
}
