//===- ProgramToIsa.cpp - a program to isa.program ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "Generator.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Verifier.h"
#include "pim/Dialect/ISA/IR/ISAOps.h"
#include "pim/Dialect/ISA/IR/InstructionConversion.h"
#include "pim/ISA/Codec.h"
#include "pim/Support/Error.h"
#include "pim/Target/TargetYAML.h"
#include "pim/Translate/Translate.h"

using namespace mlir;
using namespace mlir::pim;
namespace fb = ::pim::fb;
namespace program = ::pim::program;

namespace {

class Importer {
public:
  Importer(MLIRContext *context, const program::Program &program)
      : context(context), builder(context), loc(UnknownLoc::get(context)), program(program) {}

  OwningOpRef<ModuleOp> run();

private:
  isa::ProgramOp importAttributes();
  void importTables(isa::ProgramOp op);
  void importTensor(const fb::TensorDescriptorT &tensor, std::optional<uint16_t> ownCore);
  void importPort(const fb::PortT &port, isa::PortKind kind);
  void importHostCall(const fb::HostCallT &call, size_t index);
  void importMemoryImage(const fb::MemoryImageT &image, size_t index);
  void importLayer(const fb::LayerT &layer);
  void importCore(size_t index);
  void importWindow(const fb::WindowDescriptorT &window);
  void importGroup(const fb::ArrayGroupT &group);
  void importRequantize(const fb::RequantizeT &params);
  void importCode(size_t core);

  DenseResourceElementsAttr resource(StringRef name, std::span<const std::byte> bytes);
  template <typename Range> DenseI64ArrayAttr list(const Range &values) {
    return builder.getDenseI64ArrayAttr(SmallVector<int64_t>(values.begin(), values.end()));
  }
  /// A list that is left out where it is empty.
  template <typename Range> DenseI64ArrayAttr optionalList(const Range &values) {
    return values.empty() ? DenseI64ArrayAttr() : list(values);
  }
  StringAttr optionalText(StringRef text) {
    return text.empty() ? StringAttr() : builder.getStringAttr(text);
  }

  MLIRContext *context;
  OpBuilder builder;
  Location loc;
  const program::Program &program;
};

} // namespace

DenseResourceElementsAttr Importer::resource(StringRef name, std::span<const std::byte> bytes) {
  auto type = RankedTensorType::get({int64_t(bytes.size())}, builder.getIntegerType(8));
  ArrayRef<char> data(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  // Graphs in resources are read in place; 16 is what they ask for.
  return DenseResourceElementsAttr::get(
      type, name, HeapAsmResourceBlob::allocateAndCopyWithAlign(data, /*align=*/16));
}

isa::ProgramOp Importer::importAttributes() {
  const fb::ProgramT &header = program.header;
  const fb::ModelInfoT &model = *header.model;
  auto info = isa::ModelInfoAttr::get(context, model.name, model.macs, model.parameters,
                                      model.opset, model.weight_bits, model.activation_bits);
  isa::PreprocessAttr preprocess;
  if (header.preprocess)
    preprocess =
        isa::PreprocessAttr::get(context, header.preprocess->scale, header.preprocess->mean,
                                 header.preprocess->std, header.preprocess->layout);
  const fb::ArrayCountsT &counts = *header.array_counts;
  auto arrayCounts =
      isa::ArrayCountsAttr::get(context, counts.dense, counts.after_pruning, counts.after_slicing,
                                counts.after_squeeze, counts.used, counts.utilization);
  auto op = isa::ProgramOp::create(
      builder, loc, info, int64_t(header.semaphores), int64_t(header.global_memory_bytes),
      targetToAttr(context, program.target()), preprocess, arrayCounts,
      header.images_in_flight == 1 ? IntegerAttr()
                                   : builder.getI64IntegerAttr(header.images_in_flight));
  if (header.generator != thisGenerator)
    op->setAttr(generatorAttrName, builder.getStringAttr(header.generator));
  return op;
}

void Importer::importTensor(const fb::TensorDescriptorT &tensor, std::optional<uint16_t> ownCore) {
  bool isGlobal = tensor.space == fb::Space::Global;
  IntegerAttr core;
  if (!isGlobal && tensor.core != ownCore)
    core = builder.getI64IntegerAttr(tensor.core);
  isa::TensorOp::create(builder, loc, isGlobal ? isa::Space::Global : isa::Space::Scratchpad,
                        typeOf(context, tensor.element), int64_t(tensor.base),
                        SmallVector<int64_t>(tensor.sizes.begin(), tensor.sizes.end()),
                        ArrayRef<int64_t>(tensor.strides), core);
}

void Importer::importPort(const fb::PortT &port, isa::PortKind kind) {
  isa::PortOp::create(
      builder, loc, isa::PortKindAttr::get(context, kind), builder.getStringAttr(port.name),
      list(port.shape), list(port.permutation), TypeAttr::get(typeOf(context, port.element)),
      builder.getF64FloatAttr(port.scale), builder.getI64IntegerAttr(port.zero_point),
      builder.getI64IntegerAttr(port.min), builder.getI64IntegerAttr(port.max),
      builder.getI64IntegerAttr(port.tensor));
}

void Importer::importHostCall(const fb::HostCallT &call, size_t index) {
  auto graph = resource("host_call" + std::to_string(index), std::as_bytes(std::span(call.graph)));
  isa::HostCallOp::create(builder, loc, builder.getStringAttr(call.name), graph, list(call.inputs),
                          list(call.outputs));
}

void Importer::importMemoryImage(const fb::MemoryImageT &image, size_t index) {
  auto bytes = std::span(program.constants).subspan(image.offset, image.size);
  isa::MemoryImageOp::create(builder, loc, builder.getI64IntegerAttr(image.address),
                             resource("memory_image" + std::to_string(index), bytes));
}

void Importer::importLayer(const fb::LayerT &layer) {
  SmallVector<Attribute> spans;
  for (const fb::Span &span : layer.spans)
    spans.push_back(isa::SpanAttr::get(context, span.core(), span.begin(), span.end()));
  isa::LayerOp::create(builder, loc, builder.getStringAttr(layer.name),
                       builder.getStringAttr(layer.op), builder.getI64IntegerAttr(layer.macs),
                       builder.getI64IntegerAttr(layer.arrays),
                       builder.getI64IntegerAttr(layer.weights), builder.getArrayAttr(spans),
                       builder.getI64IntegerAttr(layer.output), optionalText(layer.reference),
                       optionalText(layer.mapping));
}

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

void Importer::importWindow(const fb::WindowDescriptorT &window) {
  isa::WindowOp::create(builder, loc, typeOf(context, window.element), int64_t(window.base),
                        window.out_rows, window.out_cols, window.kernel_rows, window.kernel_cols,
                        window.channels, window.row_step, window.row_dilation, window.first_col,
                        window.col_step, window.col_dilation, window.rows, window.cols,
                        window.ring_rows, window.row_pitch, window.col_pitch, window.pad_value);
}

void Importer::importGroup(const fb::ArrayGroupT &group) {
  SmallVector<Attribute> slices;
  for (const fb::Slice &slice : group.slices)
    slices.push_back(isa::SliceAttr::get(context, slice.shift(), slice.negative()));
  auto op = isa::ArrayGroupOp::create(
      builder, loc, group.matrix_rows, group.matrix_cols, group.input_bits, group.cell_bits,
      builder.getArrayAttr(slices), group.weight_scale, group.weight_offset, group.input_offset,
      optionalList(group.neurons),
      group.feedback_ohm.empty() ? DenseF64ArrayAttr()
                                 : builder.getDenseF64ArrayAttr(group.feedback_ohm));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.ensureBody());
  for (const auto &tile : group.tiles)
    isa::TileOp::create(builder, loc, tile->array, tile->row_offset, tile->row_count,
                        tile->col_offset, tile->output_count, tile->row_begin, tile->output_begin,
                        tile->slice_begin, tile->slice_count, optionalList(tile->rows),
                        optionalList(tile->outputs), optionalList(tile->delays), tile->shift,
                        tile->phase, tile->fragment_rows, optionalList(tile->signs));
}

void Importer::importRequantize(const fb::RequantizeT &params) {
  isa::RequantizeOp::create(
      builder, loc, list(params.bias), list(params.multiplier), list(params.shift),
      builder.getBoolAttr(params.double_round), builder.getI64IntegerAttr(params.input_zero_point),
      builder.getI64IntegerAttr(params.output_zero_point), builder.getI64IntegerAttr(params.min),
      builder.getI64IntegerAttr(params.max), builder.getBoolAttr(params.float_round));
}

/// Instructions carry the name of their layer as location.
void Importer::importCode(size_t core) {
  std::span<const uint64_t> code = program.codeOf(core);
  std::vector<Location> locations(code.size(), loc);
  for (const auto &layer : program.header.layers) {
    Location name = NameLoc::get(builder.getStringAttr(layer->name));
    for (const fb::Span &span : layer->spans)
      if (span.core() == core)
        std::fill(locations.begin() + span.begin(), locations.begin() + span.end(), name);
  }
  auto op = isa::CodeOp::create(builder, loc);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.ensureBody());
  for (size_t i = 0; i < code.size(); ++i)
    isa::createInstructionOp(builder, locations[i], ::pim::isa::decode(code[i]));
}

void Importer::importCore(size_t index) {
  const fb::CoreT &core = *program.header.cores[index];
  DenseResourceElementsAttr cells;
  if (core.arrays != 0)
    cells = resource("cells" + std::to_string(index), std::as_bytes(program.cellsOf(index)));
  auto op = isa::CoreOp::create(builder, loc, core.x, core.y, core.arrays, core.scratchpad_bytes,
                                cells, optionalList(core.rounds));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.ensureBody());
  for (const auto &tensor : core.tensors)
    importTensor(*tensor, uint16_t(index));
  for (const auto &window : core.windows)
    importWindow(*window);
  for (const auto &group : core.groups)
    importGroup(*group);
  for (const auto &params : core.requantize)
    importRequantize(*params);
  for (const auto &lookup : core.lookups)
    isa::LookupOp::create(builder, loc, list(lookup->entries));
  importCode(index);
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

void Importer::importTables(isa::ProgramOp op) {
  const fb::ProgramT &header = program.header;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.ensureBody());
  for (const auto &tensor : header.tensors)
    importTensor(*tensor, std::nullopt);
  for (const auto &port : header.inputs)
    importPort(*port, isa::PortKind::Input);
  for (const auto &port : header.outputs)
    importPort(*port, isa::PortKind::Output);
  for (size_t i = 0; i < header.host_calls.size(); ++i)
    importHostCall(*header.host_calls[i], i);
  for (size_t i = 0; i < header.memory_images.size(); ++i)
    importMemoryImage(*header.memory_images[i], i);
  for (const auto &layer : header.layers)
    importLayer(*layer);
  for (size_t i = 0; i < header.cores.size(); ++i)
    importCore(i);
  if (!program.reference.empty())
    isa::ReferenceOp::create(builder, loc, resource("reference", program.reference));
}

OwningOpRef<ModuleOp> Importer::run() {
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToEnd(module->getBody());
  importTables(importAttributes());
  if (failed(verify(*module)))
    return nullptr;
  return module;
}

OwningOpRef<ModuleOp> mlir::pim::programToIsa(MLIRContext *context,
                                              const program::Program &program) {
  context->loadDialect<isa::ISADialect>();
  try {
    program::verify(program);
    return Importer(context, program).run();
  } catch (const ::pim::Error &error) {
    emitError(UnknownLoc::get(context)) << error.what();
    return nullptr;
  }
}
