//===- WeightBits.cpp - bits of weights under a budget of accuracy -------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each layer alone is tried at each number of bits, on calibration samples; what it adds to the
// difference between a sample's best score and every other is noise. Noises of layers are taken to
// be independent, so their variances add, and a sample's class turns with the probability that
// normal noise exceeds its margin. Bits are taken away where that costs least per bit saved.
//
// That only says in which order. Layers that are rounded together disturb each other, so the mix is
// then run as a whole, and the last steps are taken back until what it really loses is in the
// budget: classes that turn, and those that would be expected to by the noise that it really makes.
// Tested by test/Quantization/weight-bits.mlir.
//
//===----------------------------------------------------------------------===//

#include "WeightBits.h"

#include "pim/Runtime/Graph/HostEvaluator.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>
#include <list>
#include <optional>

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

namespace {

/// Samples that a trial runs at most: 22 layers at five numbers of bits are 7,040 inferences.
constexpr int64_t trialSamples = 64;
constexpr unsigned candidateBits[] = {6, 5, 4, 3, 2};

/// The scores of the samples.
using Scores = std::vector<std::vector<float>>;

class BitChooser {
public:
  BitChooser(const graph::Graph &graph, const TensorOfValue &tensors, SampleSource &samples,
             const CalibrationOptions &options, WeightRounder &weights)
      : graph(graph), tensors(tensors), samples(samples), options(options), weights(weights) {
    for (int64_t sample = 0; sample < samples.count(); ++sample)
      kept += isForTrials(sample, samples.count());
  }

  void measure();
  void choose();
  void confirm();

private:
  /// One layer goes on to its next candidate.
  struct Step {
    size_t layer, candidate;
  };

  int64_t trialCount() const;
  void begin(int64_t inferences);
  void finish();
  void measureExact();
  Scores run(const graph::Graph &candidate, int64_t most);
  std::vector<Step> planSteps() const;
  double measureLoss(ArrayRef<Step> steps);
  double noise(const Scores &scores) const;
  double expectedLoss(double variance) const;

  const graph::Graph &graph;
  const TensorOfValue &tensors;
  SampleSource &samples;
  const CalibrationOptions &options;
  WeightRounder &weights;
  int64_t kept = 0;            ///< samples for trials
  int64_t done = 0, total = 0; ///< inferences of what is being done
  Scores exact;
  std::vector<double> margins;
  /// Variance that layer i adds at candidateBits[j].
  std::vector<std::array<double, std::size(candidateBits)>> variances;
};

/// One for each number of bits of each layer whose bits are free.
int64_t BitChooser::trialCount() const {
  int64_t count = 0;
  for (size_t layer = 0; layer < weights.count(); ++layer)
    count += weights.isFree(layer) ? int64_t(std::size(candidateBits)) : 0;
  return count;
}

void BitChooser::begin(int64_t inferences) {
  done = 0;
  total = inferences;
}

/// Fewer inferences than announced may have been enough.
void BitChooser::finish() {
  if (options.searchProgress && done < total)
    options.searchProgress(total, total);
}

/// The first `most` of the samples that no rounding has seen.
Scores BitChooser::run(const graph::Graph &candidate, int64_t most) {
  graph::HostEvaluator evaluator(candidate);
  std::vector<std::span<const std::byte>> inputs;
  Scores scores;
  for (int64_t sample = 0; sample < samples.count() && int64_t(scores.size()) < most; ++sample) {
    if (!isForTrials(sample, samples.count()))
      continue;
    samples.read(sample, inputs);
    std::span<const float> values = evaluator.run(inputs)[0].values<float>();
    scores.emplace_back(values.begin(), values.end());
    if (options.searchProgress)
      options.searchProgress(++done, total);
  }
  return scores;
}

static size_t best(const std::vector<float> &scores) {
  return size_t(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

/// Mean square of what changed between the best score and the others.
double BitChooser::noise(const Scores &scores) const {
  double sum = 0, count = 0;
  for (size_t sample = 0; sample < scores.size(); ++sample) {
    size_t winner = best(exact[sample]);
    for (size_t other = 0; other < scores[sample].size(); ++other) {
      if (other == winner)
        continue;
      double change = (double(scores[sample][winner]) - exact[sample][winner]) -
                      (double(scores[sample][other]) - exact[sample][other]);
      sum += change * change;
      ++count;
    }
  }
  return count > 0 ? sum / count : 0;
}

/// Points of top-1 that noise of this variance turns.
double BitChooser::expectedLoss(double variance) const {
  if (variance <= 0)
    return 0;
  double turned = 0;
  for (double margin : margins)
    turned += 0.5 * std::erfc(margin / std::sqrt(2 * variance));
  return 100 * turned / double(margins.size());
}

void BitChooser::measureExact() {
  exact = run(graph, samples.count());
  for (std::vector<float> scores : exact) {
    size_t winner = best(scores);
    std::swap(scores[winner], scores[0]);
    margins.push_back(double(scores[0]) - *std::max_element(scores.begin() + 1, scores.end()));
  }
}

void BitChooser::measure() {
  // Of that many trials at most log2 + 1 are looked at together.
  int64_t trials = trialCount(), together = 1 + llvm::Log2_64_Ceil(uint64_t(trials) + 1);
  begin(kept * (1 + together) + trials * std::min(kept, trialSamples));
  measureExact();
  graph::Graph candidate = graph;
  for (size_t layer = 0; layer < weights.count(); ++layer) {
    variances.emplace_back();
    if (!weights.isFree(layer))
      continue;
    graph::Tensor &tensor = candidate.tensors[tensors.lookup(weights.op(layer)->getOperand(1))];
    std::span<const std::byte> original = tensor.data;
    for (size_t trial = 0; trial < std::size(candidateBits); ++trial) {
      RoundedWeights rounded = weights.round(layer, candidateBits[trial]);
      tensor.data = std::as_bytes(std::span(rounded.values));
      variances[layer][trial] = noise(run(candidate, trialSamples));
      if (options.sensitivityMeasured)
        options.sensitivityMeasured(
            {weights.name(layer), candidateBits[trial], expectedLoss(variances[layer][trial])});
    }
    tensor.data = original;
  }
}

/// Bits taken away one after the other while the expected loss is in the budget.
std::vector<BitChooser::Step> BitChooser::planSteps() const {
  std::vector<size_t> taken(weights.count(), 0); // candidates so far; 0: eight bits
  std::vector<Step> steps;
  double variance = 0;
  for (;;) {
    std::optional<size_t> cheapest;
    double least = HUGE_VAL, varianceThere = 0;
    for (size_t layer = 0; layer < weights.count(); ++layer) {
      if (!weights.isFree(layer) || taken[layer] == std::size(candidateBits))
        continue;
      double before = taken[layer] ? variances[layer][taken[layer] - 1] : 0;
      unsigned bitsBefore = taken[layer] ? candidateBits[taken[layer] - 1] : 8;
      double after = std::max(variance + variances[layer][taken[layer]] - before, 0.0);
      if (expectedLoss(after) > options.maxAccuracyLoss)
        continue;
      double saved =
          double(weights.weightCount(layer)) * (bitsBefore - candidateBits[taken[layer]]);
      if (double cost = (after - variance) / saved; cost < least) {
        least = cost;
        cheapest = layer;
        varianceThere = after;
      }
    }
    if (!cheapest)
      return steps;
    steps.push_back({*cheapest, taken[*cheapest]++});
    variance = varianceThere;
  }
}

/// Points of top-1 that the layers lose together after `steps`: classes that turn on the samples,
/// or that noise of the variance measured is expected to turn, whichever is more.
double BitChooser::measureLoss(ArrayRef<Step> steps) {
  std::vector<unsigned> bits;
  for (size_t layer = 0; layer < weights.count(); ++layer)
    bits.push_back(weights.bits(layer));
  for (const Step &step : steps)
    bits[step.layer] = candidateBits[step.candidate];
  graph::Graph mix = graph;
  std::list<RoundedWeights> rounded;
  for (size_t layer = 0; layer < weights.count(); ++layer) {
    graph::Tensor &tensor = mix.tensors[tensors.lookup(weights.op(layer)->getOperand(1))];
    if (!tensor.isConstant())
      continue;
    rounded.push_back(weights.round(layer, bits[layer]));
    tensor.data = std::as_bytes(std::span(rounded.back().values));
  }
  Scores scores = run(mix, samples.count());
  size_t turned = 0;
  for (size_t sample = 0; sample < scores.size(); ++sample)
    turned += best(scores[sample]) != best(exact[sample]);
  return std::max(expectedLoss(noise(scores)), 100 * double(turned) / double(scores.size()));
}

void BitChooser::choose() {
  std::vector<Step> steps = planSteps();
  // None is harmless; more lose more, but for chance. `good` always names steps that were measured.
  size_t good = 0, bad = steps.size() + 1;
  for (size_t next = steps.size(); bad - good > 1; next = (good + bad) / 2)
    (measureLoss(ArrayRef(steps).take_front(next)) <= options.maxAccuracyLoss ? good : bad) = next;
  for (const Step &step : ArrayRef(steps).take_front(good))
    weights.setBits(step.layer, candidateBits[step.candidate]);
  finish();
}

/// Takes back the last step of every layer until the loss is in the budget.
void BitChooser::confirm() {
  // More only if the weights lose too much.
  begin(2 * kept);
  measureExact();
  for (bool isLess = true; isLess && measureLoss({}) > options.maxAccuracyLoss;) {
    isLess = false;
    for (size_t layer = 0; layer < weights.count(); ++layer) {
      if (!weights.isFree(layer) || weights.bits(layer) >= 8)
        continue;
      const unsigned *there = llvm::find(candidateBits, weights.bits(layer));
      weights.setBits(layer, there == std::begin(candidateBits) ? 8 : *(there - 1));
      isLess = true;
    }
    begin(kept);
  }
}

} // namespace

void mlir::pim::confirmWeightBits(const graph::Graph &graph, const TensorOfValue &tensors,
                                  SampleSource &samples, const CalibrationOptions &options,
                                  WeightRounder &weights) {
  BitChooser(graph, tensors, samples, options, weights).confirm();
}

LogicalResult mlir::pim::chooseWeightBits(func::FuncOp function, const graph::Graph &graph,
                                          const TensorOfValue &tensors, SampleSource &samples,
                                          const CalibrationOptions &options,
                                          WeightRounder &weights) {
  const graph::Tensor *scores = graph.outputs.empty() ? nullptr : &graph.tensors[graph.outputs[0]];
  if (!scores || scores->element != ::pim::ElementType::F32 || scores->elementCount() < 2)
    return function.emitError()
           << "weight bits cannot be chosen automatically: the first output is no "
              "list of scores; give the bits of each layer";
  for (size_t layer = 0; layer < weights.count(); ++layer)
    if (weights.isFree(layer) &&
        !graph.tensors[tensors.lookup(weights.op(layer)->getOperand(1))].isConstant())
      return weights.op(layer)->emitError()
             << "weight bits cannot be chosen automatically for weights that are computed; give "
                "the bits of this layer";
  BitChooser chooser(graph, tensors, samples, options, weights);
  chooser.measure();
  chooser.choose();
  return success();
}
