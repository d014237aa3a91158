//===- TwoCores.cpp - a program to cut the supply of ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TwoCores.h"

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

static constexpr uint32_t rows = 6, inputBytes = 240, sumsAt = 4096, resultAt = 8192;

/// Two by three positions of 40 inputs.
static fb::WindowDescriptorT window() {
  fb::WindowDescriptorT window;
  window.element = Type::I8;
  window.out_rows = window.rows = window.ring_rows = 2;
  window.out_cols = window.cols = 3;
  window.kernel_rows = window.kernel_cols = 1;
  window.row_step = window.col_step = window.row_dilation = window.col_dilation = 1;
  window.channels = window.col_pitch = 40;
  window.row_pitch = 120;
  return window;
}

static void emitFirst(CoreBuilder &core, const target::Target &target, bool hasCommits) {
  std::mt19937 random(1);
  const program::CellLayout layout = program::CellLayout::of(target);
  const uint32_t group =
      core.group(mapMatrix(randomWeights(random, 40, 4, 8),
                           {.arrayRows = layout.rows, .arrayColumns = layout.columns}),
                 128);
  const uint32_t in = core.local(Type::I8, 0, {inputBytes});
  const uint32_t sums = core.local(Type::I32, 1024, {2, 3, 4});
  const uint32_t from = core.global(Type::I8, 64, {inputBytes});
  const uint32_t to = core.global(Type::I32, sumsAt, {2, 3, 4});
  const uint32_t map = core.window(window());
  if (hasCommits)
    core.emit(isa::Restore{});
  core.emit(isa::DmaFill{sums, 0, 7});
  core.emit(isa::Loop{rows, hasCommits ? 6u : 5u});
  core.emit(isa::DmaCopy{in, 0, from, 1});
  core.emit(isa::Mvm{group, sums, 0, map, 0, true});
  core.emit(isa::DmaCopy{to, 2, sums, 0});
  core.emit(isa::Addi{1, 1, int32_t(inputBytes)});
  core.emit(isa::Addi{2, 2, 96});
  if (hasCommits)
    core.emit(isa::Commit{});
  core.emit(isa::Signal{0, 1});
  core.emit(isa::Halt{});
}

static void emitSecond(CoreBuilder &core, bool overwritesInput) {
  const uint32_t all = core.local(Type::I32, 0, {rows * 24});
  const uint32_t half = core.local(Type::I32, 0, {rows * 12});
  const uint32_t sum = core.local(Type::I32, 1024, {rows * 12});
  core.emit(isa::Wait{0, 0, 1});
  core.emit(isa::DmaCopy{all, 0, core.global(Type::I32, sumsAt, {rows * 24}), 0});
  core.emit(isa::Vadd{sum, 0, half, 0, core.local(Type::I32, rows * 48, {rows * 12}), 0});
  core.emit(isa::Loop{3, 1});
  core.emit(isa::Vadd{sum, 0, sum, 0, half, 0});
  core.emit(isa::DmaCopy{core.global(Type::I32, overwritesInput ? sumsAt : resultAt, {rows * 12}),
                         0, sum, 0});
  core.emit(isa::Halt{});
}

TwoCores::TwoCores(const TwoCoresOptions &options) {
  ProgramBuilder builder(testTarget(options.kind));
  builder.target.power.durable = options.durable;
  CoreBuilder &first = builder.core(), &second = builder.core();
  emitFirst(first, builder.target, options.hasCommits);
  emitSecond(second, options.overwritesInput);
  builder.header.semaphores = 1;
  builder.header.images_in_flight = options.imagesInFlight;
  builder.input("in", builder.tensor(box(fb::Space::Global, Type::I8, 64, {rows * inputBytes})));
  builder.output("out", builder.tensor(box(fb::Space::Global, Type::I32, resultAt, {rows * 12})));
  builder.layer("sums", {fb::Span(0, 0, uint32_t(first.code.size() - 1))});
  builder.layer("follow", {fb::Span(1, 1, uint32_t(second.code.size() - 1))});
  const target::Target target = builder.target;
  program = std::make_unique<LoadedProgram>(builder.finish(), target);
  table = std::make_unique<TimingTable>(*program);
  executable = std::make_unique<Executable>(*program);
}

void TwoCores::start(MachineState &machine, uint32_t seed) const {
  machine.reset();
  std::mt19937 random(seed);
  for (uint32_t i = 0; i < rows * inputBytes; ++i)
    machine.globalMemory.data()[64 + i] = uint8_t(random());
}

std::vector<uint8_t> TwoCores::results(const MachineState &machine) {
  return {machine.globalMemory.data() + sumsAt,
          machine.globalMemory.data() + machine.globalMemory.size()};
}

std::vector<uint8_t> TwoCores::output(const MachineState &machine) {
  const uint8_t *first = machine.globalMemory.data() + resultAt;
  return {first, first + rows * 48};
}
