//===- TosaToGraphTest.cpp - TOSA functions as graphs ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/TosaToGraph/TosaToGraph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Parser/Parser.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

namespace {

class TosaToGraph : public ::testing::Test {
protected:
  TosaToGraph() {
    context.loadDialect<func::FuncDialect, quant::QuantDialect, tosa::TosaDialect>();
  }

  FailureOr<graph::Graph> convert(const std::string &text) {
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    function = *module->getOps<func::FuncOp>().begin();
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      message = diagnostic.str();
      return success();
    });
    return convertTosaToGraph(function, &tensors);
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  TensorOfValue tensors;
  std::string message;
};

template <typename T> std::vector<T> valuesOf(const graph::Tensor &tensor) {
  std::vector<T> values(tensor.data.size() / sizeof(T));
  std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

TEST_F(TosaToGraph, KeepsOperandsAndAttributes) {
  auto made = convert(R"(
    func.func @f(%x: tensor<1x4x4x1xi8> {pim.name = "image"}) -> (tensor<1x2x2x1xi8> {pim.name = "mean"}) {
      %zp = "tosa.const"() {values = dense<-3> : tensor<1xi8>} : () -> tensor<1xi8>
      %m = tosa.avg_pool2d %x, %zp, %zp {acc_type = i32, kernel = array<i64: 2, 2>,
        pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, pim.note = 1 : i32}
        : (tensor<1x4x4x1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2x1xi8> loc("pool1")
      return %m : tensor<1x2x2x1xi8>
    })");
  ASSERT_TRUE(succeeded(made));
  ASSERT_EQ(made->ops.size(), 1u);
  const graph::Op &op = made->ops[0];
  EXPECT_EQ(op.code, "tosa.avg_pool2d");
  EXPECT_EQ(op.name, "pool1");
  ASSERT_EQ(op.inputs.size(), 3u);
  EXPECT_EQ(op.attributes.at("kernel").ints, (std::vector<int64_t>{2, 2}));
  EXPECT_EQ(op.attributes.at("acc_type").text, "i32");
  EXPECT_FALSE(op.attributes.count("pim.note")); // a note of ours, no part of what is computed
  EXPECT_EQ(valuesOf<int8_t>(made->tensors[op.inputs[1]]), (std::vector<int8_t>{-3}));
  EXPECT_EQ(made->tensors[made->inputs[0]].name, "image");
  EXPECT_EQ(made->tensors[made->outputs[0]].name, "mean");
  EXPECT_EQ(tensors.lookup(function.getArgument(0)), made->inputs[0]);
}

TEST_F(TosaToGraph, WritesEnumerationsAsText) {
  auto made = convert(R"(
    func.func @f(%x: tensor<1x2xi32>) -> tensor<1x2xi8> {
      %m = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
      %s = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
      %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
      %o = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
      %y = tosa.rescale %x, %m, %s, %z, %o {input_unsigned = false, output_unsigned = false,
        per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true}
        : (tensor<1x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2xi8>
      return %y : tensor<1x2xi8>
    })");
  ASSERT_TRUE(succeeded(made));
  EXPECT_EQ(made->ops[0].attributes.at("rounding_mode").text, "SINGLE_ROUND");
  EXPECT_EQ(made->ops[0].attributes.at("scale32").ints, (std::vector<int64_t>{1}));
}

TEST_F(TosaToGraph, BorrowsResourcesAndExpandsSplats) {
  auto made = convert(R"(
    func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
      %a = "tosa.const"() {values = dense_resource<blob> : tensor<2xf32>} : () -> tensor<2xf32>
      %b = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
      %y = tosa.add %x, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      %z = tosa.add %y, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      return %z : tensor<2xf32>
    }
    {-#
      dialect_resources: { builtin: { blob: "0x040000000000803F00000040" } }
    #-})");
  ASSERT_TRUE(succeeded(made));
  auto constant = *function.getOps<tosa::ConstOp>().begin();
  auto resource = cast<DenseResourceElementsAttr>(constant.getValues());
  const graph::Tensor &borrowed = made->tensors[tensors.lookup(constant.getResult())];
  EXPECT_EQ(static_cast<const void *>(borrowed.data.data()),
            static_cast<const void *>(resource.getRawHandle().getBlob()->getData().data()));
  EXPECT_EQ(valuesOf<float>(borrowed), (std::vector<float>{1, 2}));
  EXPECT_EQ(valuesOf<float>(made->tensors[made->ops[1].inputs[1]]), (std::vector<float>{0.5, 0.5}));
}

TEST_F(TosaToGraph, GivesCastsTheirParameters) {
  auto made = convert(R"(
    !q = !quant.uniform<u8<1:255>:f32, 0.5:130>
    !w = !quant.uniform<i8:f32:1, {0.5, 0.25}>
    func.func @f(%x: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
      %q = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!q>
      %d = quant.dcast %q : tensor<1x2x!q> to tensor<1x2xf32>
      %c = "tosa.const"() {values = dense<[[1, 2]]> : tensor<1x2xi8>} : () -> tensor<1x2xi8>
      %s = quant.scast %c : tensor<1x2xi8> to tensor<1x2x!w>
      %w = quant.dcast %s : tensor<1x2x!w> to tensor<1x2xf32>
      return %d, %w : tensor<1x2xf32>, tensor<1x2xf32>
    })");
  ASSERT_TRUE(succeeded(made));
  ASSERT_EQ(made->ops.size(), 4u);
  auto &cast = made->ops[0].attributes;
  EXPECT_EQ(cast.at("scale").floats, (std::vector<double>{0.5}));
  // The storage is signed in a graph.
  EXPECT_EQ(cast.at("zero_point").ints, (std::vector<int64_t>{2}));
  EXPECT_EQ(cast.at("min").ints, (std::vector<int64_t>{-127}));
  EXPECT_EQ(cast.at("max").ints, (std::vector<int64_t>{127}));
  EXPECT_EQ(made->tensors[made->ops[0].outputs[0]].element, ::pim::ElementType::I8);
  EXPECT_EQ(made->ops[2].code, "tosa.identity");
  EXPECT_EQ(made->ops[3].attributes.at("axis").ints, (std::vector<int64_t>{1}));
  EXPECT_EQ(made->ops[3].attributes.at("scale").floats.size(), 2u);
}

TEST_F(TosaToGraph, NamesLayersAsMarked) {
  auto made = convert(R"(
    func.func @f(%x: tensor<2xi8>) -> (tensor<2xi8> {pim.name = "y"}) {
      %a = tosa.clamp %x {min_val = -1 : i8, max_val = 1 : i8} : (tensor<2xi8>) -> tensor<2xi8> loc("relu")
      %b = tosa.clamp %a {min_val = -1 : i8, max_val = 1 : i8} : (tensor<2xi8>) -> tensor<2xi8> loc("relu")
      %c = tosa.clamp %b {min_val = -1 : i8, max_val = 1 : i8, pim.layer = "relu"} : (tensor<2xi8>) -> tensor<2xi8> loc("relu")
      return %c : tensor<2xi8>
    })");
  ASSERT_TRUE(succeeded(made));
  EXPECT_EQ(made->tensors[made->ops[2].outputs[0]].name, "relu");
  EXPECT_EQ(made->tensors[made->ops[0].outputs[0]].name, "relu#1");
  EXPECT_EQ(made->tensors[made->ops[1].outputs[0]].name, "relu#2");
}

TEST_F(TosaToGraph, MakesGraphsOfParts) {
  ASSERT_TRUE(succeeded(convert(R"(
    func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
      %c = "tosa.const"() {values = dense<2.0> : tensor<2xf32>} : () -> tensor<2xf32>
      %a = tosa.exp %x : (tensor<2xf32>) -> tensor<2xf32>
      %b = tosa.add %a, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      return %b : tensor<2xf32>
    })")));
  auto sum = *function.getOps<tosa::AddOp>().begin();
  Operation *ops[] = {sum};
  auto part = convertTosaToGraph(ops, sum.getInput1(), sum.getResult(), "island");
  ASSERT_TRUE(succeeded(part));
  EXPECT_EQ(part->name, "island");
  EXPECT_EQ(part->ops.size(), 1u);
  EXPECT_EQ(part->inputs.size(), 1u);
  EXPECT_TRUE(part->tensors[part->ops[0].inputs[1]].isConstant());
}

TEST_F(TosaToGraph, RefusesWhatGraphsDoNotHave) {
  EXPECT_TRUE(failed(convert(R"(
    func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {
      return %x : tensor<?xf32>
    })")));
  EXPECT_NE(message.find("expected a tensor of static shape"), std::string::npos) << message;
  EXPECT_TRUE(failed(convert(R"(
    func.func @f(%x: tensor<2xf16>) -> tensor<2xf16> {
      return %x : tensor<2xf16>
    })")));
  EXPECT_NE(message.find("no form in a graph"), std::string::npos) << message;
  EXPECT_TRUE(failed(convert(R"(
    func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
      %y = func.call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    })")));
  EXPECT_NE(message.find("expected tosa and quant ops"), std::string::npos) << message;
}

} // namespace
