//===- Host.cpp - host ------------------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Functional/Semantics.h"

#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::runtime;

void runtime::execute(CoreState &core, const isa::Host &inst) {
  MachineState &machine = *core.machine;
  const LoadedProgram &program = machine.executable.program;
  const fb::HostCallT &call = *program.header().host_calls[inst.call];
  try {
    if (!machine.hosts[inst.call])
      machine.hosts[inst.call].emplace(program.graphs[inst.call]);
    machine.hostBuffers.resize(std::max(machine.hostBuffers.size(), call.inputs.size()));
    std::vector<std::span<const std::byte>> inputs;
    for (size_t i = 0; i < call.inputs.size(); ++i) {
      const Box &box = program.tensors[call.inputs[i]];
      machine.hostBuffers[i].resize(box.bytes());
      readBox(machine, box, machine.hostBuffers[i].data());
      inputs.push_back(machine.hostBuffers[i]);
    }
    const std::vector<graph::TensorView> outputs = machine.hosts[inst.call]->run(inputs);
    for (size_t i = 0; i < call.outputs.size(); ++i) {
      const Box &box = program.tensors[call.outputs[i]];
      if (outputs[i].bytes.size() != box.bytes())
        fail("output ", i, " has ", outputs[i].bytes.size(), " bytes, its tensor ", box.bytes());
      writeBox(machine, box, outputs[i].bytes.data());
    }
  } catch (const Error &error) {
    fail("host call '", call.name, "': ", error.what());
  }
}
