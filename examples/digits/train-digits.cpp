//===- train-digits.cpp - train LeNet-5 on generated digits -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network of LeCun et al., Gradient-based learning applied to document recognition (1998), in
// today's usual form: ReLU, max pooling, full connections in the second convolution.
//
//===----------------------------------------------------------------------===//

#include "Digits.h"
#include "LeNetOnnx.h"

#include <cstdio>
#include <torch/torch.h>

using namespace pim::digits;

namespace {

// The sets are drawn from different seeds; README.md names those of the bundled images.
constexpr uint64_t kTrainingSeed = 1, kValidationSeed = 2;
constexpr size_t kTrainingImages = 60000, kValidationImages = 10000;
constexpr int kEpochs = 12, kBatch = 128;

struct LeNetImpl : torch::nn::Module {
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  torch::nn::Linear fc1{nullptr}, fc2{nullptr}, fc3{nullptr};

  LeNetImpl() {
    conv1 =
        register_module("conv1", torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 6, 5).padding(2)));
    conv2 = register_module("conv2", torch::nn::Conv2d(6, 16, 5));
    fc1 = register_module("fc1", torch::nn::Linear(400, 120));
    fc2 = register_module("fc2", torch::nn::Linear(120, 84));
    fc3 = register_module("fc3", torch::nn::Linear(84, 10));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::max_pool2d(torch::relu(conv1(x)), 2);
    x = torch::max_pool2d(torch::relu(conv2(x)), 2);
    x = x.flatten(1);
    return fc3(torch::relu(fc2(torch::relu(fc1(x)))));
  }
};
TORCH_MODULE(LeNet);

struct Tensors {
  torch::Tensor images; // float in 0..1, [N,1,28,28]
  torch::Tensor labels; // int64, [N]
};

Tensors toTensors(const Dataset &dataset) {
  int64_t count = static_cast<int64_t>(dataset.images.size());
  torch::Tensor images = torch::empty({count, 1, kImageSize, kImageSize});
  torch::Tensor labels = torch::empty({count}, torch::kInt64);
  float *pixel = images.data_ptr<float>();
  for (const Image &image : dataset.images)
    for (uint8_t level : image)
      *pixel++ = level / 255.0f;
  std::copy(dataset.labels.begin(), dataset.labels.end(), labels.data_ptr<int64_t>());
  return {images, labels};
}

double accuracy(LeNet &network, const Tensors &set) {
  torch::NoGradGuard guard;
  return network->forward(set.images)
      .argmax(1)
      .eq(set.labels)
      .to(torch::kFloat)
      .mean()
      .item<double>();
}

void train(LeNet &network, const Tensors &training, const Tensors &validation) {
  int64_t count = training.images.size(0);
  int64_t steps = kEpochs * ((count + kBatch - 1) / kBatch), step = 0;
  torch::optim::AdamW optimizer(network->parameters(),
                                torch::optim::AdamWOptions(2e-3).weight_decay(1e-2));
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    torch::Tensor order = torch::randperm(count);
    double sum = 0;
    for (int64_t begin = 0; begin < count; begin += kBatch, ++step) {
      // The rate falls linearly to zero.
      double rate = 2e-3 * (1 - static_cast<double>(step) / steps);
      static_cast<torch::optim::AdamWOptions &>(optimizer.param_groups()[0].options()).lr(rate);
      torch::Tensor batch = order.slice(0, begin, std::min(count, begin + kBatch));
      optimizer.zero_grad();
      torch::Tensor loss = torch::nn::functional::cross_entropy(
          network->forward(training.images.index_select(0, batch)),
          training.labels.index_select(0, batch));
      loss.backward();
      optimizer.step();
      sum += loss.item<double>() * batch.size(0);
    }
    std::printf("epoch %2d  loss %.4f  validation %.2f %%\n", epoch + 1, sum / count,
                100 * accuracy(network, validation));
    std::fflush(stdout);
  }
}

Parameters parametersOf(LeNet &network) {
  Parameters parameters;
  for (const auto &item : network->named_parameters()) {
    torch::Tensor values = item.value().detach().contiguous();
    parameters[item.key()] = {
        values.sizes().vec(),
        {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()}};
  }
  return parameters;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: train-digits OUT.onnx\n");
    return 2;
  }
  try {
    torch::manual_seed(1);
    torch::set_num_threads(1); // the order of summation, and so the weights, depends on it
    Tensors training = toTensors(makeDataset(kTrainingSeed, kTrainingImages));
    Tensors validation = toTensors(makeDataset(kValidationSeed, kValidationImages));
    LeNet network;
    train(network, training, validation);
    writeLeNetOnnx(parametersOf(network), argv[1]);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "train-digits: error: %s\n", error.what());
    return 1;
  }
  return 0;
}
