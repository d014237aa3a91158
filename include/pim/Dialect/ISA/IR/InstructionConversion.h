//===- InstructionConversion.h - instruction ops to and from instructions *- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bridge between the instruction ops and the codec's structures. Both come from one table, so
// it is generic: no line here knows an instruction. Tested by
// unittests/ISA/InstructionConversionTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_INSTRUCTIONCONVERSION_H
#define PIM_DIALECT_ISA_IR_INSTRUCTIONCONVERSION_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Operation.h"
#include "pim/ISA/InstructionInfo.h"

namespace mlir::pim::isa {

/// The table's entry for an instruction op; null for any other op.
const ::pim::isa::InstructionInfo *getInstructionInfo(Operation *op);

/// The instruction that `op` stands for. REQUIRES: `op` is a verified instruction op.
::pim::isa::Instruction toInstruction(Operation *op);

/// Makes the op of an instruction at the builder's insertion point.
Operation *createInstructionOp(OpBuilder &builder, Location loc,
                               const ::pim::isa::Instruction &instruction);

} // namespace mlir::pim::isa

#endif // PIM_DIALECT_ISA_IR_INSTRUCTIONCONVERSION_H
