//===- ImportErrorsTest.cpp - what import refuses ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace mlir;
using namespace ::pim::test;
using mlir::pim::ImportOptions;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class ImportErrorsTest : public ::testing::Test {
protected:
  /// Import must fail with one error that contains `text`.
  void expectError(const std::string &bytes, const std::string &text,
                   const ImportOptions &options = {}, const std::string &path = "model.onnx") {
    Imported imported = importBytes(context, bytes, options, path);
    EXPECT_FALSE(imported.module);
    EXPECT_THAT(imported.errors, ElementsAre(HasSubstr(text)));
  }
  void expectError(const ModelBuilder &builder, const std::string &text,
                   const ImportOptions &options = {}) {
    expectError(builder.bytes(), text, options);
  }
  /// y = x + w, to be spoiled.
  static ModelBuilder sum(const std::vector<float> &weights = {1, 2}) {
    ModelBuilder builder;
    builder.input("x", {1, 2});
    builder.output("y", {1, 2});
    builder.weights("w", {1, 2}, weights);
    builder.node("Add", {"x", "w"}, {"y"}, "sum");
    return builder;
  }
  /// Both branches of an If give `value`.
  static void addBranches(onnx::NodeProto *node, const std::string &value) {
    for (const char *branch : {"then_branch", "else_branch"}) {
      onnx::AttributeProto *attribute = node->add_attribute();
      attribute->set_name(branch);
      attribute->set_type(onnx::AttributeProto::GRAPH);
      attribute->mutable_g()->add_output()->set_name(value);
    }
  }
  MLIRContext context;
};

TEST_F(ImportErrorsTest, Files) {
  expectError("", "is empty");
  expectError("This is not a model.\nIt is a letter.\n", "is not an ONNX model");
  std::string bytes = sum().bytes();
  expectError(bytes.substr(0, bytes.size() - 1), "is not an ONNX model");
  Imported imported;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    imported.errors.push_back(diagnostic.str());
    return success();
  });
  EXPECT_FALSE(mlir::pim::importONNX(&context, "no/such/model.onnx", {}));
  EXPECT_FALSE(mlir::pim::importONNX(&context, "/", {}));
  EXPECT_THAT(imported.errors, ElementsAre(HasSubstr("cannot be read"), HasSubstr("is a folder")));
}

TEST_F(ImportErrorsTest, Versions) {
  ModelBuilder builder = sum();
  builder.model.set_ir_version(99);
  expectError(builder, "has IR version 99, expected 3 to 14");
  builder = sum();
  builder.model.mutable_opset_import(0)->set_version(29);
  expectError(builder, "uses opset 29, expected 1 to 28");
  builder = sum();
  *builder.model.add_opset_import() = builder.model.opset_import(0);
  builder.model.mutable_opset_import(1)->set_version(14);
  expectError(builder, "imports versions 13 and 14 of domain '', expected one");
  builder = sum();
  builder.model.clear_opset_import();
  expectError(builder, "does not say which opset");
  builder = sum();
  builder.model.mutable_graph()->mutable_node(0)->set_domain("com.example");
  expectError(builder, "node 'sum' (Add): is of domain 'com.example'");
  builder = sum();
  builder.model.clear_graph();
  expectError(builder, "it has no graph");
}

TEST_F(ImportErrorsTest, Names) {
  ModelBuilder builder = sum();
  builder.model.mutable_graph()->mutable_node(0)->set_input(1, "v");
  expectError(builder, "node 'sum' (Add): input 'v' is neither");
  builder = sum();
  builder.weights("w", {1, 2}, {3, 4});
  expectError(builder, "initializer 'w' is there twice");
  builder = sum();
  builder.node("Relu", {"x"}, {"y"}, "again");
  expectError(builder, "makes value 'y', which node 'sum' makes already");
  builder = sum();
  builder.node("Relu", {"y"}, {"x"}, "shadow");
  expectError(builder, "makes value 'x', which is a graph input or an initializer");
  builder = sum();
  builder.input("x", {1, 2});
  expectError(builder, "graph input 'x' is there twice");
  builder = sum();
  builder.model.mutable_graph()->mutable_output(0)->set_name("z");
  expectError(builder, "graph output 'z' is neither");
  builder = sum();
  builder.model.mutable_graph()->clear_output();
  expectError(builder, "has no output");
}

TEST_F(ImportErrorsTest, Cycles) {
  ModelBuilder cyclic;
  cyclic.input("x", {1});
  cyclic.output("b", {1});
  cyclic.node("Add", {"x", "b"}, {"a"}, "first");
  cyclic.node("Relu", {"a"}, {"b"}, "second");
  expectError(cyclic, "the graph has a cycle: input 'b' is made by node 'second'");
  // Not the node that only waits for the cycle.
  ModelBuilder waiting;
  waiting.input("x", {1});
  waiting.output("c", {1});
  waiting.node("Relu", {"b"}, {"c"}, "waiting");
  waiting.node("Add", {"x", "b"}, {"a"}, "first");
  waiting.node("Relu", {"a"}, {"b"}, "second");
  expectError(waiting, "node 'first' (Add): the graph has a cycle: input 'b' is made by node "
                       "'second', which depends on this one");
  ModelBuilder alone;
  alone.input("x", {1});
  alone.output("a", {1});
  alone.node("Add", {"x", "a"}, {"a"}, "own");
  expectError(alone, "input 'a' is made by node 'own', which depends on this one");
  // Through a graph of a node.
  ModelBuilder nested;
  nested.input("x", {1});
  nested.output("b", {1});
  addBranches(nested.node("If", {"x"}, {"a"}, "choice"), "b");
  nested.node("Relu", {"a"}, {"b"}, "second");
  expectError(nested, "node 'choice' (If): the graph has a cycle: input 'b' is made by node "
                      "'second'");
}

TEST_F(ImportErrorsTest, Initializers) {
  expectError(sum({1, NAN}), "initializer 'w': element 1 is NaN");
  expectError(sum({INFINITY, 1}), "initializer 'w': element 0 is infinite");
  ModelBuilder product = sum({-INFINITY, 1});
  product.model.mutable_graph()->mutable_node(0)->set_op_type("Mul");
  expectError(product, "initializer 'w': element 0 is infinite");
  expectError(sum({1, 2, 3}), "initializer 'w' has 12 bytes of data, expected 8");
  ModelBuilder builder = sum();
  builder.model.mutable_graph()->mutable_initializer(0)->set_dims(0, -1);
  expectError(builder, "initializer 'w' has a dimension of -1");
  builder = sum();
  builder.model.mutable_graph()->mutable_initializer(0)->set_dims(0, int64_t(1) << 62);
  expectError(builder, "initializer 'w' has dimensions whose product is too large");
  builder = sum();
  builder.model.mutable_graph()->mutable_initializer(0)->set_data_type(14);
  expectError(builder, "initializer 'w' has elements of type COMPLEX64");
  builder.model.mutable_graph()->mutable_initializer(0)->set_data_type(22);
  expectError(builder, "initializer 'w' has 8 bytes of data, expected 1");
  builder = sum();
  builder.model.mutable_graph()->mutable_initializer(0)->clear_raw_data();
  expectError(builder, "initializer 'w' has 0 values, expected 2");
  builder = sum();
  auto *narrow = builder.model.mutable_graph()->mutable_initializer(0);
  narrow->clear_raw_data();
  narrow->set_data_type(onnx::TensorProto::INT8);
  narrow->add_int32_data(1);
  narrow->add_int32_data(300);
  expectError(builder, "values outside its element type INT8");
}

TEST_F(ImportErrorsTest, InputShapes) {
  ModelBuilder builder;
  builder.input("x", {-1, 3, -1, -1});
  builder.output("y", {});
  builder.node("Relu", {"x"}, {"y"});
  expectError(builder, "input 'x' leaves dimension 'd2', 'd3' open; give it with "
                       "--input-shape x=1x3x?x?");
  ImportOptions options;
  options.inputShapes["x"] = {1, 4, 8, 8};
  expectError(builder, "input 'x': dimension 1 is 3 in the model, but 4 is given", options);
  options.inputShapes["x"] = {1, 3, 8};
  expectError(builder, "has 4 dimensions, but the shape 1x3x8 is given", options);
  options.inputShapes = {{"z", {1}}};
  expectError(builder, "a shape is given for input 'z', which the model does not have", options);
  ModelBuilder negative;
  negative.input("x", {1, -3});
  negative.output("y", {});
  negative.node("Relu", {"x"}, {"y"});
  expectError(negative, "input 'x' has a dimension of -3");
  ModelBuilder huge;
  huge.input("x", {int64_t(1) << 31, int64_t(1) << 31, int64_t(1) << 31});
  huge.output("y", {});
  huge.node("Relu", {"x"}, {"y"});
  expectError(huge, "which is empty or too large");
}

TEST_F(ImportErrorsTest, ShapesThatDoNotFit) {
  ModelBuilder builder;
  builder.input("x", {1, 4});
  builder.output("y", {1, 3});
  builder.weights("w", {5, 3}, std::vector<float>(15, 1));
  builder.node("MatMul", {"x", "w"}, {"y"}, "product");
  expectError(builder, "MatMul: inputs of shape 1x4 and 5x3 cannot be multiplied");
}

TEST_F(ImportErrorsTest, Subgraphs) {
  ModelBuilder builder = sum();
  auto *attribute = builder.node("If", {"x"}, {"a"}, "a")->add_attribute();
  attribute->set_name("then_branch");
  attribute->set_type(onnx::AttributeProto::GRAPH);
  attribute->mutable_g()->add_output()->set_name("nowhere");
  expectError(builder, "graph output 'nowhere' is neither");
}

TEST_F(ImportErrorsTest, FunctionsThatCallThemselves) {
  ModelBuilder builder = sum();
  auto *domain = builder.model.add_opset_import();
  domain->set_domain("own");
  domain->set_version(1);
  auto *function = builder.model.add_functions();
  function->set_name("Endless");
  function->set_domain("own");
  function->add_input("a");
  function->add_output("b");
  auto *inner = function->add_node();
  inner->set_op_type("Endless");
  inner->set_domain("own");
  inner->add_input("a");
  inner->add_output("b");
  builder.node("Endless", {"x"}, {"z"}, "call")->set_domain("own");
  expectError(builder, "more than 64 deep or itself");
}

/// A length-delimited field of a message.
std::string field(int number, const std::string &content) {
  std::string result(1, char(number << 3 | 2));
  size_t length = content.size();
  for (; length > 127; length >>= 7)
    result += char((length & 127) | 128);
  return result + char(length) + content;
}

/// Graphs inside graphs, deeper than any parser's stack.
TEST_F(ImportErrorsTest, DepthBomb) {
  std::string graph;
  for (int depth = 0; depth < 5000; ++depth)
    graph = field(1, field(5, field(6, graph))); // node { attribute { g { ... } } }
  expectError(sum().bytes() + field(7, graph), "is not an ONNX model");
}

class ExternalDataTest : public ImportErrorsTest {
protected:
  void SetUp() override {
    SmallString<128> path;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("pim-import", path));
    root = std::string(path);
    std::filesystem::create_directory(root + "/inner");
    std::filesystem::create_directory(root + "/inner/folder");
    write(root + "/secret.bin");
    write(root + "/inner/weights.bin");
    std::filesystem::create_symlink("../secret.bin", root + "/inner/link.bin");
    std::filesystem::create_symlink("weights.bin", root + "/inner/inside.bin");
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  static void write(const std::string &path) {
    float values[] = {1, 2};
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<char *>(values), sizeof values);
  }
  static std::string model(const std::string &location, const std::string &offset = "",
                           const std::string &length = "") {
    ModelBuilder builder = sum();
    auto *tensor = builder.model.mutable_graph()->mutable_initializer(0);
    tensor->clear_raw_data();
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    auto add = [&](const char *key, const std::string &value) {
      if (value.empty())
        return;
      auto *entry = tensor->add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    };
    add("location", location);
    add("offset", offset);
    add("length", length);
    return builder.bytes();
  }
  void refuse(const std::string &bytes, const std::string &text) {
    expectError(bytes, text, {}, root + "/inner/model.onnx");
  }
  std::string root;
};

TEST_F(ExternalDataTest, ReadsInsideTheFolder) {
  for (const char *file : {"weights.bin", "./weights.bin", "inside.bin"}) {
    Imported imported = importBytes(context, model(file, "0", "8"), {}, root + "/inner/model.onnx");
    EXPECT_TRUE(imported.module) << file;
  }
}

TEST_F(ExternalDataTest, StaysInsideTheFolder) {
  refuse(model("../secret.bin"), "'../secret.bin' lie outside the folder of the model");
  refuse(model(root + "/secret.bin"), "lie outside the folder of the model");
  refuse(model("link.bin"), "'link.bin' lie outside the folder of the model");
  refuse(model("../inner/weights.bin"), "lie outside the folder of the model");
}

TEST_F(ExternalDataTest, ChecksTheRange) {
  refuse(model("absent.bin"), "cannot read external data 'absent.bin'");
  refuse(model("weights.bin", "4", "8"), "have 8 bytes, but 8 from byte 4 on are asked for");
  refuse(model("weights.bin", "18446744073709551615", "8"), "are asked for");
  refuse(model("weights.bin", "-1"), "the offset of its external data is '-1', expected a number");
  refuse(model("weights.bin", "0", "4"), "has 4 bytes of data, expected 8");
  refuse(model("folder"), "are not a file");
  refuse(model(""), "has external data without a location");
}

} // namespace
