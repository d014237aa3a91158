//===- MachineState.cpp - everything that an inference changes --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Functional/MachineState.h"

#include "pim/Support/Error.h"

#include <cstring>

using namespace pim;
using namespace pim::runtime;

MachineState::MachineState(const Executable &executable) : executable(executable) {
  const LoadedProgram &program = executable.program;
  globalMemory.assign(program.header().global_memory_bytes);
  cores.resize(program.cores.size());
  for (size_t i = 0; i < cores.size(); ++i) {
    CoreState &core = cores[i];
    core.machine = this;
    core.loaded = &program.cores[i];
    core.executable = &executable.cores[i];
    core.number = uint32_t(i);
    core.scratchpad.assign(core.loaded->tables->scratchpad_bytes);
  }
  semaphores.resize(program.header().semaphores);
  hosts.resize(program.graphs.size());
}

void MachineState::reset() {
  std::memset(globalMemory.data(), 0, globalMemory.size());
  const program::Program &program = *executable.program.program;
  for (const auto &image : program.header.memory_images)
    if (image->size != 0)
      std::memcpy(globalMemory.data() + image->address, program.constants.data() + image->offset,
                  image->size);
  for (CoreState &core : cores) {
    std::memset(core.scratchpad.data(), 0, core.scratchpad.size());
    core.sequencer = {};
  }
  std::fill(semaphores.begin(), semaphores.end(), 0);
}

uint8_t *runtime::resolve(CoreState &core, const Box &box, int32_t offset) {
  AlignedBuffer<uint8_t> &memory = box.space == fb::Space::Global
                                       ? core.machine->globalMemory
                                       : core.machine->cores[box.core].scratchpad;
  const int64_t first = box.base + offset;
  if (first + box.low < 0 || first + box.high > int64_t(memory.size())) [[unlikely]]
    fail(core.machine->executable.program.describe(core.number, core.sequencer.position),
         ": reaches bytes ", first + box.low, " to ", first + box.high, " of ",
         box.space == fb::Space::Global ? "global memory" : "a scratchpad", ", which has ",
         memory.size());
  return memory.data() + first;
}

void runtime::copyBox(const Box &box, uint8_t *memory, uint8_t *dense, bool isRead) {
  Box packed = box;
  int64_t stride = box.elementBytes;
  for (size_t d = 4; d-- > 0; stride *= box.sizes[d])
    packed.strides[d] = stride;
  const CommonRuns<2> runs({&box, &packed});
  const bool isContiguous = runs.stride[0] == int64_t(box.elementBytes);
  runs.forEach({memory, dense}, [&](std::array<uint8_t *, 2> at) {
    if (isContiguous) {
      std::memcpy(at[isRead], at[!isRead], runs.count * box.elementBytes);
      return;
    }
    for (uint64_t i = 0; i < runs.count; ++i) {
      std::memcpy(at[isRead], at[!isRead], box.elementBytes);
      at[0] += runs.stride[0];
      at[1] += runs.stride[1];
    }
  });
}

void runtime::readBox(const MachineState &machine, const Box &box, std::byte *dense) {
  uint8_t *memory = const_cast<uint8_t *>(machine.globalMemory.data()) + box.base;
  copyBox(box, memory, reinterpret_cast<uint8_t *>(dense), true);
}

void runtime::writeBox(MachineState &machine, const Box &box, const std::byte *dense) {
  uint8_t *source = reinterpret_cast<uint8_t *>(const_cast<std::byte *>(dense));
  copyBox(box, machine.globalMemory.data() + box.base, source, false);
}
