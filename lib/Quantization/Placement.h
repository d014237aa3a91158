//===- Placement.h - which values become integers --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_PLACEMENT_H
#define PIM_LIB_QUANTIZATION_PLACEMENT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::pim {

/// Chooses the values of a float function that get a scale and zero point of their own: the inputs
/// of integer ops, and the last value of every chain of ops that pim-quantize fuses into one
/// rescale.
class Placement {
public:
  explicit Placement(func::FuncOp function);

  /// In the order of their making.
  ArrayRef<Value> activations() const { return chosen.getArrayRef(); }
  /// Convolutions and products whose constant weights are floats without casts.
  ArrayRef<Operation *> linearOps() const { return linears; }

private:
  bool isInteger(Value value);
  bool isWanted(Value value);
  void place(Operation *op);
  Value chainEnd(Value value);
  bool onlyFeedsConcat(Value value);

  DenseMap<Value, bool> integers;
  llvm::SetVector<Value> chosen;
  SmallVector<Operation *> linears;
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_PLACEMENT_H
