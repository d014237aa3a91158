//===- Session.cpp - a program over many samples ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/Session.h"

#include "Checkpoint.h"
#include "SampleQueue.h"

#include "pim/Runtime/Session/PortCodec.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

using namespace pim;
using namespace pim::runtime;

std::vector<data::InputSpec> pim::runtime::inputSpecs(const program::Program &program) {
  std::vector<data::InputSpec> specs;
  for (const auto &port : program.header.inputs)
    specs.push_back({port->name, {port->shape.begin(), port->shape.end()}});
  return specs;
}

data::Preprocess pim::runtime::preprocessOf(const program::Program &program) {
  data::Preprocess preprocess;
  if (const auto &recorded = program.header.preprocess) {
    preprocess.scale = recorded->scale;
    preprocess.mean = recorded->mean;
    preprocess.std = recorded->std;
    preprocess.layout = recorded->layout;
  }
  return preprocess;
}

namespace {

/// What the threads share.
struct Work {
  Work(std::shared_ptr<const Simulator> simulator, std::span<const data::InputFeed> feeds,
       std::span<const int64_t> labels, const SessionOptions &options)
      : simulator(std::move(simulator)), feeds(feeds), labels(labels), options(options),
        samples(data::sampleCount(feeds), labels, options) {}

  std::shared_ptr<const Simulator> simulator;
  std::span<const data::InputFeed> feeds;
  std::span<const int64_t> labels;
  const SessionOptions &options;
  std::vector<PortCodec> inputs, outputs;
  std::shared_ptr<const Reference> reference; ///< null without --check
  std::shared_ptr<const CommitPlan> plan;     ///< null where the supply holds
  std::vector<std::vector<Cut>> cuts;         ///< of each sample
  SampleQueue samples;

  std::mutex mutex; ///< guards all below
  /// Samples are added to the result in order; those that are done before their turn wait here.
  std::map<int64_t, SampleResult> waiting;
  int64_t merged = 0;
  std::optional<CheckpointFile> checkpoint;
  SessionResult result;
};

/// One thread of a session.
class Worker {
public:
  explicit Worker(Work &work) : work(work), instance(work.simulator) {
    if (work.reference)
      checker.emplace(work.reference);
    auto allocate = [](const std::vector<PortCodec> &codecs, auto &modelOrder, auto &memoryOrder) {
      for (const PortCodec &codec : codecs) {
        modelOrder.emplace_back(codec.byteCount());
        memoryOrder.emplace_back(codec.byteCount());
      }
    };
    allocate(work.inputs, inputIntegers, inputMemory);
    allocate(work.outputs, outputIntegers, outputMemory);
    size_t largest = 1;
    for (const auto *codecs : {&work.inputs, &work.outputs})
      for (const PortCodec &codec : *codecs)
        largest = std::max(largest, codec.elementCount());
    values.resize(largest);
  }

  void runAll() {
    while (std::optional<int64_t> index = work.samples.take())
      work.samples.attempt(*index, [&] { addSample(*index, runSample(*index)); });
  }

private:
  /// Adds the samples whose turn has come to the result.
  void addSample(int64_t index, SampleResult sample) {
    std::lock_guard lock(work.mutex);
    work.waiting.emplace(index, std::move(sample));
    for (auto next = work.waiting.begin(); next != work.waiting.end() && next->first == work.merged;
         ++work.merged) {
      next->second.addTo(work.result);
      next = work.waiting.erase(next);
    }
    if (work.checkpoint)
      work.checkpoint->saveNowAndThen(work.merged, work.result);
  }

  void readInputs(int64_t sample) {
    for (size_t i = 0; i < work.inputs.size(); ++i) {
      std::span<float> room(values.data(), work.inputs[i].elementCount());
      // A file of one sample serves all.
      work.feeds[i].read(work.feeds[i].sampleCount() == 1 ? 0 : sample, room);
      work.inputs[i].quantize(room, inputIntegers[i]);
      work.inputs[i].toMemory(inputIntegers[i], inputMemory[i]);
    }
  }

  SampleResult runSample(int64_t index) {
    int64_t sample = work.samples.first() + index;
    readInputs(sample);
    std::vector<std::span<const std::byte>> in(inputMemory.begin(), inputMemory.end());
    std::vector<std::span<std::byte>> out(outputMemory.begin(), outputMemory.end());
    LayerObserver observer;
    if (checker) {
      std::vector<std::span<const std::byte>> integers(inputIntegers.begin(), inputIntegers.end());
      checker->start(sample, integers);
      observer = [this](size_t layer, const ReadTensor &read) {
        checker->compareLayer(layer, read);
      };
    }
    instance.run(in, out, observer, static_cast<uint32_t>(sample));
    SampleResult result;
    if (work.plan)
      result.differingBytes = runWithCuts(index, in);
    // Programs have no branches on data: every sample executes the same instructions.
    result.executedInstructions = instance.executedInstructions();
    takeOutputs(index, result);
    if (checker)
      result.check = checker->takeResult();
    return result;
  }

  /// Runs the sample with the cuts of its supply; how many bytes of outputs that changes.
  uint64_t runWithCuts(int64_t index, std::span<const std::span<const std::byte>> in) {
    const std::vector<std::vector<std::byte>> expected = outputMemory;
    std::vector<std::span<std::byte>> out(outputMemory.begin(), outputMemory.end());
    instance.runIntermittent(in, out, *work.plan, work.cuts[static_cast<size_t>(index)],
                             work.options.seed + static_cast<uint64_t>(index),
                             static_cast<uint32_t>(work.samples.first() + index));
    uint64_t differing = 0;
    for (size_t i = 0; i < expected.size(); ++i)
      for (size_t b = 0; b < expected[i].size(); ++b)
        differing += expected[i][b] != outputMemory[i][b];
    return differing;
  }

  void takeOutputs(int64_t index, SampleResult &result) {
    for (size_t i = 0; i < work.outputs.size(); ++i) {
      const PortCodec &codec = work.outputs[i];
      codec.fromMemory(outputMemory[i], outputIntegers[i]);
      if (checker)
        checker->compareOutput(i, outputIntegers[i]);
      std::span<float> room(values.data(), codec.elementCount());
      codec.dequantize(outputIntegers[i], room);
      if (i == 0 && !work.labels.empty())
        if (int64_t label = work.labels[static_cast<size_t>(work.samples.first() + index)];
            label >= 0)
          result.rank = rankOf(label, room);
      if (work.options.keepOutputs) {
        std::span<const std::byte> bytes = std::as_bytes(room);
        std::copy(bytes.begin(), bytes.end(),
                  work.result.outputs[i].array.bytes.begin() +
                      static_cast<std::ptrdiff_t>(static_cast<size_t>(index) * bytes.size()));
      }
    }
  }

  Work &work;
  Simulator::Instance instance;
  std::optional<Checker> checker;
  std::vector<std::vector<std::byte>> inputIntegers, inputMemory, outputIntegers, outputMemory;
  std::vector<float> values;
};

/// Where the supply cuts each sample, one after the other.
void walkSupply(Work &work) {
  const PowerOptions &power = *work.options.power;
  const Simulator &simulator = *work.simulator;
  const double watts = simulator.costs().alonePowerWatts();
  work.plan = simulator.planCommits(
      power.policy, [&] { return uptimeOf(power.supply, simulator.target(), watts); });
  const std::unique_ptr<Supply> supply = makeSupply(power.supply, simulator.target(), watts);
  SupplyWalk walk(*work.plan, *supply, simulator.target().cycleNs() * 1e-9);
  PowerResult &result = work.result.power.emplace();
  result.plan = work.plan;
  for (int64_t i = 0; i < work.samples.count(); ++i)
    result.sum += walk.nextInference(work.cuts.emplace_back());
}

void prepareResult(Work &work) {
  SessionResult &result = work.result;
  result.samples = work.samples.count();
  if (work.reference)
    result.check.emplace();
  if (!work.labels.empty()) {
    result.accuracy.emplace();
    int64_t classes = static_cast<int64_t>(work.outputs[0].elementCount());
    for (int64_t i = work.samples.first(); i < work.samples.first() + work.samples.count(); ++i)
      if (int64_t label = work.labels[static_cast<size_t>(i)]; label < -1 || label >= classes)
        fail("the label of sample ", i, " is ", label, ", but output '", work.outputs[0].name(),
             "' has classes 0 to ", classes - 1);
  }
  if (!work.options.keepOutputs)
    return;
  for (const PortCodec &codec : work.outputs) {
    data::NamedArray output;
    output.name = codec.name();
    output.array.type = data::Type::F32;
    output.array.shape = codec.shape();
    // The batch of 1 gives way to the samples.
    if (!output.array.shape.empty() && output.array.shape[0] == 1)
      output.array.shape[0] = work.samples.count();
    else
      output.array.shape.insert(output.array.shape.begin(), work.samples.count());
    output.array.bytes.resize(static_cast<size_t>(work.samples.count()) * codec.elementCount() *
                              sizeof(float));
    result.outputs.push_back(std::move(output));
  }
}

} // namespace

SessionResult pim::runtime::runSession(const std::shared_ptr<const Simulator> &simulator,
                                       std::span<const data::InputFeed> feeds,
                                       std::span<const int64_t> labels,
                                       const SessionOptions &options) {
  const program::Program &program = simulator->program();
  Work work(simulator, feeds, labels, options);
  for (const auto &port : program.header.inputs)
    work.inputs.emplace_back(*port);
  for (const auto &port : program.header.outputs)
    work.outputs.emplace_back(*port);
  if (options.check)
    work.reference = std::make_shared<const Reference>(program);
  prepareResult(work);
  if (options.power)
    walkSupply(work);
  if (!options.checkpoint.empty()) {
    work.checkpoint.emplace(options, sessionIdentity(*simulator, feeds, labels, options));
    work.merged = work.checkpoint->load(work.result);
    work.samples.skip(work.merged);
  }

  auto start = std::chrono::steady_clock::now();
  const double secondsBefore = work.result.wallSeconds;
  work.samples.runOnThreads([&work] { Worker(work).runAll(); });
  if (work.checkpoint)
    work.checkpoint->save(work.merged, work.result);
  work.result.wallSeconds =
      secondsBefore +
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return std::move(work.result);
}
