//===- SupportVectors.cpp - machines of support vectors -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SVMRegressor and SVMClassifier of ai.onnx.ml, which hold what libsvm has trained. Tested by
// runtime/tests/ONNX/SupportVectorsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "../Elements.h"
#include "Classical.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace pim;
using namespace pim::onnx;

namespace {

/// What two vectors have in common (libsvm's kernels).
struct SupportKernel {
  enum class Kind { Linear, Poly, Rbf, Sigmoid } kind = Kind::Linear;
  double gamma = 0, coef0 = 0, degree = 0;

  explicit SupportKernel(const Call &call) {
    static const std::map<std::string, Kind> kinds = {{"LINEAR", Kind::Linear},
                                                      {"POLY", Kind::Poly},
                                                      {"RBF", Kind::Rbf},
                                                      {"SIGMOID", Kind::Sigmoid}};
    std::string name = call.text("kernel_type", "LINEAR");
    auto found = kinds.find(name);
    call.require(found != kinds.end(), "attribute 'kernel_type' is '", name, "'");
    kind = found->second;
    std::vector<double> parameters = call.realList("kernel_params");
    call.require(parameters.empty() || parameters.size() == 3, "attribute 'kernel_params' has ",
                 parameters.size(), " entries, expected gamma, coef0 and degree");
    if (!parameters.empty()) {
      gamma = parameters[0];
      coef0 = parameters[1];
      degree = parameters[2];
    }
  }

  double operator()(const double *a, const double *b, int64_t size) const {
    double sum = 0;
    for (int64_t i = 0; i < size; ++i)
      sum += kind == Kind::Rbf ? (a[i] - b[i]) * (a[i] - b[i]) : a[i] * b[i];
    switch (kind) {
    case Kind::Linear:
      return sum;
    case Kind::Poly:
      return std::pow(gamma * sum + coef0, degree);
    case Kind::Rbf:
      return std::exp(-gamma * sum);
    default:
      return std::tanh(gamma * sum + coef0);
    }
  }
};

} // namespace

/// The sum over support vectors, or the one vector of coefficients where there are none.
static void supportVectorRegressor(Call &call) {
  int64_t samples = samplesOf(call), features = call.in(0).size(1);
  int64_t supports = call.integer("n_supports", 0);
  PostTransform post = postTransformOf(call);
  call.require(post == PostTransform::None, "transforms its result, which is not supported");
  std::vector<double> coefficients = call.realList("coefficients"),
                      vectors = call.realList("support_vectors"), rho = call.realList("rho");
  call.require(rho.size() == 1 && supports >= 0 &&
                   int64_t(coefficients.size()) == (supports ? supports : features) &&
                   int64_t(vectors.size()) == supports * features,
               "has ", coefficients.size(), " coefficients, ", vectors.size(),
               " numbers of support vectors and ", rho.size(), " offsets for ", supports,
               " vectors of ", features, " features");
  SupportKernel kernel(call);
  bool isOneClass = call.integer("one_class", 0);
  Reader<double> from(call.in(0));
  Tensor &out = call.out(0, ElementType::F32, {samples, 1});
  for (int64_t row = 0; row < samples; ++row) {
    const double *x = from.data() + row * features;
    double sum = rho[0];
    for (int64_t i = 0; i < supports; ++i)
      sum += coefficients[size_t(i)] * kernel(x, vectors.data() + i * features, features);
    for (int64_t i = 0; supports == 0 && i < features; ++i)
      sum += coefficients[size_t(i)] * x[i];
    out.data<float>()[row] = float(isOneClass ? (sum > 0 ? 1 : -1) : sum);
  }
}

//===----------------------------------------------------------------------===//
// Classes, one against one
//===----------------------------------------------------------------------===//

namespace {

/// A machine for each pair of classes. The support vectors stand class by class; each has a
/// coefficient for every other class.
class PairMachines {
public:
  PairMachines(const Call &call, int64_t classes, int64_t features)
      : classes(classes), features(features), counts(call.intList("vectors_per_class")),
        vectors(call.realList("support_vectors")), coefficients(call.realList("coefficients")),
        rho(call.realList("rho")), kernel(call) {
    for (int64_t count : counts) {
      call.require(count >= 0 && count <= std::numeric_limits<int32_t>::max(), "a class has ",
                   count, " support vectors");
      starts.push_back(total);
      total += count;
    }
    const int64_t numbers = int64_t(vectors.size());
    call.require(int64_t(counts.size()) == classes && int64_t(rho.size()) == pairs() &&
                     total <= numbers && numbers == total * features &&
                     int64_t(coefficients.size()) == (classes - 1) * total,
                 "has ", coefficients.size(), " coefficients, ", numbers,
                 " numbers of support vectors, ", counts.size(), " vectors_per_class and ",
                 rho.size(), " offsets for ", classes, " classes of ", features, " features");
  }

  int64_t pairs() const { return classes * (classes - 1) / 2; }

  /// What each pair (0, 1), (0, 2), ..., (1, 2), ... says of a sample: positive for its first.
  std::vector<double> decide(const double *x) const {
    std::vector<double> common, decisions;
    for (int64_t i = 0; i < total; ++i)
      common.push_back(kernel(x, vectors.data() + i * features, features));
    auto part = [&](int64_t of, int64_t row) {
      const double *weights = coefficients.data() + row * total + starts[size_t(of)];
      const double *values = common.data() + starts[size_t(of)];
      return std::inner_product(weights, weights + counts[size_t(of)], values, 0.0);
    };
    for (int64_t i = 0; i < classes; ++i)
      for (int64_t j = i + 1; j < classes; ++j)
        decisions.push_back(part(i, j - 1) + part(j, i) + rho[decisions.size()]);
    return decisions;
  }

private:
  int64_t classes, features, total = 0;
  std::vector<int64_t> counts, starts;
  std::vector<double> vectors, coefficients, rho;
  SupportKernel kernel;
};

} // namespace

/// The class that most pairs are for, the first of several.
static int64_t mostVoted(const std::vector<double> &decisions, int64_t classes) {
  std::vector<int64_t> votes(size_t(classes), 0);
  size_t pair = 0;
  for (int64_t i = 0; i < classes; ++i)
    for (int64_t j = i + 1; j < classes; ++j)
      ++votes[size_t(decisions[pair++] > 0 ? i : j)];
  return std::max_element(votes.begin(), votes.end()) - votes.begin();
}

/// The probabilities of the classes that fit those of the pairs best: `pairwise` [k, k] says how
/// likely the row is against the column (Wu, Lin, Weng, "Probability Estimates for Multi-class
/// Classification by Pairwise Coupling", 2004, the second method; step and end as in libsvm).
static std::vector<double> coupled(const std::vector<double> &pairwise, size_t k) {
  std::vector<double> q(k * k, 0), p(k, 1.0 / double(k)), qp(k);
  for (size_t t = 0; t < k; ++t)
    for (size_t j = 0; j < k; ++j)
      if (j != t) {
        q[t * k + t] += pairwise[j * k + t] * pairwise[j * k + t];
        q[t * k + j] = -pairwise[j * k + t] * pairwise[t * k + j];
      }
  const double tolerance = 0.005 / double(k);
  for (size_t round = 0; round < std::max<size_t>(100, k); ++round) {
    double pqp = 0, worst = 0;
    for (size_t t = 0; t < k; ++t) {
      qp[t] = std::inner_product(p.begin(), p.end(), q.begin() + int64_t(t * k), 0.0);
      pqp += p[t] * qp[t];
    }
    for (size_t t = 0; t < k; ++t)
      worst = std::max(worst, std::fabs(qp[t] - pqp));
    if (worst < tolerance)
      break;
    for (size_t t = 0; t < k; ++t) {
      const double own = q[t * k + t], step = (pqp - qp[t]) / own;
      p[t] += step;
      pqp = (pqp + step * (step * own + 2 * qp[t])) / ((1 + step) * (1 + step));
      for (size_t j = 0; j < k; ++j) {
        qp[j] = (qp[j] + step * q[t * k + j]) / (1 + step);
        p[j] /= 1 + step;
      }
    }
  }
  return p;
}

/// Probabilities of the classes; a and b turn what a pair says into a probability (Platt, 1999).
static std::vector<double> probabilities(const std::vector<double> &decisions,
                                         const std::vector<double> &a, const std::vector<double> &b,
                                         size_t classes) {
  constexpr double least = 1e-7; // as libsvm
  std::vector<double> pairwise(classes * classes, 0);
  size_t pair = 0;
  for (size_t i = 0; i < classes; ++i)
    for (size_t j = i + 1; j < classes; ++j, ++pair) {
      double likely = 1 / (1 + std::exp(decisions[pair] * a[pair] + b[pair]));
      likely = std::clamp(likely, least, 1 - least);
      pairwise[i * classes + j] = likely;
      pairwise[j * classes + i] = 1 - likely;
    }
  return coupled(pairwise, classes);
}

/// Lines of their own for each class, where there are no support vectors.
static void classifyByLines(Call &call, const ClassLabels &labels) {
  int64_t classes = labels.count(), samples = samplesOf(call), features = call.in(0).size(1);
  PostTransform post = postTransformOf(call);
  std::vector<double> coefficients = call.realList("coefficients"), rho = call.realList("rho");
  call.require(int64_t(coefficients.size()) == classes * features && !rho.empty(), "has ",
               coefficients.size(), " coefficients and ", rho.size(), " offsets for ", classes,
               " classes of ", features, " features");
  Reader<double> from(call.in(0));
  std::vector<double> scores;
  std::vector<int64_t> best;
  for (int64_t row = 0; row < samples; ++row) {
    const double *x = from.data() + row * features;
    for (int64_t c = 0; c < classes; ++c)
      scores.push_back(
          std::inner_product(x, x + features, coefficients.begin() + c * features, rho[0]));
    std::span<double> of = std::span(scores).last(size_t(classes));
    best.push_back(std::max_element(of.begin(), of.end()) - of.begin());
    transformScores(post, of);
  }
  labels.set(call, best);
  storeElements(scores.data(), call.out(1, ElementType::F32, {samples, classes}));
}

/// The label that most pairs are for, and as scores probabilities where the model has a and b of
/// them, else what each pair says; two classes have the opposite of it and it.
static void supportVectorClassifier(Call &call) {
  ClassLabels labels(call, "classlabels_ints", "classlabels_strings");
  if (call.intList("vectors_per_class").empty())
    return classifyByLines(call, labels);
  int64_t classes = labels.count(), samples = samplesOf(call), features = call.in(0).size(1);
  PostTransform post = postTransformOf(call);
  PairMachines machines(call, classes, features);
  std::vector<double> a = call.realList("prob_a"), b = call.realList("prob_b");
  call.require(a.size() == b.size() && (a.empty() || int64_t(a.size()) == machines.pairs()), "has ",
               a.size(), " prob_a and ", b.size(), " prob_b for ", machines.pairs(), " pairs");
  int64_t columns = !a.empty() || classes == 2 ? classes : machines.pairs();
  Reader<double> from(call.in(0));
  std::vector<int64_t> best;
  std::vector<double> scores;
  for (int64_t row = 0; row < samples; ++row) {
    std::vector<double> of = machines.decide(from.data() + row * features);
    best.push_back(mostVoted(of, classes));
    if (!a.empty())
      of = probabilities(of, a, b, size_t(classes));
    else if (classes == 2)
      of = {-of[0], of[0]};
    transformScores(post, of);
    scores.insert(scores.end(), of.begin(), of.end());
  }
  labels.set(call, best);
  storeElements(scores.data(), call.out(1, ElementType::F32, {samples, columns}));
}

void pim::onnx::addSupportVectors(Registry &registry) {
  registry.add(learningDomain, "SVMClassifier", supportVectorClassifier);
  registry.add(learningDomain, "SVMRegressor", supportVectorRegressor);
}
