//===- AssemblyGen.cpp - assembler and disassembler -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Backend -gen-isa-assembly: print() of every structure and parse() of a line, both from the one
// list of fields. The AssemblyPrinter and AssemblyParser that they drive are in
// lib/ISA/Assembly.cpp.
//
//===----------------------------------------------------------------------===//
#include "InstructionTable.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pim::tblgen;

static void printPrinter(const Instruction &instruction, raw_ostream &os) {
  os << "std::string print(const " << instruction.className << " &"
     << (instruction.fields.empty() ? "" : "x") << ") {\n";
  os << "  AssemblyPrinter printer(\"" << instruction.mnemonic << "\");\n";
  for (const Field &field : instruction.fields) {
    if (field.isFlag())
      os << "  printer.flag(\"" << field.name << "\", x." << field.name << ");\n";
    else
      os << "  printer.operand(\"" << field.prefix << "\", x." << field.name << ");\n";
  }
  os << "  return printer.take();\n}\n\n";
}

static void printParser(const Instruction &instruction, raw_ostream &os) {
  os << "  if (mnemonic == \"" << instruction.mnemonic << "\") {\n";
  os << "    " << instruction.className << " x;\n";
  for (const Field &field : instruction.fields) {
    if (field.isFlag())
      os << "    x." << field.name << " = parser.flag(\"" << field.name << "\");\n";
    else
      os << "    x." << field.name << " = static_cast<" << field.cppType() << ">(parser.operand(\""
         << field.name << "\", \"" << field.prefix << "\", " << field.min << ", " << field.max
         << "));\n";
  }
  os << "    parser.end();\n    return x;\n  }\n";
}

static bool generate(const RecordKeeper &records, raw_ostream &os) {
  std::optional<InstructionTable> table = readInstructionTable(records);
  if (!table)
    return true;
  printFileHeader("Assembler and disassembler", os);
  for (const Instruction &instruction : table->instructions)
    printPrinter(instruction, os);
  os << "Instruction parse(std::string_view line) {\n";
  os << "  AssemblyParser parser(line);\n  std::string_view mnemonic = parser.mnemonic();\n";
  for (const Instruction &instruction : table->instructions)
    printParser(instruction, os);
  os << "  parser.refuseMnemonic(mnemonic);\n}\n";
  return false;
}

static mlir::GenRegistration registration("gen-isa-assembly",
                                          "Generate the assembler and disassembler", generate);
