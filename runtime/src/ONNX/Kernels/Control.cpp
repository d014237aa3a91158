//===- Control.cpp - If, Loop and Scan ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A body takes its own inputs first, then what it uses of the graphs around it: the last operands
// of the node, as many as attribute `captures` says (pim/Program/Graph.h).
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

using namespace pim;
using namespace pim::onnx;

/// How many operands are the node's own.
static size_t ownOperands(const Call &call) {
  int64_t captures = call.integer("captures", 0);
  call.require(captures >= 0 && size_t(captures) <= call.inputCount(), "captures ", captures,
               " of ", call.inputCount(), " operands");
  return call.inputCount() - size_t(captures);
}

static void appendCaptures(const Call &call, std::vector<Value> &values) {
  for (size_t i = ownOperands(call); i < call.inputCount(); ++i)
    values.push_back(call.value(i));
}

static bool truth(const Call &call, const Value &value) {
  const auto *tensor = std::get_if<Tensor>(&value);
  call.require(tensor && tensor->element() == ElementType::I1 && tensor->count() == 1,
               "the condition is not one boolean");
  return tensor->data<uint8_t>()[0] != 0;
}

static void branch(Call &call) {
  call.require(ownOperands(call) == 1, "has ", ownOperands(call), " operands");
  std::vector<Value> values;
  appendCaptures(call, values);
  const char *chosen = truth(call, call.value(0)) ? "then_branch" : "else_branch";
  std::vector<Value> results = call.runGraph(chosen, values);
  call.require(results.size() >= call.outputCount(), "branch '", chosen, "' gives ", results.size(),
               " values");
  for (size_t i = 0; i < call.outputCount(); ++i)
    call.set(i, results[i]);
}

/// Tensors of one shape, joined along a new dimension `axis`.
static Tensor stacked(const Call &call, const std::vector<Tensor> &parts, int64_t axis,
                      bool backwards) {
  call.require(!parts.empty(), "makes a list of no values, whose shape is unknown");
  Shape shape = parts[0].shape();
  axis = call.axis(axis, int64_t(shape.size()) + 1);
  shape.insert(shape.begin() + axis, int64_t(parts.size()));
  Tensor out(parts[0].element(), shape);
  AxisView view(shape, axis);
  for (size_t i = 0; i < parts.size(); ++i) {
    const Tensor &part = parts[backwards ? parts.size() - 1 - i : i];
    call.require(part.shape() == parts[0].shape() && part.element() == parts[0].element(),
                 "values of one list differ in shape or type");
    for (int64_t o = 0; o < view.outer; ++o)
      copyElements(part, o * view.inner, out, (o * view.size + int64_t(i)) * view.inner,
                   view.inner);
  }
  return out;
}

static const Tensor &asTensor(const Call &call, const Value &value) {
  const auto *tensor = std::get_if<Tensor>(&value);
  call.require(tensor != nullptr, "a value to be listed is no tensor");
  return *tensor;
}

/// A list that no iteration added to: its elements' type and rank are those of the body's result.
static Tensor emptyList(const Call &call, const graph::Graph &body, size_t result) {
  call.require(result < body.outputs.size(), "the body gives ", body.outputs.size(), " values");
  const graph::Tensor &tensor = body.tensors[size_t(body.outputs[result])];
  Shape shape{0};
  for (int64_t size : tensor.shape)
    shape.push_back(std::max<int64_t>(size, 0));
  return Tensor(tensor.element, shape);
}

/// Operands: trip count, condition, carried values. The body takes iteration, condition and carried
/// values and gives condition, carried values and values to be listed.
static void loop(Call &call) {
  const graph::Graph &body = call.body("body");
  size_t own = ownOperands(call);
  call.require(own >= 2, "has ", own, " operands");
  size_t carriedCount = own - 2;
  call.require(body.outputs.size() >= carriedCount + 1 && body.inputs.size() == call.inputCount() &&
                   body.outputs.size() - 1 >= call.outputCount(),
               "the body does not fit the operands");
  size_t listCount = body.outputs.size() - 1 - carriedCount;
  bool counted = call.has(0), conditional = call.has(1);
  int64_t trips = call.integerInput(0, 0);
  bool going = !conditional || truth(call, call.value(1));
  std::vector<Value> carried;
  for (size_t i = 2; i < own; ++i)
    carried.push_back(call.value(i));
  std::vector<std::vector<Tensor>> lists(listCount);
  for (int64_t trip = 0; going && (!counted || trip < trips); ++trip) {
    Tensor iteration(ElementType::I64, {}), condition(ElementType::I1, {});
    iteration.data<int64_t>()[0] = trip;
    condition.data<uint8_t>()[0] = 1;
    std::vector<Value> values{iteration, condition};
    values.insert(values.end(), carried.begin(), carried.end());
    appendCaptures(call, values);
    std::vector<Value> results = call.runGraph("body", values);
    going = truth(call, results[0]);
    std::copy_n(results.begin() + 1, carriedCount, carried.begin());
    for (size_t i = 0; i < listCount; ++i)
      lists[i].push_back(asTensor(call, results[1 + carriedCount + i]));
  }
  for (size_t i = 0; i < carriedCount; ++i)
    call.set(i, carried[i]);
  for (size_t i = 0; i < listCount; ++i)
    call.set(carriedCount + i, lists[i].empty() ? emptyList(call, body, 1 + carriedCount + i)
                                                : stacked(call, lists[i], 0, false));
}

/// Element `index` along dimension `axis`, without that dimension.
static Tensor elementAt(const Tensor &tensor, int64_t axis, int64_t index) {
  AxisView view(tensor.shape(), axis);
  Shape shape = tensor.shape();
  shape.erase(shape.begin() + axis);
  Tensor out(tensor.element(), shape);
  for (int64_t o = 0; o < view.outer; ++o)
    copyElements(tensor, (o * view.size + index) * view.inner, out, o * view.inner, view.inner);
  return out;
}

/// Scan of opset 8: operand 0 is the length of each sequence, and all others have a batch as first
/// and a sequence as second dimension. Each batch is walked on its own.
static void scanBatches(Call &call) {
  const graph::Graph &body = call.body("body");
  const size_t own = ownOperands(call);
  const int64_t walked = call.integer("num_scan_inputs", 0);
  call.require(!call.has(0), "has lengths of sequences, which is not supported");
  call.require(walked > 0 && size_t(walked) < own && body.inputs.size() + 1 == call.inputCount() &&
                   body.outputs.size() >= own - 1 - size_t(walked) &&
                   body.outputs.size() >= call.outputCount(),
               "the body does not fit the operands");
  const size_t carriedCount = own - 1 - size_t(walked);
  const std::vector<int64_t> backwards = call.intList("directions");
  call.require(backwards.empty() || int64_t(backwards.size()) == walked, "has ", backwards.size(),
               " directions for ", walked, " lists");
  for (size_t i = 1; i < own; ++i)
    call.require(call.in(i).rank() >= (i > carriedCount ? 2 : 1) &&
                     call.in(i).size(0) == call.in(1).size(0) &&
                     (i <= carriedCount || call.in(i).size(1) == call.in(own - 1).size(1)),
                 "operand ", i, " has shape ", shapeText(call.in(i).shape()),
                 ", which does not fit the others");
  const int64_t batches = call.in(1).size(0), steps = call.in(own - 1).size(1);
  call.require(batches > 0 && steps > 0, "has nothing to walk");
  std::vector<std::vector<Tensor>> results(body.outputs.size());
  for (int64_t batch = 0; batch < batches; ++batch) {
    std::vector<Value> carried;
    for (size_t i = 0; i < carriedCount; ++i)
      carried.push_back(elementAt(call.in(1 + i), 0, batch));
    std::vector<std::vector<Tensor>> lists(body.outputs.size());
    for (int64_t step = 0; step < steps; ++step) {
      std::vector<Value> values = carried;
      for (size_t i = 0; i < size_t(walked); ++i) {
        const bool isBackwards = !backwards.empty() && backwards[i] != 0;
        values.push_back(elementAt(elementAt(call.in(1 + carriedCount + i), 0, batch), 0,
                                   isBackwards ? steps - 1 - step : step));
      }
      appendCaptures(call, values);
      std::vector<Value> made = call.runGraph("body", values);
      std::copy_n(made.begin(), carriedCount, carried.begin());
      for (size_t i = carriedCount; i < made.size(); ++i)
        lists[i].push_back(asTensor(call, made[i]));
    }
    for (size_t i = 0; i < results.size(); ++i)
      results[i].push_back(i < carriedCount ? asTensor(call, carried[i])
                                            : stacked(call, lists[i], 0, false));
  }
  for (size_t i = 0; i < results.size(); ++i)
    call.set(i, stacked(call, results[i], 0, false));
}

/// Operands: carried values, then lists to walk. The body gives carried values, then values to be
/// listed.
static void scan(Call &call) {
  const graph::Graph &body = call.body("body");
  size_t own = ownOperands(call);
  int64_t walked = call.integer("num_scan_inputs", 0);
  call.require(walked > 0 && size_t(walked) <= own && body.inputs.size() == call.inputCount() &&
                   body.outputs.size() >= own - size_t(walked) &&
                   body.outputs.size() >= call.outputCount(),
               "the body does not fit the operands");
  size_t carriedCount = own - size_t(walked), listCount = body.outputs.size() - carriedCount;
  auto listOf = [&](const char *name, size_t count) {
    std::vector<int64_t> list = call.intList(name);
    call.require(list.empty() || list.size() == count, "attribute '", name, "' has ", list.size(),
                 " entries for ", count);
    list.resize(count, 0);
    return list;
  };
  std::vector<int64_t> axes = listOf("scan_input_axes", size_t(walked));
  std::vector<int64_t> backwards = listOf("scan_input_directions", size_t(walked));
  std::vector<int64_t> outAxes = listOf("scan_output_axes", listCount);
  std::vector<int64_t> outBackwards = listOf("scan_output_directions", listCount);
  int64_t steps = -1;
  for (size_t i = 0; i < axes.size(); ++i) {
    const Tensor &list = call.in(carriedCount + i);
    axes[i] = call.axis(axes[i], list.rank());
    call.require(steps < 0 || steps == list.size(axes[i]), "lists differ in length");
    steps = list.size(axes[i]);
  }
  std::vector<Value> carried;
  for (size_t i = 0; i < carriedCount; ++i)
    carried.push_back(call.value(i));
  std::vector<std::vector<Tensor>> lists(listCount);
  for (int64_t step = 0; step < steps; ++step) {
    std::vector<Value> values = carried;
    for (size_t i = 0; i < axes.size(); ++i)
      values.push_back(
          elementAt(call.in(carriedCount + i), axes[i], backwards[i] ? steps - 1 - step : step));
    appendCaptures(call, values);
    std::vector<Value> results = call.runGraph("body", values);
    std::copy_n(results.begin(), carriedCount, carried.begin());
    for (size_t i = 0; i < listCount; ++i)
      lists[i].push_back(asTensor(call, results[carriedCount + i]));
  }
  for (size_t i = 0; i < carriedCount; ++i)
    call.set(i, carried[i]);
  for (size_t i = 0; i < listCount; ++i)
    call.set(carriedCount + i, lists[i].empty()
                                   ? emptyList(call, body, carriedCount + i)
                                   : stacked(call, lists[i], outAxes[i], outBackwards[i] != 0));
}

void pim::onnx::addControl(Registry &registry) {
  registry.add("If", branch);
  registry.add("Loop", loop);
  registry.add("Scan", scanBatches, 8);
  registry.add("Scan", scan, 9);
}
