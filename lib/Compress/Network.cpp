//===- Network.cpp - an ONNX graph that can be trained --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "TensorData.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {

Network::Network(Model model) : source(std::move(model)) {
  readInput();
  for (const onnx::TensorProto &tensor : source.proto.graph().initializer())
    constants[tensor.name()] =
        tensorOf(tensor, source.path, source.path + ": initializer '" + tensor.name() + "'");
  foldConstants();
  classifyConstants();
  buildSteps();
  findLayers();
  probe();
}

void Network::readInput() {
  const onnx::GraphProto &graph = source.proto.graph();
  std::set<std::string> initializers;
  for (const onnx::TensorProto &tensor : graph.initializer())
    initializers.insert(tensor.name());
  const onnx::ValueInfoProto *found = nullptr;
  for (const onnx::ValueInfoProto &value : graph.input()) {
    if (initializers.count(value.name()))
      continue;
    if (found)
      fail(source.path, ": has the inputs '", found->name(), "' and '", value.name(),
           "'; only models of one input can be trained");
    found = &value;
  }
  if (!found)
    fail(source.path, ": has no input");
  input = found->name();
  const auto &type = found->type().tensor_type();
  if (!found->type().has_tensor_type() || type.elem_type() != onnx::TensorProto::FLOAT ||
      type.shape().dim_size() < 2)
    fail(source.path, ": input '", input, "' is no float tensor with a batch dimension");
  for (int index = 0; index < type.shape().dim_size(); ++index) {
    const auto &dim = type.shape().dim(index);
    if (index > 0 && !dim.has_dim_value())
      fail(source.path, ": dimension ", index, " of input '", input,
           "' is open; only the batch may be");
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : 1);
    if (shape.back() < 1 || shape.back() > (1 << 24))
      fail(source.path, ": dimension ", index, " of input '", input, "' is ", shape.back());
  }
  modelBatch = shape[0];
  shape[0] = 1;
}

/// Reads the value of a Constant node.
static Tensor constantOf(const NodeView &node, const std::string &path) {
  if (const onnx::AttributeProto *value = node.find("value"))
    return tensorOf(value->t(), path, labelOf(node.proto()));
  if (node.has("value_float"))
    return at::tensor(static_cast<float>(node.real("value_float", 0)));
  if (node.has("value_int"))
    return at::tensor(node.integer("value_int", 0));
  if (node.has("value_ints"))
    return at::tensor(node.integers("value_ints"), at::kLong);
  if (const onnx::AttributeProto *value = node.find("value_floats"))
    return at::tensor(std::vector<float>(value->floats().begin(), value->floats().end()));
  node.fail("has no value that can be trained with");
}

/// Computes what depends on constants alone and drops those nodes.
void Network::foldConstants() {
  at::NoGradGuard guard;
  onnx::GraphProto &graph = *source.proto.mutable_graph();
  google::protobuf::RepeatedPtrField<onnx::NodeProto> rest;
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    NodeView view(source, node);
    if (node.op_type() == "Constant") {
      if (node.output_size() != 1)
        view.fail("has ", node.output_size(), " outputs, expected 1");
      constants[node.output(0)] = constantOf(view, source.path);
      continue;
    }
    Operator function = findOperator(node.op_type());
    if (!function)
      pim::fail(source.path, ": ", labelOf(node), ": this operator cannot be trained; expected ",
                operatorNames());
    bool isConstant = true;
    Call call{view, {}, {}, false, 1, 1};
    for (const std::string &name : node.input()) {
      isConstant &= name.empty() || constants.count(name);
      call.inputs.push_back(name.empty() || !isConstant ? Tensor() : constants[name]);
      call.batched.push_back(false);
    }
    if (!isConstant || node.input_size() == 0) {
      rest.Add()->Swap(&node);
      continue;
    }
    std::vector<Tensor> results = function(call);
    for (int index = 0; index < node.output_size() && index < static_cast<int>(results.size());
         ++index)
      constants[node.output(index)] = results[static_cast<size_t>(index)].contiguous();
  }
  graph.mutable_node()->Swap(&rest);
}

/// Whether input `index` of a node of type `op` is something to be learned.
static bool isLearned(const std::string &op, int index, const Tensor &value) {
  if (value.scalar_type() != at::kFloat)
    return false;
  if (op == "Conv" || op == "Gemm" || op == "PRelu")
    return index >= 1;
  if (op == "MatMul" || op == "Add")
    return true;
  if (op == "Mul")
    return value.numel() > 1;
  return op == "BatchNormalization" && (index == 1 || index == 2);
}

void Network::classifyConstants() {
  onnx::GraphProto &graph = *source.proto.mutable_graph();
  std::set<std::string> used;
  for (const onnx::NodeProto &node : graph.node())
    for (int index = 0; index < node.input_size(); ++index) {
      auto constant = constants.find(node.input(index));
      if (constant == constants.end())
        continue;
      used.insert(constant->first);
      if (isLearned(node.op_type(), index, constant->second))
        parameters[constant->first] = constant->second.clone().contiguous().set_requires_grad(true);
    }
  for (const onnx::ValueInfoProto &output : graph.output())
    if (constants.count(output.name()))
      used.insert(output.name());
  for (const auto &[name, value] : constants) {
    if (at::isFloatingType(value.scalar_type()) && parameters.count(name) &&
        !at::isfinite(value).all().item<bool>())
      fail(source.path, ": initializer '", name, "' has values that are not finite");
    if (used.count(name) && !parameters.count(name))
      buffers[name] = value.clone().contiguous();
  }
  if (parameters.empty())
    fail(source.path, ": has no weights that could be trained");
  constants.clear();
}

int Network::slotOf(const std::string &name) {
  return name.empty() ? -1 : slots.emplace(name, static_cast<int>(slots.size())).first->second;
}

void Network::buildSteps() {
  const onnx::GraphProto &graph = source.proto.graph();
  std::set<std::string> batched = {input};
  slotOf(input);
  std::map<int, size_t> lastUse;
  for (const onnx::NodeProto &node : graph.node()) {
    Step step{NodeView(source, node), findOperator(node.op_type()), {}, {}, {}, {}};
    bool dependsOnInput = false;
    for (const std::string &name : node.input()) {
      step.inputs.push_back(slotOf(name));
      step.batched.push_back(batched.count(name) != 0);
      dependsOnInput |= step.batched.back();
      if (!name.empty())
        lastUse[step.inputs.back()] = steps.size();
    }
    for (const std::string &name : node.output()) {
      step.outputs.push_back(slotOf(name));
      if (dependsOnInput && !name.empty())
        batched.insert(name);
    }
    steps.push_back(std::move(step));
  }
  std::set<int> kept;
  for (const onnx::ValueInfoProto &output : graph.output()) {
    outputs.push_back(slotOf(output.name()));
    kept.insert(outputs.back());
  }
  for (const auto &[name, slot] : slots)
    if (parameters.count(name) || buffers.count(name))
      kept.insert(slot);
  for (auto [slot, step] : lastUse)
    if (!kept.count(slot))
      steps[step].dying.push_back(slot);
  lastOp = graph.node_size() ? graph.node(graph.node_size() - 1).op_type() : "";
}

void Network::findLayers() {
  std::set<std::string> names;
  for (const Step &step : steps) {
    const onnx::NodeProto &node = step.node.proto();
    const std::string &op = node.op_type();
    if ((op != "Conv" && op != "Gemm" && op != "MatMul") || node.input_size() < 2)
      continue;
    auto weight = parameters.find(node.input(1));
    if (weight == parameters.end() || weight->second.dim() < 2 || !step.batched[0])
      continue;
    Layer layer;
    layer.name = nameOf(node);
    if (!names.insert(layer.name).second)
      step.node.fail("there is another node of this name; names of layers must differ");
    layer.op = op;
    layer.weight = weight->first;
    layer.input = node.input(0);
    layer.output = node.output(0);
    at::IntArrayRef sizes = weight->second.sizes();
    if (op == "Conv") {
      layer.filters = sizes[0];
      layer.groups = step.node.integer("group", 1);
      layer.columns = weight->second.numel() / std::max<int64_t>(1, sizes[0]);
      layer.taps = sizes.size() > 1 && sizes[1] > 0 ? layer.columns / sizes[1] : 1;
    } else if (weight->second.dim() == 2) {
      layer.isTransposed = op == "MatMul" || !step.node.integer("transB", 0);
      layer.filters = sizes[layer.isTransposed ? 1 : 0];
      layer.columns = sizes[layer.isTransposed ? 0 : 1];
    } else {
      continue; // a batch of matrices
    }
    if (op != "MatMul" && node.input_size() > 2 && parameters.count(node.input(2)))
      layer.bias = node.input(2);
    layerList.push_back(layer);
  }
}

/// One run with zeros shows what fits and how large the maps are.
void Network::probe() {
  at::NoGradGuard guard;
  // Two samples, so that a graph that mixes samples is found out.
  std::vector<int64_t> batchShape = shape;
  batchShape[0] = 2;
  std::map<std::string, int64_t> elements;
  std::vector<Tensor> results = execute(at::zeros(batchShape), &elements, nullptr);
  if (results.empty() || results[0].dim() < 2 || results[0].size(0) != 2)
    fail(source.path, ": output '", source.proto.graph().output(0).name(),
         "' has no batch dimension; the graph cannot be trained on batches");
  classCount = results[0].numel() / 2;
  for (Layer &layer : layerList)
    layer.positions = elements[layer.output] / (2 * std::max<int64_t>(1, layer.filters));
}

Tensor Network::effective(const std::string &name) const {
  const Tensor &value = parameters.at(name);
  auto transform = weightTransforms.find(name);
  return transform == weightTransforms.end() ? value : transform->second(value);
}

std::vector<Tensor> Network::run(const Tensor &batch, TensorMap *seen) const {
  return execute(batch, nullptr, seen);
}

/// `elements`, if any, receives the number of elements of each value that nodes make.
std::vector<Tensor> Network::execute(const Tensor &batch, std::map<std::string, int64_t> *elements,
                                     TensorMap *seen) const {
  std::vector<Tensor> values(slots.size());
  values[static_cast<size_t>(slots.at(input))] = batch;
  for (const auto &[name, value] : parameters)
    if (auto slot = slots.find(name); slot != slots.end())
      values[static_cast<size_t>(slot->second)] = effective(name);
  for (const auto &[name, value] : buffers)
    if (auto slot = slots.find(name); slot != slots.end())
      values[static_cast<size_t>(slot->second)] = value;
  for (const Step &step : steps) {
    Call call{step.node, {}, step.batched, training, batch.size(0), modelBatch};
    for (int slot : step.inputs)
      call.inputs.push_back(slot < 0 ? Tensor() : values[static_cast<size_t>(slot)]);
    auto transform = inputTransforms.find(nameOf(step.node.proto()));
    if (transform != inputTransforms.end())
      call.inputs[0] = transform->second(call.inputs[0]);
    std::vector<Tensor> results;
    try {
      results = step.function(call);
    } catch (const c10::Error &error) {
      // torch's text has several lines and our source paths; its first line says what is wrong.
      std::string text = error.what_without_backtrace();
      step.node.fail("cannot be run: ", text.substr(0, text.find('\n')));
    }
    // Outputs that may be left out (the mask of Dropout) stay undefined; who reads one is told so.
    for (size_t index = 0; index < std::min(step.outputs.size(), results.size()); ++index) {
      if (step.outputs[index] < 0)
        continue;
      values[static_cast<size_t>(step.outputs[index])] = results[index];
      const std::string &name = step.node.proto().output(static_cast<int>(index));
      if (elements)
        (*elements)[name] = results[index].numel();
      if (seen)
        if (auto wanted = seen->find(name); wanted != seen->end())
          wanted->second = results[index];
    }
    for (int slot : step.dying)
      values[static_cast<size_t>(slot)].reset();
  }
  std::vector<Tensor> results;
  for (int slot : outputs)
    results.push_back(values[static_cast<size_t>(slot)]);
  return results;
}

Tensor Network::scores(const Tensor &batch, TensorMap *seen) const {
  Tensor result = run(batch, seen).at(0);
  return result.reshape({batch.size(0), -1});
}

const Layer &Network::layer(const std::string &name) const {
  for (const Layer &layer : layerList)
    if (layer.name == name)
      return layer;
  std::string names;
  for (const Layer &layer : layerList)
    names += (names.empty() ? "" : ", ") + layer.name;
  fail(source.path, ": has no layer '", name, "', expected one of ", names);
}

Tensor Network::matrix(const Layer &layer) const {
  Tensor weight = parameters.at(layer.weight);
  return layer.isTransposed ? weight.t() : weight.reshape({layer.filters, layer.columns});
}

Tensor Network::stored(const Layer &layer, const Tensor &matrix) const {
  return layer.isTransposed ? matrix.t().contiguous()
                            : matrix.reshape(parameters.at(layer.weight).sizes()).contiguous();
}

onnx::ModelProto Network::snapshot(bool transformed) const {
  at::NoGradGuard guard;
  onnx::ModelProto proto = source.proto;
  onnx::GraphProto &graph = *proto.mutable_graph();
  graph.clear_initializer();
  // Bounds of quantizers are parameters too, but no values of the graph.
  for (const auto &[name, value] : parameters)
    if (slots.count(name))
      storeTensor(*graph.add_initializer(), name, transformed ? effective(name) : value);
  for (const auto &[name, value] : buffers)
    if (slots.count(name))
      storeTensor(*graph.add_initializer(), name, value);
  // Up to IR version 3 initializers are inputs too; from 4 on they need not be.
  proto.set_ir_version(std::max<int64_t>(proto.ir_version(), 4));
  google::protobuf::RepeatedPtrField<onnx::ValueInfoProto> inputs;
  for (onnx::ValueInfoProto &value : *graph.mutable_input())
    if (value.name() == input)
      inputs.Add()->Swap(&value);
  graph.mutable_input()->Swap(&inputs);
  graph.clear_value_info();
  return proto;
}

} // namespace pim::compress
