//===- InferByExample.cpp - what a node makes, found by running it --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ONNXToGraph/InferByExample.h"

#include "Constants.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/ONNXToGraph/HostKernels.h"
#include "pim/ONNXToGraph/ONNXToGraph.h"
#include "pim/Program/SmallFloats.h"
#include "pim/Runtime/ONNX/Interpreter.h"
#include "pim/Support/Error.h"

#include <cstring>

using namespace mlir;
using namespace mlir::pim;
using ::pim::ElementType;
namespace host = ::pim::onnx;

/// Examples larger than this are not made.
static constexpr int64_t maxExampleCount = int64_t(1) << 24;

/// A tensor of zeros or of ones.
static host::Tensor makeExample(const ::pim::graph::Tensor &like, bool ones) {
  host::Tensor tensor(like.element, like.shape);
  if (tensor.isText())
    return tensor;
  size_t width = ::pim::elementBytes(like.element);
  uint64_t bits = ones ? 1 : 0; // of an integer
  float real = 1;
  double wide = 1;
  if (ones && like.element == ElementType::F32)
    std::memcpy(&bits, &real, sizeof real);
  else if (ones && like.element == ElementType::F64)
    std::memcpy(&bits, &wide, sizeof wide);
  else if (ones && ::pim::isSmallFloat(like.element))
    bits = ::pim::encodeFloat(like.element, 1);
  for (int64_t i = 0; i < tensor.count(); ++i)
    std::memcpy(tensor.data<std::byte>() + size_t(i) * width, &bits, width);
  return tensor;
}

static RankedTensorType typeOf(MLIRContext *context, const host::Value &value) {
  const auto *tensor = std::get_if<host::Tensor>(&value);
  Type element = tensor ? typeOfElement(context, tensor->element()) : Type();
  return element ? RankedTensorType::get(tensor->shape(), element) : RankedTensorType();
}

static std::optional<Elements> elementsOf(RankedTensorType type, const host::Value &value) {
  const auto &tensor = std::get<host::Tensor>(value);
  if (!type || tensor.isText() || !elementByteWidth(type.getElementType()))
    return std::nullopt;
  auto *data = reinterpret_cast<const char *>(tensor.bytes().data());
  return Elements(type, std::vector<char>(data, data + tensor.bytes().size()));
}

static std::optional<ExampleResults> run(onnx::NodeOp node, const HostIsland &island) {
  ::pim::onnx::Interpreter interpreter(island.graph);
  std::vector<host::Value> results[2];
  bool isConstant = island.inputs.empty();
  for (bool ones : {false, true}) {
    if (ones && isConstant)
      break;
    std::vector<host::Value> inputs;
    for (int input : island.graph.inputs)
      inputs.push_back(makeExample(island.graph.tensors[size_t(input)], ones));
    results[ones] = interpreter.run(inputs);
  }
  ExampleResults example;
  for (OpResult output : node.getOutputs()) {
    auto place = llvm::find(island.outputs, output);
    RankedTensorType type;
    std::optional<Elements> value;
    if (place != island.outputs.end()) {
      size_t index = size_t(place - island.outputs.begin());
      type = typeOf(node.getContext(), results[0][index]);
      if (isConstant && type)
        value = elementsOf(type, results[0][index]);
      else if (!isConstant && type != typeOf(node.getContext(), results[1][index]))
        type = {};
    }
    example.types.push_back(type);
    example.values.push_back(value);
  }
  return example;
}

std::optional<ExampleResults> mlir::pim::inferByExample(onnx::NodeOp node) {
  if (!hasHostKernel(node))
    return std::nullopt;
  // What goes wrong here is no error of the model yet: the node may be dead, or run elsewhere.
  ScopedDiagnosticHandler quiet(node.getContext(), [](Diagnostic &) { return success(); });
  FailureOr<HostIsland> island = onnxIsland(node);
  if (failed(island))
    return std::nullopt;
  for (int input : island->graph.inputs) {
    int64_t count = island->graph.tensors[size_t(input)].elementCount();
    if (count < 0 || count > maxExampleCount)
      return std::nullopt;
  }
  try {
    return run(node, *island);
  } catch (const ::pim::Error &) {
    return std::nullopt;
  }
}
