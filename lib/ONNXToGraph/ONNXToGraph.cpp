//===- ONNXToGraph.cpp - an onnx function as a graph outside MLIR ---------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ONNXToGraph/ONNXToGraph.h"

#include "Constants.h"
#include "WidenHalves.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Transforms/RegionUtils.h"
#include "pim/Dialect/ONNX/IR/Containers.h"
#include "pim/Elements/Ports.h"

using namespace mlir;
using namespace mlir::pim;
using ::pim::ElementType;
namespace graph = ::pim::graph;

namespace {

/// Builds one graph, op by op.
class GraphBuilder {
public:
  explicit GraphBuilder(StringRef name) { result.name = name.str(); }

  LogicalResult addInput(Value value, StringRef name);
  /// An input that is no tensor: an Identity, or an Optional where it may have no content, behind
  /// it says what it is, for those who read its data.
  LogicalResult addContainer(Value value, StringRef name, DictionaryAttr container);
  LogicalResult addOperations(Block &block);
  LogicalResult addConstant(onnx::ConstantOp op);
  LogicalResult addNode(onnx::NodeOp node);
  LogicalResult addOutput(Value value, StringRef name, Location loc);
  graph::Graph take() { return std::move(result); }

private:
  LogicalResult addAttributes(onnx::NodeOp node, graph::Op &op);
  LogicalResult addGraphs(onnx::NodeOp node, graph::Op &op);
  FailureOr<int> addTensor(Value value, StringRef name);
  /// The tensor of `value`, -1 for onnx.none.
  FailureOr<int> lookup(Value value, Location loc);

  graph::Graph result;
  llvm::DenseMap<Value, int> tensors;
};

} // namespace

static StringRef nameOf(Location location) {
  auto named = dyn_cast<NameLoc>(location);
  return named ? named.getName().strref() : StringRef("value");
}

static bool isNone(Value value) { return isa<NoneType>(value.getType()); }

FailureOr<int> GraphBuilder::addTensor(Value value, StringRef name) {
  graph::Tensor tensor;
  tensor.name = name.str();
  auto type = dyn_cast<ShapedType>(value.getType());
  tensor.unranked = !type || !type.hasRank();
  if (type) {
    auto element = onnxElementType(type.getElementType());
    if (!element)
      return emitError(value.getLoc())
             << "has a value of type " << type << ", whose elements have no form in a graph";
    tensor.element = *element;
  }
  if (!tensor.unranked)
    for (int64_t size : type.getShape())
      tensor.shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  int index = int(result.tensors.size());
  result.tensors.push_back(std::move(tensor));
  tensors[value] = index;
  return index;
}

FailureOr<int> GraphBuilder::lookup(Value value, Location loc) {
  if (isNone(value))
    return -1;
  auto found = tensors.find(value);
  if (found == tensors.end())
    return emitError(loc) << "uses a value from outside the graph";
  return found->second;
}

LogicalResult GraphBuilder::addInput(Value value, StringRef name) {
  FailureOr<int> tensor = addTensor(value, name);
  if (failed(tensor))
    return failure();
  result.inputs.push_back(*tensor);
  return success();
}

LogicalResult GraphBuilder::addContainer(Value value, StringRef name, DictionaryAttr container) {
  auto element = onnxElementType(cast<TypeAttr>(container.get("element")).getValue());
  if (!element)
    return emitError(value.getLoc())
           << "input '" << name << "' has elements that have no form in a "
           << "graph";
  if (failed(addInput(value, name)))
    return failure();
  int input = result.inputs.back();
  // Halves are computed as floats.
  result.tensors[size_t(input)].element =
      *element == ElementType::F16 ? ElementType::F32 : *element;
  FailureOr<int> inside = addTensor(value, name);
  if (failed(inside))
    return failure();
  graph::Op op;
  op.code = container.contains("optional") ? "onnx.Optional" : "onnx.Identity";
  op.name = name.str();
  op.inputs = {input};
  op.outputs = {*inside};
  op.attributes["domain"] = {};
  op.attributes["opset"].ints = {16};
  op.attributes["sequence"].ints = {container.contains("sequence")};
  result.ops.push_back(std::move(op));
  return success();
}

LogicalResult GraphBuilder::addOutput(Value value, StringRef name, Location loc) {
  FailureOr<int> tensor = lookup(value, loc);
  if (failed(tensor))
    return failure();
  if (*tensor < 0)
    return emitError(loc) << "output '" << name << "' is absent";
  result.outputs.push_back(*tensor);
  return success();
}

LogicalResult GraphBuilder::addConstant(onnx::ConstantOp op) {
  std::optional<graph::Tensor> tensor = onnxConstant(op.getValue());
  if (!tensor)
    return op.emitError() << "has type " << op.getType() << ", which has no form in a graph";
  tensor->name = nameOf(op.getLoc()).str();
  tensors[op] = int(result.tensors.size());
  result.tensors.push_back(std::move(*tensor));
  return success();
}

/// The value of an attribute of a node; the verifier allows no other kinds.
static std::optional<graph::Attribute> graphAttribute(Attribute attribute) {
  graph::Attribute out;
  if (auto integer = dyn_cast<IntegerAttr>(attribute)) {
    out.ints = {integer.getInt()};
  } else if (auto real = dyn_cast<FloatAttr>(attribute)) {
    out.floats = {real.getValueAsDouble()};
  } else if (auto text = dyn_cast<StringAttr>(attribute)) {
    out.text = text.str();
  } else if (auto ints = dyn_cast<DenseI64ArrayAttr>(attribute)) {
    out.ints.assign(ints.asArrayRef().begin(), ints.asArrayRef().end());
  } else if (auto reals = dyn_cast<DenseF32ArrayAttr>(attribute)) {
    out.floats.assign(reals.asArrayRef().begin(), reals.asArrayRef().end());
  } else if (auto texts = dyn_cast<ArrayAttr>(attribute)) {
    for (auto text : texts.getAsRange<StringAttr>())
      out.texts.push_back(text.str());
  } else if (auto values = dyn_cast<ElementsAttr>(attribute)) {
    std::optional<graph::Tensor> tensor = onnxConstant(values);
    if (!tensor)
      return std::nullopt;
    out.tensors.push_back(std::move(*tensor));
  } else {
    return std::nullopt;
  }
  return out;
}

LogicalResult GraphBuilder::addAttributes(onnx::NodeOp node, graph::Op &op) {
  for (NamedAttribute named : node.getNodeAttrs()) {
    auto attribute = graphAttribute(named.getValue());
    if (!attribute)
      return node.emitError() << "attribute '" << named.getName().strref()
                              << "' has no form in a graph";
    op.attributes[named.getName().str()] = std::move(*attribute);
  }
  // QLinearSoftmax has an attribute of this name: the version of Softmax that it is to follow.
  if (auto own = op.attributes.find("opset"); own != op.attributes.end())
    op.attributes["softmax_opset"] = own->second;
  // After the node's own, so that nothing in a file can stand in their place.
  op.attributes["domain"] = {};
  op.attributes["domain"].text = node.getDomain().value_or("").str();
  op.attributes["opset"] = {};
  op.attributes["opset"].ints = {int64_t(node.getOpset())};
  return success();
}

/// Sub-graphs become self-contained: what they use of the graphs around them is handed in.
LogicalResult GraphBuilder::addGraphs(onnx::NodeOp node, graph::Op &op) {
  llvm::SetVector<Value> captures;
  getUsedValuesDefinedAbove(node.getGraphs(), captures);
  captures.remove_if(isNone);
  for (auto [name, region] :
       llvm::zip_equal(node.getGraphNames().getAsValueRange<StringAttr>(), node.getGraphs())) {
    GraphBuilder body(name);
    Block &block = region.front();
    for (BlockArgument argument : block.getArguments())
      if (failed(body.addInput(argument, nameOf(argument.getLoc()))))
        return failure();
    for (Value value : captures)
      if (failed(body.addInput(value, nameOf(value.getLoc()))))
        return failure();
    if (failed(body.addOperations(block)))
      return failure();
    for (Value value : block.getTerminator()->getOperands())
      if (failed(body.addOutput(value, name, node.getLoc())))
        return failure();
    op.attributes[name.str()].graphs = {std::make_shared<graph::Graph>(body.take())};
  }
  for (Value value : captures) {
    FailureOr<int> tensor = lookup(value, node.getLoc());
    if (failed(tensor))
      return failure();
    op.inputs.push_back(*tensor);
  }
  op.attributes["captures"] = {};
  op.attributes["captures"].ints = {int64_t(captures.size())};
  return success();
}

LogicalResult GraphBuilder::addNode(onnx::NodeOp node) {
  graph::Op op;
  op.code = "onnx." + node.getOpType().str();
  op.name = nameOf(node.getLoc()).str();
  for (Value input : node.getInputs()) {
    FailureOr<int> tensor = lookup(input, node.getLoc());
    if (failed(tensor))
      return failure();
    op.inputs.push_back(*tensor);
  }
  if (failed(addAttributes(node, op)))
    return failure();
  if (!node.getGraphs().empty() && failed(addGraphs(node, op)))
    return failure();
  for (OpResult value : node.getOutputs()) {
    // A result that nobody reads need not be made, unless it is all there is.
    if (value.use_empty() && node.getNumResults() > 1) {
      op.outputs.push_back(-1);
      continue;
    }
    FailureOr<int> tensor = addTensor(value, op.name);
    if (failed(tensor))
      return failure();
    op.outputs.push_back(*tensor);
  }
  result.ops.push_back(std::move(op));
  return success();
}

LogicalResult GraphBuilder::addOperations(Block &block) {
  for (Operation &op : block.without_terminator()) {
    LogicalResult added = success();
    if (auto constant = dyn_cast<onnx::ConstantOp>(op))
      added = addConstant(constant);
    else if (auto node = dyn_cast<onnx::NodeOp>(op))
      added = addNode(node);
    else if (!isa<onnx::NoneOp>(op))
      added = op.emitOpError("cannot be part of a graph of ONNX operators");
    if (failed(added))
      return failure();
  }
  return success();
}

FailureOr<graph::Graph> mlir::pim::convertONNXToGraph(func::FuncOp function) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError() << "has " << function.getBody().getBlocks().size()
                                << " blocks, expected one";
  GraphBuilder builder(function.getName());
  for (BlockArgument argument : function.getArguments()) {
    unsigned index = argument.getArgNumber();
    std::string name = inputName(function, index);
    auto container = function.getArgAttrOfType<DictionaryAttr>(index, onnx::containerAttrName);
    if (failed(container ? builder.addContainer(argument, name, container)
                         : builder.addInput(argument, name)))
      return failure();
  }
  Block &body = function.getBody().front();
  if (failed(builder.addOperations(body)))
    return failure();
  for (OpOperand &operand : body.getTerminator()->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    if (failed(builder.addOutput(operand.get(), outputName(function, index), function.getLoc())))
      return failure();
  }
  graph::Graph graph = builder.take();
  widenHalves(graph);
  return graph;
}

FailureOr<HostIsland> mlir::pim::onnxIsland(onnx::NodeOp node) {
  GraphBuilder builder(nameOf(node.getLoc()));
  HostIsland island;
  // Values that sub-graphs use count as operands.
  llvm::SetVector<Value> used(node.getInputs().begin(), node.getInputs().end());
  getUsedValuesDefinedAbove(node.getGraphs(), used);
  for (Value value : used) {
    if (isNone(value))
      continue;
    if (auto constant = value.getDefiningOp<onnx::ConstantOp>()) {
      if (failed(builder.addConstant(constant)))
        return failure();
      continue;
    }
    if (failed(builder.addInput(value, "input")))
      return failure();
    island.inputs.push_back(value);
  }
  if (failed(builder.addNode(node)))
    return failure();
  for (OpResult value : node.getOutputs()) {
    if (value.use_empty() && node.getNumResults() > 1)
      continue;
    if (failed(builder.addOutput(value, "output", node.getLoc())))
      return failure();
    island.outputs.push_back(value);
  }
  island.graph = builder.take();
  return island;
}
