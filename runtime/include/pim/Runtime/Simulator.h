//===- Simulator.h - runs compiled programs --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The simulator as tools and other programs use it:
//
//   auto simulator = std::make_shared<const Simulator>(program, target);
//   Simulator::Instance instance(simulator);   // one for each thread
//   instance.run(inputs, outputs);             // bytes as they lie in the chip's memory
//   simulator->costs().latencySeconds;
//
// Loading decodes and checks the code, programs the arrays and times one inference. What an
// instruction computes (Functional/), when (Timing/) and what it costs (Energy/) are three parts
// that know nothing of each other.
//
// Tested by runtime/tests/Simulator.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SIMULATOR_H
#define PIM_RUNTIME_SIMULATOR_H

#include "pim/Runtime/Energy/Costs.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace pim::program {
struct Program;
}
namespace pim::target {
struct Target;
}

namespace pim::runtime {

struct CommitPlan;
struct CommitPolicy;
struct Cut;
struct Uptime;

struct SimulatorOptions {
  /// Of everything random. Nothing is, unless the target describes non-idealities.
  uint64_t seed = 0;
  /// Not 0: cores take turns as ExecutionObserver::interleaving says.
  uint64_t interleaving = 0;
  /// Called while arrays are programmed, which takes long where their wires have resistance, with
  /// the number of array groups done and of all.
  std::function<void(int64_t done, int64_t total)> progress;
};

/// Sees a layer once every core has left it, by its index in Program.layers. `read` gives the dense
/// row-major bytes of one of the program's tensors, valid until it is called again.
using ReadTensor = std::function<std::span<const std::byte>(uint32_t tensor)>;
using LayerObserver = std::function<void(size_t layer, const ReadTensor &read)>;

/// A program on a target. Immutable, to be shared by threads.
class Simulator {
public:
  /// `target` is the program's own, possibly with overrides. Throws pim::Error if the code, a table
  /// or a cell image of the program is malformed, does not fit the target, or if the program never
  /// ends (a deadlock).
  Simulator(std::shared_ptr<const program::Program> program, const target::Target &target,
            const SimulatorOptions &options = {});
  ~Simulator();
  /// The same program on another chip: the decoded program and the costs are shared.
  std::shared_ptr<const Simulator> onDie(uint64_t seed) const;
  Simulator(const Simulator &) = delete;
  Simulator &operator=(const Simulator &) = delete;

  const program::Program &program() const;
  const target::Target &target() const;
  const Costs &costs() const;

  /// Where an inference commits under a policy, with a supply of that uptime, which policy "auto"
  /// asks for. Throws pim::Error if the program cannot be resumed under it.
  std::shared_ptr<const CommitPlan> planCommits(const CommitPolicy &policy,
                                                const std::function<Uptime()> &uptime) const;

  /// Ports in the program's order, and the bytes that run() takes or gives for each: the elements
  /// of the port's tensor in memory order, dense.
  size_t inputCount() const;
  size_t outputCount() const;
  size_t inputBytes(size_t port) const;
  size_t outputBytes(size_t port) const;

  /// The state of one machine: memories, registers, semaphores. For one thread at a time.
  class Instance {
  public:
    explicit Instance(std::shared_ptr<const Simulator> simulator);
    ~Instance();
    Instance(Instance &&) noexcept;
    Instance &operator=(Instance &&) noexcept;

    /// One inference. REQUIRES: as many buffers as ports, each of the size that inputBytes() or
    /// outputBytes() states. Throws pim::Error if an instruction reaches outside its memory.
    /// Results do not depend on the runs before; noise from read to read depends on `sample`.
    void run(std::span<const std::span<const std::byte>> inputs,
             std::span<const std::span<std::byte>> outputs, const LayerObserver &observer = {},
             uint32_t sample = 0);

    /// run() with cuts of the supply, in order, under a plan of the same simulator. `seed` is that
    /// of what memories hold after a cut.
    void runIntermittent(std::span<const std::span<const std::byte>> inputs,
                         std::span<const std::span<std::byte>> outputs, const CommitPlan &plan,
                         std::span<const Cut> cuts, uint64_t seed, uint32_t sample = 0);

    /// Instructions executed by the last run, over all cores.
    uint64_t executedInstructions() const;

  private:
    struct State;
    std::unique_ptr<State> state;
  };

private:
  struct Loaded;
  explicit Simulator(std::unique_ptr<const Loaded> loaded);
  std::unique_ptr<const Loaded> loaded;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_SIMULATOR_H
