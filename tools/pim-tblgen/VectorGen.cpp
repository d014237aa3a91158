//===- VectorGen.cpp - test vectors at the fields' extremes -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Backend -gen-isa-test-vectors: for every instruction, its fields at their extremes, with the word
// and the assembly that must result; structures that no word can hold; words that no decoder may
// accept. Words and texts are computed here, not by the code under test. Included by
// unittests/ISA/RoundTripTest.cpp, which defines the macros.
//
//===----------------------------------------------------------------------===//
#include "InstructionTable.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace pim::tblgen;

using Values = std::vector<int64_t>;

/// All fields at their least and at their greatest; then each alone at the other end; then each at
/// 1 above its least.
static std::vector<Values> extremes(const Instruction &instruction) {
  Values low, high;
  for (const Field &field : instruction.fields) {
    low.push_back(field.min);
    high.push_back(field.max);
  }
  std::vector<Values> all = {low};
  if (!low.empty())
    all.push_back(high);
  for (auto [index, field] : enumerate(instruction.fields)) {
    all.push_back(low);
    all.back()[index] = field.max;
    all.push_back(high);
    all.back()[index] = field.min;
    if (field.isSigned)
      for (int64_t value : {-1, 0, 1}) {
        all.push_back(low);
        all.back()[index] = value;
      }
  }
  return all;
}

/// `Name{.field = value, ...}`
static void printStruct(const Instruction &instruction, const Values &values, raw_ostream &os) {
  os << instruction.className << "{";
  interleaveComma(zip_equal(instruction.fields, values), os, [&](auto pair) {
    auto [field, value] = pair;
    os << "." << field.name << " = ";
    if (field.isFlag())
      os << (value ? "true" : "false");
    else
      os << "static_cast<" << field.cppType() << ">(" << value << "LL)";
  });
  os << "}";
}

static void printAccepted(const Instruction &instruction, raw_ostream &os) {
  for (const Values &values : extremes(instruction)) {
    os << "PIM_VECTOR((";
    printStruct(instruction, values, os);
    os << "), " << hex(instruction.encode(values)) << ", \"" << instruction.print(values)
       << "\")\n";
  }
  os << "PIM_EXAMPLE(\"" << instruction.mnemonic << "\", \"" << instruction.example << "\")\n";
}

static void printRefused(const Instruction &instruction, raw_ostream &os) {
  Values low;
  for (const Field &field : instruction.fields)
    low.push_back(field.min);
  uint64_t word = instruction.encode(low);
  for (unsigned bit = instruction.usedBits(); bit < 64; ++bit)
    os << "PIM_REFUSED(" << hex(word | uint64_t(1) << bit) << ")\n";
  for (auto [index, field] : enumerate(instruction.fields)) {
    Values outside = low;
    if (field.width < 32 &&
        !field.isFlag()) { // what the 32 bits of the member can hold and the field cannot
      outside[index] = field.max + 1;
      os << "PIM_UNENCODABLE((";
      printStruct(instruction, outside, os);
      os << "))\n";
    }
    if (field.isSigned ? field.width < 32 : field.min > 0) {
      outside[index] = field.min - 1;
      os << "PIM_UNENCODABLE((";
      printStruct(instruction, outside, os);
      os << "))\n";
      if (!field.isSigned)
        os << "PIM_REFUSED(" << hex(instruction.encode(outside)) << ")\n";
    }
  }
}

static bool generate(const RecordKeeper &records, raw_ostream &os) {
  std::optional<InstructionTable> table = readInstructionTable(records);
  if (!table)
    return true;
  printFileHeader("Test vectors", os);
  for (const Instruction &instruction : table->instructions) {
    printAccepted(instruction, os);
    printRefused(instruction, os);
  }
  for (unsigned opcode = 0; opcode < 256; ++opcode)
    if (none_of(table->instructions, [&](const Instruction &i) { return i.opcode == opcode; }))
      os << "PIM_REFUSED(" << hex(opcode) << ")\n";
  return false;
}

static mlir::GenRegistration
    registration("gen-isa-test-vectors", "Generate test vectors at the fields' extremes", generate);
