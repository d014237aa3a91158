//===- CodeVerifier.h - checks the instructions of a core -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the instructions of a core must keep to, beyond the bounds of their fields: the constraints
// of isa.code and those of each instruction's description in include/pim/ISA/Insts. Tested by
// test/Dialect/ISA/code-errors.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_ISA_IR_CODEVERIFIER_H
#define PIM_LIB_DIALECT_ISA_IR_CODEVERIFIER_H

#include "pim/Dialect/ISA/IR/ISAOps.h"

namespace mlir::pim::isa {

/// What instructions refer to outside their core.
struct ProgramTables {
  int64_t semaphoreCount = 0;
  int64_t hostCallCount = 0;
  int64_t coreCount = 0;
};

/// The instruction ops of the core's code, in order.
SmallVector<Operation *> getInstructionOps(CoreOp core);

/// REQUIRES: the ops of the core have been verified, each by itself.
LogicalResult verifyCode(CoreOp core, const ProgramTables &program);

} // namespace mlir::pim::isa

#endif // PIM_LIB_DIALECT_ISA_IR_CODEVERIFIER_H
