//===- InstructionInfo.h - the instruction table at run time ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the table says about each instruction, for code that treats all alike: the isa dialect's
// translation, the timing model's dependences, error messages. Tested by
// unittests/ISA/InstructionInfoTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ISA_INSTRUCTIONINFO_H
#define PIM_ISA_INSTRUCTIONINFO_H

#include "pim/ISA/Instruction.h"

#include <array>
#include <span>
#include <string_view>

namespace pim::isa {

struct FieldInfo {
  std::string_view name;
  FieldKind kind;
  uint8_t shift; ///< its lowest bit in the word
  uint8_t width;
  bool isSigned;
  int64_t min, max;
};

enum class Access : uint8_t { Read, Write };

/// What an instruction does to the state that a field names. Fields are given by index, -1 where
/// there is none.
struct EffectInfo {
  Access access;
  int8_t field;     ///< a register, tensor, window, group, semaphore or host call
  int8_t offset;    ///< the register added to the address; it is read
  int8_t condition; ///< the flag that must be set for the effect to take place
};

struct InstructionInfo {
  Opcode opcode;
  std::string_view mnemonic;
  Unit unit;
  TimingClass timing;
  std::span<const FieldInfo> fields;
  std::span<const EffectInfo> effects;
};

/// Every instruction, by opcode.
std::span<const InstructionInfo> allInstructions();

const InstructionInfo &info(Opcode opcode);

/// Null if there is no such instruction.
const InstructionInfo *findMnemonic(std::string_view mnemonic);

/// The values of an instruction's fields in the order of the table.
class Operands {
public:
  size_t size() const { return count; }
  int64_t operator[](size_t index) const { return values[index]; }
  const int64_t *begin() const { return values.data(); }
  const int64_t *end() const { return values.data() + count; }
  void push(int64_t value) { values[count++] = value; }

private:
  std::array<int64_t, kMaxFields> values{};
  size_t count = 0;
};

Operands operands(const Instruction &instruction);

/// The instruction with these fields. Throws pim::Error if their number is wrong or one is outside
/// its range.
Instruction makeInstruction(Opcode opcode, std::span<const int64_t> values);

} // namespace pim::isa

#endif // PIM_ISA_INSTRUCTIONINFO_H
