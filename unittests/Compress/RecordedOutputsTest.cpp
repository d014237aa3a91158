//===- RecordedOutputsTest.cpp - real models against onnxruntime ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "TensorData.h"

#include <ATen/core/grad_mode.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace pim::compress;

namespace {

Tensor readProto(const std::filesystem::path &path) {
  std::ifstream file(path, std::ios::binary);
  onnx::TensorProto proto;
  EXPECT_TRUE(proto.ParseFromIstream(&file)) << path;
  return tensorOf(proto, path.string(), path.string());
}

/// Models of float operators only, whose outputs onnxruntime recorded.
class RecordedOutputs : public testing::TestWithParam<const char *> {};

TEST_P(RecordedOutputs, Agree) {
  std::filesystem::path folder =
      std::filesystem::path(PIM_SOURCE_DIR) / "../shared/data/models" / GetParam();
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << folder << " is not there";
  Network network(loadModel((folder / "model.onnx").string()));
  at::NoGradGuard guard;
  Tensor input = readProto(folder / "test_data_set_0/input_0.pb");
  Tensor expected = readProto(folder / "test_data_set_0/output_0.pb");
  Tensor found = network.run(input).at(0);
  ASSERT_EQ(found.sizes(), expected.sizes());
  double scale = std::max(1.0, expected.abs().max().item<double>());
  EXPECT_LT((found - expected).abs().max().item<double>(), 1e-4 * scale);

  // Samples do not influence each other, whatever the size of the batch.
  if (input.size(0) != 1)
    return;
  Tensor noise = at::rand_like(input);
  Tensor both = network.run(at::cat({input, noise, input})).at(0);
  ASSERT_EQ(both.size(0), 3 * expected.size(0));
  Tensor first = both.slice(0, 0, expected.size(0));
  EXPECT_LT((first - expected).abs().max().item<double>(), 1e-4 * scale);
}

INSTANTIATE_TEST_SUITE_P(
    Models, RecordedOutputs,
    testing::Values("ad_autoencoder_fp32", "cifar10_cnn_bn_tf", "cifar10_cnn_large",
                    "cifar10_mobilenet_alibaba", "cifar10_resnet20",
                    "cifar10_resnet20_torch_export", "cifar10_resnet32", "cifar10_resnet8_fp32",
                    "cifar10_resnet8_int8_qdq", "cifar10_resnet_2b", "cifar10_squeezenet_tf",
                    "cifar10_tinymobilenet_fp32", "fashion_cnn", "fashion_mlp",
                    "imagenet_squeezenet1.0_fp32", "kws_dscnn_fp32", "mnist_8", "mnist_cnn_pytorch",
                    "mnist_fc_256x4", "mnist_fc_sigmoid_6x200", "mnist_pool_mlp",
                    "vww_mobilenet_fp32"));

} // namespace
