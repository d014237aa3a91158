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
// normal noise exceeds its margin. Bits are taken away where that costs least per bit saved. Tested
// by test/Quantization/weight-bits.mlir.
//
//===----------------------------------------------------------------------===//

#include "WeightBits.h"

#include "pim/Runtime/Graph/HostEvaluator.h"

#include <algorithm>
#include <cmath>
#include <cstring>

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
      : graph(graph), tensors(tensors), samples(samples), options(options), weights(weights) {}

  void measure();
  void choose();

private:
  Scores run(const graph::Graph &candidate);
  double noise(const Scores &scores) const;
  double expectedLoss(double variance) const;

  const graph::Graph &graph;
  const TensorOfValue &tensors;
  SampleSource &samples;
  const CalibrationOptions &options;
  WeightRounder &weights;
  Scores exact;
  std::vector<double> margins;
  /// Variance that layer i adds at candidateBits[j].
  std::vector<std::array<double, std::size(candidateBits)>> variances;
};

Scores BitChooser::run(const graph::Graph &candidate) {
  graph::HostEvaluator evaluator(candidate);
  std::vector<std::span<const std::byte>> inputs;
  Scores scores;
  for (int64_t sample = 0; sample < std::min(trialSamples, samples.count()); ++sample) {
    samples.read(sample, inputs);
    std::span<const float> values = evaluator.run(inputs)[0].values<float>();
    scores.emplace_back(values.begin(), values.end());
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

void BitChooser::measure() {
  exact = run(graph);
  for (std::vector<float> scores : exact) {
    size_t winner = best(scores);
    std::swap(scores[winner], scores[0]);
    margins.push_back(double(scores[0]) - *std::max_element(scores.begin() + 1, scores.end()));
  }
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
      variances[layer][trial] = noise(run(candidate));
      if (options.sensitivityMeasured)
        options.sensitivityMeasured(
            {weights.name(layer), candidateBits[trial], expectedLoss(variances[layer][trial])});
    }
    tensor.data = original;
  }
}

void BitChooser::choose() {
  std::vector<size_t> taken(weights.count(), 0); // candidates so far; 0: eight bits
  double variance = 0;
  for (;;) {
    size_t cheapest = weights.count();
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
    if (cheapest == weights.count())
      break;
    weights.setBits(cheapest, candidateBits[taken[cheapest]++]);
    variance = varianceThere;
  }
}

} // namespace

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
