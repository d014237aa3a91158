//===- ListGen.cpp - the list that dispatch is made from --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Backend -gen-isa-list: an X-macro PIM_FOREACH_INSTRUCTION(X) that expands X(ClassName,
// memberName, "mnemonic") for every instruction. Dispatch over it does not compile while an
// instruction has no meaning.
//
//===----------------------------------------------------------------------===//
#include "InstructionTable.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pim::tblgen;

static bool generate(const RecordKeeper &records, raw_ostream &os) {
  std::optional<InstructionTable> table = readInstructionTable(records);
  if (!table)
    return true;
  printFileHeader("X(ClassName, memberName, \"mnemonic\") for every instruction, by opcode", os);
  os << "#define PIM_FOREACH_INSTRUCTION(X)";
  for (const Instruction &instruction : table->instructions)
    os << " \\\n  X(" << instruction.className << ", " << instruction.memberName() << ", \""
       << instruction.mnemonic << "\")";
  os << "\n";
  return false;
}

static mlir::GenRegistration registration("gen-isa-list",
                                          "Generate the X-macro over all instructions", generate);
