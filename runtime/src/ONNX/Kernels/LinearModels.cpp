//===- LinearModels.cpp - lines and scales of features --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Domain ai.onnx.ml. Tested by runtime/tests/ONNX/LinearModelsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "../Elements.h"
#include "Classical.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace pim;
using namespace pim::onnx;

//===----------------------------------------------------------------------===//
// Shared with trees and support vectors
//===----------------------------------------------------------------------===//

PostTransform pim::onnx::postTransformOf(const Call &call) {
  static const std::map<std::string, PostTransform> known = {
      {"NONE", PostTransform::None},
      {"SOFTMAX", PostTransform::Softmax},
      {"LOGISTIC", PostTransform::Logistic},
      {"SOFTMAX_ZERO", PostTransform::SoftmaxZero},
      {"PROBIT", PostTransform::Probit}};
  std::string name = call.text("post_transform", "NONE");
  auto found = known.find(name);
  call.require(found != known.end(), "attribute 'post_transform' is '", name,
               "', expected NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT");
  return found->second;
}

/// The inverse of the normal distribution, to about 2e-3 of it: onnxruntime and ONNX's own
/// evaluator take erf's inverse from Winitzki, "A handy approximation for the error function and
/// its inverse" (2008), with a = 0.147.
static double probit(double x) {
  constexpr double a = 0.147;
  const double y = 2 * x - 1, logarithm = std::log((1 - y) * (1 + y));
  const double middle = 2 / (std::numbers::pi * a) + logarithm / 2;
  return std::copysign(
      std::numbers::sqrt2 * std::sqrt(std::sqrt(middle * middle - logarithm / a) - middle), y);
}

void pim::onnx::transformScores(PostTransform kind, std::span<double> scores) {
  for (double &x : scores)
    if (kind == PostTransform::Logistic)
      x = 1 / (1 + std::exp(-x));
    else if (kind == PostTransform::Probit)
      x = probit(x);
  if (scores.empty() || (kind != PostTransform::Softmax && kind != PostTransform::SoftmaxZero))
    return;
  double largest = *std::max_element(scores.begin(), scores.end()), total = 0;
  for (double &x : scores)
    if (kind == PostTransform::Softmax || x != 0)
      total += x = std::exp(x - largest);
  for (double &x : scores)
    x = total > 0 ? x / total : x;
}

int64_t pim::onnx::samplesOf(const Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() == 2 && !in.isText(), "operand 0 has shape ", shapeText(in.shape()),
               ", expected numbers of shape [N, features]");
  return in.size(0);
}

ClassLabels::ClassLabels(const Call &call, const char *numbers, const char *texts)
    : numbers(call.intList(numbers)), texts(call.textList(texts)) {
  call.require(count() >= 2, "has ", count(), " classes, expected two or more");
}

void ClassLabels::set(Call &call, const std::vector<int64_t> &places) const {
  Shape shape{int64_t(places.size())};
  Tensor &labels = call.out(0, texts.empty() ? ElementType::I64 : ElementType::STRING, shape);
  for (size_t row = 0; row < places.size(); ++row)
    if (texts.empty())
      labels.data<int64_t>()[row] = numbers[size_t(places[row])];
    else
      labels.texts()[row] = texts[size_t(places[row])];
}

//===----------------------------------------------------------------------===//
// Lines
//===----------------------------------------------------------------------===//

/// x * coefficients^T + intercepts, `outputs` numbers for each sample.
static std::vector<double> linearScores(const Call &call, int64_t outputs) {
  int64_t samples = samplesOf(call), features = call.in(0).size(1);
  std::vector<double> coefficients = call.realList("coefficients"),
                      intercepts = call.realList("intercepts");
  call.require(outputs > 0 && int64_t(coefficients.size()) == outputs * features, "has ",
               coefficients.size(), " coefficients for ", outputs, " results of ", features,
               " features");
  call.require(intercepts.empty() || int64_t(intercepts.size()) == outputs, "has ",
               intercepts.size(), " intercepts for ", outputs, " results");
  Reader<double> from(call.in(0));
  std::vector<double> scores;
  for (int64_t row = 0; row < samples; ++row)
    for (int64_t out = 0; out < outputs; ++out) {
      double sum = intercepts.empty() ? 0 : intercepts[size_t(out)];
      for (int64_t i = 0; i < features; ++i)
        sum += from[row * features + i] * coefficients[size_t(out * features + i)];
      scores.push_back(sum);
    }
  return scores;
}

static void linearRegressor(Call &call) {
  int64_t targets = call.integer("targets", 1), samples = samplesOf(call);
  PostTransform post = postTransformOf(call);
  std::vector<double> scores = linearScores(call, targets);
  for (int64_t row = 0; row < samples; ++row)
    transformScores(post, {scores.data() + row * targets, size_t(targets)});
  storeElements(scores.data(), call.out(0, ElementType::F32, {samples, targets}));
}

/// Labels and scores. Two classes may share one line: the first has the opposite of the second's,
/// or, without a transform, as if the score were a probability, what it lacks to 1 (as onnxruntime
/// has it).
static void linearClassifier(Call &call) {
  ClassLabels labels(call, "classlabels_ints", "classlabels_strings");
  int64_t classes = labels.count(), samples = samplesOf(call), features = call.in(0).size(1);
  bool isShared =
      classes == 2 && int64_t(call.realList("coefficients").size()) == features && features > 0;
  std::vector<double> lines = linearScores(call, isShared ? 1 : classes), scores;
  for (double line : lines) {
    if (isShared)
      scores.push_back(-line);
    scores.push_back(line);
  }
  PostTransform post = postTransformOf(call);
  std::vector<int64_t> places;
  for (int64_t row = 0; row < samples; ++row) {
    std::span<double> of(scores.data() + row * classes, size_t(classes));
    places.push_back(std::max_element(of.begin(), of.end()) - of.begin());
    if (isShared && post == PostTransform::None)
      of[0] = 1 - of[1];
    transformScores(post, of);
  }
  labels.set(call, places);
  storeElements(scores.data(), call.out(1, ElementType::F32, {samples, classes}));
}

//===----------------------------------------------------------------------===//
// Scales
//===----------------------------------------------------------------------===//

/// Applies function(x, feature) to each element of rows.
template <typename Function>
static void mapFeatures(Call &call, ElementType element, Function &&function) {
  const Tensor &in = call.in(0);
  call.require(in.rank() >= 1 && !in.isText(), "operand 0 is not of numbers");
  int64_t features = in.shape().back();
  Tensor &out = call.out(0, element, in.shape());
  Reader<double> from(in);
  Writer<double> to(out);
  for (int64_t i = 0; i < in.count(); ++i)
    to[i] = function(from[i], size_t(i % features));
}

/// One value for all features, or one for each.
static double ofFeature(const Call &call, const std::vector<double> &values, size_t feature) {
  call.require(values.size() == 1 || feature < values.size(), "has ", values.size(),
               " values for its features");
  return values[values.size() == 1 ? 0 : feature];
}

static void scaler(Call &call) {
  std::vector<double> offsets = call.realList("offset"), scales = call.realList("scale");
  mapFeatures(call, ElementType::F32, [&](double x, size_t feature) {
    return (x - ofFeature(call, offsets, feature)) * ofFeature(call, scales, feature);
  });
}

static void imputer(Call &call) {
  bool isFloat = call.hasAttribute("imputed_value_floats");
  std::vector<double> values = call.realList("imputed_value_floats");
  for (int64_t value : call.intList("imputed_value_int64s"))
    if (!isFloat)
      values.push_back(double(value));
  double missing = isFloat ? call.real("replaced_value_float", 0)
                           : double(call.integer("replaced_value_int64", 0));
  mapFeatures(call, call.in(0).element(), [&](double x, size_t feature) {
    bool isMissing = x == missing || (std::isnan(x) && std::isnan(missing));
    return isMissing ? ofFeature(call, values, feature) : x;
  });
}

/// Each row divided by its norm.
static void normalizer(Call &call) {
  std::string norm = call.text("norm", "MAX");
  call.require(norm == "MAX" || norm == "L1" || norm == "L2", "attribute 'norm' is '", norm,
               "', expected MAX, L1 or L2");
  int64_t samples = samplesOf(call), features = call.in(0).size(1);
  Reader<double> from(call.in(0));
  std::vector<double> norms(size_t(samples), 0);
  for (int64_t i = 0; i < samples * features; ++i) {
    double &of = norms[size_t(i / features)], x = std::fabs(from[i]);
    of = norm == "MAX" ? std::max(of, x) : of + (norm == "L1" ? x : x * x);
  }
  Tensor &out = call.out(0, ElementType::F32, call.in(0).shape());
  Writer<double> to(out);
  for (int64_t i = 0; i < samples * features; ++i) {
    double of = norms[size_t(i / features)];
    to[i] = of > 0 ? from[i] / (norm == "L2" ? std::sqrt(of) : of) : from[i];
  }
}

void pim::onnx::addLinearModels(Registry &registry) {
  registry.add(learningDomain, "Imputer", imputer);
  registry.add(learningDomain, "LinearClassifier", linearClassifier);
  registry.add(learningDomain, "LinearRegressor", linearRegressor);
  registry.add(learningDomain, "Normalizer", normalizer);
  registry.add(learningDomain, "Scaler", scaler);
}
