//===- SmallProgram.cpp - a program for tests -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SmallProgram.h"
#include "pim/ISA/Codec.h"

namespace pim::program {

target::Target smallTarget(target::ArrayKind kind) {
  const std::pair<std::string_view, std::string_view> special[] = {
      {"name", "small"},
      {"description", "a chip for \"tests\""},
      {"chip.mesh_rows", "2"},
      {"chip.mesh_cols", "2"},
      {"chip.clock_mhz", "500"},
      {"core.arrays", "4"},
      {"array.kind", nameOf(kind)},
      {"array.rows", "8"},
      {"array.cols", "8"},
      {"array.active_rows", "8"},
      {"adc.bits", "4"},
      {"adc.lsb", "0"},
      {"mapping.slicing", "columns"},
      {"imac.zero", "low"},
      {"mapping.sign", kind == target::ArrayKind::Imac ? "differential" : "twos-complement"},
      {"cell.on_ohm", kind == target::ArrayKind::Imac ? "1000" : "0"},
      {"cell.on_off_ratio", kind == target::ArrayKind::Imac ? "10" : "0"},
      {"adc.energy_pj_by_bits", "[0.5, 0.6, 0.7, 0.8]"},
      {"adc.area_um2_by_bits", "[1, 2, 3, 4]"}};
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const target::KeyInfo &info : target::keys()) {
    if (!info.appliesTo(kind))
      continue;
    // A key that may be left out has its default, as far as it has no value above.
    std::string text = info.isOptional ? std::string(info.defaultText) : "1";
    for (auto [key, value] : special)
      if (key == info.path)
        text = value;
    parameters.emplace_back(info.path, text);
  }
  return target::Target::fromParameters(parameters);
}

graph::Graph identityGraph(int64_t elements) {
  graph::Graph graph;
  graph.name = "identity";
  graph.tensors = {{"in", ElementType::I8, {1, elements}, {}, nullptr},
                   {"sum", ElementType::I8, {1, elements}, {}, nullptr}};
  graph::Op op;
  op.code = "tosa.identity";
  op.name = "copy";
  op.inputs = {0};
  op.outputs = {1};
  op.attributes["note"] = {{1, -2}, {0.1}, "text"};
  graph.ops = {op};
  graph.inputs = {0};
  graph.outputs = {1};
  return graph;
}

static std::unique_ptr<fb::TensorDescriptorT> box(fb::Space space, fb::ElementType element,
                                                  uint16_t core, uint64_t base, uint32_t channels) {
  auto tensor = std::make_unique<fb::TensorDescriptorT>();
  int64_t bytes = elementBytes(ElementType(element));
  tensor->space = space;
  tensor->element = element;
  tensor->core = core;
  tensor->base = base;
  tensor->sizes = {1, 1, 1, channels};
  tensor->strides = {bytes * channels, bytes * channels, bytes * channels, bytes};
  return tensor;
}

static std::unique_ptr<fb::PortT> port(const char *name, int64_t elements, uint32_t tensor) {
  auto result = std::make_unique<fb::PortT>();
  result->name = name;
  result->shape = {1, elements};
  result->permutation = {0, 1};
  result->element = fb::ElementType::I8;
  result->scale = 0.1;
  result->zero_point = -3;
  result->min = -128;
  result->max = 127;
  result->tensor = tensor;
  return result;
}

/// Two weights of two slices for each of two outputs, in columns 1 to 4 of array 1.
static std::unique_ptr<fb::ArrayGroupT> group() {
  auto result = std::make_unique<fb::ArrayGroupT>();
  result->matrix_rows = 4;
  result->matrix_cols = 2;
  result->input_bits = 8;
  result->cell_bits = 1;
  result->slices = {fb::Slice(0, false), fb::Slice(1, true)};
  result->input_offset = 128;
  auto tile = std::make_unique<fb::TileT>();
  tile->array = 1;
  tile->row_offset = 2;
  tile->row_count = 4;
  tile->col_offset = 1;
  tile->output_count = 2;
  tile->rows = {3, 1, 0, 2};
  tile->slice_count = 2;
  result->tiles.push_back(std::move(tile));
  return result;
}

static void addComputingCore(Program &program) {
  fb::CoreT core;
  core.x = 1;
  core.arrays = 2;
  core.scratchpad_bytes = 64;
  core.tensors.push_back(box(fb::Space::Global, fb::ElementType::I8, 0, 0, 4));
  core.tensors.push_back(box(fb::Space::Scratchpad, fb::ElementType::I8, 0, 0, 4));
  core.tensors.push_back(box(fb::Space::Scratchpad, fb::ElementType::I32, 0, 16, 2));
  core.tensors.push_back(box(fb::Space::Scratchpad, fb::ElementType::I8, 0, 32, 2));
  core.tensors.push_back(box(fb::Space::Global, fb::ElementType::I8, 0, 8, 2));
  auto window = std::make_unique<fb::WindowDescriptorT>();
  window->element = fb::ElementType::I8;
  window->out_rows = window->out_cols = window->kernel_rows = window->kernel_cols = 1;
  window->rows = window->cols = window->ring_rows = 1;
  window->channels = 4;
  window->row_pitch = window->col_pitch = 4;
  window->pad_value = -3;
  core.windows.push_back(std::move(window));
  core.groups.push_back(group());
  auto params = std::make_unique<fb::RequantizeT>();
  params->bias = {7, -7};
  params->multiplier = {1 << 30, 1 << 29};
  params->shift = {31, 32};
  params->output_zero_point = -3;
  params->min = -128;
  params->max = 127;
  core.requantize.push_back(std::move(params));
  auto lookup = std::make_unique<fb::LookupT>();
  for (int i = 0; i < 256; ++i)
    lookup->entries.push_back((i * 37) % 256 - 128);
  core.lookups.push_back(std::move(lookup));

  std::vector<uint64_t> code = {
      isa::encode(isa::Li{1, 0}),
      isa::encode(isa::Loop{2, 6}),
      isa::encode(isa::DmaCopy{1, 1, 0, 0}),
      isa::encode(isa::Mvm{0, 2, 0, 0, 0, false}),
      isa::encode(isa::Vrequant{3, 0, 2, 0, 0}),
      isa::encode(isa::Vlookup{3, 0, 3, 0, 0}),
      isa::encode(isa::DmaCopy{4, 0, 3, 0}),
      isa::encode(isa::Addi{1, 1, 4}),
      isa::encode(isa::Signal{0, 1}),
      isa::encode(isa::Host{0}),
      isa::encode(isa::Halt{}),
  };
  std::vector<uint64_t> cells(2 * CellLayout::of(program.target()).words());
  for (size_t i = 0; i < cells.size(); ++i)
    cells[i] = (i * 73 + 5) & 0xff;
  program.addCore(std::move(core), code, cells);
}

Program smallProgram() {
  Program program;
  fb::ProgramT &header = program.header;
  header.generator = "a test";
  header.isa_fingerprint = isa::fingerprint();
  header.semaphores = 1;
  header.global_memory_bytes = 64;
  header.model = std::make_unique<fb::ModelInfoT>();
  header.model->name = "small \\ model";
  header.model->macs = 8;
  header.model->parameters = 10;
  header.model->opset = "ai.onnx 13";
  header.model->weight_bits = 2;
  header.model->activation_bits = 8;
  header.preprocess = std::make_unique<fb::PreprocessT>();
  header.preprocess->scale = 1.0 / 255;
  header.preprocess->mean = {0.485, 0.456};
  header.preprocess->std = {0.229, 0.224};
  header.preprocess->layout = "nhwc";
  header.array_counts = std::make_unique<fb::ArrayCountsT>();
  header.array_counts->dense = header.array_counts->used = 2;
  header.array_counts->utilization = 1.0 / 3;
  program.setTarget(smallTarget());

  header.tensors.push_back(box(fb::Space::Global, fb::ElementType::I8, 0, 0, 4));
  header.tensors.push_back(box(fb::Space::Global, fb::ElementType::I8, 0, 8, 2));
  header.tensors.push_back(box(fb::Space::Global, fb::ElementType::I8, 0, 16, 2));
  header.inputs.push_back(port("image", 4, 0));
  header.outputs.push_back(port("scores", 2, 2));
  auto call = std::make_unique<fb::HostCallT>();
  call->name = "copy";
  auto graph = graph::serialize(identityGraph(2));
  const auto *bytes = reinterpret_cast<const uint8_t *>(graph.data());
  call->graph.assign(bytes, bytes + graph.size());
  call->inputs = {1};
  call->outputs = {2};
  header.host_calls.push_back(std::move(call));
  const std::byte image[] = {std::byte(1), std::byte(2), std::byte(255)};
  program.addMemoryImage(40, image);

  addComputingCore(program);
  fb::CoreT waiting;
  waiting.y = 1;
  program.addCore(std::move(waiting),
                  std::vector<uint64_t>{isa::encode(isa::Wait{0, 0, 1}), isa::encode(isa::Halt{})},
                  {});

  auto layer = std::make_unique<fb::LayerT>();
  layer->name = "fc";
  layer->op = "conv2d";
  layer->macs = 8;
  layer->arrays = 1;
  layer->weights = 8;
  layer->spans = {fb::Span(0, 0, 8)};
  layer->output = 1;
  layer->reference = "sum";
  layer->mapping = "two slices";
  header.layers.push_back(std::move(layer));
  program.reference = graph::serialize(identityGraph(2));
  return program;
}

} // namespace pim::program
