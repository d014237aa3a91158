//===- RefusedOpsTest.cpp - ops that cannot be evaluated ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"

#include "pim/Support/Error.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace pim;
using namespace pim::graph;

namespace {

constexpr ElementType I8 = ElementType::I8, I16 = ElementType::I16, I32 = ElementType::I32,
                      I64 = ElementType::I64, F32 = ElementType::F32;

struct Case {
  const char *message;
  std::function<int(GraphBuilder &)> build; ///< returns the result
};

class RefusedOp : public testing::TestWithParam<Case> {};

TEST_P(RefusedOp, SaysWhatIsWrong) {
  GraphBuilder b;
  b.finish(GetParam().build(b));
  for (bool host : {false, true}) {
    try {
      if (host)
        HostEvaluator evaluator(b.graph);
      else
        ReferenceEvaluator evaluator(b.graph);
      ADD_FAILURE() << "not refused; expected '" << GetParam().message << "'";
    } catch (const Error &error) {
      EXPECT_EQ(error.what(),
                "op " + b.graph.ops[0].code + " of node 'node': " + GetParam().message);
    }
  }
}

#define BUILD(...) [](GraphBuilder &b) { return __VA_ARGS__; }

const Case elementCases[] = {
    {"shifts by 1, which i32 operands alone may",
     BUILD(b.op("tosa.mul", {b.input(I8, {2}), b.input(I8, {2}), b.scalar<int8_t>(1)}, I32, {2}))},
    {"shifts by 64, expected 0 to 63",
     BUILD(
         b.op("tosa.mul", {b.input(I32, {2}), b.input(I32, {2}), b.scalar<int8_t>(64)}, I32, {2}))},
    {"operand 2 has shape [2], expected one element",
     BUILD(b.op("tosa.mul", {b.input(I8, {2}), b.input(I8, {2}), b.input(I8, {2})}, I32, {2}))},
    {"operand 2 must be a constant",
     BUILD(b.op("tosa.mul", {b.input(I32, {2}), b.input(I32, {2}), b.input(I8, {1})}, I32, {2}))},
    {"is not supported on elements of types (f32, f32) -> f32",
     BUILD(b.op("tosa.bitwise_and", {b.input(F32, {2}), b.input(F32, {2})}, F32, {2}))},
    {"min_val 2 is greater than max_val 1",
     BUILD(b.op("tosa.clamp", {b.input(I8, {2})}, I8, {2},
                {{"min_val", ints({2})}, {"max_val", ints({1})}}))},
    {"min_val 2 is greater than max_val 1",
     BUILD(b.op("tosa.clamp", {b.input(F32, {2})}, F32, {2},
                {{"min_val", floats({2})}, {"max_val", floats({1})}}))},
    {"attribute 'min_val' is not one number",
     BUILD(b.op("tosa.clamp", {b.input(F32, {2})}, F32, {2}, {{"min_val", text("least")}}))},
};
INSTANTIATE_TEST_SUITE_P(Elements, RefusedOp, testing::ValuesIn(elementCases));

const Case movementCases[] = {
    {"makes [3] of [2], which has another number of elements",
     BUILD(b.op("tosa.reshape", {b.input(I8, {2}), b.shape({3})}, I8, {3}))},
    {"has no operand", BUILD(b.op("tosa.concat", {}, I8, {2}, {{"axis", ints({0})}}))},
    {"axis is 1, but operand 0 has shape [2]",
     BUILD(b.op("tosa.concat", {b.input(I8, {2})}, I8, {2}, {{"axis", ints({1})}}))},
    {"padding [-1, 0] is impossible",
     BUILD(b.op("tosa.pad", {b.input(I8, {2}), b.shape({-1, 0}), b.scalar<int8_t>(0)}, I8, {1}))},
    {"multiples [0] are impossible",
     BUILD(b.op("tosa.tile", {b.input(I8, {2}), b.shape({0})}, I8, {0}))},
    {"operand 1 has elements of type f32, expected integers of 1, 8, 16, 32 or 64 bits",
     BUILD(b.op("tosa.tile", {b.input(I8, {2}), b.scalar<float>(2)}, I8, {4}))},
    {"operand 0 has shape [2], expected rank 3",
     BUILD(b.op("tosa.gather", {b.input(I8, {2}), b.input(I32, {1, 1})}, I8, {1, 1, 1}))},
    {"values [2, 3, 1] and indices [1, 1] do not fit",
     BUILD(b.op("tosa.gather", {b.input(I8, {2, 3, 1}), b.input(I32, {1, 1})}, I8, {2, 1, 1}))},
    {"operand 2 has shape [1, 2, 1], expected [1, 1, 1]",
     BUILD(b.op("tosa.scatter",
                {b.input(I8, {1, 3, 1}), b.input(I32, {1, 1}), b.input(I8, {1, 2, 1})}, I8,
                {1, 3, 1}))},
    {"folds an empty dimension of [0]",
     BUILD(b.op("tosa.reduce_sum", {b.input(I32, {0})}, I32, {1}, {{"axis", ints({0})}}))},
};
INSTANTIATE_TEST_SUITE_P(Movement, RefusedOp, testing::ValuesIn(movementCases));

int rescale(GraphBuilder &b, ElementType from, const std::vector<int32_t> &multipliers,
            std::map<std::string, Attribute> attributes) {
  const int in = b.input(from, {2});
  const bool is32 = attributes.at("scale32").ints[0] != 0;
  std::vector<int16_t> halves(multipliers.begin(), multipliers.end());
  const auto count = int64_t(multipliers.size());
  const int multiplier =
      is32 ? b.constant<int32_t>({count}, multipliers) : b.constant<int16_t>({count}, halves);
  const int inputZero = from == I16   ? b.scalar<int16_t>(0)
                        : from == I32 ? b.scalar<int32_t>(0)
                        : from == I64 ? b.scalar<int64_t>(0)
                                      : b.scalar<int8_t>(0);
  return b.op("tosa.rescale", {in, multiplier, b.scalar<int8_t>(2), inputZero, b.scalar<int8_t>(0)},
              I8, {2}, std::move(attributes));
}

const Case quantizationCases[] = {
    {"multiplier -1 is negative", BUILD(rescale(b, I32, {-1}, {{"scale32", ints({1})}}))},
    {"has 2 multipliers and 1 shifts, expected 1",
     BUILD(rescale(b, I32, {1, 1}, {{"scale32", ints({1})}}))},
    {"rounding_mode 'UP' is unknown",
     BUILD(rescale(b, I32, {1}, {{"scale32", ints({1})}, {"rounding_mode", text("UP")}}))},
    {"DOUBLE_ROUND needs scale32",
     BUILD(
         rescale(b, I32, {1}, {{"scale32", ints({0})}, {"rounding_mode", text("DOUBLE_ROUND")}}))},
    {"only 8 and 16 bits can be unsigned",
     BUILD(rescale(b, I32, {1}, {{"scale32", ints({1})}, {"input_unsigned", ints({1})}}))},
    {"scale32 does not take 48-bit operands",
     BUILD(rescale(b, I64, {1}, {{"scale32", ints({1})}}))},
    {"has no operand", BUILD(b.op("tosa.rescale", {}, I8, {2}))},
    {"the table has 2 entries, expected 256",
     BUILD(b.op("tosa.table", {b.input(I8, {2}), b.constant<int8_t>({2}, {1, 2})}, I8, {2}))},
    {"has 2 scales and 1 zero points, expected 1",
     BUILD(b.op("quant.dcast", {b.input(I8, {2})}, F32, {2},
                {{"scale", floats({1, 1})}, {"zero_point", ints({0})}}))},
};
INSTANTIATE_TEST_SUITE_P(Quantization, RefusedOp, testing::ValuesIn(quantizationCases));

int resize(GraphBuilder &b, const GraphBuilder::Shape &scale, const GraphBuilder::Shape &border,
           const char *mode) {
  return b.op("tosa.resize",
              {b.input(F32, {1, 2, 2, 1}), b.shape(scale), b.shape({0, 0}), b.shape(border)}, F32,
              {1, 2, 2, 1}, {{"mode", text(mode)}});
}

int analog(GraphBuilder &b, const GraphBuilder::Shape &weights, int64_t levels, int64_t outputs,
           std::vector<double> slopes = {1}) {
  return b.op("pim.analog_layers", {b.input(I8, {1, 4}), b.input(I8, weights), b.input(I8, {2})},
              I32, {1, outputs},
              {{"slopes", floats(std::move(slopes))}, {"levels", ints({levels})}});
}

const Case layerCases[] = {
    {"scale, offset and border have 3, 2 and 2 values, expected 4, 2 and 2",
     BUILD(resize(b, {1, 1, 1}, {0, 0}, "BILINEAR"))},
    {"the border -2 leaves nothing of dimension 1",
     BUILD(resize(b, {1, 1, 1, 1}, {-2, 0}, "BILINEAR"))},
    {"mode 'CUBIC' is unknown", BUILD(resize(b, {1, 1, 1, 1}, {0, 0}, "CUBIC"))},
    {"has 2 biases for 1 output channels",
     BUILD(b.op("tosa.conv2d",
                {b.input(I8, {1, 1, 1, 1}), b.constant<int8_t>({1, 1, 1, 1}, {1}),
                 b.constant<int32_t>({2}, {0, 0}), b.scalar<int8_t>(0), b.scalar<int8_t>(0)},
                I32, {1, 1, 1, 1}, window({0, 0, 0, 0}, {1, 1})))},
    {"has 3 operands for 2 layers", BUILD(analog(b, {2, 4}, 255, 2, {1, 1}))},
    {"is read in 0 steps, expected 1 to 16777215", BUILD(analog(b, {2, 4}, 0, 2))},
    {"has weights [2, 3] behind 4 values", BUILD(analog(b, {2, 3}, 255, 2))},
    {"has a result of shape [1, 3] behind 2 neurons", BUILD(analog(b, {2, 4}, 255, 3))},
    {"'1' holds texts, which only whole graphs of ONNX can hold",
     BUILD(b.op("onnx.Cast", {b.input(F32, {2})}, ElementType::STRING, {2},
                {{"opset", ints({13})}}))},
};
INSTANTIATE_TEST_SUITE_P(Layers, RefusedOp, testing::ValuesIn(layerCases));

} // namespace
