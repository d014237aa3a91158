//===- ExportTest.cpp - networks written as ONNX --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Export.h"
#include "Normalize.h"
#include "SmallModel.h"
#include "UnusedPaths.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

using namespace pim::compress;
using pim::compress::test::SmallModel;

namespace {

/// Conv, BatchNormalization, Relu, Gemm; one gain is negative, one zero.
SmallModel normalized() {
  at::manual_seed(11);
  SmallModel small({1, 2, 5, 5}, /*opset=*/9);
  small.weights("k", at::randn({4, 2, 3, 3})).node("Conv", {"x", "k"}, "c", "conv");
  small.weights("gain", at::tensor({1.5f, -0.5f, 0.f, 2.f})).weights("shift", at::randn({4}));
  small.weights("mean", at::randn({4})).weights("variance", at::rand({4}) + 0.5);
  small.node("BatchNormalization", {"c", "gain", "shift", "mean", "variance"}, "n");
  small.node("Relu", {"n"}, "r").node("Flatten", {"r"}, "f");
  small.weights("w", at::randn({36, 3})).weights("b", at::randn({3}));
  small.node("Gemm", {"f", "w", "b"}, "y", "fc");
  return small;
}

/// Puts every layer on ternary levels.
Constraints ternary(Network &network) {
  at::NoGradGuard guard;
  Constraints constraints;
  for (const Layer &layer : network.layers()) {
    Tensor matrix = network.matrix(layer);
    Tensor scale = matrix.abs().mean(1);
    Tensor levels = at::clamp(at::round(matrix / scale.view({-1, 1})), -1, 1);
    network.parameters.at(layer.weight).copy_(network.stored(layer, levels * scale.view({-1, 1})));
    constraints.scales[layer.weight] = scale;
    constraints.codes[layer.name] = "ternary";
  }
  return constraints;
}

TEST(Export, MergedNormalizationKeepsLevelsAndResults) {
  Network network(normalized().model("y", {1, 3}));
  Constraints constraints = ternary(network);
  at::NoGradGuard guard;
  Tensor x = at::randn({6, 2, 5, 5});
  Tensor expected = network.scores(x);
  onnx::ModelProto proto = exportModel(network, constraints, {}, false);
  EXPECT_EQ(proto.opset_import(0).version(), 13);
  for (const onnx::NodeProto &node : proto.graph().node())
    EXPECT_NE(node.op_type(), "BatchNormalization");
  Network written(checkedModel(proto, "written.onnx"));
  EXPECT_LT((written.scores(x) - expected).abs().max().item<double>(), 1e-4);
}

TEST(Normalize, ChangesNoResult) {
  SmallModel small({1, 2, 5, 5});
  at::manual_seed(13);
  small.weights("k", at::randn({4, 2, 3, 3})).weights("kb", at::randn({4}));
  small.node("Conv", {"x", "k", "kb"}, "c", "conv").node("Relu", {"c"}, "r");
  small.node("Flatten", {"r"}, "f").weights("v", at::randn({36, 5}));
  small.node("Gemm", {"f", "v"}, "g", "hidden").node("Relu", {"g"}, "h");
  small.weights("w", at::randn({5, 3})).node("Gemm", {"h", "w"}, "y", "fc");
  Model model = small.model("y", {1, 3});
  at::NoGradGuard guard;
  Tensor x = at::randn({40, 2, 5, 5});
  Tensor expected = Network(model).scores(x);

  std::vector<std::string> names;
  Network network(withNormalization(model, names));
  EXPECT_EQ(names, (std::vector<std::string>{"conv", "hidden"})); // not what makes an output
  calibrateNormalization(network, names, {x, at::zeros({40}, at::kLong)});
  EXPECT_LT((network.scores(x) - expected).abs().max().item<double>(), 1e-4);
  network.setTraining(true); // the statistics are those of these samples
  EXPECT_LT((network.scores(x) - expected).abs().max().item<double>(), 1e-3);
  EXPECT_TRUE(names.empty() ||
              withNormalization(network.model(), names).proto.graph().node_size() ==
                  network.model().proto.graph().node_size());
}

TEST(Export, FiltersWithoutWeightsTakeTheirReadersAlong) {
  SmallModel small({1, 2, 5, 5});
  at::manual_seed(12);
  small.weights("k", at::randn({4, 2, 3, 3})).weights("kb", at::randn({4}));
  small.node("Conv", {"x", "k", "kb"}, "c", "conv").node("Relu", {"c"}, "r");
  small.node("Flatten", {"r"}, "f").weights("w", at::randn({36, 3}));
  small.node("MatMul", {"f", "w"}, "y", "fc");
  Network network(small.model("y", {1, 3}));
  at::NoGradGuard guard;
  network.parameters.at("k")[1].zero_();
  network.parameters.at("w").slice(0, 27, 36).zero_(); // reads the last channel
  Constraints constraints;
  dropUnusedPaths(network, constraints);
  EXPECT_EQ(network.parameters.at("kb")[1].item<float>(), 0);
  EXPECT_EQ(network.parameters.at("k")[3].abs().max().item<float>(), 0);
  EXPECT_EQ(network.parameters.at("w").slice(0, 9, 18).abs().max().item<float>(), 0);

  Tensor x = at::randn({3, 2, 5, 5});
  Tensor expected = network.scores(x);
  Network written(checkedModel(exportModel(network, constraints, {}, true), "written.onnx"));
  EXPECT_EQ(written.layers()[0].filters, 2);
  EXPECT_EQ(written.layers()[1].columns, 18);
  EXPECT_LT((written.scores(x) - expected).abs().max().item<double>(), 1e-5);
}

} // namespace
