//===- train-analog.cpp - train ternary layers for analog arrays -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fully connected layers with weights and biases of -1, 0 and 1 times one number a layer and
// sigmoid neurons, on the signs of their inputs. The recipe is that of the IMAC group's public
// code: float weights kept in [-1, 1], ternary ones by a threshold of a third in the forward pass,
// and gradients that go straight through to the floats. Their gradients here are those of the cross
// entropy, with Adam (Kingma and Ba, 2015).
//
//===----------------------------------------------------------------------===//

#include "Digits.h"
#include "LeNetOnnx.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <numeric>
#include <onnx/onnx_pb.h>
#include <random>
#include <stdexcept>

using namespace pim::digits;

namespace {

// The sets are those of train-digits.
constexpr uint64_t kTrainingSeed = 1, kValidationSeed = 2;
constexpr size_t kTrainingImages = 30000, kValidationImages = 5000;
constexpr int kEpochs = 12, kBatch = 32;
constexpr float kThreshold = 1.0f / 3;

using Vector = std::vector<float>;

/// Signs of the inputs of the first layer, image by image.
struct Samples {
  std::vector<Vector> inputs;
  std::vector<uint8_t> labels;
};

struct Layer {
  Layer(size_t inputs, size_t outputs, std::mt19937 &random)
      : inputs(inputs), outputs(outputs), slope(4 / std::sqrt(float(inputs))) {
    std::uniform_real_distribution<float> draw(-1, 1);
    for (size_t i = 0; i < outputs * (inputs + 1); ++i)
      floats.push_back(draw(random));
    gradient.resize(floats.size());
    mean.resize(floats.size());
    square.resize(floats.size());
    quantize();
  }

  void quantize() {
    ternary.resize(floats.size());
    for (size_t i = 0; i < floats.size(); ++i)
      ternary[i] = floats[i] > kThreshold ? 1.0f : floats[i] < -kThreshold ? -1.0f : 0.0f;
  }
  void forward(const Vector &x, Vector &y) const {
    y.resize(outputs);
    for (size_t o = 0; o < outputs; ++o) {
      const float *w = &ternary[o * (inputs + 1)];
      float sum = w[inputs];
      for (size_t i = 0; i < inputs; ++i)
        sum += w[i] * x[i];
      y[o] = 1 / (1 + std::exp(-slope * sum));
    }
  }
  /// `delta`: the loss by the sums. Adds to the gradient and gives the loss by the inputs.
  void backward(const Vector &x, const Vector &delta, Vector *byInputs) {
    if (byInputs)
      byInputs->assign(inputs, 0);
    for (size_t o = 0; o < outputs; ++o) {
      const float d = delta[o] * slope;
      float *g = &gradient[o * (inputs + 1)];
      const float *w = &ternary[o * (inputs + 1)];
      for (size_t i = 0; i < inputs; ++i)
        g[i] += d * x[i];
      g[inputs] += d;
      if (byInputs)
        for (size_t i = 0; i < inputs; ++i)
          (*byInputs)[i] += d * w[i];
    }
  }
  void update(float rate, int step) {
    const float first = 1 - std::pow(0.9f, float(step)), second = 1 - std::pow(0.999f, float(step));
    for (size_t i = 0; i < floats.size(); ++i) {
      const float g = gradient[i] / kBatch;
      mean[i] = 0.9f * mean[i] + 0.1f * g;
      square[i] = 0.999f * square[i] + 0.001f * g * g;
      floats[i] -= rate * (mean[i] / first) / (std::sqrt(square[i] / second) + 1e-8f);
      floats[i] = std::clamp(floats[i], -1.0f, 1.0f);
      gradient[i] = 0;
    }
    quantize();
  }

  size_t inputs, outputs;
  float slope;
  Vector floats, ternary, gradient, mean, square; ///< [output][input], the bias last
};

using Network = std::vector<Layer>;

void run(const Network &network, const Vector &input, std::vector<Vector> &values) {
  values.resize(network.size() + 1);
  values[0] = input;
  for (size_t l = 0; l < network.size(); ++l)
    network[l].forward(values[l], values[l + 1]);
}

double accuracy(const Network &network, const Samples &set) {
  size_t hits = 0;
  std::vector<Vector> values;
  for (size_t i = 0; i < set.inputs.size(); ++i) {
    run(network, set.inputs[i], values);
    const Vector &scores = values.back();
    hits +=
        size_t(std::max_element(scores.begin(), scores.end()) - scores.begin()) == set.labels[i];
  }
  return double(hits) / double(set.inputs.size());
}

void learn(Network &network, const Vector &input, uint8_t label) {
  std::vector<Vector> values;
  run(network, input, values);
  // Of the cross entropy of independent sigmoids by their sums.
  Vector delta = values.back();
  delta[label] -= 1;
  for (size_t l = network.size(); l-- > 0;) {
    Vector byInputs;
    network[l].backward(values[l], delta, l > 0 ? &byInputs : nullptr);
    for (size_t i = 0; i < byInputs.size(); ++i)
      byInputs[i] *= values[l][i] * (1 - values[l][i]);
    delta = std::move(byInputs);
  }
}

void train(Network &network, const Samples &training, const Samples &validation) {
  std::mt19937 random(2);
  std::vector<size_t> order(training.inputs.size());
  std::iota(order.begin(), order.end(), 0);
  const int steps = kEpochs * int(order.size() / kBatch);
  int step = 0;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    for (size_t i = order.size(); i-- > 1;)
      std::swap(order[i], order[random() % (i + 1)]);
    for (size_t begin = 0; begin + kBatch <= order.size(); begin += kBatch) {
      for (size_t i = begin; i < begin + kBatch; ++i)
        learn(network, training.inputs[order[i]], training.labels[order[i]]);
      ++step;
      for (Layer &layer : network)
        layer.update(5e-3f * (1 - float(step - 1) / float(steps)), step);
    }
    std::printf("epoch %2d  validation %.2f %%\n", epoch + 1, 100 * accuracy(network, validation));
    std::fflush(stdout);
  }
}

/// A convolution of 5 x 5 with zeros around, ReLU, and the largest of each 2 x 2.
Vector convolve(const Vector &in, int size, int padding, const Parameter &weight,
                const Parameter &bias) {
  const int outputs = int(weight.shape[0]), channels = int(weight.shape[1]);
  const int width = size + 2 * padding - 4;
  Vector pooled(size_t(outputs) * (width / 2) * (width / 2));
  for (int o = 0; o < outputs; ++o)
    for (int y = 0; y < width; ++y)
      for (int x = 0; x < width; ++x) {
        float sum = bias.values[size_t(o)];
        for (int c = 0; c < channels; ++c)
          for (int a = std::max(0, padding - y); a < std::min(5, size + padding - y); ++a)
            for (int b = std::max(0, padding - x); b < std::min(5, size + padding - x); ++b)
              sum += weight.values[size_t(((o * channels + c) * 5 + a) * 5 + b)] *
                     in[size_t((c * size + y + a - padding) * size + x + b - padding)];
        float &most = pooled[size_t((o * (width / 2) + y / 2) * (width / 2) + x / 2)];
        most = std::max(most, sum);
      }
  return pooled;
}

/// Signs of what the convolutions make of images, or of images less a half.
Samples samplesOf(const Dataset &dataset, const Parameters &convolutions) {
  Samples samples;
  samples.labels = dataset.labels;
  for (const Image &image : dataset.images) {
    Vector values;
    for (uint8_t level : image)
      values.push_back(float(level) / 255);
    if (convolutions.empty()) {
      for (float &value : values)
        value -= 0.5f;
    } else {
      values =
          convolve(values, 28, 2, convolutions.at("conv1.weight"), convolutions.at("conv1.bias"));
      values =
          convolve(values, 14, 0, convolutions.at("conv2.weight"), convolutions.at("conv2.bias"));
    }
    for (float &value : values)
      value = value > 0 ? 1.0f : value < 0 ? -1.0f : 0.0f;
    samples.inputs.push_back(std::move(values));
  }
  return samples;
}

Parameters readConvolutions(const std::string &path) {
  onnx::ModelProto model;
  std::ifstream file(path, std::ios::binary);
  if (!file || !model.ParseFromIstream(&file))
    throw std::runtime_error(path + ": cannot be read");
  Parameters parameters;
  for (const onnx::TensorProto &tensor : model.graph().initializer()) {
    if (tensor.name().rfind("conv", 0) != 0)
      continue;
    Parameter &parameter = parameters[tensor.name()];
    parameter.shape.assign(tensor.dims().begin(), tensor.dims().end());
    parameter.values.resize(tensor.raw_data().size() / sizeof(float));
    std::memcpy(parameter.values.data(), tensor.raw_data().data(), tensor.raw_data().size());
  }
  return parameters;
}

void addLayers(const Network &network, Parameters &parameters) {
  for (size_t l = 0; l < network.size(); ++l) {
    const Layer &layer = network[l];
    const std::string name = "fc" + std::to_string(l + 1);
    Parameter &weight = parameters[name + ".weight"], &bias = parameters[name + ".bias"];
    weight.shape = {int64_t(layer.outputs), int64_t(layer.inputs)};
    bias.shape = {int64_t(layer.outputs)};
    for (size_t i = 0; i < layer.ternary.size(); ++i)
      (i % (layer.inputs + 1) < layer.inputs ? weight : bias)
          .values.push_back(layer.slope * layer.ternary[i]);
  }
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: train-analog MLP.onnx\n"
                         "       train-analog LENET.onnx ANALOG_LENET.onnx\n");
    return 2;
  }
  try {
    Parameters parameters = argc == 3 ? readConvolutions(argv[1]) : Parameters();
    const Samples training = samplesOf(makeDataset(kTrainingSeed, kTrainingImages), parameters);
    const Samples validation =
        samplesOf(makeDataset(kValidationSeed, kValidationImages), parameters);
    const std::vector<size_t> sizes =
        argc == 3 ? std::vector<size_t>{400, 120, 84, 10} : std::vector<size_t>{784, 16, 10};
    std::mt19937 random(1);
    Network network;
    for (size_t l = 0; l + 1 < sizes.size(); ++l)
      network.emplace_back(sizes[l], sizes[l + 1], random);
    train(network, training, validation);
    addLayers(network, parameters);
    writeAnalogOnnx(parameters, argv[argc - 1]);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "train-analog: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
