//===- RequantizeTable.h - bias and scales for kernels ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FUNCTIONAL_REQUANTIZETABLE_H
#define PIM_RUNTIME_FUNCTIONAL_REQUANTIZETABLE_H

#include "pim/Program/Program.h"
#include "pim/Runtime/Arrays/AlignedBuffer.h"

namespace pim::runtime {

/// TOSA's SINGLE_ROUND, DOUBLE_ROUND, and INEXACT_ROUND as docs/numerics.md defines it.
enum class Rounding : uint8_t { Single, Double, Float };

/// Requantize of Program.fbs with its lists repeated up to a length that vectors like: entry i
/// belongs to channel i mod channels, and `period` is a multiple of the channels.
struct RequantizeTable {
  /// REQUIRES: the table has been verified.
  explicit RequantizeTable(const fb::RequantizeT &table);

  size_t period;
  AlignedBuffer<int32_t> bias; ///< less the input zero point
  AlignedBuffer<int32_t> multiplier;
  AlignedBuffer<int32_t> shift;
  AlignedBuffer<float> factor; ///< multiplier * 2^-shift, for Rounding::Float
  Rounding rounding;
  int32_t inputZeroPoint, outputZeroPoint, min, max;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_FUNCTIONAL_REQUANTIZETABLE_H
