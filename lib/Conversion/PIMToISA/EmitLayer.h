//===- EmitLayer.h - instructions of one layer on one core -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One entry point per kind of layer. Each appends code to the core and entries to its tables.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_PIMTOISA_EMITLAYER_H
#define PIM_LIB_CONVERSION_PIMTOISA_EMITLAYER_H

#include "ProgramBuilder.h"
#include "Sync.h"

namespace mlir::pim {

/// Where in global memory a layer's result, a function argument or a constant lies, through
/// reshapes.
using PlaceOf = llvm::function_ref<FailureOr<GlobalPlace>(Value)>;

/// Emits waits for values as a whole.
void emitWaits(ArrayRef<RowWait> waits, CoreBuilder &core);
/// Emits a signal of the semaphore of a part, if it has one.
void emitSignal(std::optional<int64_t> semaphore, int64_t amount, CoreBuilder &core);

/// Matrix, pool and elementwise layers: rows stream through the scratchpad. `weights` holds the
/// bytes of the weights of a matrix layer.
LogicalResult emitStream(LayerOp layer, size_t part, ArrayRef<char> weights, PlaceOf placeOf,
                         const SyncPlan &sync, CoreBuilder &core);

/// Copies inside global memory.
LogicalResult emitMovement(LayerOp layer, PlaceOf placeOf, CoreBuilder &core);

/// A chain of analog layers. A weight of 0 is a pair of cells at low resistance if `zeroIsLow`, at
/// high otherwise.
LogicalResult emitAnalog(LayerOp layer, PlaceOf placeOf, bool zeroIsLow, CoreBuilder &core);

/// A graph for the host.
LogicalResult emitHost(LayerOp layer, PlaceOf placeOf, ProgramBuilder &program, CoreBuilder &core);

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_EMITLAYER_H
