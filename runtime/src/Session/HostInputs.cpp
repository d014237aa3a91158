//===- HostInputs.cpp - data for the inputs of a host program -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostModel.h"

#include "pim/Runtime/Session/HostSession.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <span>
#include <sys/stat.h>

using namespace pim;
using namespace pim::runtime;

namespace {

/// One file of the command line, and the input that it names, if it names one.
struct FileArgument {
  std::string path;
  std::optional<size_t> input;
};

FileArgument splitArgument(const std::string &text,
                           const std::vector<std::unique_ptr<fb::PortT>> &ports) {
  for (size_t i = 0; i < ports.size(); ++i)
    if (text.starts_with(ports[i]->name + "="))
      return {text.substr(ports[i]->name.size() + 1), i};
  struct stat status;
  if (size_t equals = text.find('='); equals != std::string::npos && stat(text.c_str(), &status)) {
    std::string names;
    for (const auto &port : ports)
      names.append(names.empty() ? "'" : ", '").append(port->name).append("'");
    fail("there is no input '", text.substr(0, equals), "'; the program has ", names);
  }
  return {text, std::nullopt};
}

/// Whether entries of the data along the first dimension are samples of their own.
bool isBatched(const fb::PortT &port, const data::Dataset &dataset) {
  if (dataset.format == data::Format::TensorProto || port.shape.empty() ||
      ElementType(port.element) != ElementType::F32)
    return false;
  return std::all_of(port.shape.begin() + 1, port.shape.end(), [](int64_t d) { return d > 0; });
}

/// How many samples `array` holds, entries of one dimension more than `port` has or of a first one
/// that is 1 there; it is then given the shape of one.
int64_t takeSamples(const fb::PortT &port, data::Array &array) {
  bool isFixed =
      std::all_of(port.shape.begin(), port.shape.end(), [](int64_t d) { return d >= 0; });
  if (!isFixed || port.open_rank || array.type == data::Type::Text || array.shape == port.shape ||
      array.shape.empty() || array.shape[0] == 0)
    return 1;
  std::span<const int64_t> entry = std::span(array.shape).subspan(1);
  std::span<const int64_t> wanted(port.shape);
  if (entry.size() < wanted.size() && wanted[0] == 1)
    wanted = wanted.subspan(1);
  if (!std::equal(entry.begin(), entry.end(), wanted.begin(), wanted.end()))
    return 1;
  int64_t samples = array.shape[0];
  array.shape = port.shape;
  return samples;
}

/// A number may come as a list of one.
void checkShape(const fb::PortT &port, const data::Array &array, const std::string &path) {
  bool isNumber = port.shape.empty() && array.elementCount() == 1;
  bool fits = isNumber || array.shape.size() == port.shape.size();
  for (size_t d = 0; fits && d < port.shape.size(); ++d)
    fits = port.shape[d] < 0 || port.shape[d] == array.shape[d];
  if (!fits)
    fail(path, ": has shape ", data::shapeText(array.shape), ", input '", port.name, "' has ",
         data::shapeText({port.shape.begin(), port.shape.end()}));
}

} // namespace

HostInputs::HostInputs(const program::Program &program, std::span<const std::string> files,
                       const data::Preprocess &preprocess) {
  const auto &ports = program.header.inputs;
  std::vector<bool> filled(ports.size());
  inputs.resize(ports.size());
  auto assign = [&](size_t i, const std::shared_ptr<const data::Dataset> &dataset, size_t a) {
    const fb::PortT &port = *ports[i];
    if (filled[i])
      fail(dataset->path, ": input '", port.name, "' has data already");
    filled[i] = true;
    Input &input = inputs[i];
    input.name = port.name;
    input.element = ElementType(port.element);
    if (isBatched(port, *dataset)) {
      std::vector<int64_t> shape(port.shape.begin(), port.shape.end());
      shape[0] = std::max<int64_t>(shape[0], 1);
      input.feed.emplace(dataset, a, data::InputSpec{port.name, shape}, preprocess);
      input.shape = shape;
      samples = std::max(samples, input.feed->sampleCount());
    } else {
      data::Array array = dataset->arrays[a].array;
      input.samplesInWhole = takeSamples(port, array);
      if (!port.open_rank)
        checkShape(port, array, dataset->path);
      array.shape.insert(array.shape.begin(), input.samplesInWhole);
      input.whole = convertArray(array, input.element, dataset->path);
      input.whole.shape.erase(input.whole.shape.begin());
      samples = std::max(samples, input.samplesInWhole);
      if (!port.open_rank && port.shape.empty())
        input.whole.shape.clear();
    }
    if (ownLabels.empty())
      ownLabels = dataset->labels;
  };
  for (const std::string &text : files) {
    FileArgument file = splitArgument(text, ports);
    auto dataset = std::make_shared<const data::Dataset>(data::load(file.path));
    for (size_t a = 0; a < dataset->arrays.size(); ++a) {
      std::optional<size_t> to = file.input;
      for (size_t i = 0; !to && dataset->arrays.size() > 1 && i < ports.size(); ++i)
        if (ports[i]->name == dataset->arrays[a].name)
          to = i;
      for (size_t i = 0; !to && i < ports.size(); ++i)
        if (!filled[i])
          to = i;
      if (!to)
        fail(file.path, ": every input has data already; there are ", ports.size());
      assign(*to, dataset, a);
    }
  }
  for (size_t i = 0; i < ports.size(); ++i)
    if (!filled[i])
      fail("input '", ports[i]->name, "' has no data");
  for (const Input &input : inputs)
    if (input.sampleCount() != 1 && input.sampleCount() != samples)
      fail("input '", input.name, "' has ", input.sampleCount(), " samples, but another input has ",
           samples);
}

std::vector<data::Array> HostInputs::read(int64_t index) const {
  std::vector<data::Array> values;
  for (const Input &input : inputs) {
    int64_t sample = input.sampleCount() == 1 ? 0 : index;
    data::Array &value = values.emplace_back();
    if (!input.feed) {
      size_t bytes = input.whole.bytes.size() / size_t(input.samplesInWhole);
      auto begin = input.whole.bytes.begin() + sample * int64_t(bytes);
      value = {
          input.whole.type, input.whole.shape, {begin, begin + int64_t(bytes)}, input.whole.texts};
      continue;
    }
    value.type = data::Type::F32;
    value.shape = input.shape;
    value.bytes.resize(static_cast<size_t>(input.feed->elementsPerSample()) * sizeof(float));
    input.feed->read(sample, {reinterpret_cast<float *>(value.bytes.data()),
                              static_cast<size_t>(input.feed->elementsPerSample())});
  }
  return values;
}
