//===- MachineState.h - everything that an inference changes ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state of one machine, for one thread: memories, registers, semaphores. docs/isa.md says what
// it means.
//
// Tested by runtime/tests/Functional.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FUNCTIONAL_MACHINESTATE_H
#define PIM_RUNTIME_FUNCTIONAL_MACHINESTATE_H

#include "pim/Runtime/Functional/Executable.h"
#include "pim/Runtime/Graph/ReferenceEvaluator.h"
#include "pim/Runtime/Machine/Sequencer.h"

#include <optional>

namespace pim::runtime {

struct MachineState;

struct CoreState {
  MachineState *machine = nullptr;
  const LoadedCore *loaded = nullptr;
  const CoreExecutable *executable = nullptr;
  uint32_t number = 0;
  SequencerState sequencer;
  AlignedBuffer<uint8_t> scratchpad;
};

struct MachineState {
  explicit MachineState(const Executable &executable);
  MachineState(const MachineState &) = delete;

  /// Memories as they are before an inference: constants in place, the rest zero.
  void reset();

  const Executable &executable;
  /// Of the data, for noise from read to read.
  uint32_t sample = 0;
  AlignedBuffer<uint8_t> globalMemory;
  std::vector<CoreState> cores;
  std::vector<int64_t> semaphores;
  /// One for each host call, made when it is first run. Sums of floats are taken in double
  /// precision and in one order, as --check takes them: a faster order would round some to another
  /// integer.
  std::vector<std::optional<graph::ReferenceEvaluator>> hosts;

  // Buffers of instructions; contents mean nothing between two.
  ArrayScratch arrayScratch;
  AlignedBuffer<uint8_t> vectors;
  AlignedBuffer<int32_t> results;
  std::array<AlignedBuffer<uint8_t>, 3> operands;
  std::vector<std::vector<std::byte>> hostBuffers;
};

/// The first element of `box` moved by `offset` bytes. Throws pim::Error, naming the instruction
/// under way, if an element lies outside its memory.
uint8_t *resolve(CoreState &core, const Box &box, int32_t offset);

/// Copies a box whose first element is at `first` to dense bytes, or from them.
void copyBox(const Box &box, uint8_t *first, uint8_t *dense, bool isRead);

/// Copies a box of global memory to or from dense bytes.
void readBox(const MachineState &machine, const Box &box, std::byte *dense);
void writeBox(MachineState &machine, const Box &box, const std::byte *dense);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FUNCTIONAL_MACHINESTATE_H
