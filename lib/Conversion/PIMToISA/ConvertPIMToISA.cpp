//===- ConvertPIMToISA.cpp - mapped layers into a program ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements convert-pim-to-isa: walks the layers in order, keeps the cores in step (Sync.h), and
// collects what reports and checks need. Tested by test/Conversion/PIMToISA.
//
//===----------------------------------------------------------------------===//

#include "CheckMapping.h"
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
#include "pim/Dialect/PIM/IR/References.h"
#include "pim/Elements/Ports.h"

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
      : function(function), target(target), sync(function.getBody().front()) {}

  LogicalResult convert();
  const ProgramBuilder &result() const { return program; }

private:
  void makeCores();
  void addConstants();
  LogicalResult addLayer(LayerOp layer);
  LogicalResult addPart(LayerOp layer, size_t index, ArrayRef<char> weights, LayerEntry &entry);
  LogicalResult addInput(BlockArgument argument);
  LogicalResult addOutput(OpOperand &operand);
  PortEntry makePort(RankedTensorType type, GlobalPlace place, DictionaryAttr attributes);
  FailureOr<GlobalPlace> placeOf(Value value);
  void countArrays(Conv2DOp matrix, int64_t copies);
  void countArrays(AnalogLayersOp chain);

  func::FuncOp function;
  const MappingTarget &target;
  SyncPlan sync;
  ProgramBuilder program;
};

} // namespace

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

/// All cores that anything is placed on, numbered in the program by their order on the mesh.
void Converter::makeCores() {
  std::map<int64_t, std::map<int64_t, int64_t>> used; // by core and round: arrays
  for (auto layer : function.getBody().front().getOps<LayerOp>())
    for (PartAttr part : layer.getPlacementAttr().getParts()) {
      auto &rounds = used[part.getCore()];
      if (layer.getMatrixOp())
        rounds[part.getRound()] =
            std::max(rounds[part.getRound()], part.getFirstArray() + part.getArrays());
    }
  for (const auto &[number, arrays] : used) {
    CoreBuilder &core = program.cores
                            .try_emplace(number, int64_t(program.cores.size()), target.matrixRows,
                                         target.matrixColumns, target.cellBits)
                            .first->second;
    int64_t images = 0;
    for (auto [round, count] : arrays) {
      if (arrays.size() > 1)
        core.rounds.push_back(images);
      images += count;
    }
  }
  program.semaphores = sync.semaphores();
}

void Converter::addConstants() {
  for (auto constant : function.getBody().front().getOps<tosa::ConstOp>())
    if (auto address = constant->getAttrOfType<IntegerAttr>("pim.address")) {
      program.images.push_back({address.getInt(), constant.getValues()});
      program.globalMemoryBytes =
          std::max(program.globalMemoryBytes, address.getInt() + globalBytes(constant.getType()));
    }
}

FailureOr<GlobalPlace> Converter::placeOf(Value value) {
  Value root = memoryRoot(value);
  IntegerAttr address;
  if (auto argument = dyn_cast<BlockArgument>(root)) {
    address = function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), "pim.address");
  } else if (auto layer = root.getDefiningOp<LayerOp>()) {
    GlobalPlace place = placeOfResult(layer);
    place.address += layer.getResultOffset(cast<OpResult>(root).getResultNumber());
    return place;
  } else {
    address = root.getDefiningOp()->getAttrOfType<IntegerAttr>("pim.address");
  }
  if (address)
    return GlobalPlace{address.getInt()};
  return emitError(root.getLoc())
         << "value has no 'pim.address' in global memory: run pim-schedule first";
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

void Converter::countArrays(Conv2DOp matrix, int64_t copies) {
  program.cellsUsed += countCells(matrix) * copies;
  program.arrays += ArrayFactors::of(matrix, target.matrixRows, target.matrixColumns);
}

/// Ternary weights have no other form that it could be compared with.
void Converter::countArrays(AnalogLayersOp chain) {
  int64_t arrays = chain.getTilingAttr().getArrays();
  program.arrays += {arrays, arrays, arrays, arrays, arrays, arrays};
  for (int64_t layer = 0; layer < chain.getLayerCount(); ++layer)
    program.cellsUsed += 2 * (chain.getInputs(layer) + 1) * chain.getOutputs(layer);
}

void mlir::pim::emitWaits(ArrayRef<RowWait> waits, CoreBuilder &core) {
  for (const RowWait &wait : waits)
    core.emit(inst::Wait{uint32_t(wait.semaphore), 0, int32_t(wait.total)});
}

void mlir::pim::emitSignal(std::optional<int64_t> semaphore, int64_t amount, CoreBuilder &core) {
  constexpr int64_t most = 65535; // of one instruction
  for (; semaphore && amount > 0; amount -= most)
    core.emit(inst::Signal{uint32_t(*semaphore), uint32_t(std::min(amount, most))});
}

LogicalResult Converter::addPart(LayerOp layer, size_t index, ArrayRef<char> weights,
                                 LayerEntry &entry) {
  CoreBuilder &core = program.cores.at(layer.getPlacementAttr().getParts()[index].getCore());
  int64_t begin = int64_t(core.code.size());
  auto place = [this](Value value) { return placeOf(value); };
  int64_t round = layer.getPlacementAttr().getParts()[index].getRound();
  if (layer.getMatrixOp() && !core.rounds.empty() && core.round != round) {
    core.emit(inst::Reprogram{uint32_t(round)});
    core.round = round;
  }
  emitWaits(sync.beforeWriting(layer, index), core);
  LogicalResult emitted = success();
  if (layer.getKind() == LayerKind::Movement || layer.getKind() == LayerKind::Host ||
      layer.getKind() == LayerKind::Analog) {
    emitWaits(sync.beforeAll(layer, index), core);
    emitted = layer.getKind() == LayerKind::Movement ? emitMovement(layer, place, core)
              : layer.getKind() == LayerKind::Host
                  ? emitHost(layer, place, program, core)
                  : emitAnalog(layer, place, target.zeroIsLow, core);
    emitSignal(sync.semaphoreOf(layer, index), 1, core);
  } else {
    emitted = emitStream(layer, index, weights, place, sync, core);
  }
  entry.spans.push_back({core.number, begin, int64_t(core.code.size())});
  return emitted;
}

LogicalResult Converter::addLayer(LayerOp layer) {
  LayerEntry entry;
  entry.name = layer.getName().str();
  entry.op = layer.getOperatorName();
  std::optional<ConstantBytes> weights;
  if (Conv2DOp matrix = layer.getMatrixOp()) {
    weights = readBytes(matrix.getWeights());
    if (!weights)
      return matrix.emitOpError("has weights without data");
    entry.macs = matrix.getMacs();
    entry.arrays = layer.getPlacementAttr().getArrays();
    entry.weights = int64_t(weights->size());
    countArrays(matrix, layer.getPlacementAttr().getCopies());
    llvm::raw_string_ostream(entry.mapping)
        << matrix.getSlicingAttr() << " " << matrix.getTilingAttr() << " ";
  }
  if (AnalogLayersOp chain = layer.getAnalogOp()) {
    entry.macs = chain.getMacs();
    entry.arrays = layer.getPlacementAttr().getArrays();
    entry.weights = entry.macs;
    countArrays(chain);
    llvm::raw_string_ostream mapping(entry.mapping);
    mapping << "analog layers of";
    for (int64_t index = 0; index < chain.getLayerCount(); ++index)
      mapping << " " << chain.getInputs(index) << "x" << chain.getOutputs(index);
    mapping << ", feedback_ohm " << chain.getFeedbackOhmAttr() << " ";
  }
  llvm::raw_string_ostream(entry.mapping)
      << layer.getPlacementAttr() << " " << layer.getScheduleAttr();
  bool isInPlace = layer.getScheduleAttr().getInPlace();
  for (size_t part = 0; !isInPlace && part < layer.getPlacementAttr().getParts().size(); ++part)
    if (failed(addPart(layer, part, weights ? ArrayRef<char>(*weights) : ArrayRef<char>(), entry)))
      return failure();
  FailureOr<GlobalPlace> place = placeOf(layer.getResult(0));
  if (failed(place))
    return failure();
  auto takes = [&](int64_t end) {
    program.globalMemoryBytes = std::max(program.globalMemoryBytes, end);
  };
  // What lies in another value ends with it.
  if (place->colPitch == 0)
    takes(place->address + layer.getResultBytes());
  if (layer.getPlacementAttr().hasChains())
    takes(layer.getScheduleAttr().getPartialAddress() + layer.getResultType().getNumElements() * 4);
  if (StringRef reference = referenceOf(layer.getResult(0)); !reference.empty() && !isInPlace) {
    entry.output = program.tensors.index(TensorDescriptor::global(layer.getResultType(), *place));
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
PortEntry Converter::makePort(RankedTensorType type, GlobalPlace place, DictionaryAttr attributes) {
  PortEntry port;
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
  port.tensor = program.tensors.index(TensorDescriptor::global(type, place));
  if (port.element == Element::F32)
    return port;
  unsigned width = type.getElementTypeBitWidth();
  port.scale = 1;
  port.min = width == 1 ? 0 : -(int64_t(1) << (width - 1));
  port.max = width == 1 ? 1 : (int64_t(1) << (width - 1)) - 1;
  auto quant = attributes.getAs<TypeAttr>(quantAttrName);
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
  FailureOr<GlobalPlace> place = placeOf(argument);
  if (failed(place))
    return failure();
  auto type = cast<RankedTensorType>(argument.getType());
  DictionaryAttr attributes =
      orEmpty(function.getArgAttrDict(argument.getArgNumber()), function.getContext());
  program.inputs.push_back(makePort(type, *place, attributes));
  program.inputs.back().name = inputName(function, argument.getArgNumber());
  program.globalMemoryBytes =
      std::max(program.globalMemoryBytes, place->address + globalBytes(type));
  return success();
}

LogicalResult Converter::addOutput(OpOperand &operand) {
  FailureOr<GlobalPlace> place = placeOf(operand.get());
  if (failed(place))
    return failure();
  auto type = cast<RankedTensorType>(operand.get().getType());
  DictionaryAttr attributes =
      orEmpty(function.getResultAttrDict(operand.getOperandNumber()), function.getContext());
  program.outputs.push_back(makePort(type, *place, attributes));
  program.outputs.back().name = outputName(function, operand.getOperandNumber());
  return success();
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

LogicalResult Converter::convert() {
  makeCores();
  if (auto images =
          function->getParentOfType<ModuleOp>()->getAttrOfType<IntegerAttr>("pim.images_in_flight"))
    program.imagesInFlight = images.getInt();
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
  if (failed(checkMapping(functions.front(), *target)))
    return signalPassFailure();
  Converter converter(functions.front(), *target);
  if (failed(converter.convert()) || failed(writeISA(module, converter.result(), *target)))
    return signalPassFailure();
  functions.front().erase();
  module->removeAttr("pim.reference");
}
