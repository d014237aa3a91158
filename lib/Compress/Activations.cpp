//===- Activations.cpp - activations on few levels ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Activations.h"
#include "LayerWeights.h"

#include <ATen/core/grad_mode.h>
#include <cmath>

namespace pim::compress {

constexpr int64_t calibrationSamples = 512;
constexpr int imageBits = 8;

static int parseBits(std::string_view text) {
  return static_cast<int>(parseCount(text, 1, 8, "--activation-bits"));
}

void Activations::parse(const std::string &text) {
  LayerTable<int> table = parseLayerTable<int>(text, parseBits);
  std::vector<std::string> names;
  for (const Layer &layer : network.layers())
    names.push_back(layer.name);
  table.requireAllUsed(names, "--activation-bits");
  int64_t count = static_cast<int64_t>(names.size());
  for (int64_t index = 0; index < count; ++index) {
    const Layer &layer = network.layers()[static_cast<size_t>(index)];
    const int *found = table.find(layer.name, index, count);
    if (!found)
      continue;
    int wanted = layer.input == network.inputName() ? imageBits : *found;
    auto [entry, isNew] = bits.emplace(layer.input, wanted);
    if (!isNew && entry->second != wanted)
      fail("--activation-bits: layer '", layer.name, "' reads value '", layer.input, "' with ",
           wanted, " bits, another layer with ", entry->second);
  }
}

static std::string clipName(const std::string &value) { return "clip/" + value; }
static std::string rangeName(const std::string &value) { return "range/" + value; }
/// Whether the value can be negative is kept beside its bound.
static std::string signName(const std::string &value) { return "signed/" + value; }

static int64_t levelsOf(int bits, bool isSigned) {
  return isSigned ? std::max(1, (1 << (bits - 1)) - 1) : (1 << bits) - 1;
}

/// `x` on the levels of the bound `a`, without gradients.
static Tensor nearest(const Tensor &x, const Tensor &a, int bits, bool isSigned) {
  if (isSigned && bits == 1)
    return at::where(x >= 0, a, -a);
  double levels = static_cast<double>(levelsOf(bits, isSigned));
  Tensor clipped = at::minimum(at::maximum(x, isSigned ? -a : at::zeros_like(a)), a);
  return at::round(clipped * (levels / a)) * (a / levels);
}

Tensor Activations::quantized(const std::string &value, const Tensor &x) const {
  if (auto range = network.buffers.find(rangeName(value)); range != network.buffers.end()) {
    Tensor scale = range->second[0], zero = range->second[1];
    return (at::clamp(at::round(x / scale) + zero, 0, 255) - zero) * scale;
  }
  bool isSigned = network.buffers.at(signName(value)).item<float>() != 0;
  Tensor a = network.parameters.at(clipName(value)).abs() + 1e-6;
  Tensor clipped =
      isSigned ? 0.5 * ((x + a).abs() - (x - a).abs()) : 0.5 * (x.abs() - (x - a).abs() + a);
  return clipped + (nearest(x, a, bits.at(value), isSigned) - clipped).detach();
}

/// The bound of least squared error among fractions of the largest magnitude.
static double bestBound(const Tensor &values, int bits, bool isSigned) {
  double largest = std::max(1e-6, values.abs().max().item<double>());
  double best = largest, bestError = -1;
  for (int step = 1; step <= 40; ++step) {
    Tensor a = at::tensor(static_cast<float>(largest * step / 40));
    double error = (values - nearest(values, a, bits, isSigned)).pow(2).sum().item<double>();
    if (bestError < 0 || error < bestError) {
      bestError = error;
      best = largest * step / 40;
    }
  }
  return best;
}

/// 256 levels over the values of `x` and zero.
static Tensor wholeRange(const Tensor &x) {
  double low = std::min(0.0, x.min().item<double>()), high = std::max(0.0, x.max().item<double>());
  double scale = std::max(1e-6, (high - low) / 255);
  return at::tensor({static_cast<float>(scale), static_cast<float>(std::round(-low / scale))});
}

void Activations::calibrate(const Samples &samples) {
  at::NoGradGuard guard;
  network.setTraining(false);
  TensorMap seen;
  for (const Layer &layer : network.layers())
    if (bits.count(layer.input))
      network.inputTransforms[layer.name] = [&seen, value = layer.input](const Tensor &x) {
        seen[value] = x.detach().clone();
        return x;
      };
  network.run(samples.slice(0, std::min(samples.size(), calibrationSamples)).inputs);
  network.inputTransforms.clear();
  for (const auto &[value, width] : bits) {
    const Tensor &x = seen.at(value);
    if (value == network.inputName()) {
      network.buffers[rangeName(value)] = wholeRange(x);
      continue;
    }
    bool isSigned = x.min().item<double>() < 0;
    network.buffers[signName(value)] = at::tensor(isSigned ? 1.0f : 0.0f);
    network.parameters[clipName(value)] =
        at::tensor(static_cast<float>(bestBound(x, width, isSigned))).set_requires_grad(true);
  }
  install();
}

void Activations::install() {
  for (const Layer &layer : network.layers())
    if (bits.count(layer.input))
      network.inputTransforms[layer.name] = [this, value = layer.input](const Tensor &x) {
        return quantized(value, x);
      };
}

static ActivationRange rangeOf(const Tensor &fixed) {
  ActivationRange range;
  range.scale = fixed[0].item<double>();
  range.zero = std::llround(fixed[1].item<double>());
  return range;
}

std::map<std::string, ActivationRange> Activations::ranges(const Samples &samples) const {
  std::map<std::string, ActivationRange> result;
  const std::string &output = network.model().proto.graph().output(0).name();
  for (const Layer &layer : network.layers())
    if (layer.output == output) {
      at::NoGradGuard guard;
      Samples some = samples.slice(0, std::min(samples.size(), calibrationSamples));
      result[output] = rangeOf(wholeRange(network.scores(some.inputs)));
    }
  for (const auto &[value, width] : bits) {
    ActivationRange range;
    if (auto fixed = network.buffers.find(rangeName(value)); fixed != network.buffers.end()) {
      range = rangeOf(fixed->second);
    } else {
      range.isSigned = network.buffers.at(signName(value)).item<float>() != 0;
      int64_t levels = levelsOf(width, range.isSigned);
      double a = std::abs(network.parameters.at(clipName(value)).item<double>()) + 1e-6;
      range.scale = a / static_cast<double>(levels);
      range.low = range.isSigned ? -levels : 0;
      range.high = levels;
    }
    result[value] = range;
  }
  return result;
}

} // namespace pim::compress
