//===- Instructions.td - the instruction set ---------------*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one list of instructions. Opcodes are given out by unit: control 0x01.., DMA 0x20.., arrays
// 0x40.., DPU 0x60.., host 0x80... A published opcode is never given to another instruction.
//
//===----------------------------------------------------------------------===//

#ifndef PIM_ISA_INSTRUCTIONS
#define PIM_ISA_INSTRUCTIONS

include "pim/ISA/Insts/Control.td"
include "pim/ISA/Insts/Dma.td"
include "pim/ISA/Insts/Array.td"
include "pim/ISA/Insts/Dpu.td"
include "pim/ISA/Insts/Host.td"

#endif // PIM_ISA_INSTRUCTIONS
