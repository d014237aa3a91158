//===- GraphImporter.cpp - one ONNX graph as a function ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/Transforms/Passes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::pim;

GraphImporter::GraphImporter(ModuleOp module, ::onnx::GraphProto &graph,
                             const llvm::StringMap<int64_t> &opsets, const ImportOptions &options,
                             StringRef modelPath)
    : module(module), graph(graph), opsets(opsets), fileLocation(module.getLoc()),
      builder(module.getContext()), tensors(module.getContext(), modelPath),
      shapes(options, fileLocation) {}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static StringRef domainOf(const ::onnx::NodeProto &node) {
  return node.domain() == "ai.onnx" ? StringRef() : StringRef(node.domain());
}

std::string GraphImporter::nodeName(int index) {
  const ::onnx::NodeProto &node = graph.node(index);
  return node.name().empty() ? node.op_type() + "_" + std::to_string(index) : node.name();
}

Location GraphImporter::nodeLocation(int index) {
  return NameLoc::get(builder.getStringAttr(nodeName(index)), fileLocation);
}

InFlightDiagnostic GraphImporter::nodeError(int index) {
  return error() << "node " << quoted(nodeName(index)) << " (" << graph.node(index).op_type()
                 << "): ";
}

LogicalResult GraphImporter::collectInitializers() {
  if (graph.sparse_initializer_size() != 0)
    return error() << "initializer " << quoted(graph.sparse_initializer(0).values().name())
                   << " is sparse, which is not supported";
  for (int index = 0; index < graph.initializer_size(); ++index) {
    const std::string &name = graph.initializer(index).name();
    if (name.empty())
      return error() << "initializer " << index << " has no name";
    if (!initializers.try_emplace(name, index).second)
      return error() << "initializer " << quoted(name) << " is there twice";
  }
  for (int index = 0; index < graph.value_info_size(); ++index)
    declarations.try_emplace(graph.value_info(index).name(), index);
  return success();
}

LogicalResult GraphImporter::collectProducers() {
  for (int index = 0; index < graph.node_size(); ++index) {
    const ::onnx::NodeProto &node = graph.node(index);
    if (node.op_type().empty())
      return nodeError(index) << "has no operator";
    if (!opsets.contains(domainOf(node)))
      return nodeError(index) << "is of domain " << quoted(node.domain())
                              << ", which the model does not import";
    for (const std::string &output : node.output()) {
      if (output.empty())
        continue;
      auto [entry, isNew] = producers.try_emplace(output, index);
      if (!isNew)
        return nodeError(index) << "makes value " << quoted(output) << ", which node "
                                << quoted(nodeName(entry->second)) << " makes already";
      if (values.contains(output) || initializers.contains(output))
        return nodeError(index) << "makes value " << quoted(output)
                                << ", which is a graph input or an initializer";
    }
  }
  return success();
}

/// Sub-graphs (If, Loop, Scan) have no place in the dialect; all nodes that have one are listed at
/// once.
LogicalResult GraphImporter::refuseSubgraphs() {
  std::string nodes;
  for (int index = 0; index < graph.node_size(); ++index)
    if (llvm::any_of(graph.node(index).attribute(), [](const ::onnx::AttributeProto &attribute) {
          return attribute.has_g() || attribute.graphs_size() != 0;
        }))
      nodes += (nodes.empty() ? "" : ", ") + quoted(nodeName(index)) + " (" +
               graph.node(index).op_type() + ")";
  if (nodes.empty())
    return success();
  return error() << "nodes with sub-graphs are not supported: " << nodes;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::importInputs() {
  SmallVector<const ::onnx::ValueInfoProto *> inputs;
  llvm::StringSet<> names;
  for (const ::onnx::ValueInfoProto &input : graph.input()) {
    if (input.name().empty())
      return error() << "a graph input has no name";
    if (!names.insert(input.name()).second)
      return error() << "graph input " << quoted(input.name()) << " is there twice";
    // Up to IR version 3 initializers are listed among the inputs; one with a value is a constant.
    if (!initializers.contains(input.name()))
      inputs.push_back(&input);
  }
  if (failed(shapes.checkNames(inputs)))
    return failure();

  SmallVector<Type> types;
  for (const ::onnx::ValueInfoProto *input : inputs) {
    if (!input->type().has_tensor_type())
      return error() << "input " << quoted(input->name())
                     << " is no tensor, which is not supported";
    int dataType = input->type().tensor_type().elem_type();
    Type element = importElementType(builder.getContext(), dataType);
    if (!element)
      return error() << "input " << quoted(input->name()) << " has elements of type "
                     << dataTypeName(dataType) << ", which is not supported";
    FailureOr<SmallVector<int64_t>> shape = shapes.resolve(*input);
    if (failed(shape))
      return failure();
    types.push_back(RankedTensorType::get(*shape, element));
  }

  builder.setInsertionPointToEnd(module.getBody());
  function =
      func::FuncOp::create(builder, fileLocation, "main", builder.getFunctionType(types, {}));
  Block *body = function.addEntryBlock();
  for (auto [index, input] : llvm::enumerate(inputs)) {
    function.setArgAttr(index, "pim.name", builder.getStringAttr(input->name()));
    values[input->name()] = body->getArgument(index);
  }
  builder.setInsertionPointToEnd(body);
  return success();
}

/// True if every use of `name` is a bound (of Clip, Min, Max), where infinity means "none".
bool GraphImporter::isOnlyBound(StringRef name) {
  bool isUsed = false;
  for (const ::onnx::NodeProto &node : graph.node())
    for (auto [index, input] : llvm::enumerate(node.input())) {
      if (input != name)
        continue;
      isUsed = true;
      bool isBound = (node.op_type() == "Clip" && index > 0) || node.op_type() == "Min" ||
                     node.op_type() == "Max";
      if (!isBound)
        return false;
    }
  return isUsed;
}

FailureOr<Value> GraphImporter::importInitializer(StringRef name) {
  Location location = NameLoc::get(builder.getStringAttr(name), fileLocation);
  FailureOr<Elements> elements =
      tensors.import(*graph.mutable_initializer(initializers[name]), fileLocation,
                     "initializer " + quoted(name), isOnlyBound(name));
  if (failed(elements))
    return failure();
  // Constants come first, so that each is made once and available everywhere.
  OpBuilder front(builder.getContext());
  front.setInsertionPointToStart(builder.getInsertionBlock());
  Value value = onnx::ConstantOp::create(front, location, elements->getAttribute(name));
  values[name] = value;
  return value;
}

/// True if `node` needs, directly or not, what `other` makes.
bool GraphImporter::dependsOn(int node, int other) {
  SmallVector<int> stack = {node};
  llvm::DenseSet<int> seen;
  while (!stack.empty()) {
    int current = stack.pop_back_val();
    if (current == other)
      return true;
    if (!seen.insert(current).second)
      continue;
    for (const std::string &input : graph.node(current).input())
      if (auto producer = producers.find(input); producer != producers.end())
        stack.push_back(producer->second);
  }
  return false;
}

InFlightDiagnostic GraphImporter::undefined(StringRef name, int nodeIndex) {
  InFlightDiagnostic diagnostic = nodeError(nodeIndex);
  auto producer = producers.find(name);
  if (producer == producers.end())
    diagnostic << "input " << quoted(name)
               << " is neither a graph input, nor an initializer, nor made by a node";
  else if (dependsOn(producer->second, nodeIndex))
    diagnostic << "the graph has a cycle: input " << quoted(name) << " is made by node "
               << quoted(nodeName(producer->second)) << ", which depends on this one";
  else
    diagnostic << "input " << quoted(name) << " is made by the later node "
               << quoted(nodeName(producer->second)) << "; nodes must be sorted";
  return diagnostic;
}

/// The value called `name` for node `nodeIndex`.
FailureOr<Value> GraphImporter::lookup(StringRef name, int nodeIndex) {
  if (auto value = values.find(name); value != values.end())
    return value->second;
  if (initializers.contains(name))
    return importInitializer(name);
  return undefined(name, nodeIndex);
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

FailureOr<NamedAttribute> GraphImporter::importAttribute(::onnx::AttributeProto &attribute,
                                                         int nodeIndex) {
  using Proto = ::onnx::AttributeProto;
  auto fail = [&]() { return nodeError(nodeIndex) << "attribute " << quoted(attribute.name()); };
  if (attribute.name().empty())
    return nodeError(nodeIndex) << "an attribute has no name";
  Attribute value;
  switch (attribute.type()) {
  case Proto::FLOAT:
    value = builder.getF32FloatAttr(attribute.f());
    break;
  case Proto::INT:
    value = builder.getI64IntegerAttr(attribute.i());
    break;
  case Proto::STRING:
    value = builder.getStringAttr(attribute.s());
    break;
  case Proto::FLOATS:
    value = builder.getDenseF32ArrayAttr(
        ArrayRef<float>(attribute.floats().data(), attribute.floats_size()));
    break;
  case Proto::INTS:
    value = builder.getDenseI64ArrayAttr(
        SmallVector<int64_t>(attribute.ints().begin(), attribute.ints().end()));
    break;
  case Proto::STRINGS: {
    SmallVector<Attribute> strings;
    for (const std::string &text : attribute.strings())
      strings.push_back(builder.getStringAttr(text));
    value = builder.getArrayAttr(strings);
    break;
  }
  case Proto::TENSOR: {
    const ::onnx::NodeProto &node = graph.node(nodeIndex);
    bool isBound = node.output_size() == 1 && isOnlyBound(node.output(0));
    FailureOr<Elements> elements =
        tensors.import(*attribute.mutable_t(), fileLocation,
                       "node " + quoted(nodeName(nodeIndex)) + " (" + node.op_type() +
                           "): attribute " + quoted(attribute.name()),
                       isBound);
    if (failed(elements))
      return failure();
    value = elements->getAttribute(nodeName(nodeIndex));
    break;
  }
  default:
    return fail() << " has a kind that is not supported (" << int(attribute.type()) << ")";
  }
  return builder.getNamedAttr(attribute.name(), value);
}

/// A Constant node is its value.
LogicalResult GraphImporter::importConstantNode(int index) {
  ::onnx::NodeProto &node = *graph.mutable_node(index);
  if (node.attribute_size() != 1 || node.output_size() != 1 || node.input_size() != 0)
    return nodeError(index) << "expected one attribute, one output and no input";
  FailureOr<NamedAttribute> attribute = importAttribute(*node.mutable_attribute(0), index);
  if (failed(attribute))
    return failure();
  Attribute value = attribute->getValue();
  Type i64 = builder.getI64Type(), f32 = builder.getF32Type();
  std::optional<Elements> elements;
  if (isa<ElementsAttr>(value) && attribute->getName() == "value")
    elements = Elements::get(value);
  else if (auto integer = dyn_cast<IntegerAttr>(value))
    elements = Elements::fromInts(RankedTensorType::get({}, i64), {integer.getInt()});
  else if (auto real = dyn_cast<FloatAttr>(value))
    elements = Elements::fromReals(RankedTensorType::get({}, f32), {real.getValueAsDouble()});
  else if (auto ints = dyn_cast<DenseI64ArrayAttr>(value))
    elements = Elements::fromInts(RankedTensorType::get({ints.size()}, i64), ints);
  else if (auto reals = dyn_cast<DenseF32ArrayAttr>(value)) {
    SmallVector<double> doubles(reals.asArrayRef());
    elements = Elements::fromReals(RankedTensorType::get({reals.size()}, f32), doubles);
  }
  if (!elements)
    return nodeError(index) << "attribute " << quoted(attribute->getName().strref())
                            << " is no tensor and no number, which is not supported";
  values[node.output(0)] = onnx::ConstantOp::create(builder, nodeLocation(index),
                                                    elements->getAttribute(nodeName(index)));
  return success();
}

/// The type that the model states for `name`, if it is static; otherwise !onnx.unknown.
Type GraphImporter::declaredType(StringRef name) {
  Type unknown = onnx::UnknownType::get(builder.getContext());
  auto declaration = declarations.find(name);
  if (declaration == declarations.end())
    return unknown;
  const ::onnx::ValueInfoProto &info = graph.value_info(declaration->second);
  Type element = importElementType(builder.getContext(), info.type().tensor_type().elem_type());
  std::optional<SmallVector<int64_t>> shape = shapes.lookup(info);
  return element && shape ? Type(RankedTensorType::get(*shape, element)) : unknown;
}

LogicalResult GraphImporter::importNode(int index) {
  ::onnx::NodeProto &node = *graph.mutable_node(index);
  StringRef domain = domainOf(node);
  if (node.op_type() == "Constant" && domain.empty())
    return importConstantNode(index);

  SmallVector<Value> operands;
  for (const std::string &input : node.input()) {
    if (input.empty()) {
      operands.push_back(onnx::NoneOp::create(builder, nodeLocation(index), builder.getNoneType()));
      continue;
    }
    FailureOr<Value> value = lookup(input, index);
    if (failed(value))
      return failure();
    operands.push_back(*value);
  }
  NamedAttrList attributes;
  for (::onnx::AttributeProto &attribute : *node.mutable_attribute()) {
    FailureOr<NamedAttribute> imported = importAttribute(attribute, index);
    if (failed(imported))
      return failure();
    if (attributes.get(imported->getName()))
      return nodeError(index) << "attribute " << quoted(attribute.name()) << " is there twice";
    attributes.push_back(*imported);
  }
  SmallVector<Type> types;
  for (const std::string &output : node.output())
    types.push_back(declaredType(output));
  auto op = onnx::NodeOp::create(builder, nodeLocation(index), types,
                                 builder.getStringAttr(node.op_type()), operands,
                                 domain.empty() ? StringAttr() : builder.getStringAttr(domain),
                                 builder.getI64IntegerAttr(opsets.lookup(domain)),
                                 attributes.getDictionary(builder.getContext()));
  for (auto [name, value] : llvm::zip_equal(node.output(), op.getResults()))
    if (!name.empty())
      values[name] = value;
  return success();
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::importOutputs() {
  if (graph.output_size() == 0)
    return error() << "the graph has no output";
  SmallVector<Value> results;
  llvm::StringSet<> names;
  for (const ::onnx::ValueInfoProto &output : graph.output()) {
    if (!names.insert(output.name()).second)
      return error() << "graph output " << quoted(output.name()) << " is there twice";
    auto value = values.find(output.name());
    if (value != values.end()) {
      results.push_back(value->second);
    } else if (initializers.contains(output.name())) {
      FailureOr<Value> constant = importInitializer(output.name());
      if (failed(constant))
        return failure();
      results.push_back(*constant);
    } else {
      return error() << "graph output " << quoted(output.name())
                     << " is neither an input, nor an initializer, nor made by a node";
    }
  }
  func::ReturnOp::create(builder, fileLocation, results);
  SmallVector<Type> placeholders(results.size(), onnx::UnknownType::get(builder.getContext()));
  function.setFunctionType(builder.getFunctionType(function.getArgumentTypes(), placeholders));
  for (auto [index, output] : llvm::enumerate(graph.output()))
    function.setResultAttr(index, "pim.name", builder.getStringAttr(output.name()));
  return success(succeeded(onnx::simplify(function)));
}

FailureOr<func::FuncOp> GraphImporter::run() {
  if (failed(collectInitializers()) || failed(importInputs()) || failed(collectProducers()) ||
      failed(refuseSubgraphs()))
    return failure();
  for (int index = 0; index < graph.node_size(); ++index)
    if (failed(importNode(index)))
      return failure();
  if (failed(importOutputs()))
    return failure();
  return function;
}
