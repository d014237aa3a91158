//===- ProgramBuilder.cpp - small programs, for tests -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Program/Graph.h"

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

target::Target testing::testTarget(target::ArrayKind kind, uint32_t cores) {
  target::Target t;
  t.name = "test";
  t.chip = {1, cores, 1000};
  t.core = {64, 64, 4};
  t.array.kind = kind;
  t.array.rows = t.array.cols = t.array.activeRows = 128;
  t.array.areaUm2 = 100;
  t.array.readLatencyNs = 10;
  t.array.readEnergyPj = 8;
  t.cell.bits = 1;
  t.cell.writeLatencyNs = 10;
  t.dac.bits = 1;
  t.dac.perArray = 128;
  t.dac.energyPj = 0.25;
  t.dac.areaUm2 = 0.5;
  t.adc.bits = 8;
  t.adc.perArray = 1;
  t.adc.conversionNs = 1;
  for (int bits = 1; bits <= 8; ++bits) {
    t.adc.energyPjByBits.push_back(bits * 0.5);
    t.adc.areaUm2ByBits.push_back(bits * 100);
  }
  t.shiftAdd = {0.125, 10};
  t.andArray.inputRows = 16;
  t.andArray.cycleNs = 2;
  t.andArray.energyPj = 4;
  t.andArray.popcountEnergyPj = 2;
  t.andArray.accumulateEnergyPj = 1;
  t.andArray.writeRowNs = 3;
  t.andArray.writeRowEnergyPj = 16;
  t.andArray.peripheryAreaUm2 = 50;
  t.dpu = {16, 4, 0.5, 1000};
  t.scratchpad = {16, 0.25, 64, 3};
  t.dma.bytesPerCycle = 16;
  t.dma.setupCycles = 5;
  t.dma.energyPjPerByte = 0.125;
  t.sequencer.energyPj = 1;
  t.globalMemory.sizeMib = 1;
  t.globalMemory.bandwidthGbPerS = 8;
  t.globalMemory.latencyNs = 20;
  t.globalMemory.energyPjPerByte = 2;
  t.weightStore = {8, 50, 4};
  t.noc.hopNs = 1;
  t.noc.linkGbPerS = 16;
  t.noc.energyPjPerByteHop = 0.5;
  t.leakage.coreMw = 1;
  t.leakage.arrayUw = 2;
  t.power.durable = target::Durability::GlobalMemory;
  t.power.bitsPerCycle = 128;
  t.power.commitLatencyNs = 10;
  t.power.commitEnergyPjPerBit = 0.5;
  t.power.restoreLatencyNs = 100;
  t.power.restoreEnergyPjPerBit = 0.125;
  t.power.capacitorUf = 1;
  t.power.onV = 3;
  t.power.offV = 2;
  t.host.gflops = 10;
  t.host.memoryGbPerS = 10;
  t.host.callLatencyUs = 1;
  t.host.powerW = 5;
  return t;
}

fb::TensorDescriptorT testing::box(fb::Space space, fb::ElementType element, uint64_t base,
                                   std::vector<uint32_t> sizes, uint16_t core) {
  fb::TensorDescriptorT descriptor;
  descriptor.space = space;
  descriptor.element = element;
  descriptor.core = core;
  descriptor.base = base;
  sizes.insert(sizes.begin(), 4 - sizes.size(), 1);
  descriptor.sizes = std::move(sizes);
  descriptor.strides.resize(4);
  int64_t stride = int64_t(elementBytes(ElementType(int(element))));
  for (size_t d = 4; d-- > 0; stride *= descriptor.sizes[d])
    descriptor.strides[d] = stride;
  return descriptor;
}

uint32_t CoreBuilder::tensor(fb::TensorDescriptorT descriptor) {
  tables.tensors.push_back(std::make_unique<fb::TensorDescriptorT>(std::move(descriptor)));
  return uint32_t(tables.tensors.size() - 1);
}

uint32_t CoreBuilder::window(fb::WindowDescriptorT window) {
  tables.windows.push_back(std::make_unique<fb::WindowDescriptorT>(window));
  return uint32_t(tables.windows.size() - 1);
}

uint32_t CoreBuilder::params(fb::RequantizeT table) {
  tables.requantize.push_back(std::make_unique<fb::RequantizeT>(std::move(table)));
  return uint32_t(tables.requantize.size() - 1);
}

uint32_t CoreBuilder::lookup(std::vector<int32_t> entries) {
  tables.lookups.push_back(std::make_unique<fb::LookupT>());
  tables.lookups.back()->entries = std::move(entries);
  return uint32_t(tables.lookups.size() - 1);
}

uint32_t CoreBuilder::group(const MappedMatrix &matrix, int32_t inputOffset) {
  auto group = std::make_unique<fb::ArrayGroupT>(matrix.group);
  group->input_offset = inputOffset;
  for (auto &tile : group->tiles)
    tile->array += tables.arrays;
  tables.arrays += matrix.arrays;
  cells.insert(cells.end(), matrix.words.begin(), matrix.words.end());
  tables.groups.push_back(std::move(group));
  return uint32_t(tables.groups.size() - 1);
}

uint32_t CoreBuilder::emit(const isa::Instruction &instruction) {
  code.push_back(isa::encode(instruction));
  return uint32_t(code.size() - 1);
}

CoreBuilder &ProgramBuilder::core() {
  cores.push_back(std::make_unique<CoreBuilder>(uint16_t(cores.size())));
  cores.back()->tables.x = uint16_t(cores.size() - 1);
  cores.back()->tables.scratchpad_bytes = 16384;
  return *cores.back();
}

uint32_t ProgramBuilder::tensor(fb::TensorDescriptorT descriptor) {
  header.tensors.push_back(std::make_unique<fb::TensorDescriptorT>(std::move(descriptor)));
  return uint32_t(header.tensors.size() - 1);
}

static std::unique_ptr<fb::PortT> makePort(const std::string &name, uint32_t tensor,
                                           const fb::TensorDescriptorT &descriptor) {
  auto port = std::make_unique<fb::PortT>();
  port->name = name;
  port->tensor = tensor;
  port->element = descriptor.element;
  port->scale = descriptor.element == fb::ElementType::F32 ? 0 : 1;
  for (size_t d = 0; d < 4; ++d) {
    port->shape.push_back(descriptor.sizes[d]);
    port->permutation.push_back(int32_t(d));
  }
  port->min = -128;
  port->max = 127;
  return port;
}

void ProgramBuilder::input(const std::string &name, uint32_t tensor) {
  header.inputs.push_back(makePort(name, tensor, *header.tensors[tensor]));
}

void ProgramBuilder::output(const std::string &name, uint32_t tensor) {
  header.outputs.push_back(makePort(name, tensor, *header.tensors[tensor]));
}

fb::LayerT &ProgramBuilder::layer(const std::string &name, std::vector<fb::Span> spans,
                                  int32_t output) {
  header.layers.push_back(std::make_unique<fb::LayerT>());
  header.layers.back()->name = name;
  header.layers.back()->op = "test";
  header.layers.back()->spans = std::move(spans);
  header.layers.back()->output = output;
  return *header.layers.back();
}

std::shared_ptr<const program::Program> ProgramBuilder::finish() {
  auto program = std::make_shared<program::Program>();
  program->header = std::move(header);
  program->header.isa_fingerprint = isa::fingerprint();
  program->header.global_memory_bytes = 65536;
  program->header.model = std::make_unique<fb::ModelInfoT>();
  program->header.array_counts = std::make_unique<fb::ArrayCountsT>();
  program->setTarget(target);
  for (auto &core : cores)
    program->addCore(std::move(core->tables), core->code, core->cells);
  return program;
}
