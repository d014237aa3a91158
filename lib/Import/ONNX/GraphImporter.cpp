//===- GraphImporter.cpp - one ONNX graph as a function ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/IR/Containers.h"
#include "pim/Dialect/ONNX/IR/ElementTypes.h"
#include "pim/Dialect/ONNX/Transforms/Passes.h"
#include "pim/Elements/Ports.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::pim;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static StringRef domainOf(const ::onnx::NodeProto &node) { return canonicalDomain(node.domain()); }

std::string GraphImporter::nodeName(int index) {
  const ::onnx::NodeProto &node = graph.node(index);
  return node.name().empty() ? node.op_type() + "_" + std::to_string(index) : node.name();
}

Location GraphImporter::nodeLocation(int index) {
  return NameLoc::get(builder.getStringAttr(nodeName(index)), context.fileLocation);
}

InFlightDiagnostic GraphImporter::nodeError(int index) {
  return error() << "node " << quoted(nodeName(index)) << " (" << graph.node(index).op_type()
                 << "): ";
}

LogicalResult GraphImporter::collectInitializers() {
  for (int index = 0; index < graph.initializer_size(); ++index) {
    const std::string &name = graph.initializer(index).name();
    if (name.empty())
      return error() << "initializer " << index << " has no name";
    if (!initializers.try_emplace(name, index).second)
      return error() << "initializer " << quoted(name) << " is there twice";
  }
  for (const ::onnx::ValueInfoProto &info : graph.value_info())
    declarations.try_emplace(info.name(), &info);
  for (const ::onnx::ValueInfoProto &info : graph.output())
    declarations.try_emplace(info.name(), &info);
  return success();
}

LogicalResult GraphImporter::collectProducers() {
  for (int index = 0; index < graph.node_size(); ++index) {
    const ::onnx::NodeProto &node = graph.node(index);
    if (node.op_type().empty())
      return nodeError(index) << "has no operator";
    if (!context.opsets.contains(domainOf(node)))
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

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// The attribute of an argument that is no tensor; null for other things than sequences of tensors
/// and optionals, which no data file has.
static DictionaryAttr containerOf(const ::onnx::TypeProto &declared, Builder &builder) {
  NamedAttrList container;
  const ::onnx::TypeProto *type = &declared;
  if (type->has_optional_type()) {
    container.set("optional", builder.getUnitAttr());
    type = &type->optional_type().elem_type();
  }
  if (type->has_sequence_type()) {
    container.set("sequence", builder.getUnitAttr());
    type = &type->sequence_type().elem_type();
  }
  Type element =
      type->has_tensor_type()
          ? mlir::pim::onnx::elementTypeOf(builder.getContext(), type->tensor_type().elem_type())
          : Type();
  if (!element || container.empty())
    return {};
  container.set("element", TypeAttr::get(element));
  return container.getDictionary(builder.getContext());
}

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
  if (failed(context.shapes.checkNames(inputs)))
    return failure();

  SmallVector<Type> types;
  for (const ::onnx::ValueInfoProto *input : inputs) {
    FailureOr<Type> type = inputType(*input);
    if (failed(type))
      return failure();
    types.push_back(*type);
  }

  builder.setInsertionPointToEnd(context.module.getBody());
  function = func::FuncOp::create(builder, context.fileLocation, "main",
                                  builder.getFunctionType(types, {}));
  block = function.addEntryBlock();
  for (auto [index, input] : llvm::enumerate(inputs)) {
    function.setArgAttr(index, nameAttrName, builder.getStringAttr(input->name()));
    if (DictionaryAttr container = containerOf(input->type(), builder))
      function.setArgAttr(index, onnx::containerAttrName, container);
    values[input->name()] = block->getArgument(index);
  }
  builder.setInsertionPointToEnd(block);
  return success();
}

FailureOr<Type> GraphImporter::inputType(const ::onnx::ValueInfoProto &input) {
  MLIRContext *mlir = builder.getContext();
  if (!input.type().has_tensor_type()) {
    Builder any(mlir);
    if (!context.options.keepsDynamic || !containerOf(input.type(), any))
      return error() << "input " << quoted(input.name()) << " is a " << typeText(input.type())
                     << ", expected a tensor"
                     << (context.options.keepsDynamic ? ", a sequence of tensors or an optional one"
                                                      : "; --target host takes sequences too");
    return Type(onnx::UnknownType::get(mlir));
  }
  int dataType = input.type().tensor_type().elem_type();
  Type element = onnx::elementTypeOf(mlir, dataType);
  if (!element)
    return error() << "input " << quoted(input.name()) << " has elements of type "
                   << ::pim::dataTypeName(dataType) << ", which is not supported";
  if (context.options.keepsDynamic && !input.type().tensor_type().has_shape() &&
      !context.options.inputShapes.count(input.name()))
    return Type(UnrankedTensorType::get(element));
  FailureOr<SmallVector<int64_t>> shape = context.shapes.resolve(input);
  if (failed(shape))
    return failure();
  return Type(RankedTensorType::get(*shape, element));
}

/// The inputs of a sub-graph are what its node gives it: their types are for the node to know.
LogicalResult GraphImporter::importBodyInputs(Block &body) {
  block = &body;
  builder.setInsertionPointToEnd(block);
  for (const ::onnx::ValueInfoProto &input : graph.input()) {
    if (initializers.contains(input.name()))
      continue;
    Value argument = block->addArgument(onnx::UnknownType::get(builder.getContext()),
                                        NameLoc::get(builder.getStringAttr(input.name())));
    if (input.name().empty() || !values.try_emplace(input.name(), argument).second)
      return error() << "a sub-graph has no name for an input, or twice the same, "
                     << quoted(input.name());
  }
  return success();
}

FailureOr<Value> GraphImporter::find(StringRef name) {
  if (auto value = values.find(name); value != values.end())
    return value->second;
  if (initializers.contains(name))
    return importInitializer(name);
  return parent ? parent->find(name) : FailureOr<Value>(Value());
}

/// The value called `name` for node `nodeIndex`.
FailureOr<Value> GraphImporter::lookup(StringRef name, int nodeIndex) {
  FailureOr<Value> value = find(name);
  if (failed(value) || *value)
    return value;
  return nodeError(nodeIndex)
         << "input " << quoted(name)
         << " is neither a graph input, nor an initializer, nor made by a node";
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// The type that the model states for `name`, if it is static (or, where dynamic shapes are kept,
/// ranked); otherwise !onnx.unknown.
Type GraphImporter::declaredType(StringRef name) {
  Type unknown = onnx::UnknownType::get(builder.getContext());
  auto declaration = declarations.find(name);
  if (declaration == declarations.end())
    return unknown;
  const ::onnx::ValueInfoProto &info = *declaration->second;
  Type element = onnx::elementTypeOf(builder.getContext(), info.type().tensor_type().elem_type());
  if (!element)
    return unknown;
  if (std::optional<SmallVector<int64_t>> shape = context.shapes.lookup(info))
    return RankedTensorType::get(*shape, element);
  if (!context.options.keepsDynamic || !info.type().tensor_type().has_shape())
    return unknown;
  SmallVector<int64_t> shape;
  for (const auto &dim : info.type().tensor_type().shape().dim())
    shape.push_back(hasSize(dim) && dim.dim_value() >= 0 ? dim.dim_value() : ShapedType::kDynamic);
  return RankedTensorType::get(shape, element);
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
  FailureOr<Attributes> attributes = importAttributes(index);
  if (failed(attributes))
    return failure();
  SmallVector<Type> types;
  for (const std::string &output : node.output())
    types.push_back(declaredType(output));
  auto op = onnx::NodeOp::create(
      builder, nodeLocation(index), types, builder.getStringAttr(node.op_type()), operands,
      domain.empty() ? StringAttr() : builder.getStringAttr(domain),
      builder.getI64IntegerAttr(context.opsets.lookup(domain)),
      attributes->plain.getDictionary(builder.getContext()),
      builder.getArrayAttr(attributes->graphNames), unsigned(attributes->graphs.size()));
  for (auto [subgraph, region] : llvm::zip_equal(attributes->graphs, op.getGraphs()))
    if (failed(GraphImporter(context, *subgraph, this).runBody(region)))
      return failure();
  for (auto [name, value] : llvm::zip_equal(node.output(), op.getResults()))
    if (!name.empty())
      values[name] = value;
  return success();
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<Value>> GraphImporter::importOutputValues() {
  SmallVector<Value> results;
  for (const ::onnx::ValueInfoProto &output : graph.output()) {
    FailureOr<Value> value = find(output.name());
    if (failed(value))
      return failure();
    if (!*value)
      return error() << "graph output " << quoted(output.name())
                     << " is neither an input, nor an initializer, nor made by a node";
    results.push_back(*value);
  }
  return results;
}

LogicalResult GraphImporter::importOutputs() {
  if (graph.output_size() == 0)
    return error() << "the graph has no output";
  llvm::StringSet<> names;
  for (const ::onnx::ValueInfoProto &output : graph.output())
    if (!names.insert(output.name()).second)
      return error() << "graph output " << quoted(output.name()) << " is there twice";
  FailureOr<SmallVector<Value>> results = importOutputValues();
  if (failed(results))
    return failure();
  func::ReturnOp::create(builder, context.fileLocation, *results);
  function.setFunctionType(
      builder.getFunctionType(function.getArgumentTypes(), ValueRange(*results).getTypes()));
  for (auto [index, output] : llvm::enumerate(graph.output()))
    function.setResultAttr(index, nameAttrName, builder.getStringAttr(output.name()));
  if (context.options.keepsDynamic)
    return success();
  return success(succeeded(onnx::simplify(function)));
}

LogicalResult GraphImporter::importNodes() {
  FailureOr<SmallVector<int>> order = sortedNodes();
  if (failed(order))
    return failure();
  for (int index : *order)
    if (failed(importNode(index)))
      return failure();
  return success();
}

LogicalResult GraphImporter::runBody(Region &region) {
  if (failed(collectInitializers()) || failed(importBodyInputs(region.emplaceBlock())) ||
      failed(collectProducers()) || failed(importSparseInitializers()) || failed(importNodes()))
    return failure();
  FailureOr<SmallVector<Value>> results = importOutputValues();
  if (failed(results))
    return failure();
  onnx::YieldOp::create(builder, context.fileLocation, *results);
  return success();
}

FailureOr<func::FuncOp> GraphImporter::run() {
  if (failed(collectInitializers()) || failed(importInputs()) || failed(collectProducers()) ||
      failed(importSparseInitializers()) || failed(importNodes()) || failed(importOutputs()))
    return failure();
  return function;
}
