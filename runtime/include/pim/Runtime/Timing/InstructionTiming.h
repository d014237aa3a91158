//===- InstructionTiming.h - how long instructions take --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The numbers of the timing model, worked out once for each instruction of a program: the rules are
// those of docs/cost-model.md, the data those of the target. Nothing here depends on registers.
//
// Tested by runtime/tests/Timing/InstructionTimingTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TIMING_INSTRUCTIONTIMING_H
#define PIM_RUNTIME_TIMING_INSTRUCTIONTIMING_H

#include "pim/ISA/InstructionInfo.h"
#include "pim/Runtime/Arrays/PhysicalArray.h"
#include "pim/Runtime/Machine/LoadedProgram.h"
#include "pim/Runtime/Machine/WindowRows.h"

namespace pim::runtime {

/// A memory access of an instruction; exactly one of `box` and `window` is set.
struct AccessPattern {
  bool isWrite = false;
  const Box *box = nullptr;
  const fb::WindowDescriptorT *window = nullptr;
  uint32_t offsetRegister = 0;
};

struct InstructionTiming {
  isa::Unit unit = isa::Unit::Sequencer;
  /// Cycles for which the unit (for arrays: the arrays of the group) is taken.
  uint64_t occupancy = 0;
  /// Cycles from then to the completion.
  uint64_t latency = 0;
  /// Cycles for which global memory works for nobody else.
  uint64_t channelCycles = 0;
  uint32_t group = 0; ///< of an instruction for arrays
  bool takesAllArrays = false;
  /// Cycles for which the weight store works for nobody else.
  uint64_t storeCycles = 0;
  std::vector<AccessPattern> accesses;
  /// Links of the mesh on the way, in both directions of a copy from memory to memory, and the
  /// cycles for which they work for nobody else.
  std::vector<uint32_t> links;
  uint64_t linkCycles = 0;
  uint64_t portCycles = 0; ///< of a port of the scratchpad
};

/// Bytes, runs of bytes and hops of a copy or fill.
struct TransferShape {
  uint64_t bytes = 0;
  uint64_t runs = 0;     ///< pieces without a gap in either memory
  uint64_t runBytes = 0; ///< of one piece
  bool readsGlobal = false, writesGlobal = false;
  bool readsScratchpad = false, writesScratchpad = false;
  uint32_t hops = 0;           ///< between the memories
  std::vector<uint32_t> links; ///< of the mesh, from the source by way of the core
};
TransferShape transferShape(const LoadedProgram &program, uint32_t core, const isa::DmaCopy &copy);
TransferShape transferShape(const LoadedProgram &program, uint32_t core, const isa::DmaFill &fill);

/// What a `reprogram` writes, and the way that it takes from the corner of the mesh, where the
/// weight store is connected.
struct ProgrammingShape {
  uint64_t arrays = 0;
  uint64_t cells = 0;
  uint64_t bytes = 0; ///< of the images
  uint32_t hops = 0;
  std::vector<uint32_t> links;
};
ProgrammingShape programmingShape(const LoadedProgram &program, uint32_t core,
                                  const isa::Reprogram &reprogram);

/// Work of the host in a call.
struct HostWork {
  uint64_t operations = 0; ///< a multiply-accumulate is two
  uint64_t bytes = 0;      ///< of inputs and outputs
  uint64_t macs = 0;       ///< multiply-accumulates, and operations of other kinds
  /// Bytes between registers and first cache, the caches, and last cache and memory; 0 where the
  /// target does not describe them.
  uint64_t l1Bytes = 0, l2Bytes = 0, dramBytes = 0;
};
/// REQUIRES: tensors of static shape. docs/cost-model.md has the model of traffic.
HostWork hostWork(const graph::Graph &graph, const target::Target::Host &host = {});
/// Seconds that a call takes.
double hostSeconds(const HostWork &work, const target::Target::Host &host);

/// Nanoseconds that the arrays of a group take for one output position, and for the first one to
/// get through.
struct MatrixVectorTime {
  double perPositionNs = 0;
  double fillNs = 0;
};
/// By the kind of the target's arrays.
MatrixVectorTime matrixVectorTime(const target::Target &target, const fb::ArrayGroupT &group,
                                  std::span<const ArrayUse> uses);

/// The times of every instruction of a program.
struct TimingTable {
  explicit TimingTable(const LoadedProgram &program);

  /// [core][position]
  std::vector<std::vector<InstructionTiming>> instructions;
  /// Arrays of each group: [core][group]
  std::vector<std::vector<std::vector<ArrayUse>>> groups;
  double hostSeconds(const LoadedProgram &program, uint32_t call) const;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_TIMING_INSTRUCTIONTIMING_H
