//===- TosaToGraph.cpp - a TOSA function as a graph outside MLIR ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/TosaToGraph/TosaToGraph.h"

#include "Constants.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/Elements/Ports.h"
#include "pim/Support/Error.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

namespace {

/// Builds one graph, op by op.
class GraphBuilder {
public:
  explicit GraphBuilder(StringRef name) { result.name = name.str(); }

  /// Keeps the name that `op` gives its result from being taken by another value. REQUIRES: called
  /// for all ops first.
  void reserveNames(Operation *op);
  LogicalResult addInput(Value value, StringRef name, Location loc);
  LogicalResult addOperation(Operation *op);
  LogicalResult addOutput(Value value, StringRef name, Location loc);

  graph::Graph take() { return std::move(result); }
  TensorOfValue takeTensors() { return std::move(tensors); }

private:
  FailureOr<int> addTensor(Value value, StringRef name, Location loc);
  LogicalResult addConstant(Operation *op, ElementsAttr values);
  LogicalResult addCast(Operation *op, quant::QuantizedType type);
  LogicalResult addStorageCast(quant::StorageCastOp op);
  LogicalResult addHostIsland(tosa::CustomOp op);
  LogicalResult addAnalogLayers(tosa::CustomOp op);
  LogicalResult addOperands(Operation *op, graph::Op &node);
  LogicalResult addAttributes(Operation *op, graph::Op &node);
  LogicalResult finish(Operation *op, graph::Op node);
  std::string uniqueName(StringRef stem);

  graph::Graph result;
  TensorOfValue tensors;
  llvm::StringMap<int> namesUsed;
};

/// The name that the first result of a layer has, given by pim-name-layers; unique in the function.
StringRef givenName(Operation *op) {
  auto name = op ? op->getAttrOfType<StringAttr>("pim.layer") : StringAttr();
  return name ? name.strref() : StringRef();
}

std::string GraphBuilder::uniqueName(StringRef stem) {
  std::string name = stem.empty() ? "value" : stem.str();
  int count = namesUsed[name]++;
  return count ? name + "#" + std::to_string(count) : name;
}

FailureOr<int> GraphBuilder::addTensor(Value value, StringRef name, Location loc) {
  graph::Tensor tensor;
  auto made = dyn_cast<OpResult>(value);
  bool isFirst = made && made.getResultNumber() == 0;
  StringRef given = isFirst ? givenName(made.getOwner()) : StringRef();
  tensor.name = given.empty() ? uniqueName(name) : given.str();
  if (auto shape = dyn_cast<tosa::shapeType>(value.getType())) {
    tensor.element = ::pim::ElementType::I64;
    tensor.shape = {int64_t(shape.getRank())};
  } else {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || !type.hasStaticShape())
      return emitError(loc) << "has a value of type " << value.getType()
                            << ", expected a tensor of static shape";
    auto element = graphElementType(type.getElementType());
    if (!element)
      return emitError(loc) << "has a value of type " << type
                            << ", whose elements have no form in a graph";
    tensor.element = *element;
    tensor.shape.assign(type.getShape().begin(), type.getShape().end());
  }
  int index = int(result.tensors.size());
  result.tensors.push_back(std::move(tensor));
  tensors[value] = index;
  return index;
}

LogicalResult GraphBuilder::addInput(Value value, StringRef name, Location loc) {
  FailureOr<int> tensor = addTensor(value, name, loc);
  if (failed(tensor))
    return failure();
  result.inputs.push_back(*tensor);
  return success();
}

void GraphBuilder::reserveNames(Operation *op) {
  if (StringRef given = givenName(op); !given.empty())
    ++namesUsed[given];
}

LogicalResult GraphBuilder::addOutput(Value value, StringRef name, Location loc) {
  auto found = tensors.find(value);
  if (found == tensors.end())
    return emitError(loc) << "an output of the graph is made outside it";
  result.outputs.push_back(found->second);
  graph::Tensor &tensor = result.tensors[found->second];
  // The result of a layer keeps its name; so does an output that is also an input or an earlier
  // output.
  if (!isa<BlockArgument>(value) && givenName(value.getDefiningOp()).empty() &&
      llvm::count(result.outputs, found->second) == 1)
    tensor.name = uniqueName(name);
  return success();
}

LogicalResult GraphBuilder::addConstant(Operation *op, ElementsAttr values) {
  FailureOr<int> index = addTensor(op->getResult(0), layerName(op->getLoc()), op->getLoc());
  if (failed(index))
    return failure();
  if (auto problem = setConstantData(result.tensors[*index], values))
    return op->emitError() << *problem;
  return success();
}

LogicalResult GraphBuilder::addOperands(Operation *op, graph::Op &node) {
  for (Value operand : op->getOperands()) {
    auto found = tensors.find(operand);
    if (found == tensors.end()) {
      Operation *maker = operand.getDefiningOp();
      if (!isa_and_nonnull<tosa::ConstOp, tosa::ConstShapeOp>(maker))
        return op->emitError() << "uses a value from outside the graph";
      if (failed(addOperation(maker)))
        return failure();
      found = tensors.find(operand);
    }
    node.inputs.push_back(found->second);
  }
  return success();
}

/// The value of an attribute in a graph, or nothing if it has none.
std::optional<graph::Attribute> graphAttribute(Attribute attribute) {
  graph::Attribute out;
  if (auto array = dyn_cast<DenseI64ArrayAttr>(attribute))
    out.ints.assign(array.asArrayRef().begin(), array.asArrayRef().end());
  else if (auto array = dyn_cast<DenseI32ArrayAttr>(attribute))
    out.ints.assign(array.asArrayRef().begin(), array.asArrayRef().end());
  else if (auto boolean = dyn_cast<BoolAttr>(attribute))
    out.ints = {boolean.getValue()};
  else if (auto integer = dyn_cast<IntegerAttr>(attribute))
    out.ints = {integer.getValue().getSExtValue()};
  else if (auto real = dyn_cast<FloatAttr>(attribute))
    out.floats = {real.getValueAsDouble()};
  else if (auto text = dyn_cast<StringAttr>(attribute))
    out.text = text.str();
  else if (auto mode = dyn_cast<tosa::RoundingModeAttr>(attribute))
    out.text = stringifyEnum(mode.getValue()).str();
  else if (auto mode = dyn_cast<tosa::NanPropagationModeAttr>(attribute))
    out.text = stringifyEnum(mode.getValue()).str();
  else if (auto mode = dyn_cast<tosa::ResizeModeAttr>(attribute))
    out.text = stringifyEnum(mode.getValue()).str();
  else if (auto type = dyn_cast<TypeAttr>(attribute))
    llvm::raw_string_ostream(out.text) << type.getValue();
  else
    return std::nullopt;
  return out;
}

LogicalResult GraphBuilder::addAttributes(Operation *op, graph::Op &node) {
  for (NamedAttribute named : op->getAttrs()) {
    if (op->getDiscardableAttr(named.getName()))
      continue; // notes of ours, such as pim.weight_bits, that do not change what the op computes
    auto attribute = graphAttribute(named.getValue());
    if (!attribute)
      return op->emitError() << "attribute '" << named.getName().strref()
                             << "' has no form in a graph: " << named.getValue();
    node.attributes[named.getName().str()] = std::move(*attribute);
  }
  return success();
}

LogicalResult GraphBuilder::finish(Operation *op, graph::Op node) {
  if (failed(addOperands(op, node)))
    return failure();
  node.name = layerName(op->getLoc());
  for (Value value : op->getResults()) {
    FailureOr<int> tensor = addTensor(value, node.name, op->getLoc());
    if (failed(tensor))
      return failure();
    node.outputs.push_back(*tensor);
  }
  result.ops.push_back(std::move(node));
  return success();
}

LogicalResult GraphBuilder::addCast(Operation *op, quant::QuantizedType type) {
  graph::Op node;
  node.code = op->getName().getStringRef().str();
  // The graph has signed storage alone: an unsigned one is moved down by half its range.
  int64_t shift = type.isSigned() ? 0 : int64_t(1) << (type.getStorageTypeIntegralWidth() - 1);
  auto &attributes = node.attributes;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    attributes["scale"].floats = {uniform.getScale()};
    attributes["zero_point"].ints = {uniform.getZeroPoint() - shift};
  } else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    attributes["scale"].floats.assign(perAxis.getScales().begin(), perAxis.getScales().end());
    for (int64_t zeroPoint : perAxis.getZeroPoints())
      attributes["zero_point"].ints.push_back(zeroPoint - shift);
    attributes["axis"].ints = {perAxis.getQuantizedDimension()};
  } else {
    return op->emitError() << "has type " << type << ", expected a uniform quantized type";
  }
  attributes["min"].ints = {type.getStorageTypeMin() - shift};
  attributes["max"].ints = {type.getStorageTypeMax() - shift};
  return finish(op, std::move(node));
}

LogicalResult GraphBuilder::addStorageCast(quant::StorageCastOp op) {
  auto type = op.getQuantizedType();
  if (type.isSigned()) {
    graph::Op node;
    node.code = "tosa.identity";
    return finish(op, std::move(node));
  }
  // Moving an unsigned storage down by half its range flips the top bit.
  ElementsAttr values;
  auto constant = op.getInput().getDefiningOp<tosa::ConstOp>();
  if (!constant || type.getStorageTypeIntegralWidth() != 8)
    return op.emitError() << "unsigned storage is supported for 8-bit constants only";
  FailureOr<int> index = addTensor(op.getResult(), layerName(op.getLoc()), op.getLoc());
  if (failed(index))
    return failure();
  graph::Tensor &tensor = result.tensors[*index];
  if (auto problem = setConstantData(tensor, constant.getValues()))
    return op.emitError() << *problem;
  auto flipped = std::make_shared<std::vector<std::byte>>(tensor.data.begin(), tensor.data.end());
  for (std::byte &byte : *flipped)
    byte ^= std::byte(0x80);
  tensor.storage = flipped;
  tensor.data = *flipped;
  return success();
}

/// What pim-form-analog makes of ternary layers.
LogicalResult GraphBuilder::addAnalogLayers(tosa::CustomOp op) {
  auto slopes = op->getAttrOfType<DenseF64ArrayAttr>("pim.slopes");
  auto levels = op->getAttrOfType<IntegerAttr>("pim.levels");
  if (!slopes || !levels)
    return op.emitError("needs 'pim.slopes' and 'pim.levels'");
  graph::Op node;
  node.code = "pim.analog_layers";
  node.attributes["slopes"].floats = slopes.asArrayRef().vec();
  node.attributes["levels"].ints = {levels.getInt()};
  return finish(op, std::move(node));
}

/// The graph that the op carries takes its place.
LogicalResult GraphBuilder::addHostIsland(tosa::CustomOp op) {
  auto packed = op->getAttrOfType<DenseResourceElementsAttr>("pim.graph");
  AsmResourceBlob *blob = packed ? packed.getRawHandle().getBlob() : nullptr;
  if (!blob)
    return op.emitError() << "operator '" << op.getOperatorName() << "' of domain '"
                          << op.getDomainName() << "' is not known to the host";
  graph::Graph island;
  auto bytes = std::make_shared<std::vector<std::byte>>(
      reinterpret_cast<const std::byte *>(blob->getData().begin()),
      reinterpret_cast<const std::byte *>(blob->getData().end()));
  try {
    island = graph::deserialize(bytes);
  } catch (const ::pim::Error &error) {
    return op.emitError() << "holds a graph that cannot be read: " << error.what();
  }
  if (island.inputs.size() != op->getNumOperands() || island.outputs.size() != op->getNumResults())
    return op.emitError() << "holds a graph of " << island.inputs.size() << " inputs and "
                          << island.outputs.size() << " outputs, which are not its own";
  std::vector<int> placed(island.tensors.size(), -1);
  graph::Op operands;
  if (failed(addOperands(op, operands)))
    return failure();
  for (auto [index, tensor] : llvm::enumerate(island.inputs))
    placed[size_t(tensor)] = operands.inputs[index];
  for (auto [index, tensor] : llvm::enumerate(island.outputs)) {
    FailureOr<int> made = addTensor(op.getResult(index), layerName(op.getLoc()), op.getLoc());
    if (failed(made))
      return failure();
    placed[size_t(tensor)] = *made;
  }
  for (auto [index, tensor] : llvm::enumerate(island.tensors)) {
    if (placed[index] >= 0)
      continue;
    placed[index] = int(result.tensors.size());
    tensor.name = uniqueName(tensor.name);
    result.tensors.push_back(std::move(tensor));
  }
  auto rename = [&](std::vector<int> &list) {
    for (int &tensor : list)
      tensor = tensor < 0 ? tensor : placed[size_t(tensor)];
  };
  for (graph::Op &node : island.ops) {
    rename(node.inputs);
    rename(node.outputs);
    result.ops.push_back(std::move(node));
  }
  return success();
}

LogicalResult GraphBuilder::addOperation(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](tosa::ConstOp constant) { return addConstant(op, constant.getValues()); })
      .Case([&](tosa::ConstShapeOp constant) { return addConstant(op, constant.getValues()); })
      .Case([&](quant::QuantizeCastOp cast) { return addCast(op, cast.getQuantizedType()); })
      .Case([&](quant::DequantizeCastOp cast) { return addCast(op, cast.getQuantizedType()); })
      .Case([&](quant::StorageCastOp cast) { return addStorageCast(cast); })
      .Case([&](tosa::CustomOp custom) {
        bool isAnalog =
            custom.getDomainName() == "pim" && custom.getOperatorName() == "analog_layers";
        return isAnalog ? addAnalogLayers(custom) : addHostIsland(custom);
      })
      .Default([&](Operation *) -> LogicalResult {
        if (!isa_and_nonnull<tosa::TosaDialect>(op->getDialect()) || op->getNumRegions())
          return op->emitError() << "cannot be part of an evaluated graph; expected tosa and quant "
                                    "ops without regions";
        graph::Op node;
        node.code = op->getName().getStringRef().str();
        if (failed(addAttributes(op, node)))
          return failure();
        return finish(op, std::move(node));
      });
}

} // namespace

std::string mlir::pim::layerName(Location location) {
  std::string name;
  // A NameLoc of a fused location names its layer as well; the first one found stands for all.
  location->walk([&](Location part) {
    if (auto named = dyn_cast<NameLoc>(part)) {
      name = named.getName().str();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return name;
}

FailureOr<graph::Graph> mlir::pim::convertTosaToGraph(func::FuncOp function,
                                                      TensorOfValue *tensors) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError() << "has " << function.getBody().getBlocks().size()
                                << " blocks, expected one";
  GraphBuilder builder(function.getName());
  Block &body = function.getBody().front();
  for (Operation &op : body)
    builder.reserveNames(&op);
  for (BlockArgument argument : function.getArguments()) {
    unsigned index = argument.getArgNumber();
    if (failed(builder.addInput(argument, inputName(function, index), function.getLoc())))
      return failure();
  }
  for (Operation &op : body.without_terminator())
    if (failed(builder.addOperation(&op)))
      return failure();
  for (OpOperand &operand : body.getTerminator()->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    if (failed(builder.addOutput(operand.get(), outputName(function, index), function.getLoc())))
      return failure();
  }
  if (tensors)
    *tensors = builder.takeTensors();
  return builder.take();
}

FailureOr<graph::Graph> mlir::pim::convertTosaToGraph(ArrayRef<Operation *> operations,
                                                      ValueRange inputs, ValueRange outputs,
                                                      StringRef name, TensorOfValue *tensors) {
  GraphBuilder builder(name);
  for (Operation *op : operations)
    builder.reserveNames(op);
  for (auto [index, value] : llvm::enumerate(inputs))
    if (failed(builder.addInput(value, ("input" + Twine(index)).str(), value.getLoc())))
      return failure();
  for (Operation *op : operations)
    if (failed(builder.addOperation(op)))
      return failure();
  for (auto [index, value] : llvm::enumerate(outputs))
    if (failed(builder.addOutput(value, ("output" + Twine(index)).str(), value.getLoc())))
      return failure();
  if (tensors)
    *tensors = builder.takeTensors();
  return builder.take();
}

FailureOr<graph::Graph> mlir::pim::convertTosaToGraph(Block &body, StringRef name) {
  auto ops = llvm::make_pointer_range(body.without_terminator());
  return convertTosaToGraph(llvm::to_vector_of<Operation *>(ops), body.getArguments(),
                            body.getTerminator()->getOperands(), name);
}
