//===- CodecGen.cpp - encoder and decoder -----------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Backend -gen-isa-codec: encode() of every structure and decode() of a word, both from the one
// list of fields. The functions that they call (placeField, takeField, ...) are in
// lib/ISA/Codec.cpp.
//
//===----------------------------------------------------------------------===//
#include "InstructionTable.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pim::tblgen;

static void printEncoder(const Instruction &instruction, raw_ostream &os) {
  os << "Word encode(const " << instruction.className << " &"
     << (instruction.fields.empty() ? "" : "x") << ") {\n";
  os << "  Word word = " << hex(instruction.opcode) << ";\n";
  for (const Field &field : instruction.fields)
    os << "  word |= placeField(x." << field.name << ", {" << field.shift << ", " << field.width
       << ", " << field.min << ", " << field.max << ", \"" << instruction.mnemonic << "\", \""
       << field.name << "\"});\n";
  os << "  return word;\n}\n\n";
}

static void printDecoder(const Instruction &instruction, raw_ostream &os) {
  os << "  case " << hex(instruction.opcode) << ": {\n";
  if (instruction.usedBits() < 64)
    os << "    requireReserved(word, " << instruction.usedBits() << ", \"" << instruction.mnemonic
       << "\");\n";
  os << "    " << instruction.className << " x;\n";
  for (const Field &field : instruction.fields) {
    os << "    x." << field.name << " = " << (field.isSigned ? "takeSigned" : "takeUnsigned")
       << "(word, " << field.shift << ", " << field.width << ");\n";
    bool isFull = field.isSigned || field.min == 0;
    if (!isFull)
      os << "    requireMinimum(word, x." << field.name << ", " << field.min << ", \""
         << instruction.mnemonic << "\", \"" << field.name << "\");\n";
  }
  os << "    return x;\n  }\n";
}

static bool generate(const RecordKeeper &records, raw_ostream &os) {
  std::optional<InstructionTable> table = readInstructionTable(records);
  if (!table)
    return true;
  printFileHeader("Encoder and decoder", os);
  for (const Instruction &instruction : table->instructions)
    printEncoder(instruction, os);
  os << "Instruction decode(Word word) {\n  switch (word & 0xff) {\n";
  for (const Instruction &instruction : table->instructions)
    printDecoder(instruction, os);
  os << "  }\n  refuseOpcode(word);\n}\n";
  return false;
}

static mlir::GenRegistration
    registration("gen-isa-codec", "Generate the encoder and decoder of instructions", generate);
