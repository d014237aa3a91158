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

namespace mlir::pim {

/// Address in global memory of a layer's result, a function argument or a constant, through
/// reshapes.
using AddressOf = llvm::function_ref<FailureOr<int64_t>(Value)>;

/// Matrix, pool and elementwise layers: rows stream through the scratchpad. `weights` holds the
/// bytes of the weights of a matrix layer.
LogicalResult emitStream(LayerOp layer, PartAttr part, ArrayRef<char> weights, AddressOf addressOf,
                         CoreBuilder &core);

/// Copies inside global memory.
LogicalResult emitMovement(LayerOp layer, AddressOf addressOf, CoreBuilder &core);

/// A graph for the host.
LogicalResult emitHost(LayerOp layer, AddressOf addressOf, ProgramBuilder &program,
                       CoreBuilder &core);

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_EMITLAYER_H
