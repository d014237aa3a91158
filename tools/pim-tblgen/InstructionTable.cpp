//===- InstructionTable.cpp - reads and checks the instruction table *- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See InstructionTable.h. Tested by test/Tools/pim-tblgen/isa-errors.td and the round trips of
// unittests/ISA.
//
//===----------------------------------------------------------------------===//
#include "InstructionTable.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;

namespace pim::tblgen {

StringRef Field::cppType() const { return isFlag() ? "bool" : isSigned ? "int32_t" : "uint32_t"; }

uint64_t Field::place(int64_t value) const {
  uint64_t mask = (uint64_t(1) << width) - 1;
  return (static_cast<uint64_t>(value) & mask) << shift;
}

std::string Instruction::memberName() const {
  std::string name = className.str();
  name[0] = toLower(name[0]);
  return name;
}

uint64_t Instruction::encode(ArrayRef<int64_t> values) const {
  uint64_t word = opcode;
  for (auto [field, value] : zip_equal(fields, values))
    word |= field.place(value);
  return word;
}

std::string Instruction::print(ArrayRef<int64_t> values) const {
  std::string text = mnemonic.str();
  bool isFirst = true;
  for (auto [field, value] : zip_equal(fields, values)) {
    if (field.isFlag() && !value)
      continue;
    text += isFirst ? " " : ", ";
    text += field.isFlag() ? field.name.str() : field.prefix.str() + std::to_string(value);
    isFirst = false;
  }
  return text;
}

uint64_t InstructionTable::fingerprint() const {
  uint64_t hash = 0xcbf29ce484222325; // FNV-1a, 64 bits
  auto add = [&](const Twine &text) {
    for (unsigned char byte : text.str() + '\n') // the separator keeps "ab","c" and "a","bc" apart
      hash = (hash ^ byte) * 0x100000001b3;
  };
  for (const Instruction &instruction : instructions) {
    add(Twine(instruction.opcode));
    add(instruction.mnemonic);
    for (const Field &field : instruction.fields) {
      add(field.name);
      add(field.kind);
      add(Twine(field.shift));
      add(Twine(field.width));
      add(Twine(field.min));
      add(Twine(field.max));
    }
  }
  return hash;
}

namespace {

/// Reads one instruction after the other, and remembers what must be unique.
class Reader {
public:
  explicit Reader(const RecordKeeper &records) : records(records) {}

  std::optional<InstructionTable> read() {
    readEnumerators("Unit", table.units);
    readEnumerators("TimingClass", table.timingClasses);
    for (const Record *record : records.getAllDerivedDefinitions("FieldType")) {
      StringRef kind = record->getValueAsString("kind");
      if (!is_contained(table.fieldKinds, kind))
        table.fieldKinds.push_back(kind);
    }
    sort(table.fieldKinds);
    for (const Record *record : records.getAllDerivedDefinitions("Instruction"))
      readInstruction(*record);
    sort(table.instructions,
         [](const Instruction &a, const Instruction &b) { return a.opcode < b.opcode; });
    if (hasFailed)
      return std::nullopt;
    return std::move(table);
  }

private:
  void error(const Record &record, const Twine &message) {
    PrintError(&record, message);
    hasFailed = true;
  }

  void readEnumerators(StringRef className, std::vector<Enumerator> &into) {
    for (const Record *record : records.getAllDerivedDefinitions(className))
      into.push_back({record->getName(), record->getValueAsString("description")});
  }

  void readInstruction(const Record &record) {
    Instruction instruction;
    instruction.className = record.getName();
    instruction.mnemonic = record.getValueAsString("mnemonic");
    instruction.opcode = record.getValueAsInt("opcode");
    for (auto [key, text] : {std::pair("summary", &instruction.summary),
                             {"description", &instruction.description},
                             {"since", &instruction.since},
                             {"example", &instruction.example}}) {
      if (std::optional<StringRef> value = record.getValueAsOptionalString(key);
          value && !value->empty())
        *text = *value;
      else
        error(record, "'" + instruction.mnemonic + "' has no " + key);
    }
    for (auto [key, name] :
         {std::pair("unit", &instruction.unit), {"timing", &instruction.timing}}) {
      if (const Record *value = record.getValueAsOptionalDef(key))
        *name = value->getName();
      else
        error(record, "'" + instruction.mnemonic + "' has no " + key);
    }
    checkNames(record, instruction);
    readFields(record, instruction);
    readEffects(record, instruction);
    table.instructions.push_back(std::move(instruction));
  }

  void checkNames(const Record &record, const Instruction &instruction) {
    StringRef mnemonic = instruction.mnemonic;
    auto isMnemonicLetter = [](char c) { return isLower(c) || isDigit(c) || c == '.'; };
    if (mnemonic.empty() || !isLower(mnemonic.front()) || !all_of(mnemonic, isMnemonicLetter))
      error(record, "mnemonic '" + mnemonic + "' is not made of small letters, digits and dots");

    SmallVector<StringRef> parts;
    mnemonic.split(parts, '.');
    std::string camelCase;
    for (StringRef part : parts)
      camelCase += part.take_front().upper() + part.drop_front().str();
    if (camelCase != instruction.className)
      error(record, "record '" + instruction.className + "' of '" + mnemonic + "' is not named '" +
                        camelCase + "'");

    if (auto [other, isNew] = byMnemonic.try_emplace(mnemonic, &record); !isNew) {
      error(record, "mnemonic '" + mnemonic + "' is taken");
      PrintNote(other->second->getLoc(), "by this instruction");
    }
    if (auto [other, isNew] = byOpcode.try_emplace(instruction.opcode, &record); !isNew) {
      error(record, "opcode " + hex(instruction.opcode) + " of '" + mnemonic + "' is taken");
      PrintNote(other->second->getLoc(), "by this instruction");
    }
  }

  void readFields(const Record &record, Instruction &instruction) {
    const DagInit *operands = record.getValueAsDag("operands");
    unsigned shift = 8;
    for (auto [init, nameInit] : zip(operands->getArgs(), operands->getArgNames())) {
      const Record &type = *cast<DefInit>(init)->getDef();
      Field field;
      field.name = nameInit ? nameInit->getValue() : "";
      field.kind = type.getValueAsString("kind");
      field.prefix = type.getValueAsString("prefix");
      field.description = type.getValueAsString("description");
      field.shift = shift;
      field.width = type.getValueAsInt("width");
      field.isSigned = type.getValueAsBit("isSigned");
      field.min = type.getValueAsInt("min");
      field.max = type.getValueAsInt("max");
      shift += field.width;

      auto isNameLetter = [](char c) { return isLower(c) || isDigit(c); };
      if (field.name.empty() || !isLower(field.name.front()) || !all_of(field.name, isNameLetter))
        error(record, "field '" + field.name + "' of '" + instruction.mnemonic +
                          "' is not named by small letters and digits");
      if (any_of(instruction.fields, [&](const Field &other) { return other.name == field.name; }))
        error(record, "'" + instruction.mnemonic + "' has two fields named '" + field.name + "'");
      instruction.fields.push_back(field);
    }
  }

  /// The index of the field, -1 and an error if there is none of that name.
  int findField(const Record &record, const Instruction &instruction, StringRef name) {
    for (auto [index, field] : enumerate(instruction.fields))
      if (field.name == name)
        return index;
    error(record, "an effect of '" + instruction.mnemonic + "' names the field '" + name +
                      "', which it does not have");
    return -1;
  }

  void readEffects(const Record &record, Instruction &instruction) {
    const std::vector<Field> &fields = instruction.fields;
    std::vector<bool> isMentioned(fields.size());
    for (const Record *value : record.getValueAsListOfDefs("effects")) {
      Effect effect;
      effect.access = value->getValueAsString("access");
      effect.field = findField(record, instruction, value->getValueAsString("name"));
      if (StringRef offset = value->getValueAsString("offset"); !offset.empty()) {
        effect.offset = findField(record, instruction, offset);
        if (effect.offset >= 0 && !fields[effect.offset].isRegister())
          error(record, "the offset '" + offset + "' of an effect of '" + instruction.mnemonic +
                            "' is not a register");
      }
      if (StringRef condition = value->getValueAsString("condition"); !condition.empty()) {
        effect.condition = findField(record, instruction, condition);
        if (effect.condition >= 0 && !fields[effect.condition].isFlag())
          error(record, "the condition '" + condition + "' of an effect of '" +
                            instruction.mnemonic + "' is not a flag");
      }
      for (int index : {effect.field, effect.offset})
        if (index >= 0)
          isMentioned[index] = true;
      instruction.effects.push_back(effect);
    }
    for (auto [field, mentioned] : zip_equal(fields, isMentioned))
      if (!mentioned &&
          is_contained({"Register", "Tensor", "Window", "Group", "Semaphore", "HostCall"},
                       field.kind))
        error(record, "no effect of '" + instruction.mnemonic +
                          "' says what becomes of its field '" + field.name + "'");
  }

  const RecordKeeper &records;
  InstructionTable table;
  StringMap<const Record *> byMnemonic;
  std::map<unsigned, const Record *> byOpcode;
  bool hasFailed = false;
};

} // namespace

std::optional<InstructionTable> readInstructionTable(const RecordKeeper &records) {
  return Reader(records).read();
}

void printFileHeader(StringRef what, raw_ostream &os) {
  os << "// " << what << ". Generated by pim-tblgen from include/pim/ISA/Instructions.td.\n\n";
}

std::string hex(uint64_t value) { return formatv("{0:x}", value).str(); }

} // namespace pim::tblgen
