//===- OpRunner.h - one ONNX operator, run for a test -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_ONNX_OPRUNNER_H
#define PIM_RUNTIME_TESTS_ONNX_OPRUNNER_H

#include "pim/Runtime/ONNX/Interpreter.h"
#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pim::onnx {

template <typename T> constexpr ElementType elementTypeOf() {
  if constexpr (std::is_same_v<T, float>)
    return ElementType::F32;
  else if constexpr (std::is_same_v<T, double>)
    return ElementType::F64;
  else if constexpr (std::is_same_v<T, bool>)
    return ElementType::I1;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return ElementType::U8;
  else if constexpr (std::is_same_v<T, int8_t>)
    return ElementType::I8;
  else if constexpr (std::is_same_v<T, int32_t>)
    return ElementType::I32;
  else
    return ElementType::I64;
}

template <typename T> Tensor tensor(Shape shape, const std::vector<T> &values) {
  Tensor result(elementTypeOf<T>(), std::move(shape));
  EXPECT_EQ(result.count(), static_cast<int64_t>(values.size()));
  if constexpr (std::is_same_v<T, bool>)
    std::copy(values.begin(), values.end(), result.data<uint8_t>());
  else
    std::copy(values.begin(), values.end(), result.data<T>());
  return result;
}
inline Tensor floats(Shape shape, const std::vector<float> &values) {
  return tensor<float>(std::move(shape), values);
}
inline Tensor ints(const std::vector<int64_t> &values) { return Tensor::ofInts(values); }
/// 0, 1, 2, ...
inline Tensor counting(Shape shape) {
  Tensor result(ElementType::F32, std::move(shape));
  for (int64_t i = 0; i < result.count(); ++i)
    result.data<float>()[i] = float(i);
  return result;
}

template <typename T> std::vector<T> values(const Value &value) {
  const auto &result = std::get<Tensor>(value);
  EXPECT_EQ(result.element(), elementTypeOf<T>());
  if constexpr (std::is_same_v<T, bool>)
    return std::vector<bool>(result.data<uint8_t>(), result.data<uint8_t>() + result.count());
  else
    return {result.data<T>(), result.data<T>() + result.count()};
}
inline Shape shapeOf(const Value &value) { return std::get<Tensor>(value).shape(); }

inline graph::Attribute oneInt(int64_t value) { return {{value}, {}, {}}; }
inline graph::Attribute intList(std::vector<int64_t> values) { return {std::move(values), {}, {}}; }
inline graph::Attribute oneFloat(double value) { return {{}, {value}, {}}; }
inline graph::Attribute floatList(std::vector<double> values) {
  return {{}, std::move(values), {}};
}
inline graph::Attribute oneText(std::string text) { return {{}, {}, std::move(text)}; }

using Attributes = std::map<std::string, graph::Attribute>;

/// Runs operator `type`, which may have its domain in front ("com.microsoft:QLinearAdd"), of
/// version `opset` on these operands.
inline std::vector<Value> runOp(const std::string &type, int64_t opset, std::vector<Value> inputs,
                                Attributes attributes = {}, size_t results = 1) {
  graph::Op op;
  size_t colon = type.find(':');
  op.code = "onnx." + type.substr(colon == std::string::npos ? 0 : colon + 1);
  op.name = "node";
  for (size_t i = 0; i < inputs.size(); ++i)
    op.inputs.push_back(int(i));
  for (size_t i = 0; i < results; ++i)
    op.outputs.push_back(int(inputs.size() + i));
  op.attributes = std::move(attributes);
  op.attributes["opset"] = oneInt(opset);
  op.attributes["domain"] = oneText(colon == std::string::npos ? "" : type.substr(0, colon));
  return SingleOp(op).run(inputs);
}

inline Value run(const std::string &type, int64_t opset, std::vector<Value> inputs,
                 Attributes attributes = {}) {
  return runOp(type, opset, std::move(inputs), std::move(attributes))[0];
}

/// The message of the error that running the operator ends with.
inline std::string errorOf(const std::string &type, int64_t opset, std::vector<Value> inputs,
                           Attributes attributes = {}, size_t results = 1) {
  try {
    runOp(type, opset, std::move(inputs), std::move(attributes), results);
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

inline auto near(const std::vector<float> &expected, float tolerance = 1e-4f) {
  std::vector<testing::Matcher<float>> matchers;
  for (float value : expected)
    matchers.push_back(testing::FloatNear(value, tolerance));
  return testing::ElementsAreArray(matchers);
}

} // namespace pim::onnx

#endif // PIM_RUNTIME_TESTS_ONNX_OPRUNNER_H
