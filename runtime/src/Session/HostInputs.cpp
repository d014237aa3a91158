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

/// What each input is; tensors have a rank, mostly.
std::vector<ContainerType> containerTypes(const program::Program &program) {
  const auto &ports = program.header.inputs;
  std::vector<ContainerType> types(ports.size());
  if (std::none_of(ports.begin(), ports.end(), [](const auto &port) { return port->open_rank; }))
    return types;
  graph::Graph graph =
      graph::deserialize(std::as_bytes(std::span(program.header.host_calls[0]->graph)));
  for (size_t i = 0; i < types.size(); ++i)
    types[i] = containerType(graph, i);
  return types;
}

data::Value loadContainer(const std::string &path, ContainerType type, ElementType element) {
  data::Value value =
      type.isSequence ? data::loadSequence(path, type.isOptional) : data::loadOptional(path);
  if (auto *array = std::get_if<data::Array>(&value))
    *array = convertArray(*array, element, path);
  if (auto *arrays = std::get_if<std::vector<data::Array>>(&value))
    for (data::Array &array : *arrays)
      array = convertArray(array, element, path);
  return value;
}

} // namespace

void HostInputs::assign(Input &input, const fb::PortT &port,
                        const std::shared_ptr<const data::Dataset> &dataset, size_t index,
                        const data::Preprocess &preprocess) {
  if (isBatched(port, *dataset)) {
    std::vector<int64_t> shape(port.shape.begin(), port.shape.end());
    shape[0] = std::max<int64_t>(shape[0], 1);
    input.feed.emplace(dataset, index, data::InputSpec{port.name, shape}, preprocess);
    input.shape = shape;
    samples = std::max(samples, input.feed->sampleCount());
  } else {
    input.whole = convertArray(dataset->arrays[index].array, input.element, dataset->path);
    input.samplesInWhole = takeSamples(port, input.whole);
    if (!port.open_rank)
      checkShape(port, input.whole, dataset->path);
    samples = std::max(samples, input.samplesInWhole);
    if (!port.open_rank && port.shape.empty())
      input.whole.shape.clear();
  }
  if (ownLabels.empty())
    ownLabels = dataset->labels;
}

HostInputs::HostInputs(const program::Program &program, std::span<const std::string> files,
                       const data::Preprocess &preprocess) {
  const auto &ports = program.header.inputs;
  std::vector<ContainerType> types = containerTypes(program);
  std::vector<bool> filled(ports.size());
  for (const auto &port : ports) {
    Input &input = inputs.emplace_back();
    input.name = port->name;
    input.element = ElementType(port->element);
  }
  auto fill = [&](size_t i, const std::string &path) {
    if (filled[i])
      fail(path, ": input '", ports[i]->name, "' has data already");
    filled[i] = true;
  };
  for (const std::string &text : files) {
    FileArgument file = splitArgument(text, ports);
    size_t next = std::find(filled.begin(), filled.end(), false) - filled.begin();
    size_t first = file.input.value_or(next);
    if (first < ports.size() && !types[first].isTensor()) {
      fill(first, file.path);
      inputs[first].value = loadContainer(file.path, types[first], inputs[first].element);
      continue;
    }
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
      if (!types[*to].isTensor())
        fail(file.path, ": input '", ports[*to]->name,
             "' is no tensor; give it a file of its own, as ", ports[*to]->name, "=FILE");
      fill(*to, file.path);
      assign(inputs[*to], *ports[*to], dataset, a, preprocess);
    }
  }
  for (size_t i = 0; i < ports.size(); ++i)
    if (!filled[i])
      fail("input '", ports[i]->name, "' has no data; --input gives it some");
  for (const Input &input : inputs)
    if (input.sampleCount() != 1 && input.sampleCount() != samples)
      fail("input '", input.name, "' has ", input.sampleCount(), " samples, but another input has ",
           samples);
}

std::vector<data::Value> HostInputs::read(int64_t index) const {
  std::vector<data::Value> values;
  for (const Input &input : inputs) {
    int64_t sample = input.sampleCount() == 1 ? 0 : index;
    if (input.value) {
      values.push_back(*input.value);
      continue;
    }
    data::Array value;
    if (!input.feed) {
      size_t bytes = input.whole.bytes.size() / size_t(input.samplesInWhole);
      auto begin = input.whole.bytes.begin() + sample * int64_t(bytes);
      values.push_back(data::Array{
          input.whole.type, input.whole.shape, {begin, begin + int64_t(bytes)}, input.whole.texts});
      continue;
    }
    value.type = data::Type::F32;
    value.shape = input.shape;
    value.bytes.resize(static_cast<size_t>(input.feed->elementsPerSample()) * sizeof(float));
    input.feed->read(sample, {reinterpret_cast<float *>(value.bytes.data()),
                              static_cast<size_t>(input.feed->elementsPerSample())});
    values.push_back(std::move(value));
  }
  return values;
}
