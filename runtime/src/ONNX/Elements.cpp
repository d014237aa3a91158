//===- Elements.cpp - elements of every type as few -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"

#include "pim/Program/SmallFloats.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace pim;
using namespace pim::onnx;

bool pim::onnx::isFloat(ElementType type) {
  return wideOf(type) == Wide::Float || wideOf(type) == Wide::Double;
}

bool pim::onnx::isUnsigned(ElementType type) {
  using enum ElementType;
  return type == I1 || type == U2 || type == U4 || type == U8 || type == U16 || type == U32 ||
         type == U64;
}

std::pair<int64_t, int64_t> pim::onnx::integerRange(ElementType type) {
  if (type == ElementType::I64)
    return {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
  int bits = int(elementBits(type));
  if (isUnsigned(type))
    return {0, (int64_t(1) << bits) - 1};
  return {-(int64_t(1) << (bits - 1)), (int64_t(1) << (bits - 1)) - 1};
}

Wide pim::onnx::wideOf(ElementType type) {
  using enum ElementType;
  switch (type) {
  case F32:
    return Wide::Float;
  case F64:
    return Wide::Double;
  case U64:
    return Wide::Uint;
  case STRING:
    return Wide::Text;
  default:
    return isSmallFloat(type) ? Wide::Float : Wide::Int;
  }
}

namespace {

/// Calls function(T()) with the type that elements lie in memory as. REQUIRES: no small float.
template <typename Function> void visitStored(ElementType type, Function &&function) {
  using enum ElementType;
  switch (type) {
  case I1:
  case U8:
  case U4:
  case U2:
    return function(uint8_t());
  case I8:
  case I4:
  case I2:
    return function(int8_t());
  case I16:
    return function(int16_t());
  case U16:
    return function(uint16_t());
  case I32:
    return function(int32_t());
  case U32:
    return function(uint32_t());
  case I64:
    return function(int64_t());
  case U64:
    return function(uint64_t());
  case F64:
    return function(double());
  case F32:
    return function(float());
  default:
    fail("elements of type ", elementName(type), " are no numbers");
  }
}

/// A float cut to an integer of 64 bits; out of range and NaN have some value, never a trap.
template <typename T> T toInteger(double value) {
  if (!(value > -9223372036854775808.0))
    return T(std::numeric_limits<int64_t>::min());
  if (value >= 9223372036854775808.0)
    return std::is_same_v<T, uint64_t> && value < 18446744073709551616.0
               ? T(uint64_t(value))
               : T(std::numeric_limits<int64_t>::max());
  return T(int64_t(value));
}

template <typename To, typename From> To convert(From value) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>)
    return toInteger<To>(value);
  else
    return static_cast<To>(value);
}

} // namespace

template <typename W> void pim::onnx::loadElements(const Tensor &source, W *target) {
  int64_t count = source.count();
  if (isSmallFloat(source.element())) {
    bool byte = elementBytes(source.element()) == 1;
    for (int64_t i = 0; i < count; ++i)
      target[i] = convert<W>(pim::decodeFloat(source.element(), byte ? source.data<uint8_t>()[i]
                                                                     : source.data<uint16_t>()[i]));
    return;
  }
  visitStored(source.element(), [&]<typename T>(T) {
    const T *values = source.data<T>();
    for (int64_t i = 0; i < count; ++i)
      target[i] = convert<W>(values[i]);
  });
}

template <typename W> void pim::onnx::storeElements(const W *source, Tensor &target) {
  int64_t count = target.count();
  ElementType type = target.element();
  if (isSmallFloat(type)) {
    bool byte = elementBytes(type) == 1;
    for (int64_t i = 0; i < count; ++i) {
      uint16_t bits = pim::encodeFloat(type, static_cast<float>(source[i]));
      if (byte)
        target.data<uint8_t>()[i] = uint8_t(bits);
      else
        target.data<uint16_t>()[i] = bits;
    }
    return;
  }
  // What lies in more bits than it means: a bool is 0 or 1, others keep the low bits.
  const bool isBool = type == ElementType::I1;
  const size_t bits = elementBits(type);
  const int64_t sign = isUnsigned(type) ? 0 : int64_t(1) << (bits - 1);
  visitStored(type, [&]<typename T>(T) {
    T *values = target.data<T>();
    for (int64_t i = 0; i < count; ++i) {
      if (isBool)
        values[i] = T(source[i] != W(0));
      else if (bits < 8)
        values[i] = T(((convert<int64_t>(source[i]) & ((1 << bits) - 1)) ^ sign) - sign);
      else
        values[i] = convert<T>(source[i]);
    }
  });
}

template void pim::onnx::loadElements(const Tensor &, float *);
template void pim::onnx::loadElements(const Tensor &, double *);
template void pim::onnx::loadElements(const Tensor &, int64_t *);
template void pim::onnx::loadElements(const Tensor &, uint64_t *);
template void pim::onnx::storeElements(const float *, Tensor &);
template void pim::onnx::storeElements(const double *, Tensor &);
template void pim::onnx::storeElements(const int64_t *, Tensor &);
template void pim::onnx::storeElements(const uint64_t *, Tensor &);
