//===- Assembly.h - instructions to and from text ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The assembler and the disassembler of single instructions, generated from the table:
//
//     mvm g0, t2, r5, w0, r6, accumulate
//
// Operands come in the order of the fields: registers as r5, indices with the letter of their table
// (t tensors, w windows, g groups, p requantize parameters, l lookups, s semaphores, h host calls),
// numbers in decimal, a flag by its name where it is set. Tested by unittests/ISA/AssemblyTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ISA_ASSEMBLY_H
#define PIM_ISA_ASSEMBLY_H

#include "pim/ISA/Instruction.h"

#include <string>
#include <string_view>

namespace pim::isa {

/// std::string print(const X &) for every instruction X. Without a newline.
#define PIM_PRINT(Class, member, mnemonic) std::string print(const Class &instruction);
PIM_FOREACH_INSTRUCTION(PIM_PRINT)
#undef PIM_PRINT

std::string print(const Instruction &instruction);

/// Parses one instruction. Blanks are free, `;` and `#` start a comment. Throws pim::Error that
/// names the column.
Instruction parse(std::string_view line);

} // namespace pim::isa

#endif // PIM_ISA_ASSEMBLY_H
