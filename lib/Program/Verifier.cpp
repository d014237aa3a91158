//===- Verifier.cpp - whether a program holds together --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verify.h"
#include "pim/ISA/Codec.h"

#include <cmath>
#include <set>

namespace pim::program {

static void verifyIsa(const fb::ProgramT &header) {
  if (header.isa_fingerprint != isa::fingerprint())
    fail("was made for another version of the instruction set (fingerprint ", std::hex,
         header.isa_fingerprint, ", expected ", isa::fingerprint(), "); compile the model again");
}

/// Rounds hold all images, in order, and none is empty.
static void verifyRounds(const fb::CoreT &core, const std::string &place) {
  for (size_t i = 0; i < core.rounds.size(); ++i)
    if (i == 0 ? core.rounds[i] != 0 : core.rounds[i] <= core.rounds[i - 1])
      failAt(place, "has round ", i, " begin at image ", core.rounds[i],
             i == 0 ? ", expected 0" : ", where the one before has not begun yet");
  if (!core.rounds.empty() && core.rounds.back() >= core.arrays)
    failAt(place, "has a round begin at image ", core.rounds.back(), " of ", core.arrays);
}

static void verifyCores(const VerifyContext &context) {
  const fb::ProgramT &header = context.header;
  const target::Target &target = context.target;
  if (header.cores.size() > target.cores())
    fail("has ", header.cores.size(), " cores, target '", target.name, "' has ", target.cores());
  uint64_t words = 0;
  Wide cellBytes = 0;
  size_t imageBytes = CellLayout::of(target).words() * sizeof(uint64_t);
  std::set<std::pair<uint16_t, uint16_t>> positions;
  for (size_t i = 0; i < header.cores.size(); ++i) {
    const fb::CoreT &core = *header.cores[i];
    std::string place = "core " + std::to_string(i);
    if (core.x >= target.chip.meshCols || core.y >= target.chip.meshRows)
      failAt(place, "lies at column ", core.x, ", row ", core.y, ", outside the mesh of ",
             target.chip.meshCols, " x ", target.chip.meshRows);
    if (!positions.emplace(core.x, core.y).second)
      failAt(place, "lies where another core does, at column ", core.x, ", row ", core.y);
    verifyRounds(core, place);
    if (physicalArrays(core) > target.core.arrays)
      failAt(place, "uses ", physicalArrays(core), " arrays, the target has ", target.core.arrays);
    if (core.scratchpad_bytes > target.scratchpadBytes())
      failAt(place, "uses ", core.scratchpad_bytes, " bytes of scratchpad, the target has ",
             target.scratchpadBytes());
    if (core.code_offset != words || core.code_words > context.program.code.size() - words)
      failAt(place, "has its code outside its place in the segment 'code'");
    words += core.code_words;
    if (Wide(core.cell_offset) != cellBytes)
      failAt(place, "has its cells at byte ", core.cell_offset,
             ", where those of the cores before it do not end");
    cellBytes += Wide(core.arrays) * imageBytes;
  }
  if (words != context.program.code.size())
    fail("has ", context.program.code.size(), " words of code, its cores have ", words);
  if (cellBytes != Wide(context.program.cells.size()) * sizeof(uint64_t))
    fail("has ", context.program.cells.size() * sizeof(uint64_t),
         " bytes of cells, which do not fit the arrays of its cores");
}

/// Cells beyond the last row of an array do not exist.
static void verifyCells(const VerifyContext &context) {
  CellLayout layout = CellLayout::of(context.target);
  if (layout.rows % 64 == 0)
    return;
  uint64_t outside = ~uint64_t(0) << (layout.rows % 64);
  size_t step = layout.wordsPerPlane();
  for (size_t i = step - 1; i < context.program.cells.size(); i += step)
    if (context.program.cells[i] & outside)
      fail("has cells beyond the last row of an array");
}

static void verifyMemoryImages(const VerifyContext &context) {
  Wide offset = 0;
  for (size_t i = 0; i < context.header.memory_images.size(); ++i) {
    const fb::MemoryImageT &image = *context.header.memory_images[i];
    std::string place = "memory image " + std::to_string(i);
    if (Wide(image.offset) != offset)
      failAt(place, "starts at byte ", image.offset,
             " of the constants, where the image before it does not end");
    offset += image.size;
    if (Wide(image.address) + image.size > context.header.global_memory_bytes)
      failAt(place, "ends outside global memory");
  }
  if (offset != Wide(context.program.constants.size()))
    fail("has ", context.program.constants.size(),
         " bytes of constants, which do not fit its memory images");
}

static void verifyLayers(const VerifyContext &context) {
  std::set<std::string_view> referenceNames;
  if (context.reference)
    for (const graph::Tensor &tensor : context.reference->tensors)
      referenceNames.insert(tensor.name);
  for (size_t i = 0; i < context.header.layers.size(); ++i) {
    const fb::LayerT &layer = *context.header.layers[i];
    std::string place = "layer " + std::to_string(i) + " '" + layer.name + "'";
    for (const fb::Span &span : layer.spans) {
      if (span.core() >= context.header.cores.size())
        failAt(place, "has instructions on core ", span.core(), " of ",
               context.header.cores.size());
      if (span.begin() > span.end() || span.end() > context.header.cores[span.core()]->code_words)
        failAt(place, "has instructions ", span.begin(), " to ", span.end(),
               " outside the code of core ", span.core());
    }
    if (layer.output < -1 || layer.output >= int64_t(context.header.tensors.size()))
      failAt(place, "leaves its result in tensor ", layer.output, " of ",
             context.header.tensors.size());
    if (context.reference && !layer.reference.empty() && !referenceNames.count(layer.reference))
      failAt(place, "is compared with '", layer.reference,
             "', which the reference graph does not have");
  }
}

static void verifyPreprocess(const fb::PreprocessT &preprocess) {
  auto checkFinite = [](double value, bool isDivisor) {
    if (!std::isfinite(value) || (isDivisor && value == 0))
      fail("preprocessing: ", value, " is no usable number");
  };
  checkFinite(preprocess.scale, false);
  for (double mean : preprocess.mean)
    checkFinite(mean, false);
  for (double deviation : preprocess.std)
    checkFinite(deviation, true);
  if (preprocess.layout != "" && preprocess.layout != "nhwc" && preprocess.layout != "nchw")
    fail("preprocessing: unknown layout '", preprocess.layout, "', expected nhwc or nchw");
}

static void verifyPorts(const VerifyContext &context,
                        const std::vector<std::unique_ptr<fb::PortT>> &ports, const char *kind) {
  std::set<std::string_view> names;
  for (const auto &port : ports) {
    std::string place = std::string(kind) + " '" + port->name + "'";
    if (!names.insert(port->name).second)
      failAt(place, "is listed twice");
    verifyPort(context, *port, place);
  }
}

/// The parts that every program has.
static void verifyPresence(const fb::ProgramT &header, bool isHost) {
  if (!header.model)
    fail("does not say which model it was made from");
  if (!header.array_counts)
    fail("does not say how many arrays it uses");
  if ((header.inputs.empty() && !isHost) || header.outputs.empty())
    fail("has ", header.inputs.size(), " inputs and ", header.outputs.size(),
         " outputs, expected at least one of each");
  if (header.semaphores > 65536)
    fail("has ", header.semaphores, " semaphores, instructions can name 65536");
}

/// Of a host program the graph says everything; its ports are the graph's.
static void verifyHostProgram(const Program &program) {
  const fb::ProgramT &header = program.header;
  graph::Graph graph;
  try {
    graph = graph::deserialize(std::as_bytes(std::span(header.host_calls[0]->graph)));
  } catch (const Error &error) {
    fail("host call 0: ", error.what());
  }
  auto match = [&](const auto &ports, const std::vector<int> &values, const char *kind) {
    if (ports.size() != values.size())
      fail("has ", ports.size(), " ", kind, "s, its graph ", values.size());
    std::set<std::string_view> names;
    for (size_t i = 0; i < ports.size(); ++i) {
      const fb::PortT &port = *ports[i];
      std::string place = std::string(kind) + " '" + port.name + "'";
      if (!names.insert(port.name).second)
        failAt(place, "is listed twice");
      if (ElementType(port.element) != graph.tensors[size_t(values[i])].element)
        failAt(place, "has another element type than its value in the graph");
      for (int64_t size : port.shape)
        if (size < -1)
          failAt(place, "has a dimension of ", size);
    }
  };
  match(header.inputs, graph.inputs, "input");
  match(header.outputs, graph.outputs, "output");
  if (!program.code.empty() || !program.cells.empty() || !program.constants.empty())
    fail("has no core, but code, cells or constants");
}

void verify(const Program &program) {
  const fb::ProgramT &header = program.header;
  verifyIsa(header);
  verifyPresence(header, program.isHostProgram());
  if (program.isHostProgram()) {
    (void)program.target();
    if (header.preprocess)
      verifyPreprocess(*header.preprocess);
    return verifyHostProgram(program);
  }
  VerifyContext context{program, header, program.target(), std::nullopt};
  if (header.images_in_flight == 0)
    fail("has no images in flight, expected at least 1");
  if (Wide(header.global_memory_bytes) * header.images_in_flight >
      context.target.globalMemoryBytes())
    fail("uses ", header.images_in_flight, " x ", header.global_memory_bytes,
         " bytes of global memory, the target has ", context.target.globalMemoryBytes());
  if (!program.reference.empty())
    try {
      context.reference = graph::deserialize(program.reference);
    } catch (const Error &error) {
      fail("reference graph: ", error.what());
    }
  verifyCores(context);
  verifyCells(context);
  verifyMemoryImages(context);
  for (size_t i = 0; i < header.tensors.size(); ++i)
    verifyTensor(context, *header.tensors[i], -1, "tensor " + std::to_string(i));
  verifyPorts(context, header.inputs, "input");
  verifyPorts(context, header.outputs, "output");
  for (size_t i = 0; i < header.host_calls.size(); ++i)
    verifyHostCall(context, *header.host_calls[i], "host call " + std::to_string(i));
  if (header.preprocess)
    verifyPreprocess(*header.preprocess);
  for (size_t i = 0; i < header.cores.size(); ++i) {
    std::string place = "core " + std::to_string(i);
    verifyCoreTables(context, i, place);
    verifyCode(context, i, place);
  }
  verifyLayers(context);
}

} // namespace pim::program
