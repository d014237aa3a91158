//===- AttributeErrorsTest.cpp - tensors and attributes that import refuses -===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"
#include <gmock/gmock.h>

using namespace mlir;
using namespace ::pim::test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class AttributeErrorsTest : public ::testing::Test {
protected:
  /// Import must fail with one error that contains `text`.
  void expectError(const ModelBuilder &builder, const std::string &text,
                   const mlir::pim::ImportOptions &options = {}) {
    Imported imported = importBytes(context, builder.bytes(), options);
    EXPECT_FALSE(imported.module);
    EXPECT_THAT(imported.errors, ElementsAre(HasSubstr(text)));
  }

  /// y = x + c, where the Constant node c has one attribute, to be spoiled.
  struct WithConstant : ModelBuilder {
    onnx::NodeProto *constant;
    onnx::AttributeProto *attribute;

    WithConstant() {
      input("x", {1, 2});
      output("y", {1, 2});
      constant = node("Constant", {}, {"c"}, "two");
      attribute = constant->add_attribute();
      attribute->set_name("value");
      attribute->set_type(onnx::AttributeProto::TENSOR);
      onnx::TensorProto *tensor = attribute->mutable_t();
      tensor->set_data_type(onnx::TensorProto::FLOAT);
      tensor->add_float_data(2);
      node("Add", {"x", "c"}, {"y"}, "sum");
    }
  };

  /// The constant is sparse: `values` at `indices` of a matrix of 1x2.
  struct WithSparse : WithConstant {
    onnx::SparseTensorProto *sparse;

    WithSparse(const std::vector<float> &values, const std::vector<int64_t> &indices) {
      attribute->clear_t();
      attribute->set_name("sparse_value");
      attribute->set_type(onnx::AttributeProto::SPARSE_TENSOR);
      sparse = attribute->mutable_sparse_tensor();
      sparse->mutable_values()->set_data_type(onnx::TensorProto::FLOAT);
      sparse->mutable_values()->add_dims(int64_t(values.size()));
      for (float value : values)
        sparse->mutable_values()->add_float_data(value);
      sparse->mutable_indices()->set_data_type(onnx::TensorProto::INT64);
      sparse->mutable_indices()->add_dims(int64_t(indices.size()));
      for (int64_t index : indices)
        sparse->mutable_indices()->add_int64_data(index);
      sparse->add_dims(1);
      sparse->add_dims(2);
    }
  };

  MLIRContext context;
};

TEST_F(AttributeErrorsTest, Constants) {
  WithConstant builder;
  EXPECT_TRUE(importBytes(context, builder.bytes()).module);
  builder.constant->add_input("x");
  expectError(builder, "node 'two' (Constant): expected one attribute, one output and no input");
  WithConstant typed;
  typed.attribute->clear_t();
  typed.attribute->set_type(onnx::AttributeProto::TYPE_PROTO);
  typed.attribute->mutable_tp();
  expectError(typed, "node 'two' (Constant): attribute 'value' is no tensor and no number");
}

TEST_F(AttributeErrorsTest, Attributes) {
  WithConstant builder;
  builder.attribute->clear_t();
  builder.attribute->set_type(onnx::AttributeProto::TENSORS);
  expectError(builder, "node 'two' (Constant): attribute 'value' has a kind that is not supported "
                       "(9)");
  auto spoil = [](auto change) {
    WithConstant model;
    onnx::AttributeProto *attribute = model.model.mutable_graph()->mutable_node(1)->add_attribute();
    attribute->set_name("axis");
    attribute->set_type(onnx::AttributeProto::INT);
    change(attribute);
    return model;
  };
  expectError(spoil([](onnx::AttributeProto *attribute) { attribute->clear_name(); }),
              "node 'sum' (Add): an attribute has no name");
  expectError(spoil([](onnx::AttributeProto *attribute) { attribute->set_ref_attr_name("outer"); }),
              "node 'sum' (Add): attribute 'axis' refers to one of a function, but is in a graph");
}

TEST_F(AttributeErrorsTest, Tensors) {
  WithConstant builder;
  builder.attribute->mutable_t()->mutable_segment()->set_begin(0);
  expectError(builder, "attribute 'value' is split into segments, which is not supported");
  WithConstant bools;
  bools.attribute->mutable_t()->clear_float_data();
  bools.attribute->mutable_t()->set_data_type(onnx::TensorProto::BOOL);
  bools.attribute->mutable_t()->set_raw_data("\2");
  expectError(bools, "attribute 'value' has values other than 0 and 1, expected bools");
}

TEST_F(AttributeErrorsTest, SparseTensors) {
  EXPECT_TRUE(importBytes(context, WithSparse({5}, {1}).bytes()).module);
  const std::string start = "node 'two' (Constant): attribute 'sparse_value' ";
  expectError(WithSparse({5}, {2}), start + "is sparse with index 2 outside");
  expectError(WithSparse({5}, {-1}), start + "is sparse with index -1 outside");
  expectError(WithSparse({5, 6}, {1}), start + "is sparse with 2 values and indices of");
  WithSparse pairs({5}, {0, 2});
  pairs.sparse->mutable_indices()->clear_dims();
  pairs.sparse->mutable_indices()->add_dims(1);
  pairs.sparse->mutable_indices()->add_dims(2);
  expectError(pairs, start + "is sparse with index 2 outside");
  for (int64_t size : {int64_t(-2), int64_t(1) << 60}) {
    WithSparse odd({5}, {1});
    odd.sparse->set_dims(1, size);
    expectError(odd, start + "is sparse and has a dimension of " + std::to_string(size));
  }
  WithSparse texts({}, {0});
  texts.sparse->mutable_values()->set_data_type(onnx::TensorProto::STRING);
  texts.sparse->mutable_values()->set_dims(0, 1);
  texts.sparse->mutable_values()->add_string_data("five");
  expectError(texts, start + "has elements of type STRING, expected numbers");
}

TEST_F(AttributeErrorsTest, GivenShapes) {
  ModelBuilder builder;
  builder.input("x", {})->mutable_type()->mutable_tensor_type()->clear_shape();
  builder.output("y", {});
  builder.node("Relu", {"x"}, {"y"});
  mlir::pim::ImportOptions options;
  options.inputShapes["x"] = {int64_t(1) << 40, int64_t(1) << 40};
  expectError(builder, "input 'x' cannot have the shape 1099511627776x1099511627776", options);
}

/// Each function calls the one before twice.
TEST_F(AttributeErrorsTest, FunctionsThatGrow) {
  ModelBuilder builder;
  builder.input("x", {1});
  builder.output("y", {1});
  auto *domain = builder.model.add_opset_import();
  domain->set_domain("own");
  domain->set_version(1);
  constexpr int levels = 30;
  for (int level = 0; level < levels; ++level) {
    auto *function = builder.model.add_functions();
    function->set_name("Level" + std::to_string(level));
    function->set_domain("own");
    function->add_input("a");
    function->add_output("c");
    *function->add_opset_import() = builder.model.opset_import(0);
    *function->add_opset_import() = *domain;
    for (const auto &[from, to] : {std::pair("a", "b"), std::pair("b", "c")}) {
      auto *node = function->add_node();
      node->set_op_type(level == 0 ? "Relu" : "Level" + std::to_string(level - 1));
      node->set_domain(level == 0 ? "" : "own");
      node->add_input(from);
      node->add_output(to);
    }
  }
  builder.node("Level" + std::to_string(levels - 1), {"x"}, {"y"}, "call")->set_domain("own");
  expectError(builder, "has functions that expand to more than");
}

} // namespace
