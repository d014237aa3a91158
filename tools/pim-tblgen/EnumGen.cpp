//===- EnumGen.cpp - opcodes, units, timing classes, fingerprint *- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Backend -gen-isa-enums: the enumerations of pim/ISA/Instruction.h, their names, and the table's
// fingerprint.
//
//===----------------------------------------------------------------------===//
#include "InstructionTable.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pim::tblgen;

static void printEnum(StringRef name, ArrayRef<Enumerator> enumerators, raw_ostream &os) {
  os << "enum class " << name << " : uint8_t {\n";
  for (const Enumerator &enumerator : enumerators)
    os << "  " << enumerator.name << ", ///< " << enumerator.description << "\n";
  os << "};\n";
  os << "inline constexpr unsigned k" << name << "Count = " << enumerators.size() << ";\n";
  os << "constexpr const char *name(" << name << " value) {\n  switch (value) {\n";
  for (const Enumerator &enumerator : enumerators)
    os << "  case " << name << "::" << enumerator.name << ":\n    return \"" << enumerator.name
       << "\";\n";
  os << "  }\n  return \"\";\n}\n\n";
}

static bool generate(const RecordKeeper &records, raw_ostream &os) {
  std::optional<InstructionTable> table = readInstructionTable(records);
  if (!table)
    return true;
  printFileHeader("Enumerations of the instruction set", os);

  os << "enum class Opcode : uint8_t {\n";
  for (const Instruction &instruction : table->instructions)
    os << "  " << instruction.className << " = " << hex(instruction.opcode) << ", ///< "
       << instruction.summary << "\n";
  os << "};\n\n";

  os << "enum class FieldKind : uint8_t {\n";
  for (StringRef kind : table->fieldKinds)
    os << "  " << kind << ",\n";
  os << "};\n\n";

  printEnum("Unit", table->units, os);
  printEnum("TimingClass", table->timingClasses, os);

  size_t mostFields = 0;
  for (const Instruction &instruction : table->instructions)
    mostFields = std::max(mostFields, instruction.fields.size());
  os << "inline constexpr unsigned kMaxFields = " << mostFields << ";\n";
  os << "inline constexpr uint64_t kFingerprint = " << hex(table->fingerprint()) << ";\n";
  return false;
}

static mlir::GenRegistration
    registration("gen-isa-enums", "Generate the enumerations of the instruction set", generate);
