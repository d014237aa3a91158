//===- InstructionInfo.cpp - the instruction table at run time --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See InstructionInfo.h. Tested by unittests/ISA/InstructionInfoTest.cpp.
//
//===----------------------------------------------------------------------===//
#include "pim/ISA/InstructionInfo.h"

#include "pim/ISA/Codec.h"
#include "pim/Support/Error.h"

#include <algorithm>

namespace pim::isa {

#include "pim/ISA/Info.inc"

std::span<const InstructionInfo> allInstructions() { return kInstructions; }

const InstructionInfo &info(Opcode opcode) {
  return *std::ranges::lower_bound(kInstructions, opcode, {}, &InstructionInfo::opcode);
}

const InstructionInfo *findMnemonic(std::string_view mnemonic) {
  const auto *found = std::ranges::find(kInstructions, mnemonic, &InstructionInfo::mnemonic);
  return found == std::end(kInstructions) ? nullptr : found;
}

Operands operands(const Instruction &instruction) {
  Operands values;
  Word word = encode(instruction);
  for (const FieldInfo &field : info(instruction.opcode()).fields) {
    Word bits = word << (64 - field.shift - field.width);
    unsigned down = 64 - field.width;
    values.push(field.isSigned ? static_cast<int64_t>(bits) >> down
                               : static_cast<int64_t>(bits >> down));
  }
  return values;
}

Instruction makeInstruction(Opcode opcode, std::span<const int64_t> values) {
  const InstructionInfo &table = info(opcode);
  if (values.size() != table.fields.size())
    fail("'", table.mnemonic, "' has ", table.fields.size(), " fields, not ", values.size());
  Word word = static_cast<Word>(opcode);
  for (size_t i = 0; i < values.size(); ++i) {
    const FieldInfo &field = table.fields[i];
    if (values[i] < field.min || values[i] > field.max)
      fail("field '", field.name, "' of '", table.mnemonic, "' is ", values[i], ", expected ",
           field.min, " to ", field.max);
    word |= (static_cast<Word>(values[i]) & ((Word(1) << field.width) - 1)) << field.shift;
  }
  return decode(word);
}

} // namespace pim::isa
