//===- ISAOps.td - ops of the isa dialect                  -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISAOPS_TD
#define PIM_DIALECT_ISA_IR_ISAOPS_TD

include "pim/Dialect/ISA/IR/ISAProgramOps.td"
include "pim/Dialect/ISA/IR/ISACoreOps.td"
include "pim/Dialect/ISA/IR/ISAInstructionOps.td"

#endif // PIM_DIALECT_ISA_IR_ISAOPS_TD
