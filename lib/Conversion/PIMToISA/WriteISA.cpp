//===- WriteISA.cpp - the isa dialect of a finished program ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WriteISA.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/Dialect/ISA/IR/ISADialect.h"
#include "pim/Dialect/ISA/IR/InstructionConversion.h"
#include "pim/Dialect/PIM/IR/Constants.h"

using namespace mlir;
using namespace mlir::pim;

/// An instruction names a table entry in 12 bits.
static constexpr size_t mostEntries = 4096;

namespace {
class Writer {
public:
  Writer(ModuleOp module, const ProgramBuilder &program, const MappingTarget &target)
      : module(module), program(program), target(target), builder(module.getContext()),
        loc(module.getLoc()) {}

  LogicalResult write();

private:
  Operation *create(StringRef name, ArrayRef<NamedAttribute> attributes, bool hasBody = false);
  NamedAttribute number(StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  }
  NamedAttribute text(StringRef name, StringRef value) {
    return builder.getNamedAttr(name, builder.getStringAttr(value));
  }
  NamedAttribute list(StringRef name, ArrayRef<int64_t> values) {
    return builder.getNamedAttr(name, builder.getDenseI64ArrayAttr(values));
  }
  NamedAttribute element(Element value) {
    return builder.getNamedAttr("element", TypeAttr::get(typeOf(value)));
  }
  NamedAttribute bytes(StringRef name, ArrayRef<char> data, StringRef resource);
  Type typeOf(Element value);

  void writeProgramTables();
  void writeTensor(const TensorDescriptor &tensor, std::optional<int64_t> core);
  void writePort(const PortEntry &port, isa::PortKind kind);
  void writeLayer(const LayerEntry &layer);
  LogicalResult writeCore(int64_t place, const CoreBuilder &core);
  void writeWindow(const WindowDescriptor &window);
  void writeGroup(const ArrayGroup &group);
  void writeRequantize(const RequantizeTable &table);
  Attribute modelInfo();
  Attribute arrayCounts();

  ModuleOp module;
  const ProgramBuilder &program;
  const MappingTarget &target;
  OpBuilder builder;
  Location loc;
};
} // namespace

/// Makes an op at the insertion point; with a body, goes on inside it.
Operation *Writer::create(StringRef name, ArrayRef<NamedAttribute> attributes, bool hasBody) {
  OperationState state(loc, "isa." + name.str());
  state.addAttributes(attributes);
  if (hasBody)
    state.addRegion()->emplaceBlock();
  Operation *op = builder.create(state);
  if (hasBody)
    builder.setInsertionPointToEnd(&op->getRegion(0).front());
  return op;
}

Type Writer::typeOf(Element value) {
  switch (value) {
  case Element::I1:
    return builder.getI1Type();
  case Element::I8:
    return builder.getI8Type();
  case Element::I16:
    return builder.getI16Type();
  case Element::I32:
    return builder.getI32Type();
  case Element::I64:
    return builder.getI64Type();
  case Element::F32:
    return builder.getF32Type();
  }
  return builder.getI8Type();
}

NamedAttribute Writer::bytes(StringRef name, ArrayRef<char> data, StringRef resource) {
  auto type = RankedTensorType::get(int64_t(data.size()), builder.getI8Type());
  auto blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(data, 64);
  return builder.getNamedAttr(name,
                              DenseResourceElementsAttr::get(type, resource, std::move(blob)));
}

//===----------------------------------------------------------------------===//
// Tables of the program
//===----------------------------------------------------------------------===//

Attribute Writer::modelInfo() {
  uint64_t macs = 0, parameters = 0;
  for (const LayerEntry &layer : program.layers) {
    macs += uint64_t(layer.macs);
    parameters += uint64_t(layer.weights);
  }
  auto name = module.getSymName();
  auto opset = module->getAttrOfType<StringAttr>("pim.opset");
  auto bits = [&](StringRef key) {
    auto value = module->getAttrOfType<IntegerAttr>(key);
    return value ? uint64_t(value.getInt()) : 8;
  };
  return isa::ModelInfoAttr::get(module.getContext(), name.value_or("model"), macs, parameters,
                                 opset ? opset.getValue() : StringRef(), bits("pim.weight_bits"),
                                 bits("pim.activation_bits"));
}

Attribute Writer::arrayCounts() {
  uint64_t images = 0;
  for (const LayerEntry &layer : program.layers)
    images += uint64_t(layer.arrays);
  // Of the images of several rounds those of the largest count.
  uint64_t used = images;
  for (const auto &[place, core] : program.cores)
    used -= uint64_t(core.arrays - core.physicalArrays());
  double cells = double(images) * double(target.matrixRows) * double(target.matrixColumns);
  const ArrayFactors &arrays = program.arrays;
  return isa::ArrayCountsAttr::get(
      module.getContext(), uint64_t(arrays.dense), uint64_t(arrays.pruned), uint64_t(arrays.sliced),
      uint64_t(arrays.squeezed), used, cells > 0 ? double(program.cellsUsed) / cells : 0.0);
}

void Writer::writeTensor(const TensorDescriptor &tensor, std::optional<int64_t> core) {
  auto space = tensor.space == Space::Global ? isa::Space::Global : isa::Space::Scratchpad;
  SmallVector<NamedAttribute> attributes{
      builder.getNamedAttr("space", isa::SpaceAttr::get(module.getContext(), space)),
      element(tensor.element), number("base", tensor.base), list("sizes", tensor.sizes),
      list("strides", tensor.strides)};
  if (core && tensor.space == Space::Scratchpad && tensor.core != *core)
    attributes.push_back(number("core", tensor.core));
  create("tensor", attributes);
}

void Writer::writePort(const PortEntry &port, isa::PortKind kind) {
  create("port",
         {builder.getNamedAttr("kind", isa::PortKindAttr::get(module.getContext(), kind)),
          text("name", port.name), list("shape", port.shape), list("permutation", port.permutation),
          element(port.element), builder.getNamedAttr("scale", builder.getF64FloatAttr(port.scale)),
          number("zero_point", port.zeroPoint), number("min", port.min), number("max", port.max),
          number("tensor", port.tensor)});
}

void Writer::writeLayer(const LayerEntry &layer) {
  SmallVector<Attribute> spans;
  for (const LayerEntry::Span &span : layer.spans)
    spans.push_back(isa::SpanAttr::get(module.getContext(), uint64_t(span.core),
                                       uint64_t(span.begin), uint64_t(span.end)));
  SmallVector<NamedAttribute> attributes{
      text("name", layer.name),         text("op", layer.op),
      number("macs", layer.macs),       number("arrays", layer.arrays),
      number("weights", layer.weights), builder.getNamedAttr("spans", builder.getArrayAttr(spans)),
      text("mapping", layer.mapping)};
  if (layer.output >= 0) {
    attributes.push_back(number("output", layer.output));
    attributes.push_back(text("reference", layer.reference));
  }
  create("layer", attributes);
}

void Writer::writeProgramTables() {
  for (const TensorDescriptor &tensor : program.tensors.all())
    writeTensor(tensor, std::nullopt);
  for (const PortEntry &port : program.inputs)
    writePort(port, isa::PortKind::Input);
  for (const PortEntry &port : program.outputs)
    writePort(port, isa::PortKind::Output);
  for (const HostCall &call : program.hostCalls)
    create("host_call", {text("name", call.name), bytes("graph", call.graph, "graph"),
                         list("inputs", call.inputs), list("outputs", call.outputs)});
  for (const MemoryImage &image : program.images)
    if (std::optional<ConstantBytes> data = readBytes(image.data))
      create("memory_image", {number("address", image.address), bytes("bytes", *data, "constant")});
  for (const LayerEntry &layer : program.layers)
    writeLayer(layer);
  if (auto reference = module->getAttrOfType<DenseResourceElementsAttr>("pim.reference"))
    create("reference", {builder.getNamedAttr("graph", reference)});
}

//===----------------------------------------------------------------------===//
// Tables of a core
//===----------------------------------------------------------------------===//

void Writer::writeWindow(const WindowDescriptor &window) {
  create("window",
         {element(window.element), number("base", window.base), number("out_rows", window.outRows),
          number("out_cols", window.outCols), number("kernel_rows", window.kernelRows),
          number("kernel_cols", window.kernelCols), number("channels", window.channels),
          number("row_step", window.rowStep), number("row_dilation", window.rowDilation),
          number("first_col", window.firstCol), number("col_step", window.colStep),
          number("col_dilation", window.colDilation), number("rows", window.rows),
          number("cols", window.cols), number("ring_rows", window.ringRows),
          number("row_pitch", window.rowPitch), number("col_pitch", window.colPitch),
          number("pad_value", window.padValue)});
}

void Writer::writeGroup(const ArrayGroup &group) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Attribute> slices;
  for (const SlicingAttr::Slice &slice : group.slicing.getSlices())
    slices.push_back(isa::SliceAttr::get(module.getContext(), slice.shift, slice.negative));
  SmallVector<NamedAttribute> groupAttributes{
      number("matrix_rows", group.matrixRows),
      number("matrix_cols", group.matrixCols),
      number("input_bits", group.slicing.getInputBits()),
      number("cell_bits", group.slicing.getCellBits()),
      builder.getNamedAttr("slices", builder.getArrayAttr(slices)),
      number("weight_scale", group.slicing.getWeightScale()),
      number("weight_offset", group.slicing.getWeightOffset()),
      number("input_offset", group.slicing.getInputOffset())};
  if (!group.neurons.empty()) {
    groupAttributes.push_back(list("neurons", group.neurons));
    groupAttributes.push_back(
        builder.getNamedAttr("feedback_ohm", builder.getDenseF64ArrayAttr(group.feedbackOhm)));
  }
  create("array_group", groupAttributes, /*hasBody=*/true);
  for (const CellTile &tile : group.tiles) {
    SmallVector<NamedAttribute> attributes{number("array", tile.array),
                                           number("row_offset", tile.rowOffset),
                                           number("row_count", tile.rowCount),
                                           number("col_offset", tile.colOffset),
                                           number("output_count", tile.outputCount),
                                           number("row_begin", tile.rowBegin),
                                           number("output_begin", tile.outputBegin),
                                           number("slice_begin", tile.sliceBegin),
                                           number("slice_count", tile.sliceCount)};
    for (auto [name, values] :
         {std::pair(StringRef("rows"), &tile.rows), std::pair(StringRef("outputs"), &tile.outputs),
          std::pair(StringRef("delays"), &tile.delays), std::pair(StringRef("signs"), &tile.signs)})
      if (!values->empty())
        attributes.push_back(list(name, *values));
    for (auto [name, value] : {std::pair("shift", tile.shift), std::pair("phase", tile.phase),
                               std::pair("fragment_rows", tile.fragmentRows)})
      if (value != 0)
        attributes.push_back(number(name, value));
    create("tile", attributes);
  }
}

void Writer::writeRequantize(const RequantizeTable &table) {
  create("requantize",
         {list("bias", table.bias), list("multiplier", table.multiplier),
          list("shift", table.shift),
          builder.getNamedAttr("double_round", builder.getBoolAttr(table.doubleRound)),
          number("input_zero_point", table.inputZeroPoint),
          number("output_zero_point", table.outputZeroPoint), number("min", table.min),
          number("max", table.max),
          builder.getNamedAttr("float_round", builder.getBoolAttr(table.floatRound))});
}

LogicalResult Writer::writeCore(int64_t place, const CoreBuilder &core) {
  for (auto [what, size] : {std::pair("tensor descriptors", core.tensors.all().size()),
                            std::pair("windows", core.windows.all().size()),
                            std::pair("array groups", core.groups.size()),
                            std::pair("requantize tables", core.requantize.all().size()),
                            std::pair("lookup tables", core.lookups.all().size())})
    if (size > mostEntries)
      return module.emitError() << "core " << place << " needs " << size << " " << what
                                << ", an instruction can name " << mostEntries
                                << ": use a target with more cores";
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<NamedAttribute> attributes{
      number("x", place % target.meshCols), number("y", place / target.meshCols),
      number("arrays", core.arrays), number("scratchpad_bytes", core.scratchpadBytes)};
  if (core.arrays > 0)
    attributes.push_back(bytes("cells", core.cells.bytes(), "cells"));
  if (!core.rounds.empty())
    attributes.push_back(list("rounds", core.rounds));
  create("core", attributes, /*hasBody=*/true);
  for (const TensorDescriptor &tensor : core.tensors.all())
    writeTensor(tensor, core.number);
  for (const WindowDescriptor &window : core.windows.all())
    writeWindow(window);
  for (const ArrayGroup &group : core.groups)
    writeGroup(group);
  for (const RequantizeTable &table : core.requantize.all())
    writeRequantize(table);
  for (const std::vector<int64_t> &entries : core.lookups.all())
    create("lookup", {list("entries", entries)});
  create("code", {}, /*hasBody=*/true);
  for (const inst::Instruction &instruction : core.code)
    isa::createInstructionOp(builder, loc, instruction);
  return success();
}

LogicalResult Writer::write() {
  builder.setInsertionPointToEnd(module.getBody());
  SmallVector<NamedAttribute> attributes{
      builder.getNamedAttr("model", modelInfo()), number("semaphores", program.semaphores),
      number("global_memory_bytes", program.globalMemoryBytes),
      builder.getNamedAttr("target", module->getAttr("pim.target")),
      builder.getNamedAttr("array_counts", arrayCounts())};
  if (program.imagesInFlight > 1)
    attributes.push_back(number("images_in_flight", program.imagesInFlight));
  if (Attribute preprocess = module->getAttr("pim.preprocess"))
    attributes.push_back(builder.getNamedAttr("preprocess", preprocess));
  create("program", attributes, /*hasBody=*/true);
  writeProgramTables();
  for (const auto &[place, core] : program.cores)
    if (failed(writeCore(place, core)))
      return failure();
  return success();
}

LogicalResult mlir::pim::writeISA(ModuleOp module, const ProgramBuilder &program,
                                  const MappingTarget &target) {
  return Writer(module, program, target).write();
}
