//===- ImportONNXTest.cpp - what import makes of valid models ---------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Elements/Elements.h"
#include <gmock/gmock.h>

using namespace mlir;
using namespace ::pim::test;
using mlir::pim::Elements;
using mlir::pim::ImportOptions;
using mlir::pim::onnx::ConstantOp;
using mlir::pim::onnx::NodeOp;
using ::testing::ElementsAre;

namespace {

class ImportTest : public ::testing::Test {
protected:
  /// Imports `builder`'s model, which must succeed.
  Imported import(const ModelBuilder &builder, const ImportOptions &options = {}) {
    Imported result = importBytes(context, builder.bytes(), options);
    EXPECT_THAT(result.errors, ElementsAre());
    EXPECT_TRUE(result.module);
    return result;
  }
  static std::vector<std::string> operators(func::FuncOp function) {
    std::vector<std::string> names;
    for (NodeOp node : function.getOps<NodeOp>())
      names.push_back(node.getOpType().str());
    return names;
  }
  static ArrayRef<int64_t> shape(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  }
  MLIRContext context;
};

TEST_F(ImportTest, KeepsNodesNamesAndTypes) {
  Imported imported = import(smallNetwork());
  func::FuncOp function = imported.function();
  EXPECT_THAT(operators(function),
              ElementsAre("Conv", "Add", "Relu", "MaxPool", "Reshape", "MatMul"));
  EXPECT_EQ(function.getArgAttrOfType<StringAttr>(0, "pim.name"), "image");
  EXPECT_EQ(function.getResultAttrOfType<StringAttr>(0, "pim.name"), "scores");
  EXPECT_THAT(shape(function.getArgument(0)), ElementsAre(1, 1, 6, 6));
  NodeOp conv = *function.getOps<NodeOp>().begin();
  EXPECT_EQ(cast<NameLoc>(conv.getLoc()).getName(), "conv");
  EXPECT_EQ(conv.getOpset(), 13);
  EXPECT_THAT(shape(conv.getResult(0)), ElementsAre(1, 2, 6, 6));
  EXPECT_THAT(cast<RankedTensorType>(function.getResultTypes().front()).getShape(),
              ElementsAre(1, 3));
}

TEST_F(ImportTest, FoldsShapeArithmetic) {
  Imported imported = import(smallNetwork());
  for (NodeOp node : imported.function().getOps<NodeOp>()) {
    if (node.getOpType() != "Reshape")
      continue;
    auto target = node.getInputs()[1].getDefiningOp<ConstantOp>();
    ASSERT_TRUE(target);
    EXPECT_THAT(Elements::get(target.getValue())->getInts(), ElementsAre(1, -1));
  }
}

TEST_F(ImportTest, NamesNodesWithoutNamesByOperatorAndIndex) {
  ModelBuilder builder;
  builder.input("x", {1, 4});
  builder.output("y", {1, 4});
  builder.node("Relu", {"x"}, {"h"});
  builder.node("Relu", {"h"}, {"y"});
  Imported imported = import(builder);
  std::vector<std::string> names;
  for (NodeOp node : imported.function().getOps<NodeOp>())
    names.push_back(cast<NameLoc>(node.getLoc()).getName().str());
  EXPECT_THAT(names, ElementsAre("Relu_0", "Relu_1"));
}

TEST_F(ImportTest, AnInitializerAmongTheInputsIsAConstant) {
  ModelBuilder builder;
  builder.input("x", {1, 2});
  builder.input("w", {1, 2});
  builder.output("y", {1, 2});
  builder.weights("w", {1, 2}, {1, 2});
  builder.node("Add", {"x", "w"}, {"y"});
  EXPECT_EQ(import(builder).function().getNumArguments(), 1u);
}

TEST_F(ImportTest, MissingOptionalInputsAreNone) {
  ModelBuilder builder;
  builder.input("x", {4});
  builder.output("y", {4});
  builder.initializer("max", {}, onnx::TensorProto::FLOAT)->add_float_data(6);
  builder.node("Clip", {"x", "", "max"}, {"y"});
  Imported imported = import(builder);
  NodeOp clip = *imported.function().getOps<NodeOp>().begin();
  EXPECT_TRUE(isa<NoneType>(clip.getInputs()[1].getType()));
}

TEST_F(ImportTest, PinsOpenDimensions) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, -1});
  builder.output("y", {-1, 3, -1});
  builder.node("Relu", {"x"}, {"y"});
  ImportOptions options;
  options.inputShapes["x"] = {2, 3, 5};
  EXPECT_THAT(shape(import(builder, options).function().getArgument(0)), ElementsAre(2, 3, 5));
}

TEST_F(ImportTest, MinusOneIsAnOpenDimension) {
  ModelBuilder builder;
  builder.input("x", {2, 2, 2});
  builder.output("y", {2, 2, 2});
  for (int dim : {0, 2}) // the builder makes a symbol of -1
    for (auto *value : {builder.model.mutable_graph()->mutable_input(0),
                        builder.model.mutable_graph()->mutable_output(0)})
      value->mutable_type()
          ->mutable_tensor_type()
          ->mutable_shape()
          ->mutable_dim(dim)
          ->set_dim_value(-1);
  builder.node("Relu", {"x"}, {"y"});
  ImportOptions options;
  options.inputShapes["x"] = {3, 2, 5};
  EXPECT_THAT(shape(import(builder, options).function().getArgument(0)), ElementsAre(3, 2, 5));
  options.inputShapes.clear();
  options.keepsDynamic = true;
  EXPECT_THAT(shape(import(builder, options).function().getArgument(0)),
              ElementsAre(ShapedType::kDynamic, 2, ShapedType::kDynamic));
}

TEST_F(ImportTest, DomainsMayBeImportedTwiceInOneVersion) {
  ModelBuilder builder;
  builder.input("x", {1});
  builder.output("y", {1});
  builder.node("Relu", {"x"}, {"y"});
  *builder.model.add_opset_import() = builder.model.opset_import(0);
  builder.model.mutable_opset_import(1)->set_domain("ai.onnx");
  EXPECT_THAT(operators(import(builder).function()), ElementsAre("Relu"));
}

TEST_F(ImportTest, SortsNodes) {
  ModelBuilder builder;
  builder.input("x", {1});
  builder.input("condition", {1});
  builder.output("y", {1});
  builder.output("z", {1});
  builder.node("Sigmoid", {"x"}, {"z"});
  // The If takes `a` for one of its graphs, in which another node makes a value of its own.
  auto *choice = builder.node("If", {"condition"}, {"y"});
  builder.node("Tanh", {"b"}, {"a"});
  builder.node("Relu", {"x"}, {"b"});
  for (const char *branch : {"then_branch", "else_branch"}) {
    auto *attribute = choice->add_attribute();
    attribute->set_name(branch);
    attribute->set_type(onnx::AttributeProto::GRAPH);
    auto *node = attribute->mutable_g()->add_node();
    node->set_op_type("Neg");
    node->add_input("a");
    node->add_output("c");
    attribute->mutable_g()->add_output()->set_name("c");
  }
  ImportOptions options;
  options.keepsDynamic = true;
  EXPECT_THAT(operators(import(builder, options).function()),
              ElementsAre("Sigmoid", "Relu", "Tanh", "If"));
}

TEST_F(ImportTest, UnknownOperatorsAreNodesLikeAnyOther) {
  ModelBuilder builder;
  builder.input("x", {1, 4});
  builder.output("y", {1, 4});
  builder.node("Frobnicate", {"x"}, {"h"});
  builder.node("Relu", {"h"}, {"y"});
  Imported imported = import(builder);
  EXPECT_THAT(operators(imported.function()), ElementsAre("Frobnicate", "Relu"));
  // What the model declares holds where inference knows nothing.
  EXPECT_THAT(shape(imported.function().getBody().front().getTerminator()->getOperand(0)),
              ElementsAre(1, 4));
}

TEST_F(ImportTest, InlinesFunctions) {
  ModelBuilder builder;
  builder.input("x", {1, 4});
  builder.output("y", {1, 4});
  auto *domain = builder.model.add_opset_import();
  domain->set_domain("own");
  domain->set_version(1);
  auto *function = builder.model.add_functions();
  function->set_name("Twice");
  function->set_domain("own");
  function->add_input("a");
  function->add_output("b");
  for (auto [input, output] : {std::pair("a", "h"), {"h", "b"}}) {
    auto *node = function->add_node();
    node->set_op_type("LeakyRelu");
    node->add_input(input);
    node->add_output(output);
    auto *alpha = node->add_attribute();
    alpha->set_name("alpha");
    alpha->set_ref_attr_name("slope");
    alpha->set_type(onnx::AttributeProto::FLOAT);
  }
  auto *call = builder.node("Twice", {"x"}, {"y"}, "call");
  call->set_domain("own");
  auto *slope = call->add_attribute();
  slope->set_name("slope");
  slope->set_type(onnx::AttributeProto::FLOAT);
  slope->set_f(0.25f);
  Imported imported = import(builder);
  EXPECT_THAT(operators(imported.function()), ElementsAre("LeakyRelu", "LeakyRelu"));
  for (NodeOp node : imported.function().getOps<NodeOp>())
    EXPECT_EQ(node.getNodeAttrs().getAs<FloatAttr>("alpha").getValueAsDouble(), 0.25);
}

/// A field of a message that the installed onnx.proto need not know.
template <typename Message>
void addField(Message &message, int number, const std::string &content) {
  std::string bytes = message.SerializeAsString();
  bytes += char(number << 3 | 2);
  bytes += char(content.size());
  ASSERT_TRUE(message.ParseFromString(bytes + content));
}

TEST_F(ImportTest, FunctionsHaveOverloadsAndDefaults) {
  ModelBuilder builder;
  builder.input("x", {1, 4});
  builder.output("z", {1, 4});
  auto *domain = builder.model.add_opset_import();
  domain->set_domain("own");
  domain->set_version(1);
  for (const char *overload : {"leaky", "exponential"}) {
    auto *function = builder.model.add_functions();
    function->set_name("Activate");
    function->set_domain("own");
    function->add_input("a");
    function->add_output("b");
    auto *node = function->add_node();
    node->set_op_type(overload == std::string("leaky") ? "LeakyRelu" : "Elu");
    node->add_input("a");
    node->add_output("b");
    auto *alpha = node->add_attribute();
    alpha->set_name("alpha");
    alpha->set_ref_attr_name("slope");
    alpha->set_type(onnx::AttributeProto::FLOAT);
    onnx::AttributeProto slope;
    slope.set_name("slope");
    slope.set_type(onnx::AttributeProto::FLOAT);
    slope.set_f(0.5f);
    addField(*function, 11, slope.SerializeAsString());
    addField(*function, 13, overload);
  }
  auto *first = builder.node("Activate", {"x"}, {"y"}, "first");
  first->set_domain("own");
  addField(*first, 8, "exponential");
  auto *second = builder.node("Activate", {"y"}, {"z"}, "second");
  second->set_domain("own");
  addField(*second, 8, "leaky");
  auto *slope = second->add_attribute();
  slope->set_name("slope");
  slope->set_type(onnx::AttributeProto::FLOAT);
  slope->set_f(0.25f);
  Imported imported = import(builder);
  EXPECT_THAT(operators(imported.function()), ElementsAre("Elu", "LeakyRelu"));
  std::vector<double> slopes;
  for (NodeOp node : imported.function().getOps<NodeOp>())
    slopes.push_back(node.getNodeAttrs().getAs<FloatAttr>("alpha").getValueAsDouble());
  EXPECT_THAT(slopes, ElementsAre(0.5, 0.25));
}

TEST_F(ImportTest, KeepsOpenShapesOnRequest) {
  ModelBuilder builder;
  builder.input("x", {-1, -1});
  builder.output("y", {-1, -1});
  builder.weights("w", {1}, {INFINITY});
  builder.node("Mul", {"x", "w"}, {"y"});
  ImportOptions options;
  options.keepsDynamic = true;
  Imported imported = import(builder, options);
  EXPECT_THAT(shape(imported.function().getArgument(0)),
              ElementsAre(ShapedType::kDynamic, ShapedType::kDynamic));
}

/// Weights stored as integers are weights; in a graph that quantizes activations they say how to
/// compute.
TEST_F(ImportTest, FoldsDequantizedWeightsOfFloatModelsOnly) {
  for (bool quantizes : {false, true}) {
    ModelBuilder builder;
    builder.input("x", {1, 2});
    builder.output("y", {1, 2});
    builder.initializer("q", {1, 2}, onnx::TensorProto::INT8)->set_raw_data("\x02\xfe", 2);
    builder.initializer("zero", {}, onnx::TensorProto::INT8)->set_raw_data("\x00", 1);
    builder.initializer("scale", {}, onnx::TensorProto::FLOAT)->add_float_data(0.5f);
    builder.node("DequantizeLinear", {"q", "scale", "zero"}, {"w"});
    std::string x = "x";
    if (quantizes) {
      builder.node("QuantizeLinear", {"x", "scale", "zero"}, {"xq"});
      builder.node("DequantizeLinear", {"xq", "scale", "zero"}, {"xd"});
      x = "xd";
    }
    builder.node("Add", {x, "w"}, {"y"});
    Imported imported = import(builder);
    if (quantizes) {
      EXPECT_THAT(operators(imported.function()),
                  ElementsAre("DequantizeLinear", "QuantizeLinear", "DequantizeLinear", "Add"));
      continue;
    }
    NodeOp add = *imported.function().getOps<NodeOp>().begin();
    auto weights = add.getInputs()[1].getDefiningOp<ConstantOp>();
    ASSERT_TRUE(weights);
    EXPECT_THAT(Elements::get(weights.getValue())->getReals(), ElementsAre(1.0, -1.0));
  }
}

TEST_F(ImportTest, MinusInfinityIsAMask) {
  ModelBuilder builder;
  builder.input("x", {2, 4});
  builder.output("y", {2, 4});
  builder.weights("mask", {4}, {0, -INFINITY, 0, -INFINITY});
  builder.ints("axes", {0});
  builder.node("Unsqueeze", {"mask", "axes"}, {"row"});
  builder.node("Add", {"x", "row"}, {"y"});
  import(builder);
}

TEST_F(ImportTest, InfinityIsABound) {
  ModelBuilder builder;
  builder.input("x", {4});
  builder.output("y", {4});
  builder.initializer("max", {}, onnx::TensorProto::FLOAT)->add_float_data(INFINITY);
  builder.node("Clip", {"x", "", "max"}, {"y"});
  import(builder);
}

} // namespace
