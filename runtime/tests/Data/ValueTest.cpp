//===- ValueTest.cpp - sequences and optionals in data files ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Data/Value.h"

#include "Files.h"
#include "pim/Support/Error.h"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <onnx/onnx-data.pb.h>

namespace pim::data {
namespace {

void fill(onnx::TensorProto &tensor, const std::vector<float> &values) {
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(int64_t(values.size()));
  for (float value : values)
    tensor.add_float_data(value);
}

/// Vectors of these values.
onnx::SequenceProto sequenceOf(const std::vector<std::vector<float>> &vectors) {
  onnx::SequenceProto sequence;
  sequence.set_name("s");
  sequence.set_elem_type(onnx::SequenceProto::TENSOR);
  for (const std::vector<float> &values : vectors)
    fill(*sequence.add_tensor_values(), values);
  return sequence;
}

std::vector<double> numbersOf(const Array &array) {
  std::vector<double> numbers;
  for (int64_t i = 0; i < array.elementCount(); ++i)
    numbers.push_back(array.at(i));
  return numbers;
}

/// Each tensor's numbers. REQUIRES: a sequence.
std::vector<std::vector<double>> numbersOf(const Value &value) {
  std::vector<std::vector<double>> numbers;
  for (const Array &array : std::get<std::vector<Array>>(value))
    numbers.push_back(numbersOf(array));
  return numbers;
}

Value sequence(const std::string &content, bool isOptional = false) {
  return parseSequence(bytesOf(content), "file", isOptional);
}

using Numbers = std::vector<std::vector<double>>;

TEST(Value, ReadsSequences) {
  std::string file = sequenceOf({{1}, {2, 3}}).SerializeAsString();
  EXPECT_EQ(numbersOf(sequence(file)), (Numbers{{1}, {2, 3}}));
  EXPECT_EQ(numbersOf(sequence(file, true)), (Numbers{{1}, {2, 3}}));
  std::string empty = sequenceOf({}).SerializeAsString();
  EXPECT_EQ(numbersOf(sequence(empty)), Numbers{});
  EXPECT_EQ(numbersOf(sequence(empty, true)), Numbers{});
}

TEST(Value, ReadsArchivesAsSequences) {
  std::vector<NamedArray> arrays =
      toNamedArrays(sequence(sequenceOf({{1}, {2, 3}}).SerializeAsString()), "y");
  ASSERT_EQ(arrays.size(), 2u);
  EXPECT_EQ(arrays[1].name, "y.1");
  std::string path = testing::TempDir() + "pim-values.npz";
  writeNpz(path, arrays);
  EXPECT_EQ(numbersOf(loadSequence(path, false)), (Numbers{{1}, {2, 3}}));
}

TEST(Value, ReadsOptionals) {
  onnx::OptionalProto optional;
  optional.set_elem_type(onnx::OptionalProto::UNDEFINED);
  std::string nothing = optional.SerializeAsString() + std::string("\x0a\x01o", 3);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(parseOptional(bytesOf(nothing), "file")));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(sequence(nothing, true)));
  EXPECT_TRUE(toNamedArrays({}, "y").empty());

  optional.set_elem_type(onnx::OptionalProto::TENSOR);
  fill(*optional.mutable_tensor_value(), {4, 5});
  std::string tensor = optional.SerializeAsString();
  EXPECT_EQ(numbersOf(std::get<Array>(parseOptional(bytesOf(tensor), "file"))),
            (std::vector<double>{4, 5}));

  onnx::OptionalProto list;
  list.set_elem_type(onnx::OptionalProto::SEQUENCE);
  *list.mutable_sequence_value() = sequenceOf({{6}});
  std::string given = list.SerializeAsString();
  EXPECT_EQ(numbersOf(sequence(given, true)), Numbers{{6}});

  onnx::TensorProto plain;
  fill(plain, {7});
  std::string bare = plain.SerializeAsString();
  EXPECT_EQ(numbersOf(std::get<Array>(parseOptional(bytesOf(bare), "file"))),
            std::vector<double>{7});
}

TEST(Value, SaysWhatIsWrong) {
  onnx::SequenceProto of = sequenceOf({{1}});
  of.set_elem_type(onnx::SequenceProto::MAP);
  std::string maps = of.SerializeAsString();
  expectError([&] { sequence(maps); }, "of other things than tensors");
  onnx::SequenceProto damaged = sequenceOf({{1}});
  damaged.mutable_tensor_values(0)->add_dims(2);
  std::string file = damaged.SerializeAsString();
  expectError([&] { sequence(file); }, "has 4 bytes of data, expected 8");
  onnx::SequenceProto untyped = sequenceOf({{}});
  untyped.mutable_tensor_values(0)->clear_data_type();
  std::string anything = untyped.SerializeAsString();
  expectError([&] { sequence(anything); }, "holds a tensor without an element type");
  std::string noise = "no message at all";
  expectError([&] { sequence(noise); }, "expected a sequence");
  std::string given = sequenceOf({{1}}).SerializeAsString();
  expectError([&] { parse(bytesOf(given), "file"); },
              "holds a sequence or an optional of ONNX, expected a tensor");
  std::string path = testing::TempDir() + "pim-two-values.npz";
  writeNpz(path, toNamedArrays(sequence(sequenceOf({{1}, {2}}).SerializeAsString()), "y"));
  expectError([&] { loadOptional(path); }, "holds 2 arrays, expected one or none");
}

} // namespace
} // namespace pim::data
