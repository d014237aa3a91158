//===- SmallFloats.h - floats of 16 bits and less --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Halves, bfloats and the four kinds of 8 bits. Tested by unittests/Program/SmallFloatsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_SMALLFLOATS_H
#define PIM_PROGRAM_SMALLFLOATS_H

#include "pim/Program/Graph.h"

#include <cstdint>

namespace pim {

/// Whether the functions below take `type`.
bool isSmallFloat(ElementType type);

/// The value of the lowest bits of `bits`. REQUIRES: isSmallFloat(type).
float decodeFloat(ElementType type, uint16_t bits);

/// The bits of a float, rounded halves to even; with `saturate` what is too large for a float of 8
/// bits becomes the largest, else infinity or NaN (ONNX, "Float stored in 8 bits"). REQUIRES:
/// isSmallFloat(type).
uint16_t encodeFloat(ElementType type, float value, bool saturate = true);

} // namespace pim

#endif // PIM_PROGRAM_SMALLFLOATS_H
