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
/// rescale. Sums of a linear op that no integer op reads any more have none, unless
/// `narrowResults`: they can stay in 32 bits. Nor, with `wideSums`, have those that only a sum of
/// two tensors reads.
class Placement {
public:
  Placement(func::FuncOp function, bool narrowResults, bool wideSums);

  /// In the order of their making.
  ArrayRef<Value> activations() const { return chosen.getArrayRef(); }
  /// The values that stay sums of 32 bits.
  ArrayRef<Value> sums() const { return staying; }
  /// Convolutions and products whose constant weights are floats without casts.
  ArrayRef<Operation *> linearOps() const { return linears; }

private:
  bool isInteger(Value value);
  void findReaders(Block &body);
  bool isWanted(Value value);
  void place(Operation *op);
  Value chainEnd(Value value);
  bool onlyFeedsConcat(Value value);
  bool isTerm(Value value);

  bool narrowResults, wideSums;
  DenseMap<Value, bool> integers;
  DenseSet<Operation *> joined;  ///< to the rescale of an op before them
  DenseSet<Operation *> readers; ///< integer ops that compute, and all ops before one
  llvm::SetVector<Value> chosen;
  SmallVector<Value> staying;
  SmallVector<Operation *> linears;
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_PLACEMENT_H
