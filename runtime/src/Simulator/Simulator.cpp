//===- Simulator.cpp - runs compiled programs -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Simulator.h"

#include "pim/Runtime/Energy/EnergyModel.h"
#include "pim/Runtime/Functional/Executor.h"
#include "pim/Runtime/Power/IntermittentRun.h"
#include "pim/Support/Error.h"

using namespace pim;
using namespace pim::runtime;

//===----------------------------------------------------------------------===//
// Simulator
//===----------------------------------------------------------------------===//

struct Simulator::Loaded {
  Loaded(std::shared_ptr<const program::Program> program, const target::Target &target,
         const SimulatorOptions &options)
      : program(std::move(program), target), executable(this->program),
        interleaving(options.interleaving) {
    const TimingTable table(this->program);
    if (!this->program.hasCommits()) {
      costs = computeCosts(this->program, table, runTiming(this->program, table));
      return;
    }
    const CommitPlan plan =
        pim::runtime::planCommits(this->program, table, {CommitPolicy::Kind::Program});
    costs = computeCosts(this->program, table, plan.timing);
    addCommits(plan);
  }

  /// Commits belong to no layer: they are the whole chip's.
  void addCommits(const CommitPlan &plan) {
    uint64_t bits = 0;
    for (const CommitPoint &point : plan.points)
      bits += point.savedBits;
    const double joules = double(bits) * target().power.commitEnergyPjPerBit * 1e-12;
    costs.other.energyJoules[Component::Commit] += joules;
    costs.energyJoules[Component::Commit] += joules;
  }
  const target::Target &target() const { return program.target; }

  LoadedProgram program;
  Executable executable;
  uint64_t interleaving;
  Costs costs;
};

Simulator::Simulator(std::shared_ptr<const program::Program> program, const target::Target &target,
                     const SimulatorOptions &options)
    : loaded(std::make_unique<const Loaded>(std::move(program), target, options)) {}

Simulator::~Simulator() = default;

const program::Program &Simulator::program() const { return *loaded->program.program; }

const target::Target &Simulator::target() const { return loaded->program.target; }

const Costs &Simulator::costs() const { return loaded->costs; }

std::shared_ptr<const CommitPlan> Simulator::planCommits(const CommitPolicy &policy) const {
  return std::make_shared<const CommitPlan>(
      pim::runtime::planCommits(loaded->program, TimingTable(loaded->program), policy));
}

size_t Simulator::inputCount() const { return loaded->program.header().inputs.size(); }

size_t Simulator::outputCount() const { return loaded->program.header().outputs.size(); }

static const Box &boxOf(const LoadedProgram &program, const fb::PortT &port) {
  return program.tensors[port.tensor];
}

size_t Simulator::inputBytes(size_t port) const {
  return boxOf(loaded->program, *loaded->program.header().inputs[port]).bytes();
}

size_t Simulator::outputBytes(size_t port) const {
  return boxOf(loaded->program, *loaded->program.header().outputs[port]).bytes();
}

//===----------------------------------------------------------------------===//
// Instance
//===----------------------------------------------------------------------===//

struct Simulator::Instance::State {
  explicit State(std::shared_ptr<const Simulator> owner)
      : simulator(std::move(owner)), machine(simulator->loaded->executable) {}

  /// The memories at the beginning of an inference.
  void begin(std::span<const std::span<const std::byte>> inputs,
             std::span<const std::span<std::byte>> outputs);
  void readOutputs(std::span<const std::span<std::byte>> outputs) const;
  const LoadedProgram &program() const { return simulator->loaded->program; }

  std::shared_ptr<const Simulator> simulator;
  MachineState machine;
  std::vector<std::byte> layerBytes;
  uint64_t executed = 0;
};

Simulator::Instance::Instance(std::shared_ptr<const Simulator> simulator)
    : state(std::make_unique<State>(std::move(simulator))) {}

Simulator::Instance::~Instance() = default;
Simulator::Instance::Instance(Instance &&) noexcept = default;
Simulator::Instance &Simulator::Instance::operator=(Instance &&) noexcept = default;

uint64_t Simulator::Instance::executedInstructions() const { return state->executed; }

void Simulator::Instance::State::begin(std::span<const std::span<const std::byte>> inputs,
                                       std::span<const std::span<std::byte>> outputs) {
  const fb::ProgramT &header = program().header();
  if (inputs.size() != header.inputs.size() || outputs.size() != header.outputs.size())
    fail("the program has ", header.inputs.size(), " inputs and ", header.outputs.size(),
         " outputs, got buffers for ", inputs.size(), " and ", outputs.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].size() != simulator->inputBytes(i))
      fail("input '", header.inputs[i]->name, "' takes ", simulator->inputBytes(i), " bytes, got ",
           inputs[i].size());
  for (size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].size() != simulator->outputBytes(i))
      fail("output '", header.outputs[i]->name, "' gives ", simulator->outputBytes(i),
           " bytes, got a buffer of ", outputs[i].size());
  machine.reset();
  for (size_t i = 0; i < inputs.size(); ++i)
    writeBox(machine, boxOf(program(), *header.inputs[i]), inputs[i].data());
}

void Simulator::Instance::State::readOutputs(std::span<const std::span<std::byte>> outputs) const {
  for (size_t i = 0; i < outputs.size(); ++i)
    readBox(machine, boxOf(program(), *program().header().outputs[i]), outputs[i].data());
}

void Simulator::Instance::run(std::span<const std::span<const std::byte>> inputs,
                              std::span<const std::span<std::byte>> outputs,
                              const LayerObserver &observer) {
  const LoadedProgram &program = state->program();
  const fb::ProgramT &header = program.header();
  MachineState &machine = state->machine;
  state->begin(inputs, outputs);

  ExecutionObserver execution;
  execution.interleaving = state->simulator->loaded->interleaving;
  if (observer)
    execution.onLayer = [&](size_t layer) {
      if (header.layers[layer]->output < 0)
        return;
      const Box &box = program.tensors[size_t(header.layers[layer]->output)];
      state->layerBytes.resize(box.bytes());
      readBox(machine, box, state->layerBytes.data());
      observer(layer, state->layerBytes);
    };
  // Nobody looks on: the fast way.
  const bool isPlain = !execution.onLayer && execution.interleaving == 0;
  state->executed = runCores(machine, isPlain ? nullptr : &execution);

  state->readOutputs(outputs);
}

void Simulator::Instance::runIntermittent(std::span<const std::span<const std::byte>> inputs,
                                          std::span<const std::span<std::byte>> outputs,
                                          const CommitPlan &plan, std::span<const Cut> cuts,
                                          uint64_t seed) {
  state->begin(inputs, outputs);
  pim::runtime::runIntermittent(state->machine, plan, cuts, seed);
  state->readOutputs(outputs);
}
