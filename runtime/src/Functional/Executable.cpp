//===- Executable.cpp - a program, programmed into arrays -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Functional/Executable.h"

#include "pim/Runtime/Faults/CellFaults.h"
#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::runtime;

/// The cells of all rounds of a core. Each round begins with physical array 0, whose stuck cells
/// are the same in every round.
static std::vector<uint64_t> faultsByRound(const fb::CoreT &tables, std::span<const uint64_t> words,
                                           const program::CellLayout &layout,
                                           const target::Target &target, const Die &die) {
  std::vector<uint64_t> all;
  for (size_t round = 0; round < std::max<size_t>(1, tables.rounds.size()); ++round) {
    const auto [begin, end] = program::imagesOfRound(tables, round);
    const std::vector<uint64_t> faulty = faultyCells(
        words.subspan(begin * layout.words(), (end - begin) * layout.words()), layout, target, die);
    all.insert(all.end(), faulty.begin(), faulty.end());
  }
  return all;
}

Executable::Executable(const LoadedProgram &program, uint64_t seed,
                       const std::function<void(int64_t done, int64_t total)> &progress)
    : program(program) {
  int64_t done = 0, total = 0;
  for (const auto &core : program.cores)
    total += int64_t(core.tables->groups.size());
  const ArrayKind &kind = findArrayKind(target::nameOf(program.target.array.kind));
  const program::CellLayout layout = program::CellLayout::of(program.target);
  for (size_t i = 0; i < program.cores.size(); ++i) {
    const fb::CoreT &tables = *program.cores[i].tables;
    const Die die{seed, uint32_t(i)};
    std::vector<uint64_t> faulty;
    CellImages cells{program.program->cellsOf(i), layout};
    if (hasCellFaults(program.target)) {
      faulty = faultsByRound(tables, cells.words, layout, program.target, die);
      cells.words = faulty;
    }
    CoreExecutable &core = cores.emplace_back();
    for (size_t g = 0; g < tables.groups.size(); ++g) {
      try {
        core.groups.push_back(kind.program(*tables.groups[g], cells, program.target, die));
      } catch (const Error &error) {
        fail("core ", i, ", array group ", g, ": ", error.what());
      }
      if (progress)
        progress(++done, total);
    }
    for (const auto &table : tables.requantize)
      core.requantize.emplace_back(*table);
    // The pools and the gather work on windows whose elements they know.
    for (const isa::Instruction &instruction : program.cores[i].code)
      if (const auto *mvm = instruction.getIf<isa::Mvm>())
        if (tables.windows[mvm->window]->element != fb::ElementType::I8)
          fail("core ", i,
               ": an mvm drives arrays with inputs that are not i8; the simulator takes i8");
  }
}
