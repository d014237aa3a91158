//===- Codec.h - instructions to and from words -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one encoder and the one decoder of instructions; both are generated from the same list of
// fields. The loader, the disassembler, the simulator and the compiler all use these. Tested by
// unittests/ISA/RoundTripTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ISA_CODEC_H
#define PIM_ISA_CODEC_H

#include "pim/ISA/Instruction.h"

#include <span>
#include <vector>

namespace pim::isa {

/// Word encode(const X &) for every instruction X. Throws pim::Error if a field is outside its
/// range.
#define PIM_ENCODE(Class, member, mnemonic) Word encode(const Class &instruction);
PIM_FOREACH_INSTRUCTION(PIM_ENCODE)
#undef PIM_ENCODE

Word encode(const Instruction &instruction);

/// Throws pim::Error if the word is no instruction: unknown opcode, reserved bit that is not zero,
/// field outside its range. What it returns encodes to `word` again.
Instruction decode(Word word);

/// Decodes a core's code. Throws pim::Error that names the index of the first bad word.
std::vector<Instruction> decodeAll(std::span<const Word> code);

/// decode() and visit() in one, for code that looks at a word once.
template <typename Visitor> decltype(auto) dispatch(Word word, Visitor &&visitor) {
  return visit(decode(word), std::forward<Visitor>(visitor));
}

/// A hash of all that the encoding consists of. A program carries that of the table it was made
/// with, and is refused by a reader with another.
constexpr uint64_t fingerprint() { return kFingerprint; }

} // namespace pim::isa

#endif // PIM_ISA_CODEC_H
