//===- IsaToProgram.cpp - isa.program to a program ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "Generator.h"
#include "pim/Dialect/ISA/IR/ISAOps.h"
#include "pim/Dialect/ISA/IR/InstructionConversion.h"
#include "pim/ISA/Codec.h"
#include "pim/Support/Error.h"
#include "pim/Target/TargetYAML.h"
#include "pim/Translate/Translate.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cstring>

using namespace mlir;
using namespace mlir::pim;
namespace fb = ::pim::fb;
namespace program = ::pim::program;

namespace {

class Exporter {
public:
  explicit Exporter(isa::ProgramOp op) : op(op) {}

  LogicalResult run();
  program::Program take() { return std::move(result); }

private:
  LogicalResult exportAttributes();
  LogicalResult exportEntry(Operation &entry);
  LogicalResult exportHostCall(isa::HostCallOp call);
  LogicalResult exportCore(isa::CoreOp core);

  isa::ProgramOp op;
  program::Program result;
};

} // namespace

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

template <typename To> static std::vector<To> listOf(ArrayRef<int64_t> values) {
  return std::vector<To>(values.begin(), values.end());
}

template <typename To> static std::vector<To> listOf(std::optional<ArrayRef<int64_t>> values) {
  return values ? listOf<To>(*values) : std::vector<To>();
}

/// The bytes of a resource, or an error at `user`.
static FailureOr<ArrayRef<char>> bytesOf(Operation *user, DenseResourceElementsAttr attr) {
  AsmResourceBlob *blob = attr.getRawHandle().getBlob();
  if (!blob)
    return user->emitError() << "resource '" << attr.getRawHandle().getKey() << "' has no data";
  if (int64_t(blob->getData().size()) != attr.getType().getNumElements())
    return user->emitError() << "resource '" << attr.getRawHandle().getKey() << "' has "
                             << blob->getData().size() << " bytes, its type says "
                             << attr.getType().getNumElements();
  return blob->getData();
}

static std::span<const std::byte> asBytes(ArrayRef<char> bytes) {
  return std::as_bytes(std::span(bytes.data(), bytes.size()));
}

static fb::TensorDescriptorT exportTensor(isa::TensorOp op, uint16_t ownCore) {
  fb::TensorDescriptorT tensor;
  tensor.space = op.getSpace() == isa::Space::Global ? fb::Space::Global : fb::Space::Scratchpad;
  tensor.element = elementTypeOf(op.getElement());
  if (tensor.space == fb::Space::Scratchpad)
    tensor.core = op.getCore() ? *op.getCore() : ownCore;
  tensor.base = op.getBase();
  tensor.sizes = listOf<uint32_t>(op.getSizes());
  tensor.strides = listOf<int64_t>(op.getStrides());
  return tensor;
}

static fb::WindowDescriptorT exportWindow(isa::WindowOp op) {
  fb::WindowDescriptorT window;
  window.element = elementTypeOf(op.getElement());
  window.base = op.getBase();
  window.out_rows = op.getOutRows();
  window.out_cols = op.getOutCols();
  window.kernel_rows = op.getKernelRows();
  window.kernel_cols = op.getKernelCols();
  window.channels = op.getChannels();
  window.row_step = op.getRowStep();
  window.row_dilation = op.getRowDilation();
  window.first_col = op.getFirstCol();
  window.col_step = op.getColStep();
  window.col_dilation = op.getColDilation();
  window.rows = op.getRows();
  window.cols = op.getCols();
  window.ring_rows = op.getRingRows();
  window.row_pitch = op.getRowPitch();
  window.col_pitch = op.getColPitch();
  window.pad_value = op.getPadValue();
  return window;
}

static fb::TileT exportTile(isa::TileOp op) {
  fb::TileT tile;
  tile.array = op.getArray();
  tile.row_offset = op.getRowOffset();
  tile.row_count = op.getRowCount();
  tile.col_offset = op.getColOffset();
  tile.output_count = op.getOutputCount();
  tile.row_begin = op.getRowBegin();
  tile.rows = listOf<uint32_t>(op.getRows());
  tile.output_begin = op.getOutputBegin();
  tile.outputs = listOf<uint32_t>(op.getOutputs());
  tile.slice_begin = op.getSliceBegin();
  tile.slice_count = op.getSliceCount();
  tile.delays = listOf<uint8_t>(op.getDelays());
  tile.shift = op.getShift();
  tile.phase = op.getPhase();
  tile.fragment_rows = op.getFragmentRows();
  tile.signs = listOf<uint8_t>(op.getSigns());
  return tile;
}

static fb::ArrayGroupT exportGroup(isa::ArrayGroupOp op) {
  fb::ArrayGroupT group;
  group.matrix_rows = op.getMatrixRows();
  group.matrix_cols = op.getMatrixCols();
  group.input_bits = op.getInputBits();
  group.cell_bits = op.getCellBits();
  for (auto slice : op.getSlices().getAsRange<isa::SliceAttr>())
    group.slices.emplace_back(slice.getShift(), slice.getNegative());
  group.weight_scale = op.getWeightScale();
  group.weight_offset = op.getWeightOffset();
  group.input_offset = op.getInputOffset();
  group.neurons = listOf<uint32_t>(op.getNeurons());
  if (auto ohms = op.getFeedbackOhm())
    group.feedback_ohm = ohms->vec();
  for (auto tile : op.getBodyRegion().getOps<isa::TileOp>())
    group.tiles.push_back(std::make_unique<fb::TileT>(exportTile(tile)));
  return group;
}

static fb::RequantizeT exportRequantize(isa::RequantizeOp op) {
  fb::RequantizeT params;
  params.bias = listOf<int32_t>(op.getBias());
  params.multiplier = listOf<int32_t>(op.getMultiplier());
  params.shift = listOf<int8_t>(op.getShift());
  params.double_round = op.getDoubleRound();
  params.input_zero_point = op.getInputZeroPoint();
  params.output_zero_point = op.getOutputZeroPoint();
  params.min = op.getMin();
  params.max = op.getMax();
  params.float_round = op.getFloatRound();
  return params;
}

static fb::PortT exportPort(isa::PortOp op) {
  fb::PortT port;
  port.name = op.getName().str();
  port.shape = listOf<int64_t>(op.getShape());
  port.permutation = listOf<int32_t>(op.getPermutation());
  port.element = elementTypeOf(op.getElement());
  port.scale = op.getScale().convertToDouble();
  port.zero_point = op.getZeroPoint();
  port.min = op.getMin();
  port.max = op.getMax();
  port.tensor = op.getTensor();
  return port;
}

static fb::LayerT exportLayer(isa::LayerOp op) {
  fb::LayerT layer;
  layer.name = op.getName().str();
  layer.op = op.getOp().str();
  layer.macs = op.getMacs();
  layer.arrays = op.getArrays();
  layer.weights = op.getWeights();
  for (auto span : op.getSpans().getAsRange<isa::SpanAttr>())
    layer.spans.emplace_back(span.getCore(), span.getBegin(), span.getEnd());
  layer.output = op.getOutput();
  layer.reference = op.getReference().value_or("").str();
  layer.mapping = op.getMapping().value_or("").str();
  return layer;
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

LogicalResult Exporter::exportAttributes() {
  fb::ProgramT &header = result.header;
  auto generator = op->getAttrOfType<StringAttr>(generatorAttrName);
  header.generator = (generator ? generator.getValue() : StringRef(thisGenerator)).str();
  header.isa_fingerprint = ::pim::isa::fingerprint();
  header.semaphores = op.getSemaphores();
  header.global_memory_bytes = op.getGlobalMemoryBytes();
  header.images_in_flight = uint32_t(op.getImagesInFlight().value_or(1));

  isa::ModelInfoAttr model = op.getModel();
  header.model = std::make_unique<fb::ModelInfoT>();
  header.model->name = model.getName().str();
  header.model->macs = model.getMacs();
  header.model->parameters = model.getParameters();
  header.model->opset = model.getOpset().str();
  header.model->weight_bits = model.getWeightBits();
  header.model->activation_bits = model.getActivationBits();

  if (auto preprocess = op.getPreprocess()) {
    header.preprocess = std::make_unique<fb::PreprocessT>();
    header.preprocess->scale = preprocess->getScale().getValueAsDouble();
    header.preprocess->mean = preprocess->getMean().asArrayRef().vec();
    header.preprocess->std = preprocess->getStd().asArrayRef().vec();
    header.preprocess->layout = preprocess->getLayout().str();
  }
  header.array_counts = std::make_unique<fb::ArrayCountsT>();
  if (auto counts = op.getArrayCounts()) {
    header.array_counts->dense = counts->getDense();
    header.array_counts->after_pruning = counts->getAfterPruning();
    header.array_counts->after_slicing = counts->getAfterSlicing();
    header.array_counts->after_squeeze = counts->getAfterSqueeze();
    header.array_counts->used = counts->getUsed();
    header.array_counts->utilization = counts->getUtilization().getValueAsDouble();
  }
  FailureOr<::pim::target::Target> target =
      targetFromAttr(op.getTarget(), [&] { return op.emitError(); });
  if (failed(target))
    return failure();
  result.setTarget(*target);
  return success();
}

LogicalResult Exporter::exportHostCall(isa::HostCallOp call) {
  FailureOr<ArrayRef<char>> graph = bytesOf(call, call.getGraph());
  if (failed(graph))
    return failure();
  auto entry = std::make_unique<fb::HostCallT>();
  entry->name = call.getName().str();
  entry->graph.assign(graph->begin(), graph->end());
  entry->inputs = listOf<uint32_t>(call.getInputs());
  entry->outputs = listOf<uint32_t>(call.getOutputs());
  result.header.host_calls.push_back(std::move(entry));
  return success();
}

LogicalResult Exporter::exportCore(isa::CoreOp op) {
  fb::CoreT core;
  uint16_t index = result.header.cores.size();
  core.x = op.getX();
  core.y = op.getY();
  core.arrays = op.getArrays();
  core.scratchpad_bytes = op.getScratchpadBytes();
  core.rounds = listOf<uint32_t>(op.getRounds());
  std::vector<uint64_t> code, copied;
  std::span<const uint64_t> cells;
  if (DenseResourceElementsAttr attr = op.getCellsAttr()) {
    FailureOr<ArrayRef<char>> bytes = bytesOf(op, attr);
    if (failed(bytes))
      return failure();
    if (bytes->size() % sizeof(uint64_t) != 0)
      return op.emitError() << "has cells of " << bytes->size()
                            << " bytes, which are no 64-bit words";
    size_t words = bytes->size() / sizeof(uint64_t);
    if (reinterpret_cast<uintptr_t>(bytes->data()) % alignof(uint64_t) == 0) {
      cells = {reinterpret_cast<const uint64_t *>(bytes->data()), words};
    } else { // in files that others made
      copied.resize(words);
      std::memcpy(copied.data(), bytes->data(), bytes->size());
      cells = copied;
    }
  }
  for (Operation &entry : op.getBodyRegion().getOps()) {
    if (auto tensor = dyn_cast<isa::TensorOp>(entry))
      core.tensors.push_back(std::make_unique<fb::TensorDescriptorT>(exportTensor(tensor, index)));
    else if (auto window = dyn_cast<isa::WindowOp>(entry))
      core.windows.push_back(std::make_unique<fb::WindowDescriptorT>(exportWindow(window)));
    else if (auto group = dyn_cast<isa::ArrayGroupOp>(entry))
      core.groups.push_back(std::make_unique<fb::ArrayGroupT>(exportGroup(group)));
    else if (auto params = dyn_cast<isa::RequantizeOp>(entry))
      core.requantize.push_back(std::make_unique<fb::RequantizeT>(exportRequantize(params)));
    else if (auto lookup = dyn_cast<isa::LookupOp>(entry)) {
      core.lookups.push_back(std::make_unique<fb::LookupT>());
      core.lookups.back()->entries = listOf<int32_t>(lookup.getEntries());
    } else if (auto codeOp = dyn_cast<isa::CodeOp>(entry))
      for (Operation &instruction : codeOp.getBodyRegion().getOps())
        code.push_back(::pim::isa::encode(isa::toInstruction(&instruction)));
  }
  result.addCore(std::move(core), code, cells);
  return success();
}

LogicalResult Exporter::exportEntry(Operation &entry) {
  fb::ProgramT &header = result.header;
  return llvm::TypeSwitch<Operation *, LogicalResult>(&entry)
      .Case([&](isa::TensorOp tensor) {
        header.tensors.push_back(std::make_unique<fb::TensorDescriptorT>(exportTensor(tensor, 0)));
        return success();
      })
      .Case([&](isa::PortOp port) {
        auto &ports = port.getKind() == isa::PortKind::Input ? header.inputs : header.outputs;
        ports.push_back(std::make_unique<fb::PortT>(exportPort(port)));
        return success();
      })
      .Case([&](isa::HostCallOp call) { return exportHostCall(call); })
      .Case([&](isa::MemoryImageOp image) -> LogicalResult {
        FailureOr<ArrayRef<char>> bytes = bytesOf(image, image.getBytes());
        if (failed(bytes))
          return failure();
        result.addMemoryImage(image.getAddress(), asBytes(*bytes));
        return success();
      })
      .Case([&](isa::LayerOp layer) {
        header.layers.push_back(std::make_unique<fb::LayerT>(exportLayer(layer)));
        return success();
      })
      .Case([&](isa::ReferenceOp reference) -> LogicalResult {
        FailureOr<ArrayRef<char>> graph = bytesOf(reference, reference.getGraph());
        if (failed(graph))
          return failure();
        auto bytes = asBytes(*graph);
        result.reference.assign(bytes.begin(), bytes.end());
        return success();
      })
      .Case([&](isa::CoreOp core) { return exportCore(core); })
      .Default([](Operation *other) {
        return other->emitError() << "cannot be translated: is no part of a program";
      });
}

/// Bytes of all cores' cells.
static size_t cellBytes(isa::ProgramOp program) {
  size_t bytes = 0;
  for (auto core : program.getBodyRegion().getOps<isa::CoreOp>())
    if (DenseResourceElementsAttr cells = core.getCellsAttr())
      if (const AsmResourceBlob *blob = cells.getRawHandle().getBlob())
        bytes += blob->getData().size();
  return bytes;
}

LogicalResult Exporter::run() {
  result.cells.reserve(cellBytes(op) / sizeof(uint64_t));
  if (failed(exportAttributes()))
    return failure();
  for (Operation &entry : op.getBodyRegion().getOps())
    if (failed(exportEntry(entry)))
      return failure();
  return success();
}

FailureOr<program::Program> mlir::pim::isaToProgram(ModuleOp module) {
  auto programs = llvm::to_vector(module.getOps<isa::ProgramOp>());
  if (programs.size() != 1)
    return module.emitError()
           << "holds " << programs.size()
           << " isa.program ops, expected one; lower the model to stage 'isa' first";
  Exporter exporter(programs.front());
  try {
    if (failed(exporter.run()))
      return failure();
  } catch (const ::pim::Error &error) {
    return programs.front().emitError() << error.what();
  }
  return exporter.take();
}
