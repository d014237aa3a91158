//===- ValueRanges.h - what integers an activation can take ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_VALUERANGES_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_VALUERANGES_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::pim {

struct ValueRange8 {
  int64_t low = -128, high = 127;
};

/// The range of i8 values inside and outside of layers, followed back to rescales, clamps and
/// function arguments. Where nothing is known, it is that of i8.
class ValueRanges {
public:
  ValueRange8 of(Value value);

private:
  ValueRange8 compute(Value value);
  llvm::DenseMap<Value, ValueRange8> known;
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_VALUERANGES_H
