//===- Progress.cpp - a program comes to its end -------------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/Progress.h"

#include "pim/ISA/Assembly.h"
#include "pim/ISA/Codec.h"
#include "pim/ISA/InstructionInfo.h"
#include "pim/Runtime/Machine/Sequencer.h"
#include "pim/Support/Error.h"

#include <optional>
#include <vector>

using namespace pim;
using namespace pim::runtime;

namespace {

/// What all runs of a loop together do to the registers that count and to the semaphores.
struct Summary {
  std::vector<std::pair<uint32_t, uint32_t>> added;   ///< register, modulo 2^32
  std::vector<std::pair<uint32_t, uint64_t>> signals; ///< semaphore, amount

  void repeat(uint32_t times) {
    for (auto &entry : added)
      entry.second *= times;
    for (auto &entry : signals)
      entry.second *= times;
  }
};

/// The code of one core, with its loops summed up where they can be.
class CoreProof {
public:
  explicit CoreProof(std::vector<isa::Instruction> source)
      : code(std::move(source)), summaries(code.size()) {
    findCounters();
    // Inner loops come after their outer ones.
    for (size_t i = code.size(); i-- > 0;)
      if (code[i].getIf<isa::Loop>())
        summaries[i] = summarize(i);
  }

  /// Goes on until the core halts or has to wait. Returns whether it has got anywhere.
  bool run(std::vector<int64_t> &semaphores, ProgressProof &proof);

  bool isDone() const { return state.isHalted; }
  /// "instruction 17 'wait s3, r1, 2' waits for semaphore 3 to reach 9, which ends at 7".
  std::string describeWait(const std::vector<int64_t> &semaphores) const;

private:
  void findCounters();
  std::optional<Summary> summarize(size_t loop) const;
  int64_t threshold(const isa::Wait &wait) const { return int64_t(state[wait.rs]) + wait.imm; }

  std::vector<isa::Instruction> code;
  std::vector<std::optional<Summary>> summaries; ///< of the loops that need not be run
  uint32_t counters = 0; ///< bit r: register r has to do with what a wait waits for
  SequencerState state;
};

} // namespace

/// Calls `use` for each register that a scalar instruction reads, `define` for the one it writes.
template <typename Use, typename Define>
static void forRegisters(const isa::Instruction &instruction, Use use, Define define) {
  const isa::InstructionInfo &info = isa::info(instruction.opcode());
  const isa::Operands operands = isa::operands(instruction);
  for (const isa::EffectInfo &effect : info.effects) {
    if (info.fields[size_t(effect.field)].kind != isa::FieldKind::Register)
      continue;
    const auto number = uint32_t(operands[size_t(effect.field)]);
    if (effect.access == isa::Access::Write)
      define(number);
    else
      use(number);
  }
}

static bool isScalar(const isa::Instruction &instruction) {
  return isa::visit(instruction, [](const auto &inst) {
    return ScalarInstruction<std::decay_t<decltype(inst)>>;
  });
}

/// The registers that waits read, and those that these are computed from.
void CoreProof::findCounters() {
  for (const isa::Instruction &instruction : code)
    if (const auto *wait = instruction.getIf<isa::Wait>())
      counters |= 1u << wait->rs;
  for (uint32_t before = ~counters; before != counters;) {
    before = counters;
    for (const isa::Instruction &instruction : code) {
      if (!isScalar(instruction))
        continue;
      uint32_t read = 0, written = 0;
      forRegisters(
          instruction, [&](uint32_t number) { read |= 1u << number; },
          [&](uint32_t number) { written |= 1u << number; });
      if (written & counters)
        counters |= read;
    }
  }
  counters &= ~1u; // register 0 is 0
}

std::optional<Summary> CoreProof::summarize(size_t index) const {
  const isa::Loop &loop = code[index].as<isa::Loop>();
  Summary summary;
  for (size_t i = index + 1; i <= index + loop.length; ++i) {
    if (const auto *inner = code[i].getIf<isa::Loop>()) {
      if (!summaries[i])
        return std::nullopt;
      summary.added.insert(summary.added.end(), summaries[i]->added.begin(),
                           summaries[i]->added.end());
      summary.signals.insert(summary.signals.end(), summaries[i]->signals.begin(),
                             summaries[i]->signals.end());
      i += inner->length;
    } else if (const auto *signal = code[i].getIf<isa::Signal>()) {
      summary.signals.push_back({signal->semaphore, signal->amount});
    } else if (code[i].getIf<isa::Wait>()) {
      return std::nullopt;
    } else if (isScalar(code[i])) {
      uint32_t written = 0;
      forRegisters(
          code[i], [](uint32_t) {}, [&](uint32_t number) { written |= 1u << number; });
      if ((written & counters) == 0)
        continue;
      const auto *addi = code[i].getIf<isa::Addi>();
      if (!addi || addi->rd != addi->rs)
        return std::nullopt;
      summary.added.push_back({addi->rd, uint32_t(addi->imm)});
    }
  }
  summary.repeat(loop.count);
  return summary;
}

bool CoreProof::run(std::vector<int64_t> &semaphores, ProgressProof &proof) {
  bool moved = false;
  for (; !state.isHalted; moved = true, ++proof.steps) {
    const isa::Instruction &instruction = code[state.position];
    if (const auto *wait = instruction.getIf<isa::Wait>()) {
      if (semaphores[wait->semaphore] < threshold(*wait))
        return moved;
      ++proof.waits;
    } else if (const auto *signal = instruction.getIf<isa::Signal>()) {
      semaphores[signal->semaphore] += signal->amount;
    } else if (const std::optional<Summary> &summary = summaries[state.position]) {
      for (const auto &[number, amount] : summary->added)
        state.write(number, int32_t(uint32_t(state[number]) + amount));
      for (const auto &[semaphore, amount] : summary->signals)
        semaphores[semaphore] += int64_t(amount);
      state.position += instruction.as<isa::Loop>().length;
    } else {
      isa::visit(instruction, [&](const auto &scalar) {
        if constexpr (ScalarInstruction<std::decay_t<decltype(scalar)>>)
          execute(state, scalar);
      });
    }
    state.advance();
  }
  return moved;
}

std::string CoreProof::describeWait(const std::vector<int64_t> &semaphores) const {
  const auto &wait = code[state.position].as<isa::Wait>();
  return "instruction " + std::to_string(state.position) + " '" + isa::print(code[state.position]) +
         "' waits for semaphore " + std::to_string(wait.semaphore) + " to reach " +
         std::to_string(threshold(wait)) + ", which ends at " +
         std::to_string(semaphores[wait.semaphore]);
}

ProgressProof runtime::proveProgress(const program::Program &program) {
  std::vector<CoreProof> cores;
  for (size_t i = 0; i < program.header.cores.size(); ++i)
    cores.emplace_back(isa::decodeAll(program.codeOf(i)));
  std::vector<int64_t> semaphores(program.header.semaphores);
  ProgressProof proof;
  for (bool moved = true; moved;) {
    moved = false;
    for (CoreProof &core : cores)
      moved |= core.run(semaphores, proof);
  }
  for (size_t i = 0; i < cores.size(); ++i)
    if (!cores[i].isDone())
      fail("deadlock: core ", i, ": ", cores[i].describeWait(semaphores));
  return proof;
}
