//===- Samples.cpp - labelled samples for training ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Samples.h"
#include "Network.h"

#include "pim/Support/Error.h"

namespace pim::compress {

Samples Samples::at(const Tensor &indices) const {
  return {inputs.index_select(0, indices), labels.index_select(0, indices)};
}

Samples Samples::slice(int64_t begin, int64_t end) const {
  return {inputs.slice(0, begin, end), labels.slice(0, begin, end)};
}

Samples loadSamples(const DataFiles &files, const data::Preprocess &preprocess,
                    const Network &network) {
  data::InputSpec spec{network.inputName(), network.inputShape()};
  data::InputFeed feed =
      data::openInputs(std::span(&files.images, 1), std::span(&spec, 1), preprocess).at(0);
  std::vector<int64_t> labels = feed.labels();
  if (!files.labels.empty())
    labels = data::loadLabels(files.labels);
  const std::string &where = files.labels.empty() ? feed.path() : files.labels;
  if (labels.empty())
    fail(feed.path(), ": comes without labels; give them with --labels");
  int64_t count = feed.sampleCount();
  if (static_cast<int64_t>(labels.size()) != count)
    fail(where, ": has ", labels.size(), " labels for ", count, " samples of ", feed.path());
  if (files.limit)
    count = std::min(count, *files.limit);

  std::vector<int64_t> used, classes;
  for (int64_t index = 0; index < count; ++index) {
    int64_t label = labels[static_cast<size_t>(index)];
    if (label == -1)
      continue;
    if (label < 0 || label >= network.classes())
      fail(where, ": sample ", index, " has label ", label, ", but the model has the classes 0 to ",
           network.classes() - 1);
    used.push_back(index);
    classes.push_back(label);
  }
  if (used.empty())
    fail(where, ": has no labelled sample");
  std::vector<int64_t> shape = network.inputShape();
  shape[0] = static_cast<int64_t>(used.size());
  Samples samples{at::empty(shape), at::tensor(classes, at::kLong)};
  float *out = samples.inputs.data_ptr<float>();
  int64_t elements = feed.elementsPerSample();
  for (int64_t index : used) {
    feed.read(index, std::span(out, static_cast<size_t>(elements)));
    out += elements;
  }
  if (!at::isfinite(samples.inputs).all().item<bool>())
    fail(feed.path(), ": has values that are not finite");
  return samples;
}

std::pair<Samples, Samples> split(const Samples &samples, double share, uint64_t seed) {
  int64_t count = samples.size();
  int64_t held =
      std::clamp<int64_t>(std::llround(share * static_cast<double>(count)), 1, count - 1);
  at::manual_seed(seed);
  Tensor order = at::randperm(count, at::kLong);
  Tensor first = std::get<0>(order.slice(0, 0, held).sort());
  Tensor rest = std::get<0>(order.slice(0, held).sort());
  return {samples.at(rest), samples.at(first)};
}

} // namespace pim::compress
