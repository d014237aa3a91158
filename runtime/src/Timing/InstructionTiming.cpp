//===- InstructionTiming.cpp - how long instructions take -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/InstructionTiming.h"

#include "pim/Runtime/Timing/Mesh.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::runtime;

static uint64_t ceilDivide(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

//===----------------------------------------------------------------------===//
// Transfers
//===----------------------------------------------------------------------===//

/// Routers between a core and the port of global memory, which is at the corner (0, 0), its own
/// included.
static uint32_t hopsToMemory(const fb::CoreT &core) { return uint32_t(core.x) + core.y + 1; }

static uint32_t hopsBetween(const fb::CoreT &a, const fb::CoreT &b) {
  return uint32_t(std::abs(int(a.x) - int(b.x)) + std::abs(int(a.y) - int(b.y)));
}

/// Where a box lies, seen from a core.
static uint32_t hopsTo(const LoadedProgram &program, uint32_t core, const Box &box) {
  const fb::CoreT &own = *program.cores[core].tables;
  return box.space == fb::Space::Global ? hopsToMemory(own)
                                        : hopsBetween(own, *program.cores[box.core].tables);
}

/// The router of a box: that of its core, or the corner where global memory is.
static MeshNode nodeOf(const LoadedProgram &program, const Box &box) {
  if (box.space == fb::Space::Global)
    return {0, 0};
  return {program.cores[box.core].tables->x, program.cores[box.core].tables->y};
}

/// The data travel from the source to the core that copies, and from there to the destination.
static void addLinks(const LoadedProgram &program, uint32_t core, const Box *src, const Box &dst,
                     TransferShape &shape) {
  const MeshNode own{program.cores[core].tables->x, program.cores[core].tables->y};
  const uint32_t columns = program.target.chip.meshCols;
  shape.links = linksBetween(own, nodeOf(program, dst), columns);
  if (!src)
    return;
  const std::vector<uint32_t> to = linksBetween(nodeOf(program, *src), own, columns);
  shape.links.insert(shape.links.end(), to.begin(), to.end());
}

static void addMemory(const Box &box, bool isWrite, TransferShape &shape) {
  const bool isGlobal = box.space == fb::Space::Global;
  (isWrite ? (isGlobal ? shape.writesGlobal : shape.writesScratchpad)
           : (isGlobal ? shape.readsGlobal : shape.readsScratchpad)) = true;
}

template <size_t N> static TransferShape shapeOf(const std::array<const Box *, N> &boxes) {
  const CommonRuns<N> runs(boxes);
  const uint32_t elementBytes = boxes[0]->elementBytes;
  bool isContiguous = true;
  for (size_t n = 0; n < N; ++n)
    isContiguous &= runs.count == 1 || runs.stride[n] == int64_t(elementBytes);
  TransferShape shape;
  shape.bytes = boxes[0]->bytes();
  shape.runBytes = isContiguous ? runs.count * elementBytes : elementBytes;
  shape.runs = shape.bytes / shape.runBytes;
  return shape;
}

TransferShape runtime::transferShape(const LoadedProgram &program, uint32_t core,
                                     const isa::DmaCopy &copy) {
  const Box &dst = program.cores[core].boxes[copy.dst], &src = program.cores[core].boxes[copy.src];
  TransferShape shape = shapeOf<2>({&dst, &src});
  addMemory(dst, true, shape);
  addMemory(src, false, shape);
  shape.hops = hopsTo(program, core, dst) + hopsTo(program, core, src);
  addLinks(program, core, &src, dst, shape);
  return shape;
}

TransferShape runtime::transferShape(const LoadedProgram &program, uint32_t core,
                                     const isa::DmaFill &fill) {
  const Box &dst = program.cores[core].boxes[fill.dst];
  TransferShape shape = shapeOf<1>({&dst});
  addMemory(dst, true, shape);
  shape.hops = hopsTo(program, core, dst);
  addLinks(program, core, nullptr, dst, shape);
  return shape;
}

//===----------------------------------------------------------------------===//
// Programming
//===----------------------------------------------------------------------===//

ProgrammingShape runtime::programmingShape(const LoadedProgram &program, uint32_t core,
                                           const isa::Reprogram &reprogram) {
  const fb::CoreT &tables = *program.cores[core].tables;
  const target::Target &target = program.target;
  const auto [begin, end] = program::imagesOfRound(tables, reprogram.round);
  ProgrammingShape shape;
  shape.arrays = end - begin;
  shape.cells = shape.arrays * target.matrixRows() * target.matrixColumns();
  shape.bytes = ceilDivide(shape.cells * target.cell.bits, 8);
  shape.hops = hopsToMemory(tables);
  shape.links = linksBetween({0, 0}, {tables.x, tables.y}, target.chip.meshCols);
  return shape;
}

//===----------------------------------------------------------------------===//
// The rules, one for each kind of work
//===----------------------------------------------------------------------===//

namespace {

class Rules {
public:
  Rules(const LoadedProgram &program, uint32_t core, const TimingTable &table)
      : program(program), target(program.target), core(core), table(table) {}

  /// Instructions of the sequencer take the cycle in which they issue.
  template <typename X> void operator()(const X &, InstructionTiming &) const {}

  void operator()(const isa::DmaCopy &inst, InstructionTiming &timing) const {
    transfer(transferShape(program, core, inst), timing);
  }
  void operator()(const isa::DmaFill &inst, InstructionTiming &timing) const {
    transfer(transferShape(program, core, inst), timing);
  }
  void operator()(const isa::Mvm &inst, InstructionTiming &timing) const;
  void operator()(const isa::Reprogram &inst, InstructionTiming &timing) const;
  void operator()(const isa::Vrequant &inst, InstructionTiming &timing) const {
    elementwise(box(inst.dst), {&box(inst.src)}, timing);
  }
  void operator()(const isa::Vlookup &inst, InstructionTiming &timing) const {
    elementwise(box(inst.dst), {&box(inst.src)}, timing);
  }
  void operator()(const isa::Vadd &inst, InstructionTiming &timing) const { binary(inst, timing); }
  void operator()(const isa::Vsub &inst, InstructionTiming &timing) const { binary(inst, timing); }
  void operator()(const isa::Vmul &inst, InstructionTiming &timing) const { binary(inst, timing); }
  void operator()(const isa::Vmin &inst, InstructionTiming &timing) const { binary(inst, timing); }
  void operator()(const isa::Vmax &inst, InstructionTiming &timing) const { binary(inst, timing); }
  void operator()(const isa::Vmaxpool &inst, InstructionTiming &timing) const {
    pool(box(inst.dst), window(inst.window), timing);
  }
  void operator()(const isa::Vavgpool &inst, InstructionTiming &timing) const {
    pool(box(inst.dst), window(inst.window), timing);
  }
  void operator()(const isa::Host &inst, InstructionTiming &timing) const {
    timing.occupancy = cycles(table.hostSeconds(program, inst.call) * 1e9);
  }

private:
  const Box &box(uint32_t index) const { return program.cores[core].boxes[index]; }
  const fb::WindowDescriptorT &window(uint32_t index) const {
    return *program.cores[core].tables->windows[index];
  }
  /// Whole cycles. A target may say anything: what would take longer than a quarter of an hour
  /// takes that.
  uint64_t cycles(double ns) const { return target.cyclesFor(std::min(ns, 1e12)); }
  /// Cycles that a bandwidth of 10^9 bytes a second takes for `bytes`.
  uint64_t cyclesAt(double gbPerSecond, uint64_t bytes) const {
    return cycles(double(bytes) / gbPerSecond);
  }

  void transfer(const TransferShape &shape, InstructionTiming &timing) const;
  void vectorWork(uint64_t operations, uint64_t bytesRead, uint64_t bytesWritten,
                  InstructionTiming &timing) const;
  template <typename X> void binary(const X &inst, InstructionTiming &timing) const {
    elementwise(box(inst.dst), {&box(inst.a), &box(inst.b)}, timing);
  }
  void elementwise(const Box &dst, std::initializer_list<const Box *> sources,
                   InstructionTiming &timing) const;
  void pool(const Box &dst, const fb::WindowDescriptorT &from, InstructionTiming &timing) const;

  const LoadedProgram &program;
  const target::Target &target;
  uint32_t core;
  const TimingTable &table;
};

} // namespace

void Rules::transfer(const TransferShape &shape, InstructionTiming &timing) const {
  const bool usesGlobal = shape.readsGlobal || shape.writesGlobal;
  uint64_t moving = shape.runs * ceilDivide(shape.runBytes, target.dma.bytesPerCycle);
  moving =
      std::max(moving, shape.runs * ceilDivide(shape.runBytes, target.scratchpad.bytesPerCycle));
  if (shape.readsScratchpad || shape.writesScratchpad)
    timing.portCycles = moving;
  if (shape.hops != 0) {
    timing.links = shape.links;
    timing.linkCycles = cyclesAt(target.noc.linkGbPerS, shape.bytes);
    moving = std::max(moving, timing.linkCycles);
  }
  if (usesGlobal) {
    timing.channelCycles =
        cyclesAt(target.globalMemory.bandwidthGbPerS,
                 shape.bytes * (shape.readsGlobal && shape.writesGlobal ? 2 : 1));
    moving = std::max(moving, timing.channelCycles);
  }
  timing.occupancy = target.dma.setupCycles + moving;
  double latencyNs = shape.hops * target.noc.hopNs;
  if (shape.readsGlobal) // the request travels too
    latencyNs += target.globalMemory.latencyNs + shape.hops * target.noc.hopNs;
  if (shape.writesGlobal)
    latencyNs += target.globalMemory.latencyNs;
  timing.latency = cycles(latencyNs);
}

void Rules::operator()(const isa::Mvm &inst, InstructionTiming &timing) const {
  timing.group = inst.group;
  const fb::ArrayGroupT &group = *program.cores[core].tables->groups[inst.group];
  const fb::WindowDescriptorT &from = window(inst.window);
  const MatrixVectorTime time = matrixVectorTime(target, group, table.groups[core][inst.group]);
  // One vector in and one row of results out for each position, through the port of the arrays.
  const uint64_t bytesIn = uint64_t(group.matrix_rows) * elementBytesOf(from.element) +
                           (inst.accumulate ? uint64_t(group.matrix_cols) * 4 : 0);
  const uint64_t bytesOut = uint64_t(group.matrix_cols) * 4;
  const uint64_t portCycles =
      ceilDivide(std::max(bytesIn, bytesOut), target.scratchpad.bytesPerCycle);
  const double perPosition = std::max(time.perPositionNs, double(portCycles) * target.cycleNs());
  timing.occupancy = cycles(double(from.out_rows) * from.out_cols * perPosition);
  timing.portCycles = uint64_t(from.out_rows) * from.out_cols * portCycles;
  timing.latency = cycles(time.fillNs) + portCycles;
}

/// The arrays of a core are written side by side, row after row, while the images come in.
void Rules::operator()(const isa::Reprogram &inst, InstructionTiming &timing) const {
  const ProgrammingShape shape = programmingShape(program, core, inst);
  timing.takesAllArrays = true;
  timing.links = shape.links;
  timing.linkCycles = cyclesAt(target.noc.linkGbPerS, shape.bytes);
  timing.storeCycles = cyclesAt(target.weightStore.bandwidthGbPerS, shape.bytes);
  // A word line of an AND array holds one bit of each weight of an output.
  const bool isAnd = target.array.kind == target::ArrayKind::And;
  const double writeNs =
      double(isAnd ? target.matrixColumns() : target.matrixRows()) * target.cell.writeLatencyNs;
  timing.occupancy = cycles(target.weightStore.latencyNs + shape.hops * target.noc.hopNs) +
                     std::max({timing.linkCycles, timing.storeCycles, cycles(writeNs)});
}

void Rules::vectorWork(uint64_t operations, uint64_t bytesRead, uint64_t bytesWritten,
                       InstructionTiming &timing) const {
  timing.occupancy =
      std::max(ceilDivide(operations, target.dpu.lanes),
               ceilDivide(std::max(bytesRead, bytesWritten), target.scratchpad.bytesPerCycle));
  timing.portCycles =
      ceilDivide(std::max(bytesRead, bytesWritten), target.scratchpad.bytesPerCycle);
  timing.latency = target.dpu.latencyCycles;
}

void Rules::elementwise(const Box &dst, std::initializer_list<const Box *> sources,
                        InstructionTiming &timing) const {
  uint64_t bytesRead = 0;
  for (const Box *source : sources)
    bytesRead += source->bytes();
  vectorWork(dst.elements(), bytesRead, dst.bytes(), timing);
}

void Rules::pool(const Box &dst, const fb::WindowDescriptorT &from,
                 InstructionTiming &timing) const {
  const uint64_t taps = dst.elements() * from.kernel_rows * from.kernel_cols;
  vectorWork(taps, taps * dst.elementBytes, dst.bytes(), timing);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// What an instruction reads and writes in memories, as the instruction table says.
static std::vector<AccessPattern> accessesOf(const LoadedCore &core,
                                             const isa::Instruction &instruction) {
  const isa::InstructionInfo &info = isa::info(instruction.opcode());
  const isa::Operands operands = isa::operands(instruction);
  std::vector<AccessPattern> patterns;
  for (const isa::EffectInfo &effect : info.effects) {
    if (effect.condition >= 0 && operands[size_t(effect.condition)] == 0)
      continue;
    AccessPattern pattern;
    pattern.isWrite = effect.access == isa::Access::Write;
    if (effect.offset >= 0)
      pattern.offsetRegister = uint32_t(operands[size_t(effect.offset)]);
    const size_t index = size_t(operands[size_t(effect.field)]);
    const isa::FieldKind kind = info.fields[size_t(effect.field)].kind;
    if (kind == isa::FieldKind::Tensor)
      pattern.box = &core.boxes[index];
    else if (kind == isa::FieldKind::Window)
      pattern.window = core.tables->windows[index].get();
    else
      continue;
    patterns.push_back(pattern);
  }
  return patterns;
}

TimingTable::TimingTable(const LoadedProgram &program) {
  const target::Target &target = program.target;
  const uint32_t activeRows =
      target.array.kind == target::ArrayKind::Xbar ? target.array.activeRows : ~0u;
  groups.resize(program.cores.size());
  instructions.resize(program.cores.size());
  for (size_t i = 0; i < program.cores.size(); ++i) {
    const LoadedCore &core = program.cores[i];
    for (const auto &group : core.tables->groups)
      groups[i].push_back(arrayUses(*group, activeRows));
    const Rules rules(program, uint32_t(i), *this);
    for (const isa::Instruction &instruction : core.code) {
      InstructionTiming &timing = instructions[i].emplace_back();
      timing.unit = isa::info(instruction.opcode()).unit;
      isa::visit(instruction, [&](const auto &inst) { rules(inst, timing); });
      if (timing.unit != isa::Unit::Sequencer)
        timing.accesses = accessesOf(core, instruction);
    }
  }
}

double TimingTable::hostSeconds(const LoadedProgram &program, uint32_t call) const {
  const target::Target::Host &host = program.target.host;
  return runtime::hostSeconds(hostWork(program.graphs[call], host), host);
}
