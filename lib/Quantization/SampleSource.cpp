//===- SampleSource.cpp - the inputs that calibration runs on -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleSource.h"

#include "pim/Support/Error.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace mlir::pim;
namespace data = ::pim::data;

namespace {

/// A generator whose numbers are the same on every platform (SplitMix64, Steele et al. 2014).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  /// In (0, 1].
  double uniform() { return double((next() >> 11) + 1) * 0x1p-53; }
  double normal() {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform());
  }

private:
  uint64_t state;
};

/// Random inputs teach little, so a few are enough: as many as bring this many values, but some.
constexpr int64_t randomValues = 1 << 18, fewestRandomSamples = 2, mostRandomSamples = 16;

} // namespace

SampleSource::SampleSource(const ::pim::graph::Graph &graph, const CalibrationOptions &options)
    : graph(graph),
      seed(options.seed), preprocess{options.preprocess.scale, options.preprocess.mean,
                                     options.preprocess.std, options.preprocess.layout} {
  std::vector<data::InputSpec> specs;
  for (int input : graph.inputs) {
    const ::pim::graph::Tensor &tensor = graph.tensors[input];
    specs.push_back({tensor.name, tensor.shape});
    buffers.emplace_back(size_t(tensor.elementCount()));
    integers.emplace_back();
  }
  if (options.data.empty()) {
    int64_t values = 1;
    for (const std::vector<float> &buffer : buffers)
      values += int64_t(buffer.size());
    samples = std::min(options.samples,
                       std::clamp(randomValues / values, fewestRandomSamples, mostRandomSamples));
    return;
  }
  feeds = data::openInputs(options.data, specs, preprocess);
  samples = std::min(options.samples, data::sampleCount(feeds));
}

std::string SampleSource::describe() const {
  return preprocess.isIdentity() ? "seeded random inputs of mean 0 and deviation 1"
                                 : "seeded random bytes, preprocessed as given";
}

void SampleSource::readRandom(int64_t sample) {
  Random random(seed * 0x2545f4914f6cdd1dull + uint64_t(sample));
  auto pick = [](const std::vector<double> &list, double otherwise, size_t index) {
    return list.empty() ? otherwise : list[index % list.size()];
  };
  for (auto [input, buffer] : llvm::zip_equal(graph.inputs, buffers))
    for (size_t i = 0; i < buffer.size(); ++i) {
      if (graph.tensors[size_t(input)].element != ::pim::ElementType::F32) {
        buffer[i] = float(random.next() >> 63); // an index or a flag, most likely
        continue;
      }
      if (preprocess.isIdentity()) {
        buffer[i] = float(random.normal());
        continue;
      }
      // Which channel an element belongs to matters little here.
      double byte = double(random.next() >> 56) * preprocess.scale;
      buffer[i] = float((byte - pick(preprocess.mean, 0, i)) / pick(preprocess.std, 1, i));
    }
}

template <typename T>
static void roundTo(const std::vector<float> &values, std::vector<std::byte> &bytes) {
  bytes.resize(values.size() * sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    // Data are floats; of an integer that none can hold, the nearest that one can.
    double most = double(std::numeric_limits<T>::max()), least = std::numeric_limits<T>::min();
    T value =
        T(std::clamp(std::isnan(values[i]) ? 0.0 : std::nearbyint(double(values[i])), least, most));
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
}

/// The values read last, as the input wants them.
std::span<const std::byte> SampleSource::elementsOf(size_t input) {
  using ::pim::ElementType;
  const ::pim::graph::Tensor &tensor = graph.tensors[size_t(graph.inputs[input])];
  switch (tensor.element) {
  case ElementType::F32:
    return std::as_bytes(std::span(buffers[input]));
  case ElementType::I1:
  case ElementType::I8:
    roundTo<int8_t>(buffers[input], integers[input]);
    break;
  case ElementType::I16:
    roundTo<int16_t>(buffers[input], integers[input]);
    break;
  case ElementType::I32:
    roundTo<int32_t>(buffers[input], integers[input]);
    break;
  default:
    ::pim::fail("input '", tensor.name, "' has elements of type ",
                ::pim::elementName(tensor.element), ", which calibration cannot give");
  }
  return integers[input];
}

void SampleSource::read(int64_t sample, std::vector<std::span<const std::byte>> &inputs) {
  if (isRandom())
    readRandom(sample);
  inputs.clear();
  for (size_t i = 0; i < buffers.size(); ++i) {
    if (!isRandom()) // a file of one sample serves all
      feeds[i].read(feeds[i].sampleCount() == 1 ? 0 : sample, buffers[i]);
    inputs.push_back(elementsOf(i));
  }
}
