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

namespace {
/// What does not depend on the die.
struct Design {
  Design(std::shared_ptr<const program::Program> source, const target::Target &target);

  LoadedProgram program;
  Costs costs;

private:
  void addCommits(const CommitPlan &plan);
};
} // namespace

Design::Design(std::shared_ptr<const program::Program> source, const target::Target &target)
    : program(std::move(source), target) {
  const TimingTable table(program);
  if (!program.hasCommits()) {
    costs = computeCosts(program, table, runTiming(program, table));
    return;
  }
  const CommitPlan plan = pim::runtime::planCommits(program, table, {CommitPolicy::Kind::Program});
  costs = computeCosts(program, table, plan.timing);
  addCommits(plan);
}

/// Commits belong to no layer: they are the whole chip's.
void Design::addCommits(const CommitPlan &plan) {
  uint64_t bits = 0;
  for (const CommitPoint &point : plan.points)
    bits += point.savedBits;
  const double joules = double(bits) * program.target.power.commitEnergyPjPerBit * 1e-12;
  costs.other.energyJoules[Component::Commit] += joules;
  costs.energyJoules[Component::Commit] += joules;
}

struct Simulator::Loaded {
  Loaded(std::shared_ptr<const Design> shared, const SimulatorOptions &options)
      : design(std::move(shared)), program(design->program), costs(design->costs),
        executable(program, options.seed, options.progress), options(options) {}

  std::shared_ptr<const Design> design;
  const LoadedProgram &program;
  const Costs &costs;
  Executable executable;
  SimulatorOptions options;
};

Simulator::Simulator(std::unique_ptr<const Loaded> loaded) : loaded(std::move(loaded)) {}

Simulator::Simulator(std::shared_ptr<const program::Program> program, const target::Target &target,
                     const SimulatorOptions &options)
    : Simulator(std::make_unique<const Loaded>(
          std::make_shared<const Design>(std::move(program), target), options)) {}

std::shared_ptr<const Simulator> Simulator::onDie(uint64_t seed) const {
  SimulatorOptions options = loaded->options;
  options.seed = seed;
  options.progress = {}; // several chips may be made at a time
  return std::shared_ptr<const Simulator>(
      new Simulator(std::make_unique<const Loaded>(loaded->design, options)));
}

Simulator::~Simulator() = default;

const program::Program &Simulator::program() const { return *loaded->program.program; }

const target::Target &Simulator::target() const { return loaded->program.target; }

const Costs &Simulator::costs() const { return loaded->costs; }

std::shared_ptr<const CommitPlan>
Simulator::planCommits(const CommitPolicy &policy, const std::function<Uptime()> &uptime) const {
  return std::make_shared<const CommitPlan>(
      pim::runtime::planCommits(loaded->program, TimingTable(loaded->program), policy, uptime));
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
             std::span<const std::span<std::byte>> outputs, uint32_t sample);
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
                                       std::span<const std::span<std::byte>> outputs,
                                       uint32_t sample) {
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
  machine.sample = sample;
  for (size_t i = 0; i < inputs.size(); ++i)
    writeBox(machine, boxOf(program(), *header.inputs[i]), inputs[i].data());
}

void Simulator::Instance::State::readOutputs(std::span<const std::span<std::byte>> outputs) const {
  for (size_t i = 0; i < outputs.size(); ++i)
    readBox(machine, boxOf(program(), *program().header().outputs[i]), outputs[i].data());
}

void Simulator::Instance::run(std::span<const std::span<const std::byte>> inputs,
                              std::span<const std::span<std::byte>> outputs,
                              const LayerObserver &observer, uint32_t sample) {
  MachineState &machine = state->machine;
  state->begin(inputs, outputs, sample);

  ExecutionObserver execution;
  execution.interleaving = state->simulator->loaded->options.interleaving;
  const ReadTensor read = [&](uint32_t tensor) -> std::span<const std::byte> {
    const Box &box = state->program().tensors[tensor];
    state->layerBytes.resize(box.bytes());
    readBox(machine, box, state->layerBytes.data());
    return state->layerBytes;
  };
  if (observer)
    execution.onLayer = [&](size_t layer) { observer(layer, read); };
  // Nobody looks on: the fast way.
  const bool isPlain = !execution.onLayer && execution.interleaving == 0;
  state->executed = runCores(machine, isPlain ? nullptr : &execution);

  state->readOutputs(outputs);
}

void Simulator::Instance::runIntermittent(std::span<const std::span<const std::byte>> inputs,
                                          std::span<const std::span<std::byte>> outputs,
                                          const CommitPlan &plan, std::span<const Cut> cuts,
                                          uint64_t seed, uint32_t sample) {
  state->begin(inputs, outputs, sample);
  pim::runtime::runIntermittent(state->machine, plan, cuts, seed);
  state->readOutputs(outputs);
}
