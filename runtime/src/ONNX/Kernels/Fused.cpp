//===- Fused.cpp - what onnxruntime makes of several nodes ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model that onnxruntime has optimized and saved holds operators of domain com.microsoft for what
// were several nodes. Each is computed as those nodes (onnxruntime, docs/ContribOperators.md).
// Tested by runtime/tests/ONNX/FusedTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "Fused.h"

#include <numeric>

using namespace pim;
using namespace pim::onnx;

std::vector<Value> pim::onnx::computeAll(const char *type, const std::vector<Value> &operands,
                                         Attributes attributes, int results) {
  graph::Op op;
  op.code = std::string("onnx.") + type;
  op.name = type;
  op.inputs.resize(operands.size());
  std::iota(op.inputs.begin(), op.inputs.end(), 0);
  op.outputs.resize(size_t(results));
  std::iota(op.outputs.begin(), op.outputs.end(), int(operands.size()));
  op.attributes = std::move(attributes);
  op.attributes["opset"] = oneInt(23);
  op.attributes["domain"] = oneText("");
  return SingleOp(op).run(operands);
}

Value pim::onnx::compute(const char *type, const std::vector<Value> &operands,
                         Attributes attributes) {
  return std::move(computeAll(type, operands, std::move(attributes), 1)[0]);
}

Value pim::onnx::operandOrNothing(const Call &call, size_t index) {
  return call.has(index) ? call.value(index) : Value();
}

Value pim::onnx::plusOperand(const Call &call, Value value, size_t index) {
  if (!call.has(index))
    return value;
  return compute("Add", {std::move(value), call.value(index)});
}

/// Applies the operator that attribute `name` names; its parameters are those of `parameters`.
static Value activate(const Call &call, Value value, const char *name,
                      const std::vector<double> &parameters) {
  const std::string type = call.text(name, "");
  auto parameter = [&](size_t index, const char *meaning) {
    call.require(parameters.size() > index, "activation ", type, " has no ", meaning);
    return parameters[index];
  };
  if (type.empty())
    return value;
  if (type == "Relu" || type == "Sigmoid" || type == "Tanh")
    return compute(type.c_str(), {std::move(value)});
  if (type == "LeakyRelu")
    return compute("LeakyRelu", {std::move(value)}, {{"alpha", oneReal(parameter(0, "slope"))}});
  if (type == "HardSigmoid")
    return compute(
        "HardSigmoid", {std::move(value)},
        {{"alpha", oneReal(parameter(0, "slope"))}, {"beta", oneReal(parameter(1, "offset"))}});
  if (type == "Clip") {
    const double bounds[] = {parameter(0, "lower bound"), parameter(1, "upper bound")};
    std::vector<Value> operands{std::move(value)};
    for (double bound : bounds) {
      Tensor number(std::get<Tensor>(operands[0]).element(), {});
      storeElements(&bound, number);
      operands.push_back(number);
    }
    return compute("Clip", operands);
  }
  call.fail("activation '", type,
            "' is unknown, expected Relu, Sigmoid, Tanh, LeakyRelu, HardSigmoid or Clip");
}

/// Those of the attributes `names` that the node has.
static Attributes integerAttributes(const Call &call, std::initializer_list<const char *> names) {
  Attributes kept;
  for (const char *name : names)
    if (call.hasAttribute(name))
      kept[name] = {call.intList(name), {}, {}};
  return kept;
}

/// activation(Conv(X, W, B) + Z)
static void fusedConv(Call &call) {
  Attributes attributes =
      integerAttributes(call, {"dilations", "group", "kernel_shape", "pads", "strides"});
  if (call.hasAttribute("auto_pad"))
    attributes["auto_pad"] = oneText(call.text("auto_pad", ""));
  Value sum = compute("Conv", {call.value(0), call.value(1), operandOrNothing(call, 2)},
                      std::move(attributes));
  call.set(0, activate(call, plusOperand(call, std::move(sum), 3), "activation",
                       call.realList("activation_params")));
}

/// activation(Gemm(A, B, C))
static void fusedGemm(Call &call) {
  Attributes attributes = integerAttributes(call, {"transA", "transB"});
  for (const char *name : {"alpha", "beta"})
    attributes[name] = oneReal(call.real(name, 1));
  Value product = compute("Gemm", {call.value(0), call.value(1), operandOrNothing(call, 2)},
                          std::move(attributes));
  call.set(0, activate(call, std::move(product), "activation",
                       {call.real("activation_alpha", 0), call.real("activation_beta", 0)}));
}

/// Operand `index`, its last two dimensions exchanged if attribute `flag` is set.
static Value matrixOperand(const Call &call, size_t index, const char *flag, const char *batches) {
  call.require(call.integer(batches, 0) == 0, "has ", batches, ", which is not supported");
  if (call.integer(flag, 0) == 0)
    return call.value(index);
  const int64_t rank = call.in(index).rank();
  call.require(rank >= 2, "operand ", index, " of rank ", rank, " cannot be transposed");
  std::vector<int64_t> order(static_cast<size_t>(rank));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return compute("Transpose", {call.value(index)}, {{"perm", {std::move(order), {}, {}}}});
}

/// alpha * op(A) op(B)
static void fusedMatMul(Call &call) {
  Value product = compute("MatMul", {matrixOperand(call, 0, "transA", "transBatchA"),
                                     matrixOperand(call, 1, "transB", "transBatchB")});
  const double alpha = call.real("alpha", 1);
  Tensor factor(std::get<Tensor>(product).element(), {});
  storeElements(&alpha, factor);
  call.set(0, compute("Mul", {std::move(product), factor}));
}

static void biasGelu(Call &call) {
  call.set(0, compute("Gelu", {plusOperand(call, call.value(0), 1)}));
}

/// With the tanh of a polynomial for the error function.
static void fastGelu(Call &call) {
  call.set(0, compute("Gelu", {plusOperand(call, call.value(0), 1)},
                      {{"approximate", oneText("tanh")}}));
}

/// Normalizes input + skip + bias (operand `bias`); result 3 is the sum.
static void normalizeSum(Call &call, const char *type, std::vector<size_t> scales, size_t bias) {
  Value sum = plusOperand(call, compute("Add", {call.value(0), call.value(1)}), bias);
  std::vector<Value> operands{sum};
  for (size_t index : scales)
    operands.push_back(operandOrNothing(call, index));
  call.set(0, compute(type, operands,
                      {{"axis", oneInt(-1)}, {"epsilon", oneReal(call.real("epsilon", 1e-12))}}));
  call.require(!call.wants(1) && !call.wants(2), "results 1 and 2 are of training");
  if (call.wants(3))
    call.set(3, std::move(sum));
}

/// Operands: input, skip, gamma, beta, bias.
static void skipLayerNormalization(Call &call) {
  normalizeSum(call, "LayerNormalization", {2, 3}, 4);
}

/// Operands: input, skip, gamma, bias.
static void skipSimplifiedLayerNormalization(Call &call) {
  normalizeSum(call, "RMSNormalization", {2}, 3);
}

void pim::onnx::addFused(Registry &registry) {
  addFusedTransformers(registry);
  registry.add(microsoftDomain, "BiasGelu", biasGelu);
  registry.add(microsoftDomain, "FastGelu", fastGelu);
  registry.add(microsoftDomain, "FusedConv", fusedConv);
  registry.add(microsoftDomain, "FusedGemm", fusedGemm);
  registry.add(microsoftDomain, "FusedMatMul", fusedMatMul);
  registry.add(microsoftDomain, "SkipLayerNormalization", skipLayerNormalization);
  registry.add(microsoftDomain, "SkipSimplifiedLayerNormalization",
               skipSimplifiedLayerNormalization);
}
