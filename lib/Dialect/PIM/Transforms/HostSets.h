//===- HostSets.h - layers that may share a call of the host ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The questions about sets of layers behind pim-assign-host: who feeds whom, whether some layers
// can become one, and what passes between them and the others. Reshapes between layers are names of
// the same bytes and looked through. Tested by test/Dialect/PIM/assign-host.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_HOSTSETS_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_HOSTSETS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::pim {

/// In any order; a set has no duplicates.
using LayerSet = llvm::SmallSetVector<Operation *, 8>;

/// The layers whose results `layer` reads, and those that read its results.
LayerSet producersOf(LayerOp layer);
LayerSet consumersOf(LayerOp layer);

/// Whether no path leaves `layers` and comes back, so that they can be computed at one time.
bool canBeJoined(const LayerSet &layers);

/// Bytes of the tensors that `layers` read and others made, and of those that they make and others
/// read; constants travel with the call.
int64_t borderBytes(const LayerSet &layers);

/// Makes one host layer of `layers`, called `name`. Leaves the block to be sorted.
/// REQUIRES: canBeJoined(layers)
LayerOp joinOnHost(const LayerSet &layers, StringRef name);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_HOSTSETS_H
