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
#include "pim/Dialect/ONNX/IR/ElementTypes.h"
#include "pim/ONNXToGraph/HostKernels.h"
#include "pim/ONNXToGraph/ONNXToGraph.h"
#include "pim/Program/SmallFloats.h"
#include "pim/Runtime/ONNX/Interpreter.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <bit>
#include <cstring>

using namespace mlir;
using namespace mlir::pim;
using ::pim::ElementType;
namespace host = ::pim::onnx;

/// Examples larger than this are not made.
static constexpr int64_t maxExampleCount = int64_t(1) << 24;
/// Nor are bodies of control flow run more often in one: some loops have no end.
static constexpr int64_t maxBodyRuns = int64_t(1) << 16;

/// What the elements of an example are; Counting: 0, 1, 2 and so on, and again from 0.
enum class Example { Zeros, Ones, Counting };

static host::Tensor makeExample(const ::pim::graph::Tensor &like, Example kind) {
  host::Tensor tensor(like.element, like.shape);
  if (tensor.isText())
    return tensor;
  size_t width = ::pim::elementBytes(like.element);
  // No number that counting comes to needs the sign bit of its type.
  int64_t period = int64_t(1) << std::clamp<size_t>(::pim::elementBits(like.element) - 1, 1, 7);
  for (int64_t i = 0; i < tensor.count(); ++i) {
    int64_t number = kind == Example::Counting ? i % period : kind == Example::Ones;
    uint64_t bits = uint64_t(number);
    if (like.element == ElementType::F32)
      bits = std::bit_cast<uint32_t>(float(number));
    else if (like.element == ElementType::F64)
      bits = std::bit_cast<uint64_t>(double(number));
    else if (::pim::isSmallFloat(like.element))
      bits = ::pim::encodeFloat(like.element, float(number));
    std::memcpy(tensor.data<std::byte>() + size_t(i) * width, &bits, width);
  }
  return tensor;
}

static RankedTensorType typeOf(MLIRContext *context, const host::Value &value) {
  const auto *tensor = std::get_if<host::Tensor>(&value);
  Type element = tensor ? onnx::typeOf(context, tensor->element()) : Type();
  return element ? RankedTensorType::get(tensor->shape(), element) : RankedTensorType();
}

static std::optional<Elements> elementsOf(RankedTensorType type, const host::Value &value) {
  const auto &tensor = std::get<host::Tensor>(value);
  if (!type || tensor.isText() || !elementByteWidth(type.getElementType()))
    return std::nullopt;
  auto *data = reinterpret_cast<const char *>(tensor.bytes().data());
  return Elements(type, std::vector<char>(data, data + tensor.bytes().size()));
}

static std::vector<host::Value> runOn(host::Interpreter &interpreter, const HostIsland &island,
                                      Example kind) {
  std::vector<host::Value> inputs;
  for (int input : island.graph.inputs)
    inputs.push_back(makeExample(island.graph.tensors[size_t(input)], kind));
  return interpreter.run(inputs);
}

static std::optional<ExampleResults> run(onnx::NodeOp node, const HostIsland &island) {
  host::Interpreter interpreter(island.graph);
  interpreter.setMostBodyRuns(maxBodyRuns);
  std::vector<std::vector<host::Value>> results{runOn(interpreter, island, Example::Zeros)};
  bool isConstant = island.inputs.empty();
  if (!isConstant) {
    results.push_back(runOn(interpreter, island, Example::Ones));
    try {
      results.push_back(runOn(interpreter, island, Example::Counting));
    } catch (const ::pim::Error &) {
      // Numbers that are indices may lie outside.
    }
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
      bool agree = llvm::all_of(results, [&](const std::vector<host::Value> &values) {
        return typeOf(node.getContext(), values[index]) == type;
      });
      if (!agree)
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
