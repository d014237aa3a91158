//===- InPlace.h - values that lie inside others -------------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A concatenation of channels need not copy if its inputs are computed where its result lies, a
// slice need not if it is read where its input lies. Tested by test/Dialect/PIM/in-place.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_INPLACE_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_INPLACE_H

#include "pim/Dialect/PIM/IR/PIMDialect.h"

namespace mlir::pim {

/// The place of a value inside another.
struct Inside {
  Value value;
  int64_t row = 0, col = 0, channel = 0;
};

class InPlace {
public:
  explicit InPlace(Block &block);

  /// Whether `layer` has nothing to do.
  bool contains(LayerOp layer) const { return layers.contains(layer); }
  /// The value that has memory of its own and holds `value`, itself where it lies in no other.
  Inside rootOf(Value value) const;

private:
  void addSlice(LayerOp layer, Operation *op);
  void addConcat(LayerOp layer, Operation *op);

  DenseMap<Value, Inside> parents;
  DenseSet<Operation *> layers;
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_INPLACE_H
