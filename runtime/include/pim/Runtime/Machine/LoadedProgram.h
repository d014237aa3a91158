//===- LoadedProgram.h - a program, decoded --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the functional and the timing run both read: instructions and boxes in decoded form, and the
// layer that each instruction belongs to. Immutable, shared by threads.
//
// Tested by runtime/tests/Machine/LoadedProgramTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_MACHINE_LOADEDPROGRAM_H
#define PIM_RUNTIME_MACHINE_LOADEDPROGRAM_H

#include "pim/ISA/Instruction.h"
#include "pim/Program/Graph.h"
#include "pim/Program/Program.h"
#include "pim/Runtime/Machine/Box.h"
#include "pim/Target/Target.h"

#include <memory>
#include <string>
#include <vector>

namespace pim::runtime {

struct LoadedCore {
  const fb::CoreT *tables = nullptr;
  std::vector<isa::Instruction> code;
  std::vector<Box> boxes;
  /// Index of the layer of each instruction, -1 for none.
  std::vector<int32_t> layerOf;
};

struct LoadedProgram {
  /// Verifies and decodes. Throws pim::Error if the program does not hold together or executes more
  /// instructions than anybody would wait for.
  LoadedProgram(std::shared_ptr<const program::Program> program, const target::Target &target);

  const fb::ProgramT &header() const { return program->header; }
  /// Whether a core has a `commit` instruction.
  bool hasCommits() const;

  std::shared_ptr<const program::Program> program;
  target::Target target;
  std::vector<LoadedCore> cores;
  /// Boxes of the program's own tensors.
  std::vector<Box> tensors;
  /// Graphs of the host calls.
  std::vector<graph::Graph> graphs;

  /// "core 2, layer 'conv1', instruction 17", for messages.
  std::string describe(size_t core, size_t position) const;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_MACHINE_LOADEDPROGRAM_H
