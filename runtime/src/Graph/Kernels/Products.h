//===- Products.h - sums of products ---------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every product here is a dot product of two contiguous vectors of "wide" numbers, from which the
// zero points have been taken: 8-bit integers become i16, 16-bit ones i32, floats double. The
// compiler turns the i16 loop into multiply-add instructions, which keeps --check at several GMAC/s
// without any special code.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_KERNELS_PRODUCTS_H
#define PIM_RUNTIME_SRC_GRAPH_KERNELS_PRODUCTS_H

#include "Kernels.h"

namespace pim::graph {

/// The types that a product of elements of type Element is computed in.
template <typename Element> struct Wide;
template <> struct Wide<int8_t> {
  using Operand = int16_t;
  using Sum = int32_t;
  using Result = int32_t;
};
template <> struct Wide<int16_t> {
  using Operand = int32_t;
  using Sum = int64_t;
  using Result = int64_t;
};
template <> struct Wide<float> {
  using Operand = double;
  using Sum = double;
  using Result = float;
};

template <typename Operand, typename Sum>
Sum dot(const Operand *a, const Operand *b, int64_t count) {
  Sum sum = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += static_cast<Sum>(a[i]) * static_cast<Sum>(b[i]);
  return sum;
}

/// The i16 form sums in unsigned arithmetic, so that a sum beyond 32 bits wraps.
template <>
inline int32_t dot<int16_t, int32_t>(const int16_t *a, const int16_t *b, int64_t count) {
  uint32_t sum = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += static_cast<uint32_t>(static_cast<int32_t>(a[i]) * static_cast<int32_t>(b[i]));
  return static_cast<int32_t>(sum);
}

template <typename Sum> Sum addBias(Sum sum, Sum bias) { return sum + bias; }
template <> inline int32_t addBias(int32_t sum, int32_t bias) {
  return static_cast<int32_t>(static_cast<uint32_t>(sum) + static_cast<uint32_t>(bias));
}

/// Numbers with their zero point taken: from, to + count.
template <typename Element, typename Operand>
void widen(const Element *from, Element zeroPoint, Operand *to, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    to[i] = static_cast<Operand>(static_cast<Operand>(from[i]) - static_cast<Operand>(zeroPoint));
}

/// Checks what all convolutions share: operands input, weight, bias, input_zp, weight_zp.
inline void bindConvolution(const Binding &op, int64_t outputChannels) {
  op.expectOperands(5);
  op.expectScalar(3);
  op.expectScalar(4);
  ElementType element = op.input(0).element;
  op.expectElement(op.input(3), element, "input zero point");
  op.expectElement(op.input(4), op.input(1).element, "weight zero point");
  ElementType result = element == ElementType::I8    ? ElementType::I32
                       : element == ElementType::I16 ? ElementType::I64
                                                     : ElementType::F32;
  op.expectElement(op.output(), result, "the result");
  op.expectElement(op.input(2), result, "bias");
  int64_t biases = elementCount(op.input(2).shape);
  if (biases != 1 && biases != outputChannels)
    op.fail("has ", biases, " biases for ", outputChannels, " output channels");
}

/// Calls `make` with a value of the element type of operand 0: i8 with i8 weights, i16 with i8
/// weights, f32.
template <typename Make> Step dispatchElement(const Binding &op, Make make) {
  ElementType input = op.input(0).element, weight = op.input(1).element;
  if (input == ElementType::I8 && weight == ElementType::I8)
    return make(int8_t(), int8_t());
  if (input == ElementType::I16 && weight == ElementType::I8)
    return make(int16_t(), int8_t());
  if (input == ElementType::I16 && weight == ElementType::I16)
    return make(int16_t(), int16_t());
  if (input == ElementType::F32 && weight == ElementType::F32)
    return make(float(), float());
  op.failElement();
}

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_KERNELS_PRODUCTS_H
