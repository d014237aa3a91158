//===- StructGen.cpp - a structure per instruction --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Backend -gen-isa-structs: one plain structure per instruction, with the fields as members.
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
  printFileHeader("One structure per instruction", os);
  for (const Instruction &instruction : table->instructions) {
    os << "/// `" << instruction.mnemonic << "` " << instruction.summary << ".\n";
    os << "struct " << instruction.className << " {\n";
    os << "  static constexpr Opcode kOpcode = Opcode::" << instruction.className << ";\n";
    os << "  static constexpr const char *kMnemonic = \"" << instruction.mnemonic << "\";\n";
    for (const Field &field : instruction.fields)
      os << "  " << field.cppType() << " " << field.name << " = "
         << (field.isFlag() ? "false" : std::to_string(field.min)) << "; ///< " << field.description
         << "\n";
    os << "  friend bool operator==(const " << instruction.className << " &, const "
       << instruction.className << " &) = default;\n";
    os << "};\n\n";
  }
  return false;
}

static mlir::GenRegistration registration("gen-isa-structs",
                                          "Generate one structure per instruction", generate);
