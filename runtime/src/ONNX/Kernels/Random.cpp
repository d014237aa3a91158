//===- Random.cpp - tensors drawn at random -------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX leaves the generator open and a seed to the implementation where the node gives none. Here a
// node draws the same numbers in every run: those of its seed, or of seed 0.
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <random>

using namespace pim;
using namespace pim::onnx;

namespace {
/// The same numbers from the same seed on every machine; the distributions of the standard library
/// do not promise that.
class Draws {
public:
  explicit Draws(const Call &call) : engine(std::bit_cast<uint64_t>(call.real("seed", 0))) {}

  /// At least 0, below 1.
  double uniform() { return double(engine() >> 11) * 0x1p-53; }

  /// Of mean 0 and deviation 1, by the method of Box and Muller.
  double normal() {
    double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

private:
  std::mt19937_64 engine;
};
} // namespace

/// The result of the operators that have the shape in an attribute, and of those that take it, and
/// the type unless they give one, from their operand.
static Tensor &makeResult(Call &call) {
  bool isLike = call.type().ends_with("Like") || call.type() == "Bernoulli";
  Shape shape = isLike ? call.in(0).shape() : Shape(call.intList("shape"));
  for (int64_t size : shape)
    call.require(size >= 0, "attribute 'shape' holds ", size);
  ElementType element = isLike ? call.in(0).element() : ElementType::F32;
  if (call.hasAttribute("dtype"))
    element = call.elementOf(call.integer("dtype", 1));
  call.require(element != ElementType::STRING, "makes no texts");
  return call.out(0, element, std::move(shape));
}

static void randomUniform(Call &call) {
  double low = call.real("low", 0), high = call.real("high", 1);
  Tensor &out = makeResult(call);
  Writer<double> to(out);
  Draws draws(call);
  for (int64_t i = 0; i < out.count(); ++i)
    to[i] = low + (high - low) * draws.uniform();
}

static void randomNormal(Call &call) {
  double mean = call.real("mean", 0), deviation = call.real("scale", 1);
  Tensor &out = makeResult(call);
  Writer<double> to(out);
  Draws draws(call);
  for (int64_t i = 0; i < out.count(); ++i)
    to[i] = mean + deviation * draws.normal();
}

/// One with the probability that the operand holds.
static void bernoulli(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.element() != ElementType::STRING, "operand 0 holds texts");
  Tensor &out = makeResult(call);
  Reader<double> from(in);
  Writer<double> to(out);
  Draws draws(call);
  for (int64_t i = 0; i < out.count(); ++i)
    to[i] = draws.uniform() < from[i];
}

/// Classes drawn by the logarithms of their probabilities, which need not sum to one.
static void multinomial(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() == 2 && in.size(1) > 0 && in.element() != ElementType::STRING,
               "operand 0 is no matrix of logarithms");
  int64_t draws = call.integer("sample_size", 1), classes = in.size(1);
  call.require(draws >= 0, "draws ", draws, " samples");
  ElementType element = call.elementOf(call.integer("dtype", 6));
  call.require(element == ElementType::I32 || element == ElementType::I64,
               "makes integers of 32 or 64 bits");
  Tensor &out = call.out(0, element, {in.size(0), draws});
  Reader<double> from(in);
  Writer<double> to(out);
  Draws random(call);
  for (int64_t row = 0; row < in.size(0); ++row) {
    double largest = from[row * classes];
    for (int64_t i = 1; i < classes; ++i)
      largest = std::max<double>(largest, from[row * classes + i]);
    std::vector<double> sums;
    double sum = 0;
    for (int64_t i = 0; i < classes; ++i)
      sums.push_back(sum += std::exp(from[row * classes + i] - largest));
    for (int64_t sample = 0; sample < draws; ++sample) {
      auto found = std::upper_bound(sums.begin(), sums.end() - 1, random.uniform() * sum);
      to[row * draws + sample] = double(found - sums.begin());
    }
  }
}

void pim::onnx::addRandom(Registry &registry) {
  registry.add("RandomUniform", randomUniform);
  registry.add("RandomUniformLike", randomUniform);
  registry.add("RandomNormal", randomNormal);
  registry.add("RandomNormalLike", randomNormal);
  registry.add("Bernoulli", bernoulli, 15);
  registry.add("Multinomial", multinomial, 7);
}
