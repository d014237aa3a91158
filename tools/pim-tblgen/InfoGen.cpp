//===- InfoGen.cpp - the table as data --------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Backend -gen-isa-info: fields and effects of every instruction as constant arrays, for code that
// treats all instructions alike (the IR's translation, the timing model's dependences, error
// messages).
//
//===----------------------------------------------------------------------===//
#include "InstructionTable.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pim::tblgen;

static void printFields(const Instruction &instruction, raw_ostream &os) {
  if (instruction.fields.empty())
    return;
  os << "static constexpr FieldInfo k" << instruction.className << "FieldTable[] = {\n";
  for (const Field &field : instruction.fields)
    os << "    {\"" << field.name << "\", FieldKind::" << field.kind << ", " << field.shift << ", "
       << field.width << ", " << (field.isSigned ? "true" : "false") << ", " << field.min << ", "
       << field.max << "},\n";
  os << "};\n";
}

static void printEffects(const Instruction &instruction, raw_ostream &os) {
  if (instruction.effects.empty())
    return;
  os << "static constexpr EffectInfo k" << instruction.className << "EffectTable[] = {\n";
  for (const Effect &effect : instruction.effects)
    os << "    {Access::" << effect.access << ", " << effect.field << ", " << effect.offset << ", "
       << effect.condition << "},\n";
  os << "};\n";
}

static bool generate(const RecordKeeper &records, raw_ostream &os) {
  std::optional<InstructionTable> table = readInstructionTable(records);
  if (!table)
    return true;
  printFileHeader("Fields and effects of every instruction", os);
  for (const Instruction &instruction : table->instructions) {
    printFields(instruction, os);
    printEffects(instruction, os);
  }
  os << "\nstatic constexpr InstructionInfo kInstructions[] = {\n";
  for (const Instruction &instruction : table->instructions) {
    auto list = [&](bool isEmpty, StringRef suffix) {
      return isEmpty ? std::string("{}") : ("k" + instruction.className + suffix).str();
    };
    os << "    {Opcode::" << instruction.className << ", \"" << instruction.mnemonic
       << "\", Unit::" << instruction.unit << ", TimingClass::" << instruction.timing << ", "
       << list(instruction.fields.empty(), "FieldTable") << ", "
       << list(instruction.effects.empty(), "EffectTable") << "},\n";
  }
  os << "};\n";
  return false;
}

static mlir::GenRegistration registration("gen-isa-info", "Generate the instruction table as data",
                                          generate);
