//===- MappingTarget.h - what mapping asks of a target ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The few numbers of the chip that the mapping passes decide by, read from the module attribute
// `pim.target`.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_TRANSFORMS_MAPPINGTARGET_H
#define PIM_DIALECT_PIM_TRANSFORMS_MAPPINGTARGET_H

#include "mlir/IR/BuiltinOps.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "pim/Target/Target.h"

#include <string>

namespace mlir::pim {

struct MappingTarget {
  std::string name;
  int64_t meshRows, meshCols;
  int64_t arraysPerCore;
  int64_t scratchpadBytes;
  int64_t globalMemoryBytes;
  /// Rows that an array sums over and columns that it sums, whatever the array kind calls them.
  int64_t matrixRows, matrixColumns;
  unsigned cellBits, dacBits;
  SliceScheme scheme;
  SliceLayout layout;
  /// What placement balances cores by; a target that leaves one out has the smallest sensible.
  bool isAnd;
  /// Of arrays of kind `imac`; else false and what divides nothing.
  bool isAnalog = false;
  bool zeroIsLow = false;
  double neuronRatio = 1, onOhm = 1, onOffRatio = 2, feedbackMostOhm = 1;
  double cycleNs, andCycleNs, readNs, conversionNs, linkBytesPerNs;
  int64_t activeRows, convertersPerArray, dpuLanes;
  /// Speed alone; its memory is that of a target without caches.
  ::pim::target::Target::Host host;

  /// Whether arrays may be programmed again during an inference, and how fast images come in.
  bool allowsRounds;
  double storeBytesPerNs;

  int64_t cores() const { return meshRows * meshCols; }
  int64_t arrays() const { return cores() * arraysPerCore; }

  /// The target of `module`; fails with an error at the module if it has none or the mapping cannot
  /// use it.
  static FailureOr<MappingTarget> of(ModuleOp module);
};

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_TRANSFORMS_MAPPINGTARGET_H
