//===- HostModel.cpp - the graph of a host program, ready to run --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostModel.h"

#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Runtime/Graph/ReferenceEvaluator.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace pim;
using namespace pim::runtime;

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// Whether `real` is in the range of T, outside which a cast is undefined.
template <typename T> static bool isInRange(double real) {
  using Limits = std::numeric_limits<T>;
  return real >= static_cast<double>(Limits::min()) && real < std::ldexp(1.0, Limits::digits);
}

template <typename T>
static void storeAll(const data::Array &from, data::Array &to, const std::string &what) {
  for (int64_t i = 0; i < from.elementCount(); ++i) {
    T value = 0;
    if constexpr (std::is_floating_point_v<T>) {
      value = static_cast<T>(from.at(i));
    } else {
      double real = from.at(i);
      if (from.isInteger())
        value = static_cast<T>(from.integerAt(i));
      else if (isInRange<T>(real))
        value = static_cast<T>(real);
      if (static_cast<double>(value) != real)
        fail(what, ": element ", i, " is ", real, ", which is no ", data::typeName(to.type));
    }
    std::memcpy(to.bytes.data() + static_cast<size_t>(i) * sizeof(T), &value, sizeof(T));
  }
}

/// Integers of less than a byte have their own range.
static void requireInRange(const data::Array &array, ElementType element, const std::string &what) {
  if (element == ElementType::STRING || element == ElementType::I1 || !array.isInteger() ||
      elementBits(element) >= 8)
    return;
  size_t bits = elementBits(element);
  bool isSigned = element == ElementType::I4 || element == ElementType::I2;
  int64_t least = isSigned ? -(int64_t(1) << (bits - 1)) : 0, greatest = least + (1 << bits) - 1;
  for (int64_t i = 0; i < array.elementCount(); ++i)
    if (int64_t value = array.integerAt(i); value < least || value > greatest)
      fail(what, ": element ", i, " is ", value, ", which is no ", elementName(element));
}

static data::Array convertTo(const data::Array &array, data::Type type, const std::string &what) {
  if (array.type == type)
    return array;
  if (array.type == data::Type::Text || type == data::Type::Text)
    fail(what, ": holds ", data::typeName(array.type), ", expected ", data::typeName(type));
  data::Array result;
  result.type = type;
  result.shape = array.shape;
  result.bytes.resize(static_cast<size_t>(array.elementCount()) * data::typeBytes(type));
  switch (type) {
  case data::Type::Bool:
    for (int64_t i = 0; i < array.elementCount(); ++i)
      result.bytes[static_cast<size_t>(i)] = std::byte(array.at(i) != 0);
    break;
  case data::Type::U8:
    storeAll<uint8_t>(array, result, what);
    break;
  case data::Type::I8:
    storeAll<int8_t>(array, result, what);
    break;
  case data::Type::U16:
    storeAll<uint16_t>(array, result, what);
    break;
  case data::Type::I16:
    storeAll<int16_t>(array, result, what);
    break;
  case data::Type::U32:
    storeAll<uint32_t>(array, result, what);
    break;
  case data::Type::I32:
    storeAll<int32_t>(array, result, what);
    break;
  case data::Type::U64:
    storeAll<uint64_t>(array, result, what);
    break;
  case data::Type::I64:
    storeAll<int64_t>(array, result, what);
    break;
  case data::Type::F32:
    storeAll<float>(array, result, what);
    break;
  case data::Type::F64:
    storeAll<double>(array, result, what);
    break;
  case data::Type::F16:
    for (int64_t i = 0; i < array.elementCount(); ++i) {
      auto half = static_cast<_Float16>(array.at(i));
      std::memcpy(result.bytes.data() + 2 * i, &half, 2);
    }
    break;
  default:
    fail(what, ": holds ", data::typeName(array.type), ", expected ", data::typeName(type));
  }
  return result;
}

data::Array runtime::convertArray(const data::Array &array, ElementType element,
                                  const std::string &what) {
  data::Array result = convertTo(array, data::arrayType(element), what);
  requireInRange(result, element, what);
  return result;
}

//===----------------------------------------------------------------------===//
// Evaluators
//===----------------------------------------------------------------------===//

bool runtime::isOnnxGraph(const graph::Graph &graph) {
  return std::all_of(graph.ops.begin(), graph.ops.end(),
                     [](const graph::Op &op) { return op.isONNX(); });
}

namespace {

/// A graph of TOSA operators, whose shapes are fixed.
template <typename Evaluator> class TosaModel : public HostModel {
public:
  TosaModel(const graph::Graph &graph, const target::Target::Host &host)
      : evaluator(graph), host(host) {}

  std::vector<data::Value> run(std::span<const data::Value> inputs) override {
    std::vector<std::span<const std::byte>> bytes;
    for (const data::Value &input : inputs)
      bytes.push_back(std::get<data::Array>(input).bytes);
    std::vector<data::Value> results;
    for (const graph::TensorView &view : evaluator.run(bytes)) {
      data::Array result;
      result.type = data::arrayType(view.element);
      result.shape.assign(view.shape.begin(), view.shape.end());
      result.bytes.assign(view.bytes.begin(), view.bytes.end());
      results.emplace_back(std::move(result));
    }
    return results;
  }

  HostWork work() const override { return hostWork(evaluator.graph(), host); }

private:
  Evaluator evaluator;
  const target::Target::Host &host;
};

} // namespace

std::unique_ptr<HostModel> runtime::makeHostModel(const graph::Graph &graph,
                                                  const target::Target::Host &host, bool plain) {
  if (isOnnxGraph(graph))
    return makeOnnxModel(graph);
  if (plain)
    return std::make_unique<TosaModel<graph::ReferenceEvaluator>>(graph, host);
  return std::make_unique<TosaModel<graph::HostEvaluator>>(graph, host);
}
