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

using namespace pim;
using namespace pim::runtime;

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

data::Type runtime::arrayType(ElementType element) {
  switch (element) {
  case ElementType::I1:
    return data::Type::Bool;
  case ElementType::I8:
    return data::Type::I8;
  case ElementType::I16:
    return data::Type::I16;
  case ElementType::I32:
    return data::Type::I32;
  case ElementType::I64:
    return data::Type::I64;
  case ElementType::F32:
  case ElementType::BF16:
  case ElementType::F8E4M3FN:
  case ElementType::F8E4M3FNUZ:
  case ElementType::F8E5M2:
  case ElementType::F8E5M2FNUZ:
    return data::Type::F32;
  case ElementType::U8:
  case ElementType::U4:
    return data::Type::U8;
  case ElementType::I4:
    return data::Type::I8;
  case ElementType::U16:
    return data::Type::U16;
  case ElementType::U32:
    return data::Type::U32;
  case ElementType::U64:
    return data::Type::U64;
  case ElementType::F16:
    return data::Type::F16;
  case ElementType::F64:
    return data::Type::F64;
  case ElementType::STRING:
    return data::Type::Text;
  }
  fail("values of element type ", int(element), " cannot be read or written");
}

template <typename T>
static void storeAll(const data::Array &from, data::Array &to, const std::string &what) {
  for (int64_t i = 0; i < from.elementCount(); ++i) {
    T value;
    if constexpr (std::is_floating_point_v<T>) {
      value = static_cast<T>(from.at(i));
    } else {
      double real = from.at(i);
      value = from.isInteger() ? static_cast<T>(from.integerAt(i)) : static_cast<T>(real);
      if (static_cast<double>(value) != real)
        fail(what, ": element ", i, " is ", real, ", which is no ", data::typeName(to.type));
    }
    std::memcpy(to.bytes.data() + static_cast<size_t>(i) * sizeof(T), &value, sizeof(T));
  }
}

data::Array runtime::convertArray(const data::Array &array, ElementType element,
                                  const std::string &what) {
  data::Type type = arrayType(element);
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
      result.type = arrayType(view.element);
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
