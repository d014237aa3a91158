//===- CommitPlacement.h - where commits are worth their time --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Policy "auto". A supply that fails once in `mean` cycles, at random, asks for a commit where what
// a failure is expected to undo outweighs what the commit writes. Ends of layers are places where
// little must be written, but they lie where they lie: which of them to take so that an inference
// is expected to end soonest is the shortest path from its beginning to its end. Where layers take
// too long for the supply, commits every N cycles are expected to end sooner and are taken instead.
//
// Tested by runtime/tests/Power/CommitPlacementTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_POWER_COMMITPLACEMENT_H
#define PIM_RUNTIME_SRC_POWER_COMMITPLACEMENT_H

#include "pim/Runtime/Power/CommitPlan.h"
#include "pim/Runtime/Power/Liveness.h"

#include <functional>

namespace pim::runtime {

/// What a plan is made by.
struct Placement {
  CommitPolicy policy;           ///< not "auto"
  std::vector<uint8_t> atLayers; ///< of "layer": at whose ends; empty: of all
  bool mayForce = false;         ///< commit before an input is overwritten, where "layer" refuses

  bool commitsAfter(size_t layer) const { return atLayers.empty() || atLayers[layer] != 0; }
};

CommitPlan planWith(const LoadedProgram &program, const TimingTable &table,
                    const ProgramLiveness &liveness, const Placement &placement);

/// The plan of policy "auto".
CommitPlan planSoonest(const LoadedProgram &program, const TimingTable &table,
                       const ProgramLiveness &liveness, const Uptime &uptime);

/// Bits that every commit of a program writes: registers, loops and position of its cores, and
/// semaphores.
uint64_t controlBits(const LoadedProgram &program);
/// The same of one core.
inline constexpr uint64_t sequencerBits = 31 * 32 + 8 * 3 * 32 + 32;

/// That the cores together write and read.
uint64_t bitsPerCycle(const LoadedProgram &program);

uint64_t commitCycles(const target::Target &target, uint64_t bits, uint64_t bitsPerCycle);

/// What commits at some points of a plan would write if there were none at others.
class SavedBits {
public:
  /// `points`, in order, are of a plan of the program; the first is the beginning.
  SavedBits(const LoadedProgram &program, const ProgramLiveness &liveness, const CommitPlan &plan,
            const std::vector<size_t> &points);

  /// By the commit at points[to] if the last one was at points[from].
  uint64_t between(size_t from, size_t to) const { return bits[to][from]; }

private:
  std::vector<std::vector<uint64_t>> bits;
};

/// The shortest path from 0 to `last` through some of the places between: those, in order.
/// `cost(i, j)` of a step. Where all paths have infinite costs, all places. Source: Toueg and
/// Babaoglu, "On the optimum checkpoint selection problem", SIAM Journal on Computing 13 (1984).
std::vector<size_t> shortestPath(size_t last, const std::function<double(size_t, size_t)> &cost);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_POWER_COMMITPLACEMENT_H
