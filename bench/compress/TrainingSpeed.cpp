//===- TrainingSpeed.cpp - pim-compress against a plain loop --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Trains the LeNet-5 of `pim-compress --init lenet5-caffe` on random images, in turn with
// pim-compress's trainer and with the loop that libtorch's documentation shows: a module,
// torch::optim::Adam, random batches. Prints samples per second of both (best of the rounds, one
// thread) and their ratio; exit status 1 if pim-compress has less than 80 % of the loop's.
//
//   bench-training-speed [SAMPLES [ROUNDS]]
//
//===----------------------------------------------------------------------===//

#include "Trainer.h"

#include "pim/Compress/Compress.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <torch/torch.h>

using namespace pim::compress;

namespace {

constexpr int64_t batchSize = 128;
constexpr double leastRatio = 0.8;

struct PlainLeNet : torch::nn::Module {
  torch::nn::Conv2d conv1 = register_module("conv1", torch::nn::Conv2d(1, 20, 5));
  torch::nn::Conv2d conv2 = register_module("conv2", torch::nn::Conv2d(20, 50, 5));
  torch::nn::Linear fc1 = register_module("fc1", torch::nn::Linear(800, 500));
  torch::nn::Linear fc2 = register_module("fc2", torch::nn::Linear(500, 10));

  Tensor forward(Tensor x) {
    x = torch::max_pool2d(torch::relu(conv1(x)), 2);
    x = torch::max_pool2d(torch::relu(conv2(x)), 2);
    return fc2(torch::relu(fc1(x.flatten(1))));
  }
};

double secondsOf(const std::function<void()> &action) {
  auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void plainEpoch(PlainLeNet &model, torch::optim::Adam &optimizer, const Samples &samples) {
  model.train();
  Tensor order = torch::randperm(samples.size(), torch::kLong);
  for (int64_t begin = 0; begin < samples.size(); begin += batchSize) {
    Samples batch = samples.at(order.slice(0, begin, std::min(samples.size(), begin + batchSize)));
    optimizer.zero_grad();
    Tensor loss = torch::nn::functional::cross_entropy(model.forward(batch.inputs), batch.labels);
    if (!std::isfinite(loss.item<double>()))
      std::abort();
    loss.backward();
    optimizer.step();
  }
}

} // namespace

int main(int argc, char **argv) {
  const int64_t count = argc > 1 ? std::atoll(argv[1]) : 6400;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  if (count < 1 || rounds < 1) {
    std::fprintf(stderr, "usage: bench-training-speed [SAMPLES [ROUNDS]]\n");
    return 2;
  }
  torch::set_num_threads(1);
  torch::manual_seed(1);
  Samples samples{torch::rand({count, 1, 28, 28}), torch::randint(10, {count}, torch::kLong)};

  std::string path = (std::filesystem::temp_directory_path() / "training-speed.onnx").string();
  writeInitialModel("lenet5-caffe", 1, path);
  Network network(loadModel(path));
  std::filesystem::remove(path);
  TrainOptions options;
  options.batch = batchSize;
  Trainer trainer(network, samples, options, "speed", {rounds, {}}, 1);

  PlainLeNet plain;
  torch::optim::Adam optimizer(plain.parameters(), torch::optim::AdamOptions(1e-3));
  double ours = 0, theirs = 0;
  for (int round = 0; round < rounds; ++round) {
    double samplesDone = static_cast<double>(count);
    ours = std::max(ours, samplesDone / secondsOf([&] { trainer.runEpoch(round); }));
    theirs =
        std::max(theirs, samplesDone / secondsOf([&] { plainEpoch(plain, optimizer, samples); }));
  }
  std::printf("pim-compress %.0f samples/s, plain loop %.0f samples/s, ratio %.2f\n", ours, theirs,
              ours / theirs);
  return ours >= leastRatio * theirs ? 0 : 1;
}
