//===- Sequencer.h - scalar registers and loops ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state that decides which instruction comes next, and what the instructions of the sequencer
// do to it. Data never reaches it, so the functional and the timing run step through it alike and
// take the same path.
//
// Tested by runtime/tests/Machine/SequencerTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_MACHINE_SEQUENCER_H
#define PIM_RUNTIME_MACHINE_SEQUENCER_H

#include "pim/ISA/Instruction.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pim::runtime {

struct SequencerState {
  struct OpenLoop {
    uint32_t begin, end; ///< instructions of the body
    uint32_t left;       ///< runs to go, the one under way included
  };

  std::array<int32_t, 32> registers{};
  std::array<OpenLoop, 8> loops{};
  uint32_t depth = 0;
  uint32_t position = 0; ///< of the next instruction
  bool isHalted = false;
  uint32_t vectorsDriven = 0; ///< into arrays, since the inference began: see Occasion

  int32_t operator[](uint32_t index) const { return registers[index]; }
  void write(uint32_t index, int32_t value) {
    registers[index] = value;
    registers[0] = 0;
  }

  /// Goes on to the instruction after the one at `position`, which is back at its begin if a loop
  /// ends here.
  void advance() {
    ++position;
    while (depth != 0 && position == loops[depth - 1].end) {
      if (--loops[depth - 1].left != 0) {
        position = loops[depth - 1].begin;
        return;
      }
      --depth;
    }
  }
};

// The meaning of each instruction of the sequencer, one function each. Arithmetic wraps around.

inline void execute(SequencerState &, const isa::Nop &) {}

/// What these two do to the durable state is Power/'s; a run whose supply holds never needs it.
inline void execute(SequencerState &, const isa::Commit &) {}
inline void execute(SequencerState &, const isa::Restore &) {}

inline void execute(SequencerState &state, const isa::Halt &) { state.isHalted = true; }

inline void execute(SequencerState &state, const isa::Li &inst) { state.write(inst.rd, inst.imm); }

inline void execute(SequencerState &state, const isa::Addi &inst) {
  state.write(inst.rd, int32_t(uint32_t(state[inst.rs]) + uint32_t(inst.imm)));
}

inline void execute(SequencerState &state, const isa::Add &inst) {
  state.write(inst.rd, int32_t(uint32_t(state[inst.rs1]) + uint32_t(state[inst.rs2])));
}

inline void execute(SequencerState &state, const isa::Sub &inst) {
  state.write(inst.rd, int32_t(uint32_t(state[inst.rs1]) - uint32_t(state[inst.rs2])));
}

inline void execute(SequencerState &state, const isa::Mul &inst) {
  state.write(inst.rd, int32_t(uint32_t(state[inst.rs1]) * uint32_t(state[inst.rs2])));
}

inline void execute(SequencerState &state, const isa::Min &inst) {
  state.write(inst.rd, std::min(state[inst.rs1], state[inst.rs2]));
}

inline void execute(SequencerState &state, const isa::Max &inst) {
  state.write(inst.rd, std::max(state[inst.rs1], state[inst.rs2]));
}

inline void execute(SequencerState &state, const isa::Wrap &inst) {
  const int32_t value = state[inst.rd];
  // A limit of 2^31 or more is never reached.
  if (value >= int64_t(inst.limit))
    state.write(inst.rd, int32_t(value - int64_t(inst.limit)));
}

inline void execute(SequencerState &state, const isa::Loop &inst) {
  const uint32_t begin = state.position + 1;
  state.loops[state.depth++] = {begin, begin + inst.length, inst.count};
}

/// An instruction that touches the sequencer's state alone.
template <typename X>
concept ScalarInstruction = requires(SequencerState &state, const X &instruction) {
  execute(state, instruction);
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_MACHINE_SEQUENCER_H
