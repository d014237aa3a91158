//===- SmallFloats.h - floats of 16 bits and less --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Halves, bfloats, the four kinds of 8 bits that hold values, the one of 8 bits that holds scales
// (an exponent alone), and the one of 4 bits. Tested by unittests/Program/SmallFloatsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_SMALLFLOATS_H
#define PIM_PROGRAM_SMALLFLOATS_H

#include "pim/Program/Graph.h"

#include <cstdint>

namespace pim {

/// Whether the functions below take `type`.
bool isSmallFloat(ElementType type);

/// How a scale is rounded to a power of two; Nearest takes the greater of two that are equally
/// near.
enum class ScaleRounding { Up, Down, Nearest };

/// What ONNX's Cast may be told about floats of 8 bits.
struct SmallFloatOptions {
  /// What is out of range becomes the nearest number, else infinity or NaN.
  bool saturate = true;
  ScaleRounding rounding = ScaleRounding::Up; ///< of F8E8M0 alone
};

/// The value of the lowest bits of `bits`. REQUIRES: isSmallFloat(type).
float decodeFloat(ElementType type, uint16_t bits);

/// The bits of a float, rounded halves to even. F4E2M1 always saturates, minus zero stands for NaN.
/// Of F8E8M0 what is less than 2^-127, zero too, is out of range, and the sign is lost (the
/// operator Cast of ONNX; "Float stored in 8 bits", "Float stored in 4 bits"; OCP Microscaling
/// Formats 1.0). REQUIRES: isSmallFloat(type).
uint16_t encodeFloat(ElementType type, float value, SmallFloatOptions options = {});

} // namespace pim

#endif // PIM_PROGRAM_SMALLFLOATS_H
