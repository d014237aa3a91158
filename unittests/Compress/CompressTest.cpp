//===- CompressTest.cpp - whole compressions of small networks ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Compress/Compress.h"
#include "Checkpoint.h"
#include "Model.h"
#include "Network.h"
#include "Samples.h"
#include "TensorData.h"

#include "pim/Support/Error.h"

#include <ATen/core/grad_mode.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim::compress;

namespace {

/// Trains on the 200 bundled calibration images; a folder of its own for each test.
class Compress : public testing::Test {
protected:
  void SetUp() override {
    folder =
        std::filesystem::path(testing::TempDir()) /
        ("compress-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::string digits = PIM_SOURCE_DIR "/examples/digits/calibration-";
    options.training = {digits + "images-idx3-ubyte.gz", digits + "labels-idx1-ubyte.gz", {}};
    options.preprocess.scale = 1.0 / 255;
    options.train.batch = 25;
    options.output = path("out.onnx");
    options.floatStep.epochs = options.pruneStep.epochs = options.pruneTuneStep.epochs = 2;
    options.quantizeStep.epochs = options.quantizeTuneStep.epochs = 2;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string &name) const { return (folder / name).string(); }
  void startFrom(const std::string &name) {
    options.model = path(name + ".onnx");
    writeInitialModel(name, 7, options.model);
  }
  static std::string bytesOf(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string errorOf() const {
    try {
      compress(options);
    } catch (const pim::Error &error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder;
  Options options;
};

Tensor initializerOf(const Model &model, const std::string &name) {
  for (const onnx::TensorProto &tensor : model.proto.graph().initializer())
    if (tensor.name() == name)
      return tensorOf(tensor, "", name);
  ADD_FAILURE() << "there is no initializer " << name;
  return at::zeros({1, 1});
}

std::string metadataOf(const Model &model, const std::string &key) {
  for (const onnx::StringStringEntryProto &entry : model.proto.metadata_props())
    if (entry.key() == key)
      return entry.value();
  return "";
}

TEST_F(Compress, WeightsEndOnLevelsAndZerosStayZero) {
  startFrom("lenet5");
  options.prune = "conv2:filter=0.25|fc1:columns=128";
  options.quantize = "fixed:4;fc2=window:2;fc3=none";
  EXPECT_THAT(errorOf(), testing::HasSubstr("none")) << "layers are left out by not naming them";
  options.quantize = "conv*=fixed:4;fc1=ternary;fc2=window:2";
  options.activationBits = "4";
  options.floatStep.epochs = 8; // the file has scores of 8 bits, which must tell classes apart
  Report report = compress(options);

  Model model = loadModel(options.output);
  Tensor conv = initializerOf(model, "conv2.weight/quantized");
  EXPECT_LE(conv.abs().max().item<int64_t>(), 7);
  EXPECT_EQ((conv.flatten(1) != 0).any(1).sum().item<int64_t>(), 12);
  EXPECT_EQ(initializerOf(model, "conv2.weight/quantized_scale").numel(), 16);
  Tensor ternary = initializerOf(model, "fc1.weight/quantized");
  EXPECT_LE(ternary.abs().max().item<int64_t>(), 1);
  EXPECT_LE((ternary != 0).any(0).sum().item<int64_t>(), 128);
  for (int64_t value : {5, 7, 9}) // have ones further apart than two bits, or three of them
    EXPECT_FALSE(initializerOf(model, "fc2.weight/quantized").abs().eq(value).any().item<bool>());
  EXPECT_EQ(initializerOf(model, "fc3.weight").scalar_type(), at::kFloat);

  EXPECT_EQ(metadataOf(model, "pim.sparsity"), "\"conv2\":filter=0.25;\"fc1\":columns=128");
  EXPECT_THAT(metadataOf(model, "pim.codes"), testing::HasSubstr("\"fc1\"=ternary"));
  // What was trained is what the file computes.
  EXPECT_NEAR(report.exportedValidationAccuracy, report.steps.back().validationAccuracy, 1e-9);
  EXPECT_EQ(report.steps.back().layers[1].filtersLeft, 12);
}

TEST_F(Compress, RunsThatWereKilledEndWithTheSameBytes) {
  startFrom("lenet5");
  options.prune = "fc1:filter=0.5|fc1:columns=100";
  options.quantize = "fixed:4";
  options.activationBits = "3";
  options.train.distill = 0.5;
  options.train.hints = 2;
  options.normalize = true;
  options.freeze = 0.2;
  options.train.patience = 1;
  compress(options);
  const std::string whole = bytesOf(options.output);
  ASSERT_FALSE(whole.empty());

  struct Killed {};
  for (const char *step : {"train", "prune-2", "prune-tune-2", "quantize", "quantize-tune"}) {
    std::filesystem::remove(options.output);
    options.resume = false;
    options.progress = [&](const std::string &name, int64_t done, int64_t total) {
      if (name == step && done == total / 2 + 2)
        throw Killed();
    };
    EXPECT_THROW(compress(options), Killed) << step;
    EXPECT_FALSE(std::filesystem::exists(options.output)) << step;
    options.progress = nullptr;
    options.resume = true;
    compress(options);
    EXPECT_TRUE(bytesOf(options.output) == whole) << "killed in step " << step;
  }
}

TEST_F(Compress, LayersBehindASignUnitShareOneScale) {
  startFrom("lenet5-imac");
  options.quantize = "fc*=ternary";
  options.scales = "filter;fc*=layer";
  Report report = compress(options);
  Model model = loadModel(options.output);
  for (const char *layer : {"fc1", "fc2", "fc3"}) {
    std::string name = std::string(layer) + ".weight/quantized";
    EXPECT_LE(initializerOf(model, name).abs().max().item<int64_t>(), 1) << layer;
    EXPECT_EQ(initializerOf(model, name + "_scale").dim(), 0) << layer;
  }
  EXPECT_NEAR(report.exportedValidationAccuracy, report.steps.back().validationAccuracy, 1e-9);
  Tensor scale = initializerOf(model, "fc1.weight/quantized_scale");
  Tensor ratio = initializerOf(model, "fc1.bias") / scale;
  EXPECT_GT((ratio - at::round(ratio)).abs().max().item<double>(), 1e-3) << "biases are floats";
  options.scales = "row";
  EXPECT_THAT(errorOf(), testing::HasSubstr("'row' is unknown, expected filter or layer"));
}

/// A circuit keeps them in a row of cells of its own.
TEST_F(Compress, BiasesTakeTheLevelsOfTheWeights) {
  startFrom("lenet5-imac");
  options.quantize = "fc*=ternary";
  options.scales = "filter;fc*=layer";
  options.biases = "float;fc*=levels";
  options.train.rate = 0.03; // biases begin at zero
  Report report = compress(options);
  Model model = loadModel(options.output);
  for (std::string layer : {"fc1", "fc2", "fc3"}) {
    Tensor ratio = initializerOf(model, layer + ".bias") /
                   initializerOf(model, layer + ".weight/quantized_scale");
    EXPECT_TRUE(((ratio == 0) | (ratio == 1) | (ratio == -1)).all().item<bool>()) << layer;
    EXPECT_GT((ratio != 0).sum().item<int64_t>(), 0) << layer;
  }
  EXPECT_NEAR(report.exportedValidationAccuracy, report.steps.back().validationAccuracy, 1e-9);
  options.biases = "levels";
  EXPECT_THAT(errorOf(), testing::HasSubstr("layer 'conv1' is a convolution"));
  options.biases = "fc*=ternary";
  EXPECT_THAT(errorOf(), testing::HasSubstr("'ternary' is unknown, expected float or levels"));
}

TEST_F(Compress, ScalesAreLearned) {
  startFrom("mlp");
  options.quantize = "ternary";
  options.quantizeTuneStep.epochs = 0;
  compress(options);
  Tensor fitted = initializerOf(loadModel(options.output), "fc1.weight/quantized_scale");
  options.quantizeTuneStep.epochs = 2;
  compress(options);
  Tensor learned = initializerOf(loadModel(options.output), "fc1.weight/quantized_scale");
  EXPECT_TRUE(fitted.ne(learned).all().item<bool>());
  EXPECT_TRUE(learned.gt(0).all().item<bool>());
}

/// The last layer's weights are the second of four to be fixed.
TEST_F(Compress, FrozenLevelsStay) {
  startFrom("mlp");
  options.quantize = "ternary";
  options.train.schedule = ScheduleKind::Constant;
  options.train.rate = 0.02;
  auto levelsAfter = [&](int64_t epochs, double freeze) {
    options.quantizeTuneStep.epochs = epochs;
    options.freeze = freeze;
    compress(options);
    return initializerOf(loadModel(options.output), "fc2.weight/quantized");
  };
  Tensor first = levelsAfter(1, 1);
  EXPECT_TRUE(levelsAfter(4, 0).equal(first));
  EXPECT_FALSE(levelsAfter(4, 1).equal(first));
}

TEST_F(Compress, TeachersMustFit) {
  startFrom("lenet5");
  options.train.distill = 0.5;
  options.teacher = path("teacher.onnx");
  writeInitialModel("lenet5-caffe", 3, options.teacher);
  EXPECT_EQ(errorOf(), "");
  options.teacher = PIM_SOURCE_DIR "/examples/models/none.onnx";
  EXPECT_THAT(errorOf(), testing::HasSubstr("none.onnx"));
}

/// What a network computes on the way comes nearer to its teacher's by hints than by scores alone.
TEST_F(Compress, HintsBringValuesNearTheTeachers) {
  startFrom("lenet5");
  options.floatStep.epochs = 0;
  options.prune = "fc1:irregular=0.9;fc2:irregular=0.9";
  options.pruneTuneStep.epochs = 4;
  options.train.distill = 0.5;
  Samples samples =
      loadSamples(options.training, options.preprocess, Network(loadModel(options.model)));
  auto distance = [&](double hints) {
    options.train.hints = hints;
    compress(options);
    Network made(loadModel(options.output)), teacher(loadModel(options.model));
    TensorMap values = {{"relu4_out", {}}}, wanted = values;
    at::NoGradGuard guard;
    made.run(samples.inputs, &values);
    teacher.run(samples.inputs, &wanted);
    Tensor goal = wanted.at("relu4_out");
    return ((values.at("relu4_out") - goal).norm() / goal.norm()).item<double>();
  };
  EXPECT_LT(distance(100), 0.9 * distance(0));
}

TEST_F(Compress, HintsNeedSharedValues) {
  startFrom("lenet5");
  options.train.distill = 0.5;
  options.train.hints = 1;
  options.teacher = path("teacher.onnx");
  writeInitialModel("mlp", 3, options.teacher);
  EXPECT_THAT(errorOf(), testing::HasSubstr("--hints: layers of"));
}

/// Neither the normalization that is put in nor merging it changes what is computed.
TEST_F(Compress, NormalizationIsMergedAgain) {
  startFrom("lenet5");
  options.normalize = true;
  options.quantize = "binary;#0=fixed:8;#-1=fixed:8";
  Report report = compress(options);
  EXPECT_NEAR(report.exportedValidationAccuracy, report.steps.back().validationAccuracy, 1e-9);
  Model model = loadModel(options.output);
  for (const onnx::NodeProto &node : model.proto.graph().node())
    EXPECT_NE(node.op_type(), "BatchNormalization");
  for (const char *layer : {"conv2", "fc1", "fc2"}) {
    Tensor integers = initializerOf(model, std::string(layer) + ".weight/quantized");
    EXPECT_TRUE(integers.abs().eq(1).all().item<bool>()) << layer;
  }
}

TEST_F(Compress, CheckpointsOfOtherOptionsAreRefused) {
  startFrom("mlp");
  compress(options);
  options.resume = true;
  options.seed = 2;
  EXPECT_THAT(errorOf(), testing::HasSubstr("was written with other options"));
  options.checkpoint = path("none.ckpt");
  EXPECT_THAT(errorOf(), testing::HasSubstr("none.ckpt: is not there"));
}

TEST_F(Compress, DamagedCheckpointsAreRefused) {
  startFrom("mlp");
  options.prune = "fc1:filter=0.5";
  struct Killed {};
  options.progress = [](const std::string &name, int64_t, int64_t) {
    if (name == "prune-tune")
      throw Killed();
  };
  EXPECT_THROW(compress(options), Killed);
  options.progress = nullptr;
  options.resume = true;
  const std::string file = options.output + ".ckpt";
  const Checkpoint sound = Checkpoint::read(file);
  auto problem = [&](const std::function<void(Checkpoint &)> &damage) {
    Checkpoint checkpoint = sound;
    damage(checkpoint);
    checkpoint.write(file);
    const std::string error = errorOf();
    EXPECT_THAT(error, testing::StartsWith(file + ": ")) << error;
    return error.substr(std::min(error.size(), file.size() + 2));
  };
  EXPECT_EQ(problem([](Checkpoint &c) { c.texts.erase("stage"); }),
            "holds no number 'stage'; start again without --resume");
  EXPECT_EQ(problem([](Checkpoint &c) { c.texts["stage"] = "99"; }), "is of a run with more steps");
  EXPECT_EQ(problem([](Checkpoint &c) { c.texts["steps"] = "layer\n"; }),
            "is damaged: it holds no list of steps; start again without --resume");
  EXPECT_EQ(problem([](Checkpoint &c) { c.texts.erase("prune"); }),
            "does not hold what the model needs; start again without --resume");
  EXPECT_EQ(problem([](Checkpoint &c) { c.tensors.erase(c.tensors.lower_bound("parameter/")); }),
            "does not hold what the model needs; start again without --resume");
  EXPECT_EQ(problem([](Checkpoint &c) {
              c.tensors.lower_bound("parameter/")->second = at::zeros({7, 7, 7});
            }),
            "does not hold what the model needs; start again without --resume");
}

TEST_F(Compress, LossThatIsNoNumberKeepsTheLastGoodEpoch) {
  startFrom("lenet5");
  options.train.optimizer = OptimizerKind::Sgd;
  options.train.schedule = ScheduleKind::Constant;
  options.pruneStep.rate = 1e6;
  options.prune = "fc1:filter=0.5";
  EXPECT_THAT(errorOf(), testing::AllOf(testing::HasSubstr("step 'prune', epoch 1"),
                                        testing::HasSubstr("lower the rate")));
  EXPECT_FALSE(std::filesystem::exists(options.output));
  EXPECT_TRUE(std::filesystem::exists(options.output + ".ckpt"));
}

TEST_F(Compress, GoalsKeepMultiplesOfTheArrays) {
  startFrom("lenet5");
  options.goal = "arrays=2x";
  options.geometry = {64, 64, 1, 1};
  Report report = compress(options);
  int64_t dense = 0, left = 0;
  for (const LayerReport &layer : report.steps.back().layers) {
    auto arrays = [](int64_t rows, int64_t columns) {
      return (rows + 63) / 64 * ((columns + 63) / 64);
    };
    dense += arrays(layer.columns, layer.filters);
    left += arrays(layer.columnsLeft, layer.filtersLeft);
  }
  EXPECT_LE(2 * left, dense);
  options.goal = "arrays=1000x";
  EXPECT_THAT(errorOf(), testing::HasSubstr("out of reach"));
}

TEST_F(Compress, RemovedChannelsChangeNoResult) {
  startFrom("lenet5");
  options.prune = "conv1:filter=0.5;conv2:filter=0.5;fc1:filter=0.5";
  Report kept = compress(options);
  options.removeChannels = true;
  options.output = path("smaller.onnx");
  Report removed = compress(options);
  EXPECT_EQ(removed.exportedValidationAccuracy, kept.exportedValidationAccuracy);
  Model model = loadModel(options.output);
  EXPECT_EQ(initializerOf(model, "conv2.weight").sizes(), at::IntArrayRef({8, 3, 5, 5}));
  EXPECT_EQ(initializerOf(model, "fc1.weight").sizes(), at::IntArrayRef({60, 200}));
}

} // namespace
