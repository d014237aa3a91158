//===- HostSession.cpp - a whole model on the host over many samples ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/HostSession.h"

#include "HostModel.h"
#include "SampleQueue.h"
#include "pim/Runtime/Energy/EnergyModel.h"
#include "pim/Support/Error.h"
#include "pim/Target/Target.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>

using namespace pim;
using namespace pim::runtime;

namespace {

/// What the threads share.
struct Work {
  Work(const program::Program &program, const target::Target &target, const HostInputs &inputs,
       std::span<const int64_t> labels, const SessionOptions &options)
      : program(program), target(target), inputs(inputs), labels(labels), options(options),
        samples(inputs.sampleCount(), labels, options),
        graph(graph::deserialize(std::as_bytes(std::span(program.header.host_calls[0]->graph)))) {}

  const program::Program &program;
  const target::Target &target;
  const HostInputs &inputs;
  std::span<const int64_t> labels;
  const SessionOptions &options;
  SampleQueue samples;
  graph::Graph graph;

  std::mutex mutex; ///< guards all below
  HostWork hostWork;
  SessionResult result;
  std::vector<std::vector<data::Value>> outputs; ///< by sample
};

/// Compares two arrays as Checker does: floats within checkTolerance of the largest.
void compare(const data::Array &found, const data::Array &expected, const std::string &name,
             int64_t sample, CheckResult &total) {
  if (found.shape != expected.shape || found.type != expected.type)
    fail("output '", name, "' has shape ", data::shapeText(found.shape), ", the reference ",
         data::shapeText(expected.shape));
  int64_t count = expected.elementCount();
  total.comparedValues += static_cast<uint64_t>(count);
  if (found.type == data::Type::Text) {
    if (found.texts != expected.texts)
      ++total.mismatchedValues;
    return;
  }
  double largest = 0;
  for (int64_t i = 0; i < count; ++i)
    if (double value = expected.at(i); std::isfinite(value))
      largest = std::max(largest, std::fabs(value));
  double allowed = found.isInteger() ? 0 : checkTolerance * largest;
  for (int64_t i = 0; i < count; ++i) {
    double a = found.at(i), b = expected.at(i);
    if (a == b || (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= allowed)
      continue;
    ++total.mismatchedValues;
    if (!total.first)
      total.first =
          Difference{"output '" + name + "'", sample, {i}, std::to_string(a), std::to_string(b)};
  }
}

/// Values that are no tensors are compared tensor by tensor.
void compare(const data::Value &found, const data::Value &expected, const std::string &name,
             int64_t sample, CheckResult &total) {
  std::vector<data::NamedArray> all = data::toNamedArrays(found, name);
  std::vector<data::NamedArray> wanted = data::toNamedArrays(expected, name);
  if (all.size() != wanted.size())
    fail("output '", name, "' has ", all.size(), " tensors, the reference ", wanted.size());
  for (size_t i = 0; i < all.size(); ++i)
    compare(all[i].array, wanted[i].array, all[i].name, sample, total);
}

std::vector<float> scoresOf(const data::Value &value, const std::string &name) {
  const auto *tensor = std::get_if<data::Array>(&value);
  if (!tensor)
    fail("output '", name, "' is no tensor, and has no classes for the labels");
  const data::Array &array = *tensor;
  std::vector<float> scores;
  for (int64_t i = 0; i < array.elementCount(); ++i)
    scores.push_back(static_cast<float>(array.at(i)));
  return scores;
}

class Worker {
public:
  explicit Worker(Work &work)
      : work(work), model(makeHostModel(work.graph, work.target.host, false)) {
    if (work.options.check)
      reference = makeHostModel(work.graph, work.target.host, true);
  }

  void runAll() {
    while (std::optional<int64_t> index = work.samples.take())
      work.samples.attempt(*index, [&] { runSample(*index); });
    finish();
  }

private:
  void runSample(int64_t index) {
    int64_t sample = work.samples.first() + index;
    std::vector<data::Value> inputs = work.inputs.read(sample);
    std::vector<data::Value> outputs = model->run(inputs);
    if (reference) {
      std::vector<data::Value> expected = reference->run(inputs);
      for (size_t i = 0; i < outputs.size(); ++i)
        compare(outputs[i], expected[i], work.program.header.outputs[i]->name, sample, check);
    }
    if (!work.labels.empty()) {
      int64_t label = work.labels[static_cast<size_t>(sample)];
      std::vector<float> scores = scoresOf(outputs.front(), work.program.header.outputs[0]->name);
      if (label >= static_cast<int64_t>(scores.size()))
        fail("the label of sample ", sample, " is ", label, ", but output '",
             work.program.header.outputs[0]->name, "' has ", scores.size(), " classes");
      if (label >= 0)
        accuracy.add(rankOf(label, scores));
    }
    if (work.options.keepOutputs)
      work.outputs[static_cast<size_t>(index)] = std::move(outputs);
  }

  void finish() {
    std::lock_guard lock(work.mutex);
    if (work.result.accuracy) {
      work.result.accuracy->samples += accuracy.samples;
      work.result.accuracy->top1Hits += accuracy.top1Hits;
      work.result.accuracy->top5Hits += accuracy.top5Hits;
    }
    if (reference)
      work.result.check->merge(check);
    HostWork mine = model->work();
    // Samples of other shapes take other work: the most counts.
    if (mine.operations >= work.hostWork.operations)
      work.hostWork = mine;
  }

  Work &work;
  std::unique_ptr<HostModel> model, reference;
  CheckResult check;
  Accuracy accuracy;
};

data::Array takeTensor(data::Value &value, const std::string &name) {
  if (auto *array = std::get_if<data::Array>(&value))
    return std::move(*array);
  fail("output '", name, "' is no tensor; write the samples one by one");
}

/// The results of all samples, one after the other along the first dimension.
std::vector<data::NamedArray> concatenate(std::vector<std::vector<data::Value>> &samples,
                                          size_t port, const std::string &name) {
  if (samples.size() == 1)
    return data::toNamedArrays(std::move(samples.front()[port]), name);
  data::Array result = takeTensor(samples.front()[port], name);
  bool isBatch = !result.shape.empty() && result.shape[0] == 1;
  std::vector<int64_t> shape = result.shape;
  for (size_t i = 1; i < samples.size(); ++i) {
    data::Array next = takeTensor(samples[i][port], name);
    if (next.shape != shape)
      fail("output '", name, "' has shape ", data::shapeText(next.shape), " in sample ", i, ", ",
           data::shapeText(shape), " before; write the samples one by one");
    result.bytes.insert(result.bytes.end(), next.bytes.begin(), next.bytes.end());
    result.texts.insert(result.texts.end(), next.texts.begin(), next.texts.end());
  }
  int64_t count = static_cast<int64_t>(samples.size());
  if (isBatch)
    result.shape[0] = count;
  else
    result.shape.insert(result.shape.begin(), count);
  return {{name, std::move(result)}};
}

Costs costsOf(const program::Program &program, const target::Target &target, const HostWork &work) {
  Costs costs;
  const target::Target::Host &host = target.host;
  costs.latencySeconds = hostSeconds(work, host);
  costs.intervalSeconds = costs.latencySeconds;
  costs.cycles = target.cyclesFor(costs.latencySeconds * 1e9);
  constexpr double joulesPerPj = 1e-12;
  costs.energyJoules = hostEnergy(work, host) * joulesPerPj;
  costs.energyJoules[Component::Host] = costs.latencySeconds * host.powerW;
  for (const auto &described : program.header.layers) {
    LayerCosts layer;
    layer.name = described->name;
    layer.op = described->op;
    layer.mapping = described->mapping;
    layer.macs = described->macs ? described->macs : work.operations / 2;
    layer.weights = described->weights;
    layer.endSeconds = layer.hostBusySeconds = costs.latencySeconds;
    layer.energyJoules = costs.energyJoules;
    costs.layers.push_back(std::move(layer));
  }
  return costs;
}

void prepareResult(Work &work) {
  work.result.samples = work.samples.count();
  if (!work.labels.empty())
    work.result.accuracy.emplace();
  if (work.options.check)
    work.result.check.emplace();
  if (work.options.keepOutputs)
    work.outputs.resize(static_cast<size_t>(work.samples.count()));
}

} // namespace

HostSessionResult pim::runtime::runHostSession(const program::Program &program,
                                               const target::Target &target,
                                               const HostInputs &inputs,
                                               std::span<const int64_t> labels,
                                               const SessionOptions &options) {
  Work work(program, target, inputs, labels, options);
  prepareResult(work);
  auto start = std::chrono::steady_clock::now();
  work.samples.runOnThreads([&work] { Worker(work).runAll(); });
  work.result.wallSeconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (options.keepOutputs)
    for (size_t i = 0; i < program.header.outputs.size(); ++i)
      for (data::NamedArray &array : concatenate(work.outputs, i, program.header.outputs[i]->name))
        work.result.outputs.push_back(std::move(array));
  return {std::move(work.result), costsOf(program, target, work.hostWork)};
}
