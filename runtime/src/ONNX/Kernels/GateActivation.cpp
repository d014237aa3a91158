//===- GateActivation.cpp - activations of recurrent operators ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GateActivation.h"

#include <algorithm>
#include <cctype>
#include <cmath>

using namespace pim;
using namespace pim::onnx;

struct GateActivation::Entry {
  const char *name;
  Kind kind;
  double alpha, beta;
};

const GateActivation::Entry GateActivation::table[] = {
    {"relu", Kind::Relu, 0, 0},
    {"tanh", Kind::Tanh, 0, 0},
    {"sigmoid", Kind::Sigmoid, 0, 0},
    {"affine", Kind::Affine, 1, 0},
    {"leakyrelu", Kind::LeakyRelu, 0.01, 0},
    {"thresholdedrelu", Kind::ThresholdedRelu, 1, 0},
    {"scaledtanh", Kind::ScaledTanh, 1, 1},
    {"hardsigmoid", Kind::HardSigmoid, 0.2, 0.5},
    {"elu", Kind::Elu, 1, 0},
    {"softsign", Kind::Softsign, 0, 0},
    {"softplus", Kind::Softplus, 0, 0}};

GateActivation::GateActivation(const Call &call, std::string name, double alpha, double beta,
                               bool given)
    : alpha(alpha), beta(beta) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return char(std::tolower(c)); });
  for (const auto &[known, kindOf, a, b] : table)
    if (name == known) {
      kind = kindOf;
      if (!given) {
        this->alpha = a;
        this->beta = b;
      }
      return;
    }
  call.fail("activation '", name, "' is unknown");
}

double GateActivation::operator()(double x) const {
  switch (kind) {
  case Kind::Relu:
    return std::max(x, 0.0);
  case Kind::Tanh:
    return std::tanh(x);
  case Kind::Sigmoid:
    return 1 / (1 + std::exp(-x));
  case Kind::Affine:
    return alpha * x + beta;
  case Kind::LeakyRelu:
    return x < 0 ? alpha * x : x;
  case Kind::ThresholdedRelu:
    return x > alpha ? x : 0;
  case Kind::ScaledTanh:
    return alpha * std::tanh(beta * x);
  case Kind::HardSigmoid:
    return std::clamp(alpha * x + beta, 0.0, 1.0);
  case Kind::Elu:
    return x < 0 ? alpha * std::expm1(x) : x;
  case Kind::Softsign:
    return x / (1 + std::fabs(x));
  case Kind::Softplus:
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
  }
  return x;
}
