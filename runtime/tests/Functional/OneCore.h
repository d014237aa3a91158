//===- OneCore.h - a machine with one core, for tests ----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_FUNCTIONAL_ONECORE_H
#define PIM_RUNTIME_TESTS_FUNCTIONAL_ONECORE_H

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Functional/Executor.h"
#include "pim/Support/Error.h"

#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace pim::runtime::testing {

/// Code of one core on memories that the test fills. Descriptors and code first, then start(), then
/// memories, run().
class OneCore : public ::testing::Test {
public:
  void SetUp() override {
    const uint32_t port = builder.tensor(box(fb::Space::Global, fb::ElementType::I8, 0, {1}));
    builder.input("in", port);
    builder.output("out", port);
  }

  void start() {
    core.emit(isa::Halt{});
    loaded = std::make_unique<LoadedProgram>(builder.finish(), builder.target);
    executable = std::make_unique<Executable>(*loaded);
    machine = std::make_unique<MachineState>(*executable);
    machine->reset();
  }
  /// Runs the code once on every processor generation that this machine can stand for; all must
  /// leave the same bytes.
  void run() {
    const auto before = memories();
    std::vector<uint8_t> first;
    for (int64_t generation : hwy::SupportedAndGeneratedTargets()) {
      SCOPED_TRACE(hwy::TargetName(generation));
      hwy::SetSupportedTargetsForTest(generation);
      restore(before);
      std::fill(machine->semaphores.begin(), machine->semaphores.end(), 0);
      for (CoreState &state : machine->cores)
        state.sequencer = {};
      runCores(*machine);
      if (first.empty())
        first = memories();
      EXPECT_EQ(memories(), first);
    }
    hwy::SetSupportedTargetsForTest(0);
  }
  std::string errorOfRun() {
    try {
      run();
    } catch (const Error &error) {
      return error.what();
    }
    return "";
  }

  template <typename T> void put(size_t address, const std::vector<T> &values) {
    std::memcpy(machine->cores[0].scratchpad.data() + address, values.data(),
                values.size() * sizeof(T));
  }
  template <typename T> std::vector<T> get(size_t address, size_t count) const {
    std::vector<T> values(count);
    std::memcpy(values.data(), machine->cores[0].scratchpad.data() + address, count * sizeof(T));
    return values;
  }
  template <typename T> std::vector<T> getGlobal(size_t address, size_t count) const {
    std::vector<T> values(count);
    std::memcpy(values.data(), machine->globalMemory.data() + address, count * sizeof(T));
    return values;
  }
  template <typename T> std::vector<T> randomValues(size_t count) {
    std::vector<T> values(count);
    for (T &value : values)
      value = T(random());
    return values;
  }

  std::vector<uint8_t> memories() const {
    std::vector<uint8_t> bytes(machine->globalMemory.data(),
                               machine->globalMemory.data() + machine->globalMemory.size());
    for (const CoreState &state : machine->cores)
      bytes.insert(bytes.end(), state.scratchpad.data(),
                   state.scratchpad.data() + state.scratchpad.size());
    return bytes;
  }
  void restore(const std::vector<uint8_t> &bytes) {
    const uint8_t *from = bytes.data();
    std::memcpy(machine->globalMemory.data(), from, machine->globalMemory.size());
    from += machine->globalMemory.size();
    for (CoreState &state : machine->cores) {
      std::memcpy(state.scratchpad.data(), from, state.scratchpad.size());
      from += state.scratchpad.size();
    }
  }

  std::mt19937 random{17};
  ProgramBuilder builder{testTarget()};
  CoreBuilder &core = builder.core();
  std::unique_ptr<LoadedProgram> loaded;
  std::unique_ptr<Executable> executable;
  std::unique_ptr<MachineState> machine;
};

} // namespace pim::runtime::testing

#endif // PIM_RUNTIME_TESTS_FUNCTIONAL_ONECORE_H
