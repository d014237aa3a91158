//===- Checker.cpp - the simulator against the reference ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Check/Checker.h"

#include "pim/Runtime/Graph/ReferenceEvaluator.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <unordered_map>

using namespace pim;
using namespace pim::runtime;

void LayerCheck::add(const LayerCheck &other) {
  comparedValues += other.comparedValues;
  mismatchedValues += other.mismatchedValues;
  squaredError += other.squaredError;
  sum += other.sum;
  sumOfSquares += other.sumOfSquares;
}

std::optional<double> LayerCheck::relativeError() const {
  if (comparedValues == 0)
    return std::nullopt;
  const double signal = sumOfSquares - sum * sum / double(comparedValues);
  // What rounding leaves of values that are all the same is no signal.
  if (!(signal > 1e-12 * sumOfSquares))
    return std::nullopt;
  return squaredError / signal;
}

void CheckResult::merge(CheckResult other) {
  comparedValues += other.comparedValues;
  mismatchedValues += other.mismatchedValues;
  layers.resize(std::max(layers.size(), other.layers.size()));
  for (size_t i = 0; i < other.layers.size(); ++i)
    layers[i].add(other.layers[i]);
  if (other.first && (!first || other.first->sample < first->sample))
    first = std::move(other.first);
}

//===----------------------------------------------------------------------===//
// Reference
//===----------------------------------------------------------------------===//

Reference::Reference(const program::Program &program) : owner(program) {
  if (program.reference.empty())
    fail("the program has no reference graph to check with");
  referenceGraph = graph::deserialize(program.reference);
  matchPorts();
  matchLayers();
}

void Reference::matchPorts() const {
  auto match = [&](const std::vector<int> &tensors, const auto &ports, const char *role) {
    if (tensors.size() != ports.size())
      fail("the reference graph has ", tensors.size(), " ", role, "s, but the program has ",
           ports.size());
    for (size_t i = 0; i < ports.size(); ++i) {
      const graph::Tensor &tensor = referenceGraph.tensors[tensors[i]];
      if (tensor.element != static_cast<ElementType>(ports[i]->element) ||
          !std::equal(tensor.shape.begin(), tensor.shape.end(), ports[i]->shape.begin(),
                      ports[i]->shape.end()))
        fail("the reference graph has another type or shape for ", role, " '", ports[i]->name, "'");
    }
  };
  match(referenceGraph.inputs, owner.header.inputs, "input");
  match(referenceGraph.outputs, owner.header.outputs, "output");
}

void Reference::matchLayers() {
  std::unordered_map<std::string, int> byName;
  for (size_t i = 0; i < referenceGraph.tensors.size(); ++i)
    byName.emplace(referenceGraph.tensors[i].name, static_cast<int>(i));
  for (const std::vector<program::LayerResult> &results :
       program::layerResults(owner, referenceGraph)) {
    const std::string &layer = owner.header.layers[pairs.size()]->name;
    std::vector<Pair> &tensors = pairs.emplace_back();
    for (const program::LayerResult &result : results) {
      auto found = byName.find(result.reference);
      if (found == byName.end())
        fail("layer '", layer, "' refers to tensor '", result.reference,
             "', which the reference graph lacks");
      requireFits(result, referenceGraph.tensors[found->second], layer);
      tensors.push_back({result.tensor, found->second});
    }
  }
}

void Reference::requireFits(const program::LayerResult &result, const graph::Tensor &tensor,
                            const std::string &layer) const {
  const fb::TensorDescriptorT &stored = *owner.header.tensors[result.tensor];
  int64_t count = 1;
  for (uint32_t size : stored.sizes)
    count *= size;
  if (tensor.element != static_cast<ElementType>(stored.element) || tensor.elementCount() != count)
    fail("layer '", layer, "' leaves ", count, " values, which do not fit tensor '",
         result.reference, "' of the reference graph");
}

//===----------------------------------------------------------------------===//
// Checker
//===----------------------------------------------------------------------===//

struct Checker::State {
  explicit State(std::shared_ptr<const Reference> shared)
      : reference(std::move(shared)), evaluator(reference->graph()) {}

  std::shared_ptr<const Reference> reference;
  graph::ReferenceEvaluator evaluator;
};

Checker::Checker(std::shared_ptr<const Reference> reference)
    : state(std::make_unique<State>(std::move(reference))) {
  takeResult();
}
Checker::~Checker() = default;

CheckResult Checker::takeResult() {
  CheckResult empty;
  empty.layers.resize(state->reference->program().header.layers.size());
  return std::exchange(total, std::move(empty));
}

void Checker::start(int64_t index, std::span<const std::span<const std::byte>> inputs) {
  sample = index;
  state->evaluator.run(inputs);
}

void Checker::compareLayer(size_t layer,
                           const std::function<std::span<const std::byte>(uint32_t tensor)> &read) {
  const fb::LayerT &described = *state->reference->program().header.layers[layer];
  const std::string name = "layer '" + described.name + "' (" + described.op + ")";
  size_t index = 0;
  for (const Reference::Pair &pair : state->reference->pairsOf(layer)) {
    std::string where = index ? "result " + std::to_string(index) + " of " + name : name;
    total.layers[layer].add(
        compare(state->evaluator.tensor(pair.expected), read(pair.stored), where));
    ++index;
  }
}

void Checker::compareOutput(size_t port, std::span<const std::byte> bytes) {
  const Reference &reference = *state->reference;
  compare(state->evaluator.tensor(reference.graph().outputs[port]), bytes,
          "output '" + reference.program().header.outputs[port]->name + "'");
}

namespace {

std::vector<int64_t> unflatten(size_t position, std::span<const int64_t> shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    index[d] = static_cast<int64_t>(position % static_cast<size_t>(shape[d]));
    position /= static_cast<size_t>(shape[d]);
  }
  return index;
}

template <typename T> std::string valueText(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", static_cast<double>(value));
    return text;
  } else {
    return std::to_string(value);
  }
}

/// Whether two values agree.
template <typename T> struct Agreement {
  explicit Agreement(std::span<const T> expected) {
    if constexpr (std::is_floating_point_v<T>)
      for (T value : expected)
        if (std::isfinite(value))
          allowed = std::max(allowed, checkTolerance * std::fabs(value));
  }
  bool operator()(T found, T expected) const {
    if constexpr (std::is_floating_point_v<T>)
      return found == expected || (std::isnan(found) && std::isnan(expected)) ||
             std::fabs(found - expected) <= allowed;
    else
      return found == expected;
  }
  T allowed = 0;
};

/// Sum and sum of squares of the finite ones.
template <typename T> void addMoments(std::span<const T> values, LayerCheck &result) {
  // Integers of small types add up exactly, and fast.
  using Sum = std::conditional_t<sizeof(T) <= 2, int64_t, double>;
  Sum sum = 0, squares = 0;
  for (T value : values)
    if (std::isfinite(double(value))) {
      sum += Sum(value);
      squares += Sum(value) * Sum(value);
    }
  result.sum = double(sum);
  result.sumOfSquares = double(squares);
}

} // namespace

LayerCheck Checker::compare(const graph::TensorView &expected, std::span<const std::byte> found,
                            const std::string &where) {
  LayerCheck result;
  auto compareAs = [&]<typename T>(T) {
    std::span<const T> values = expected.values<T>();
    result.comparedValues = values.size();
    addMoments(values, result);
    if constexpr (!std::is_floating_point_v<T>)
      if (std::memcmp(values.data(), found.data(), found.size()) == 0)
        return;
    Agreement<T> agree(values);
    for (size_t i = 0; i < values.size(); ++i) {
      T value;
      std::memcpy(&value, found.data() + i * sizeof(T), sizeof(T));
      if (agree(value, values[i]))
        continue;
      ++result.mismatchedValues;
      if (const double error = double(value) - double(values[i]); std::isfinite(error))
        result.squaredError += error * error;
      if (!total.first)
        total.first = Difference{where, sample, unflatten(i, expected.shape), valueText(value),
                                 valueText(values[i])};
    }
  };
  if (found.size() != expected.bytes.size())
    fail(where, ": has ", found.size(), " bytes, but the reference has ", expected.bytes.size());
  switch (expected.element) {
  case ElementType::I1:
  case ElementType::I8:
    compareAs(int8_t());
    break;
  case ElementType::I16:
    compareAs(int16_t());
    break;
  case ElementType::I32:
    compareAs(int32_t());
    break;
  case ElementType::I64:
    compareAs(int64_t());
    break;
  case ElementType::F32:
    compareAs(float());
    break;
  default:
    fail(where, ": no program has results of type ", elementName(expected.element));
  }
  total.comparedValues += result.comparedValues;
  total.mismatchedValues += result.mismatchedValues;
  return result;
}
