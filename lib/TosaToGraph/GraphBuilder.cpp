//===- GraphBuilder.cpp - tensors and ops of a graph ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "Constants.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

/// The name that the first result of a layer has, given by pim-name-layers; unique in the function.
static StringRef givenName(Operation *op) {
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
static std::optional<graph::Attribute> graphAttribute(Attribute attribute) {
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
