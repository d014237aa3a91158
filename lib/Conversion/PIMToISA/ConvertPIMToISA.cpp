//===- ConvertPIMToISA.cpp - mapped layers into a program ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements convert-pim-to-isa: walks the layers in order, keeps the cores in step, and collects
// what reports and checks need. Tested by test/Conversion/PIMToISA.
//
// Synchronization: layers run one after another, so one semaphore counts finished parts of layers.
// Before a part, its core waits until all parts of earlier layers are counted, unless no other core
// has finished one since it last waited: what it did itself is in program order anyway. The count
// only grows and every part signals once, so nothing can deadlock.
//
//===----------------------------------------------------------------------===//

#include "EmitLayer.h"
#include "WriteISA.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Conversion/PIMToISA/Passes.h"
#include "pim/Dialect/ISA/IR/ISADialect.h"
#include "pim/Dialect/PIM/IR/ArrayFactors.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/LayerPlan.h"

#include <set>

namespace mlir::pim {
#define GEN_PASS_DEF_CONVERTPIMTOISAPASS
#include "pim/Conversion/PIMToISA/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {

struct ConvertPIMToISAPass : mlir::pim::impl::ConvertPIMToISAPassBase<ConvertPIMToISAPass> {
  void runOnOperation() override;
};

class Converter {
public:
  Converter(func::FuncOp function, const MappingTarget &target)
      : function(function), target(target) {}

  LogicalResult convert();
  const ProgramBuilder &result() const { return program; }

private:
  LogicalResult checkMapping();
  void makeCores();
  void addConstants();
  LogicalResult addLayer(LayerOp layer);
  LogicalResult addPart(LayerOp layer, PartAttr part, ArrayRef<char> weights, LayerEntry &entry);
  LogicalResult addInput(BlockArgument argument);
  LogicalResult addOutput(OpOperand &operand);
  PortEntry makePort(RankedTensorType type, int64_t address, DictionaryAttr attributes,
                     std::string defaultName);
  FailureOr<int64_t> addressOf(Value value);
  void countArrays(Conv2DOp matrix);

  /// How far the cores have come.
  struct Progress {
    int64_t own = 0;        ///< parts that the core itself has counted
    int64_t seenOfRest = 0; ///< parts of other cores that it has waited for
  };

  func::FuncOp function;
  const MappingTarget &target;
  ProgramBuilder program;
  std::map<int64_t, Progress> progress; ///< by core number
  int64_t counted = 0;                  ///< parts of all layers so far
};

} // namespace

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

LogicalResult Converter::checkMapping() {
  for (auto layer : function.getBody().front().getOps<LayerOp>()) {
    Conv2DOp matrix = layer.getMatrixOp();
    if (!layer.getPlacementAttr() || !layer.getScheduleAttr() ||
        (matrix && !matrix.getTilingAttr()))
      return layer.emitOpError() << "'" << layer.getName()
                                 << "' is not mapped: run pim-bit-slice, pim-tile, pim-place "
                                 << "and pim-schedule first";
    for (PartAttr part : layer.getPlacementAttr().getParts())
      if (part.getCore() >= target.cores())
        return layer.emitOpError() << "'" << layer.getName() << "' is on core " << part.getCore()
                                   << ", target '" << target.name << "' has " << target.cores();
  }
  for (Operation &op : function.getBody().front().without_terminator())
    if (!mlir::isa<LayerOp, tosa::ConstOp, tosa::ConstShapeOp, tosa::ReshapeOp>(op))
      return op.emitOpError("is outside of any layer: run pim-form-layers first");
  return success();
}

/// All cores that anything is placed on, numbered in the program by their order on the mesh.
void Converter::makeCores() {
  std::set<int64_t> used;
  for (auto layer : function.getBody().front().getOps<LayerOp>())
    for (PartAttr part : layer.getPlacementAttr().getParts())
      used.insert(part.getCore());
  for (int64_t core : used)
    program.cores.try_emplace(core, int64_t(program.cores.size()), target.matrixRows,
                              target.matrixColumns, target.cellBits);
  program.semaphores = used.size() > 1 ? 1 : 0;
}

void Converter::addConstants() {
  for (auto constant : function.getBody().front().getOps<tosa::ConstOp>())
    if (auto address = constant->getAttrOfType<IntegerAttr>("pim.address")) {
      program.images.push_back({address.getInt(), constant.getValues()});
      program.globalMemoryBytes =
          std::max(program.globalMemoryBytes, address.getInt() + globalBytes(constant.getType()));
    }
}

FailureOr<int64_t> Converter::addressOf(Value value) {
  Value root = memoryRoot(value);
  IntegerAttr address;
  if (auto argument = dyn_cast<BlockArgument>(root)) {
    address = function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), "pim.address");
  } else if (auto layer = root.getDefiningOp<LayerOp>()) {
    return layer.getScheduleAttr().getResultAddress() +
           layer.getResultOffset(cast<OpResult>(root).getResultNumber());
  } else {
    address = root.getDefiningOp()->getAttrOfType<IntegerAttr>("pim.address");
  }
  if (address)
    return address.getInt();
  return emitError(root.getLoc())
         << "value has no 'pim.address' in global memory: run pim-schedule first";
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

void Converter::countArrays(Conv2DOp matrix) {
  program.cellsUsed += countCells(matrix);
  program.arrays += ArrayFactors::of(matrix, target.matrixRows, target.matrixColumns);
}

LogicalResult Converter::addPart(LayerOp layer, PartAttr part, ArrayRef<char> weights,
                                 LayerEntry &entry) {
  CoreBuilder &core = program.cores.at(part.getCore());
  Progress &own = progress[part.getCore()];
  int64_t begin = int64_t(core.code.size());
  // What other cores have counted before this layer.
  int64_t before = counted - own.own;
  if (before > own.seenOfRest) {
    core.emit(inst::Wait{0, 0, int32_t(counted)});
    own.seenOfRest = before;
  }
  auto address = [this](Value value) { return addressOf(value); };
  LogicalResult emitted = success();
  switch (layer.getKind()) {
  case LayerKind::Matrix:
  case LayerKind::Pool:
  case LayerKind::Elementwise:
    emitted = emitStream(layer, part, weights, address, core);
    break;
  case LayerKind::Movement:
    emitted = emitMovement(layer, address, core);
    break;
  case LayerKind::Host:
    emitted = emitHost(layer, address, program, core);
    break;
  }
  if (failed(emitted))
    return failure();
  if (program.semaphores > 0)
    core.emit(inst::Signal{0, 1});
  entry.spans.push_back({core.number, begin, int64_t(core.code.size())});
  return success();
}

LogicalResult Converter::addLayer(LayerOp layer) {
  LayerEntry entry;
  entry.name = layer.getName().str();
  entry.op = layer.getOperatorName();
  SmallVector<char> weights;
  if (Conv2DOp matrix = layer.getMatrixOp()) {
    std::optional<SmallVector<char>> bytes = readBytes(matrix.getWeights());
    if (!bytes)
      return matrix.emitOpError("has weights without data");
    weights = std::move(*bytes);
    entry.macs = matrix.getMacs();
    entry.arrays = matrix.getTilingAttr().getArrays();
    entry.weights = int64_t(weights.size());
    countArrays(matrix);
    llvm::raw_string_ostream(entry.mapping)
        << matrix.getSlicingAttr() << " " << matrix.getTilingAttr() << " ";
  }
  llvm::raw_string_ostream(entry.mapping)
      << layer.getPlacementAttr() << " " << layer.getScheduleAttr();
  ArrayRef<PartAttr> parts = layer.getPlacementAttr().getParts();
  for (PartAttr part : parts)
    if (failed(addPart(layer, part, weights, entry)))
      return failure();
  // Counted only now: the parts of one layer do not wait for each other.
  for (PartAttr part : parts)
    ++progress[part.getCore()].own;
  counted += int64_t(parts.size());
  FailureOr<int64_t> address = addressOf(layer.getResult(0));
  if (failed(address))
    return failure();
  program.globalMemoryBytes =
      std::max(program.globalMemoryBytes, *address + layer.getResultBytes());
  if (auto reference = layer->getAttrOfType<StringAttr>("pim.reference")) {
    entry.output = program.tensors.index(TensorDescriptor::global(layer.getResultType(), *address));
    entry.reference = reference.str();
  }
  program.layers.push_back(std::move(entry));
  return success();
}

//===----------------------------------------------------------------------===//
// Ports
//===----------------------------------------------------------------------===//

/// A port from the attributes of an argument or result; without `pim.quant` an integer stands for
/// itself.
PortEntry Converter::makePort(RankedTensorType type, int64_t address, DictionaryAttr attributes,
                              std::string defaultName) {
  PortEntry port;
  auto name = attributes.getAs<StringAttr>("pim.name");
  port.name = name ? name.str() : std::move(defaultName);
  ArrayRef<int64_t> shape = type.getShape();
  if (auto given = attributes.getAs<DenseI64ArrayAttr>("pim.shape"))
    shape = given.asArrayRef();
  port.shape.assign(shape.begin(), shape.end());
  if (auto permutation = attributes.getAs<DenseI64ArrayAttr>("pim.permutation"))
    port.permutation.assign(permutation.asArrayRef().begin(), permutation.asArrayRef().end());
  else
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      port.permutation.push_back(dim);
  port.element = elementOf(type);
  port.tensor = program.tensors.index(TensorDescriptor::global(type, address));
  if (port.element == Element::F32)
    return port;
  unsigned width = type.getElementTypeBitWidth();
  port.scale = 1;
  port.min = width == 1 ? 0 : -(int64_t(1) << (width - 1));
  port.max = width == 1 ? 1 : (int64_t(1) << (width - 1)) - 1;
  auto quant = attributes.getAs<TypeAttr>("pim.quant");
  auto quantized = quant ? dyn_cast<quant::UniformQuantizedType>(quant.getValue())
                         : quant::UniformQuantizedType();
  if (quantized) {
    port.scale = quantized.getScale();
    port.zeroPoint = quantized.getZeroPoint();
    port.min = quantized.getStorageTypeMin();
    port.max = quantized.getStorageTypeMax();
  }
  return port;
}

static DictionaryAttr orEmpty(DictionaryAttr attributes, MLIRContext *context) {
  return attributes ? attributes : DictionaryAttr::get(context);
}

LogicalResult Converter::addInput(BlockArgument argument) {
  FailureOr<int64_t> address = addressOf(argument);
  if (failed(address))
    return failure();
  auto type = cast<RankedTensorType>(argument.getType());
  DictionaryAttr attributes =
      orEmpty(function.getArgAttrDict(argument.getArgNumber()), function.getContext());
  program.inputs.push_back(
      makePort(type, *address, attributes, "input" + std::to_string(argument.getArgNumber())));
  program.globalMemoryBytes = std::max(program.globalMemoryBytes, *address + globalBytes(type));
  return success();
}

LogicalResult Converter::addOutput(OpOperand &operand) {
  FailureOr<int64_t> address = addressOf(operand.get());
  if (failed(address))
    return failure();
  auto type = cast<RankedTensorType>(operand.get().getType());
  DictionaryAttr attributes =
      orEmpty(function.getResultAttrDict(operand.getOperandNumber()), function.getContext());
  program.outputs.push_back(
      makePort(type, *address, attributes, "output" + std::to_string(operand.getOperandNumber())));
  return success();
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

LogicalResult Converter::convert() {
  if (failed(checkMapping()))
    return failure();
  makeCores();
  addConstants();
  Block &block = function.getBody().front();
  for (BlockArgument argument : block.getArguments())
    if (failed(addInput(argument)))
      return failure();
  for (auto layer : block.getOps<LayerOp>())
    if (failed(addLayer(layer)))
      return failure();
  for (OpOperand &operand : block.getTerminator()->getOpOperands())
    if (failed(addOutput(operand)))
      return failure();
  for (auto &[number, core] : program.cores)
    core.emit(inst::Halt{});
  return success();
}

void ConvertPIMToISAPass::runOnOperation() {
  ModuleOp module = getOperation();
  SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
  if (functions.size() != 1 || functions.front().isExternal()) {
    module.emitError() << "module has " << functions.size()
                       << " functions, expected one with a body";
    return signalPassFailure();
  }
  FailureOr<MappingTarget> target = MappingTarget::of(module);
  if (failed(target))
    return signalPassFailure();
  Converter converter(functions.front(), *target);
  if (failed(converter.convert()) || failed(writeISA(module, converter.result(), *target)))
    return signalPassFailure();
  functions.front().erase();
  module->removeAttr("pim.reference");
}
