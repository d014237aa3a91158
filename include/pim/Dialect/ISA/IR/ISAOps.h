//===- ISAOps.h - ops of the isa dialect ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declares the ops: the tables and containers by hand (ISAProgramOps.td, ISACoreOps.td), one op per
// machine instruction from the instruction table (ISAInstructionOps.td). Tested by
// test/Dialect/ISA.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISAOPS_H
#define PIM_DIALECT_ISA_IR_ISAOPS_H

#include "pim/Dialect/ISA/IR/ISADialect.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"

#define GET_OP_CLASSES
#include "pim/Dialect/ISA/IR/ISAOps.h.inc"

#endif // PIM_DIALECT_ISA_IR_ISAOPS_H
