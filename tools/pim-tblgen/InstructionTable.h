//===- InstructionTable.h - the instruction table, read and checked *- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions of include/pim/ISA as the backends want them: ordered by opcode, every field
// with its place in the word. Reading checks what TableGen's asserts cannot see, because it
// concerns several records or C++: unique names and opcodes, legal identifiers, effects that name
// fields. Tested by test/Tools/pim-tblgen.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOOLS_PIM_TBLGEN_INSTRUCTIONTABLE_H
#define PIM_TOOLS_PIM_TBLGEN_INSTRUCTIONTABLE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/TableGen/Record.h"

#include <optional>
#include <string>
#include <vector>

namespace pim::tblgen {

/// A field of an instruction; `shift` is its lowest bit in the word.
struct Field {
  llvm::StringRef name, kind, prefix, description;
  unsigned shift = 0, width = 0;
  bool isSigned = false;
  int64_t min = 0, max = 0;

  bool isFlag() const { return kind == "Flag"; }
  bool isRegister() const { return kind == "Register"; }
  /// The C++ type of the structure's member.
  llvm::StringRef cppType() const;
  /// The bits of the word that the field takes when it has `value`.
  uint64_t place(int64_t value) const;
};

/// Fields are named by their index; -1 where the effect has none.
struct Effect {
  llvm::StringRef access;
  int field = -1, offset = -1, condition = -1;
};

struct Instruction {
  llvm::StringRef className, mnemonic, summary, description, unit, timing, since, example;
  unsigned opcode = 0;
  std::vector<Field> fields;
  std::vector<Effect> effects;

  /// Bits in use; the rest of the word is zero.
  unsigned usedBits() const {
    return fields.empty() ? 8 : fields.back().shift + fields.back().width;
  }
  /// The class name with a small first letter.
  std::string memberName() const;
  uint64_t encode(llvm::ArrayRef<int64_t> values) const;
  std::string print(llvm::ArrayRef<int64_t> values) const;
};

/// A record that becomes an enumerator.
struct Enumerator {
  llvm::StringRef name, description;
};

struct InstructionTable {
  std::vector<Instruction> instructions;
  std::vector<Enumerator> units, timingClasses;
  /// Kinds in the order in which their first field type is defined.
  std::vector<llvm::StringRef> fieldKinds;

  /// A hash of all that programs depend on: opcodes, names, places, kinds and ranges of fields.
  uint64_t fingerprint() const;
};

/// Reads the table. Prints every error at its record and returns nothing if there was one.
std::optional<InstructionTable> readInstructionTable(const llvm::RecordKeeper &records);

/// The last lines of a generated file's head comment: what made it, from what.
void printFileHeader(llvm::StringRef what, llvm::raw_ostream &os);

/// `value` as a C++ literal of 64 bits.
std::string hex(uint64_t value);

} // namespace pim::tblgen

#endif // PIM_TOOLS_PIM_TBLGEN_INSTRUCTIONTABLE_H
