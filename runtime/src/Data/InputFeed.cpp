//===- InputFeed.cpp - samples of a data file as model inputs -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Data/InputFeed.h"

#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <sys/stat.h>

using namespace pim;
using namespace pim::data;

using Shape = std::vector<int64_t>;

static int64_t product(const Shape &shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

/// `shape` without its dimensions of size 1.
static Shape squeeze(Shape shape) {
  std::erase(shape, 1);
  return shape;
}

namespace {

enum class Order { None, Same, HwcToChw, ChwToHwc };

/// How a sample of shape `sample` fills an input of shape `input` (without batch), `layout` being
/// that of the sample.
Order matchShapes(const Shape &sample, const Shape &input, Layout layout) {
  if (product(sample) != product(input))
    return Order::None;
  bool images = sample.size() == 3 && input.size() == 3;
  bool toChw = images && input == Shape{sample[2], sample[0], sample[1]};
  bool toHwc = images && input == Shape{sample[1], sample[2], sample[0]};
  bool same = squeeze(sample) == squeeze(input);
  // A cube fits both ways; the layout decides, and models are channels-first.
  if (layout == Layout::Nhwc && same && toChw && squeeze(input).size() == 3)
    return Order::HwcToChw;
  if (same)
    return Order::Same;
  if (toChw && layout != Layout::Nchw)
    return Order::HwcToChw;
  if (toHwc && layout != Layout::Nhwc)
    return Order::ChwToHwc;
  // A vector takes, or gives, the elements in their order.
  if (squeeze(sample).size() <= 1 || squeeze(input).size() <= 1)
    return Order::Same;
  return Order::None;
}

} // namespace

InputFeed::InputFeed(std::shared_ptr<const Dataset> data, size_t index, InputSpec input,
                     Preprocess how)
    : dataset(std::move(data)), arrayIndex(index), spec(std::move(input)),
      preprocess(std::move(how)), layout(dataset->layout) {
  fitShape();
}

void InputFeed::fitShape() {
  const Array &values = array();
  Shape inputShape = spec.shape;
  if (!inputShape.empty() && inputShape[0] == 1)
    inputShape.erase(inputShape.begin());
  if (layout == Layout::Unknown && !preprocess.layout.empty())
    layout = preprocess.layout == "nhwc" ? Layout::Nhwc : Layout::Nchw;

  Shape sample = values.shape;
  Order order = Order::None;
  if (!sample.empty()) {
    samples = sample[0];
    sample.erase(sample.begin());
    order = matchShapes(sample, inputShape, layout);
  }
  if (order == Order::None && !dataset->batched) {
    samples = 1;
    sample = values.shape;
    order = matchShapes(sample, inputShape, layout);
    if (order == Order::None && sample.size() > 1 && sample[0] == 1)
      sample.erase(sample.begin());
  }
  if (order == Order::None)
    fail(dataset->path, ": holds an array of shape ", shapeText(values.shape), ", but input '",
         spec.name, "' takes ", shapeText(spec.shape),
         " (one sample, or many along the first dimension)");
  elements = product(inputShape);
  if (samples == 0 || elements == 0)
    fail(dataset->path, ": holds no sample: its shape is ", shapeText(values.shape));

  if (order == Order::HwcToChw || order == Order::ChwToHwc) {
    bool hwc = order == Order::HwcToChw;
    layout = hwc ? Layout::Nhwc : Layout::Nchw;
    int64_t height = sample[hwc ? 0 : 1], width = sample[hwc ? 1 : 2],
            channels = sample[hwc ? 2 : 0];
    int64_t pixels = height * width;
    if (elements > INT32_MAX)
      fail(dataset->path, ": a sample of shape ", shapeText(sample), " is too large");
    source.resize(static_cast<size_t>(elements));
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t p = 0; p < pixels; ++p) {
        int64_t asHwc = p * channels + c, asChw = c * pixels + p;
        source[static_cast<size_t>(hwc ? asChw : asHwc)] =
            static_cast<int32_t>(hwc ? asHwc : asChw);
      }
  }
  if (typeBytes(values.type) == 1 && values.type != Type::Bool && !preprocess.isIdentity())
    fitPreprocess(sample);
}

void InputFeed::fitPreprocess(const Shape &sample) {
  size_t count = std::max({preprocess.mean.size(), preprocess.std.size(), size_t(1)});
  for (auto [name, list] : {std::pair("mean", &preprocess.mean), {"std", &preprocess.std}})
    if (list->size() > 1 && list->size() != count)
      fail("mean has ", preprocess.mean.size(), " values and std has ", preprocess.std.size(),
           ", expected as many, or one");
  for (double std : preprocess.std)
    if (!(std != 0) || !std::isfinite(std))
      fail("std is ", std, ", expected a number that is not 0");
  channelCount = static_cast<int64_t>(count);
  if (count > 1) {
    // The channels are where the layout says, or else the one dimension of that size.
    std::vector<size_t> candidates;
    for (size_t d = 0; d < sample.size(); ++d) {
      bool possible =
          layout == Layout::Unknown || d == (layout == Layout::Nhwc ? sample.size() - 1 : 0);
      if (possible && sample[d] == channelCount)
        candidates.push_back(d);
    }
    if (candidates.size() != 1)
      fail(dataset->path, ": mean and std are of ", count, " channels, but a sample of shape ",
           shapeText(sample), " has ", candidates.empty() ? "no dimension" : "several dimensions",
           " of that size", layout == Layout::Unknown ? "; --layout tells which it is" : "");
    channelStride = product(
        Shape(sample.begin() + static_cast<std::ptrdiff_t>(candidates[0]) + 1, sample.end()));
  }
  bool isSigned = array().type == Type::I8;
  lookup.resize(count * 256);
  for (size_t c = 0; c < count; ++c)
    for (int byte = 0; byte < 256; ++byte) {
      double x = isSigned ? static_cast<int8_t>(byte) : byte;
      auto pick = [&](const std::vector<double> &list, double otherwise) {
        return list.empty() ? otherwise : list[list.size() == 1 ? 0 : c];
      };
      lookup[c * 256 + static_cast<size_t>(byte)] = static_cast<float>(
          (x * preprocess.scale - pick(preprocess.mean, 0)) / pick(preprocess.std, 1));
    }
  if (channelCount == 1)
    return;
  // Two divisions for each value, made once.
  channelLookup.resize(static_cast<size_t>(elements));
  for (int64_t i = 0; i < elements; ++i)
    channelLookup[static_cast<size_t>(i)] =
        static_cast<uint32_t>(position(i) / channelStride % channelCount) * 256;
}

void InputFeed::read(int64_t index, std::span<float> values) const {
  const Array &from = array();
  int64_t begin = index * elements;
  if (!lookup.empty()) {
    const auto *bytes = reinterpret_cast<const uint8_t *>(from.bytes.data()) + begin;
    if (channelCount == 1) {
      for (int64_t i = 0; i < elements; ++i)
        values[static_cast<size_t>(i)] = lookup[bytes[position(i)]];
      return;
    }
    for (int64_t i = 0; i < elements; ++i)
      values[static_cast<size_t>(i)] =
          lookup[channelLookup[static_cast<size_t>(i)] + size_t(bytes[position(i)])];
    return;
  }
  if (from.type == Type::F32 && source.empty()) {
    std::copy_n(reinterpret_cast<const float *>(from.bytes.data()) + begin, elements,
                values.begin());
    return;
  }
  for (int64_t i = 0; i < elements; ++i)
    values[static_cast<size_t>(i)] = static_cast<float>(from.at(begin + position(i)));
}

//===----------------------------------------------------------------------===//
// Files and inputs
//===----------------------------------------------------------------------===//

namespace {

/// A file of the command line and the input it is for, if it says so.
struct FileArgument {
  std::string path;
  std::optional<size_t> input;
};

FileArgument splitArgument(const std::string &text, std::span<const InputSpec> inputs) {
  // Names may hold a '=', so the known ones are tried rather than the text split.
  for (size_t i = 0; i < inputs.size(); ++i)
    if (text.starts_with(inputs[i].name + "="))
      return {text.substr(inputs[i].name.size() + 1), i};
  struct stat status;
  size_t equals = text.find('=');
  if (equals != std::string::npos && stat(text.c_str(), &status) != 0) {
    std::string names;
    for (const InputSpec &input : inputs)
      names.append(names.empty() ? "'" : ", '").append(input.name).append("'");
    fail("there is no input '", text.substr(0, equals), "'; the program has ", names);
  }
  return {text, std::nullopt};
}

class Matcher {
public:
  Matcher(std::span<const InputSpec> inputs, const Preprocess &preprocess)
      : inputs(inputs), preprocess(preprocess), feeds(inputs.size()) {}

  void add(const FileArgument &file) {
    auto loaded = std::make_shared<const Dataset>(load(file.path));
    const Dataset &dataset = *loaded;
    if (file.input)
      return assign(*file.input, loaded, onlyArray(dataset, inputs[*file.input].name));
    std::vector<bool> used(dataset.arrays.size());
    if (used.size() > 1)
      for (size_t a = 0; a < used.size(); ++a)
        for (size_t i = 0; i < inputs.size(); ++i)
          if (dataset.arrays[a].name == inputs[i].name) {
            used[a] = true;
            assign(i, loaded, a);
          }
    for (size_t a = 0; a < used.size(); ++a)
      if (!used[a])
        assign(nextFree(file.path), loaded, a);
  }

  std::vector<InputFeed> finish() {
    std::vector<InputFeed> result;
    int64_t most = 1;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!feeds[i])
        fail("input '", inputs[i].name, "' of shape ", shapeText(inputs[i].shape),
             " has no data; --input gives it some");
      most = std::max(most, feeds[i]->sampleCount());
      result.push_back(std::move(*feeds[i]));
    }
    for (const InputFeed &feed : result)
      if (feed.sampleCount() != 1 && feed.sampleCount() != most)
        fail(feed.path(), ": holds ", feed.sampleCount(), " samples, but another input has ", most);
    return result;
  }

private:
  size_t onlyArray(const Dataset &dataset, const std::string &name) const {
    if (dataset.arrays.size() == 1)
      return 0;
    for (size_t a = 0; a < dataset.arrays.size(); ++a)
      if (dataset.arrays[a].name == name)
        return a;
    fail(dataset.path, ": holds ", dataset.arrays.size(), " arrays, none of them named '", name,
         "'");
  }

  size_t nextFree(const std::string &path) const {
    for (size_t i = 0; i < feeds.size(); ++i)
      if (!feeds[i])
        return i;
    fail(path, ": every input has data already; there are ", inputs.size());
  }

  void assign(size_t input, std::shared_ptr<const Dataset> dataset, size_t array) {
    if (feeds[input])
      fail(dataset->path, ": input '", inputs[input].name, "' has data already");
    feeds[input].emplace(std::move(dataset), array, inputs[input], preprocess);
  }

  std::span<const InputSpec> inputs;
  const Preprocess &preprocess;
  std::vector<std::optional<InputFeed>> feeds;
};

} // namespace

std::vector<InputFeed> pim::data::openInputs(std::span<const std::string> files,
                                             std::span<const InputSpec> inputs,
                                             const Preprocess &preprocess) {
  Matcher matcher(inputs, preprocess);
  for (const std::string &file : files)
    matcher.add(splitArgument(file, inputs));
  return matcher.finish();
}

int64_t pim::data::sampleCount(std::span<const InputFeed> feeds) {
  int64_t most = 0;
  for (const InputFeed &feed : feeds)
    most = std::max(most, feed.sampleCount());
  return most;
}
