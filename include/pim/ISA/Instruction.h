//===- Instruction.h - a decoded instruction --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instruction set as C++: a structure per instruction (isa::Mvm, isa::DmaCopy, ...),
// Instruction, which holds any of them, and visit(), which gives each its meaning. All of it is
// generated from include/pim/ISA/Instructions.td.
//
// A program is decoded once, when it is loaded; executing it is visit() over an array of
// Instruction. Tested by unittests/ISA.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ISA_INSTRUCTION_H
#define PIM_ISA_INSTRUCTION_H

#include "pim/ISA/List.inc"

#include <cassert>
#include <cstdint>
#include <utility>

namespace pim::isa {

/// An encoded instruction. Stored little-endian.
using Word = uint64_t;

// Opcode, FieldKind, Unit, TimingClass with name(), kMaxFields, kFingerprint.
#include "pim/ISA/Enums.inc"

// struct Nop, struct Halt, struct Li { uint32_t rd; int32_t imm; }, ...
#include "pim/ISA/Structs.inc"

/// Any instruction, decoded. A plain value of at most 32 bytes.
class Instruction {
public:
  Instruction() : Instruction(Nop{}) {}
#define PIM_CONSTRUCTOR(Class, member, mnemonic)                                                   \
  Instruction(const Class &value) : code(Opcode::Class) { fields.member = value; }
  PIM_FOREACH_INSTRUCTION(PIM_CONSTRUCTOR)
#undef PIM_CONSTRUCTOR

  Opcode opcode() const { return code; }

  /// The structure if the instruction is an X, else null.
  template <typename X> const X *getIf() const {
    return code == X::kOpcode ? &member(static_cast<X *>(nullptr)) : nullptr;
  }

  /// The structure. REQUIRES: the instruction is an X.
  template <typename X> const X &as() const {
    assert(code == X::kOpcode);
    return member(static_cast<X *>(nullptr));
  }

private:
#define PIM_MEMBER(Class, name, mnemonic)                                                          \
  const Class &member(Class *) const { return fields.name; }
  PIM_FOREACH_INSTRUCTION(PIM_MEMBER)
#undef PIM_MEMBER

  Opcode code;
  union Fields {
    Fields() {}
#define PIM_MEMBER(Class, name, mnemonic) Class name;
    PIM_FOREACH_INSTRUCTION(PIM_MEMBER)
#undef PIM_MEMBER
  } fields;
};
static_assert(sizeof(Instruction) <= 32,
              "a predecoded instruction is to stay in half a cache line");

/// Calls `visitor(const X &)` for the X that the instruction is, and returns what that returns. A
/// visitor without a meaning for some instruction does not compile. Compiles to one jump through a
/// table.
template <typename Visitor>
decltype(auto) visit(const Instruction &instruction, Visitor &&visitor) {
  switch (instruction.opcode()) {
#define PIM_CASE(Class, member, mnemonic)                                                          \
  case Opcode::Class:                                                                              \
    return visitor(instruction.as<Class>());
    PIM_FOREACH_INSTRUCTION(PIM_CASE)
#undef PIM_CASE
  }
  __builtin_unreachable(); // an Instruction is only made from one of the structures
}

bool operator==(const Instruction &a, const Instruction &b);

} // namespace pim::isa

#endif // PIM_ISA_INSTRUCTION_H
