//===- InputFeedTest.cpp - samples as model inputs ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Data/InputFeed.h"
#include "Files.h"

#include <cstdio>
#include <fstream>

using namespace pim;
using namespace pim::data;
using testing::ElementsAre;

namespace {

using Shape = std::vector<int64_t>;

/// An array of u8 that counts up from 0.
std::shared_ptr<Dataset> counting(Shape shape, Type type = Type::U8,
                                  Layout layout = Layout::Unknown) {
  auto data = std::make_shared<Dataset>();
  data->path = "file";
  data->layout = layout;
  Array array;
  array.type = type;
  array.shape = shape;
  int64_t count = checkedElementCount(shape, 1, 1 << 20, "array");
  for (int64_t i = 0; i < count; ++i)
    array.bytes.push_back(static_cast<std::byte>(i));
  data->arrays.push_back({"", array});
  return data;
}

std::vector<float> sample(const InputFeed &feed, int64_t index) {
  std::vector<float> values(static_cast<size_t>(feed.elementsPerSample()));
  feed.read(index, values);
  return values;
}

InputFeed feed(std::shared_ptr<const Dataset> data, Shape input, Preprocess preprocess = {}) {
  return InputFeed(std::move(data), 0, {"x", std::move(input)}, std::move(preprocess));
}

TEST(InputFeed, FitsImagesToInputs) {
  // What the file holds, what the input takes, and how many samples that makes.
  const std::tuple<Shape, Shape, int64_t> cases[] = {{{5, 4, 6}, {1, 1, 4, 6}, 5},
                                                     {{5, 4, 6}, {1, 24, 1}, 5},
                                                     {{5, 4, 6}, {1, 4, 6}, 5},
                                                     {{5, 4, 6}, {1, 24}, 5},
                                                     {{4, 6}, {1, 1, 4, 6}, 1},
                                                     {{1, 4, 6}, {1, 1, 4, 6}, 1},
                                                     {{5, 1, 4, 6}, {1, 1, 4, 6}, 5},
                                                     {{5, 24}, {1, 4, 6}, 5},
                                                     {{24}, {1, 24}, 1},
                                                     {{7}, {1}, 7},
                                                     {{1, 2, 3}, {2, 3}, 1},
                                                     {{5, 2, 3}, {2, 3}, 5}};
  for (const auto &[file, input, samples] : cases) {
    InputFeed fed = feed(counting(file), input);
    EXPECT_EQ(fed.sampleCount(), samples) << shapeText(file) << " for " << shapeText(input);
    int64_t last = samples - 1, elements = fed.elementsPerSample();
    EXPECT_EQ(sample(fed, last)[0], static_cast<float>(last * elements));
  }
}

TEST(InputFeed, TurnsChannelsLastIntoChannelsFirst) {
  InputFeed fed = feed(counting({2, 2, 2, 3}), {1, 3, 2, 2});
  EXPECT_THAT(sample(fed, 1), ElementsAre(12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23));
  InputFeed back = feed(counting({1, 3, 2, 2}, Type::U8, Layout::Nchw), {1, 2, 2, 3});
  EXPECT_THAT(sample(back, 0), ElementsAre(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11));
}

TEST(InputFeed, LayoutDecidesForCubes) {
  Preprocess nhwc;
  nhwc.layout = "nhwc";
  EXPECT_THAT(sample(feed(counting({1, 2, 2, 2}), {1, 2, 2, 2}), 0),
              ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(sample(feed(counting({1, 2, 2, 2}), {1, 2, 2, 2}, nhwc), 0),
              ElementsAre(0, 2, 4, 6, 1, 3, 5, 7));
}

TEST(InputFeed, PreprocessesBytesByChannel) {
  Preprocess preprocess;
  preprocess.scale = 0.5;
  preprocess.mean = {0, 1, 2};
  preprocess.std = {1, 2, 4};
  // The three channels of one pixel after the other: bytes 0, 1, 2 and 3, 4, 5.
  EXPECT_THAT(sample(feed(counting({1, 1, 2, 3}), {1, 3, 1, 2}, preprocess), 0),
              ElementsAre(0, 1.5, -0.25, 0.5, -0.25, 0.125));
  preprocess.mean = {10};
  preprocess.std = {};
  EXPECT_THAT(sample(feed(counting({1, 2}), {1, 2}, preprocess), 0), ElementsAre(-10, -9.5));
}

TEST(InputFeed, TakesSignedBytesAndLeavesOthers) {
  Preprocess preprocess;
  preprocess.scale = 2;
  auto bytes = counting({1, 2}, Type::I8);
  bytes->arrays[0].array.bytes = {std::byte(0xff), std::byte(3)};
  EXPECT_THAT(sample(feed(bytes, {1, 2}, preprocess), 0), ElementsAre(-2, 6));
  auto wide = counting({1, 2}, Type::I16);
  wide->arrays[0].array.bytes = {std::byte(5), std::byte(0), std::byte(6), std::byte(0)};
  EXPECT_THAT(sample(feed(wide, {1, 2}, preprocess), 0), ElementsAre(5, 6));
}

TEST(InputFeed, RefusesOtherShapes) {
  expectError(
      [] {
        feed(counting({5, 27, 27}), {1, 1, 28, 28});
      },
      "holds an array of shape 5x27x27, but input 'x' takes 1x1x28x28");
  expectError(
      [] {
        feed(counting({2, 2, 3, 4}), {1, 3, 4, 2}, {1, {}, {}, "nhwc"});
      },
      "holds an array");
  expectError([] { feed(counting({0, 28, 28}), {1, 1, 28, 28}); }, "holds no sample");
  Preprocess three;
  three.mean = {1, 2, 3};
  expectError([&] { feed(counting({2, 2, 2}), {1, 1, 2, 2}, three); }, "are of 3 channels");
  expectError([&] { feed(counting({2, 3, 2, 3}), {1, 3, 2, 3}, three); }, "--layout tells");
  three.std = {1, 2};
  expectError([&] { feed(counting({1, 3}), {1, 3}, three); }, "expected as many");
  three.std = {0};
  expectError(
      [&] {
        feed(counting({1, 3}), {1, 3}, three);
      },
      "std is 0, expected a number that is not 0");
}

/// Files that vanish with the test.
class OpenInputs : public testing::Test {
protected:
  std::string write(const std::string &name, const std::string &content) {
    std::string path = testing::TempDir() + "open-inputs-" + name;
    std::ofstream(path, std::ios::binary) << content;
    paths.push_back(path);
    return path;
  }
  void TearDown() override {
    for (const std::string &path : paths)
      std::remove(path.c_str());
  }
  std::vector<std::string> paths;
};

TEST_F(OpenInputs, ByOrderAndByName) {
  std::vector<InputSpec> specs = {{"a", {1, 2}}, {"b=c", {1, 3}}};
  std::string two = write("two", idx({4, 2}, std::string(8, '\1')));
  std::string three = write("three", idx({1, 3}, std::string(3, '\2')));
  for (const auto &files :
       {std::vector<std::string>{two, three}, {"b=c=" + three, two}, {"a=" + two, three}}) {
    std::vector<InputFeed> feeds = openInputs(files, specs, {});
    EXPECT_EQ(feeds[0].path(), two);
    EXPECT_EQ(feeds[1].path(), three);
    EXPECT_EQ(sampleCount(feeds), 4);
  }
}

TEST_F(OpenInputs, RefusesWhatDoesNotMatch) {
  std::vector<InputSpec> specs = {{"a", {1, 2}}, {"b", {1, 2}}};
  std::string two = write("two", idx({2, 2}, std::string(4, '\1')));
  std::string three = write("three", idx({3, 2}, std::string(6, '\1')));
  auto open = [&](std::vector<std::string> files) {
    return [&specs, files] { openInputs(files, specs, {}); };
  };
  expectError(open({}), "input 'a' of shape 1x2 has no data");
  expectError(open({two}), "input 'b' of shape 1x2 has no data");
  expectError(open({two, two, two}), "every input has data already");
  expectError(open({two, "a=" + two}), "input 'a' has data already");
  expectError(open({"c=" + two}), "there is no input 'c'; the program has 'a', 'b'");
  expectError(open({two, three}), "holds 2 samples, but another input has 3");
  std::vector<NamedArray> others{{"x", counting({2})->arrays[0].array},
                                 {"y", counting({2})->arrays[0].array}};
  std::string archive = write("archive", "");
  writeNpz(archive, others);
  expectError(open({"a=" + archive}), "holds 2 arrays, none of them named 'a'");
}

} // namespace
