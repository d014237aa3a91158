//===- Losses.cpp - losses ------------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

/// -weight[label] * logProbability[n, label, d], folded as `reduction` says. `scores` is [N, C,
/// D...].
static void logLoss(Call &call, const Tensor &scores, const double *logProbability) {
  const Tensor &labels = call.in(1);
  std::string reduction = call.text("reduction", "mean");
  bool ignores = call.hasAttribute("ignore_index");
  int64_t ignored = call.integer("ignore_index", 0), classes = scores.size(1);
  Shape shape = scores.shape();
  shape.erase(shape.begin() + 1);
  call.requireShape(labels, shape, "operand 1");
  std::vector<double> weights(classes, 1);
  if (call.has(2)) {
    call.require(call.in(2).count() == classes, "has ", call.in(2).count(), " weights for ",
                 classes, " classes");
    loadElements(call.in(2), weights.data());
  }
  std::vector<int64_t> label = call.ints(1);
  Tensor losses(ElementType::F64, shape);
  int64_t inner = scores.size(0) ? labels.count() / std::max<int64_t>(scores.size(0), 1) : 0;
  double total = 0, weight = 0;
  for (int64_t i = 0; i < labels.count(); ++i) {
    double &loss = losses.data<double>()[i];
    loss = 0;
    if (ignores && label[i] == ignored)
      continue;
    call.require(label[i] >= 0 && label[i] < classes, "label ", label[i], " of ", classes,
                 " classes");
    loss =
        -weights[label[i]] * logProbability[(i / inner * classes + label[i]) * inner + i % inner];
    total += loss;
    weight += weights[label[i]];
  }
  if (reduction == "none")
    return call.set(0, castTo(call, losses, scores.element()));
  call.require(reduction == "mean" || reduction == "sum", "attribute 'reduction' is '", reduction,
               "'");
  Tensor &out = call.out(0, scores.element(), {});
  double result = reduction == "mean" ? total / weight : total;
  storeElements(&result, out);
}

static void negativeLogLikelihood(Call &call) {
  const Tensor &scores = call.in(0);
  call.require(scores.rank() >= 2, "operand 0 has rank ", scores.rank());
  Reader<double> values(scores);
  logLoss(call, scores, values.data());
}

static void softmaxCrossEntropy(Call &call) {
  const Tensor &scores = call.in(0);
  call.require(scores.rank() >= 2, "operand 0 has rank ", scores.rank());
  std::vector<double> values(scores.count());
  loadElements(scores, values.data());
  AxisView view(scores.shape(), 1);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      double *row = values.data() + o * view.size * view.inner + i;
      double largest = -std::numeric_limits<double>::infinity(), total = 0;
      for (int64_t j = 0; j < view.size; ++j)
        largest = std::max(largest, row[j * view.inner]);
      for (int64_t j = 0; j < view.size; ++j)
        total += std::exp(row[j * view.inner] - largest);
      for (int64_t j = 0; j < view.size; ++j)
        row[j * view.inner] -= largest + std::log(total);
    }
  if (call.wants(1)) {
    Tensor &out = call.out(1, scores.element(), scores.shape());
    storeElements(values.data(), out);
  }
  logLoss(call, scores, values.data());
}

void pim::onnx::addLosses(Registry &registry) {
  registry.add("NegativeLogLikelihoodLoss", negativeLogLikelihood, 12);
  registry.add("SoftmaxCrossEntropyLoss", softmaxCrossEntropy, 12);
}
