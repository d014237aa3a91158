//===- HostIslands.cpp - nodes without a form in TOSA -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostIslands.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/ONNXToGraph/ONNXToGraph.h"
#include "pim/Support/Error.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;
using ::pim::ElementType;

static std::optional<ElementType> tosaElement(Value value) {
  Type type = cast<RankedTensorType>(value.getType()).getElementType();
  if (type.isF32())
    return ElementType::F32;
  if (type.isSignlessInteger(1))
    return ElementType::I1;
  if (type.isSignlessInteger(8))
    return ElementType::I8;
  if (type.isSignlessInteger(16))
    return ElementType::I16;
  if (type.isSignlessInteger(32))
    return ElementType::I32;
  return std::nullopt;
}

static graph::Op makeCast(int from, int to, ElementType element) {
  graph::Op op;
  op.code = "onnx.Cast";
  op.inputs = {from};
  op.outputs = {to};
  op.attributes["to"].ints = {::pim::dataTypeOf(element)};
  op.attributes["domain"] = {};
  op.attributes["opset"].ints = {13};
  return op;
}

/// Puts a Cast between the border of `graph`, where values have the types of TOSA, and the node.
static bool adaptBorder(graph::Graph &graph, ArrayRef<ElementType> inputs,
                        ArrayRef<ElementType> outputs) {
  std::vector<graph::Op> before;
  auto copyAs = [&](int tensor, ElementType element) {
    graph::Tensor copy = graph.tensors[size_t(tensor)];
    copy.element = element;
    graph.tensors.push_back(std::move(copy));
    return int(graph.tensors.size()) - 1;
  };
  for (auto [index, element] : llvm::enumerate(inputs)) {
    int &input = graph.inputs[index];
    ElementType wanted = graph.tensors[size_t(input)].element;
    if (wanted == element)
      continue;
    if (wanted == ElementType::STRING)
      return false;
    int outside = copyAs(input, element);
    before.push_back(makeCast(outside, input, wanted));
    input = outside;
  }
  for (auto [index, element] : llvm::enumerate(outputs)) {
    int &output = graph.outputs[index];
    if (graph.tensors[size_t(output)].element == element)
      continue;
    int outside = copyAs(output, element);
    graph.ops.push_back(makeCast(output, outside, element));
    output = outside;
  }
  graph.ops.insert(graph.ops.begin(), before.begin(), before.end());
  return true;
}

FailureOr<SmallVector<Value>> mlir::pim::convertToHostIsland(NodeConverter &converter,
                                                             StringRef reason) {
  onnx::NodeOp node = converter.getNode();
  FailureOr<HostIsland> island = onnxIsland(node);
  if (failed(island))
    return failure();

  OpBuilder &builder = converter.tosa.getBuilder();
  SmallVector<Value> operands;
  SmallVector<ElementType> inputTypes, outputTypes;
  for (Value input : island->inputs) {
    Value operand = converter.lookup(input);
    if (operand && isa<quant::UniformQuantizedType>(elementTypeOf(operand)))
      operand = integersAsReals(
          operand, cast<IntegerType>(cast<RankedTensorType>(input.getType()).getElementType()),
          builder);
    auto element = operand ? tosaElement(operand) : std::nullopt;
    if (!element)
      return converter.fail("uses a value of type ")
             << input.getType() << ", which the host cannot be handed";
    operands.push_back(operand);
    inputTypes.push_back(*element);
  }
  SmallVector<Type> types;
  for (Value output : island->outputs) {
    auto type = dyn_cast<RankedTensorType>(output.getType());
    RankedTensorType converted =
        type && type.hasStaticShape() ? convertType(type) : RankedTensorType();
    if (!converted)
      return converter.fail("the type of its result is ")
             << output.getType() << ", expected a tensor of static shape (" << reason << ")";
    if (converted.getNumElements() == 0)
      return converter.fail("its result of type ")
             << output.getType() << " has no elements, which only --target host takes";
    types.push_back(converted);
  }

  std::string attributes;
  llvm::raw_string_ostream(attributes) << node.getNodeAttrs();
  auto custom = tosa::CustomOp::create(builder, node.getLoc(), types, node.getOpType(), "onnx",
                                       attributes, operands);
  for (Value result : custom.getResults())
    outputTypes.push_back(*tosaElement(result));
  if (!adaptBorder(island->graph, inputTypes, outputTypes))
    return converter.fail("uses a value that the host cannot be handed");
  try {
    std::vector<std::byte> bytes = graph::serialize(island->graph);
    ArrayRef<char> data(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    auto type = RankedTensorType::get({int64_t(bytes.size())}, builder.getI8Type());
    custom->setAttr("pim.graph",
                    DenseResourceElementsAttr::get(
                        type, "graph", HeapAsmResourceBlob::allocateAndCopyWithAlign(data, 16)));
  } catch (const ::pim::Error &error) {
    return converter.fail(error.what());
  }
  custom->setAttr("pim.reason", builder.getStringAttr(reason));

  SmallVector<Value> results;
  for (OpResult output : node.getOutputs()) {
    auto place = llvm::find(island->outputs, output);
    results.push_back(place == island->outputs.end()
                          ? Value()
                          : custom.getResult(place - island->outputs.begin()));
  }
  return results;
}
