//===- RefusedModelsTest.cpp - models that cannot be trained --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SmallModel.h"

#include "pim/Support/Error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

using namespace pim::compress;
using pim::compress::test::errorOf;
using pim::compress::test::SmallModel;
using testing::HasSubstr;

namespace {

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

struct Case {
  const char *message;
  std::function<void(SmallModel &)> build; ///< makes y of m, four-dimensional
};

class RefusedNode : public testing::TestWithParam<Case> {};

TEST_P(RefusedNode, SaysWhatIsWrong) {
  SmallModel small({1, 2, 4, 4});
  small.weights("s", at::ones({2, 1, 1})).node("Mul", {"x", "s"}, "m");
  GetParam().build(small);
  Model model = small.model("y");
  EXPECT_THAT(
      errorOf([&] { Network network(model); }),
      testing::AllOf(testing::StartsWith("small.onnx: node 'y' ("), HasSubstr(GetParam().message)));
}

Tensor integers(std::vector<int64_t> values) { return at::tensor(values, at::kLong); }

#define BUILD(...) [](SmallModel &s) { __VA_ARGS__; }
/// An operator with a second input.
#define WITH(op, value) BUILD(s.weights("w", value).node(op, {"m", "w"}, "y"))

const Case windowCases[] = {
    {"input has 4 dimensions, the weight 3", WITH("Conv", at::ones({2, 2, 3}))},
    {"input has 2 channels, but the weight wants 3 in each of 1 groups",
     WITH("Conv", at::ones({2, 3, 1, 1}))},
    {"attribute 'strides' has 1 values, expected 2",
     BUILD(s.weights("w", at::ones({2, 2, 1, 1})).node("Conv", {"m", "w"}, "y");
           s.ints("strides", {1}))},
    {"has no kernel_shape", BUILD(s.node("MaxPool", {"m"}, "y"))},
    {"attribute 'kernel_shape' has the value 0",
     BUILD(s.node("MaxPool", {"m"}, "y").ints("kernel_shape", {2, 0}))},
    {"attribute 'pads' has 2 values, expected 4",
     BUILD(s.node("MaxPool", {"m"}, "y").ints("kernel_shape", {2, 2}).ints("pads", {1, 1}))},
    {"attribute 'pads' has the value -1",
     BUILD(s.node("MaxPool", {"m"}, "y").ints("kernel_shape", {2, 2}).ints("pads", {0, 0, 0, -1}))},
    {"attribute 'auto_pad' is 'SAME', which ONNX does not have",
     BUILD(s.node("MaxPool", {"m"}, "y").ints("kernel_shape", {2, 2}).text("auto_pad", "SAME"))},
    {"has dilations, which are not supported",
     BUILD(
         s.node("AveragePool", {"m"}, "y").ints("kernel_shape", {2, 2}).ints("dilations", {2, 1}))},
    {"gives indices too, which is not supported",
     BUILD(s.node("MaxPool", {"m"}, "y").ints("kernel_shape", {2, 2});
           s.proto.mutable_graph()->mutable_node(1)->add_output("indices"))},
    {"attribute 'kernel_shape' is of another kind than the operator has",
     BUILD(s.node("MaxPool", {"m"}, "y").integer("kernel_shape", 2))},
};
INSTANTIATE_TEST_SUITE_P(Windows, RefusedNode, testing::ValuesIn(windowCases));

const Case shapeCases[] = {
    {"copies dimension 4 of an input that has 4", WITH("Reshape", integers({1, 1, 1, 1, 0}))},
    {"the shape has a dimension of -2", WITH("Reshape", integers({1, -2}))},
    {"cannot give 64 values the shape", WITH("Reshape", integers({1, 7}))},
    {"input 1 is no list of integers", WITH("Reshape", at::ones({2}))},
    {"perm is no permutation of the input's 4 dimensions",
     BUILD(s.node("Transpose", {"m"}, "y").ints("perm", {0, 1, 2, 2}))},
    {"has no input", BUILD(s.node("Concat", {}, "y").integer("axis", 0))},
    {"axis is 4, expected -4 to 3", BUILD(s.node("Concat", {"m", "m"}, "y").integer("axis", 4))},
    {"an index is outside dimension 1",
     BUILD(s.weights("w", integers({2})).node("Gather", {"m", "w"}, "y").integer("axis", 1))},
    {"starts, ends, axes and steps have different numbers of values",
     BUILD(s.weights("a", integers({0})).weights("b", integers({1, 2}));
           s.node("Slice", {"m", "a", "b"}, "y"))},
    {"has a step of -1, which is not supported",
     BUILD(s.weights("a", integers({3})).weights("b", integers({0})).weights("i", integers({1}));
           s.weights("d", integers({-1})).node("Slice", {"m", "a", "b", "i", "d"}, "y"))},
    {"mode is 'reflect', only constant is supported",
     BUILD(s.weights("w", integers({0, 0, 1, 1, 0, 0, 1, 1}));
           s.node("Pad", {"m", "w"}, "y").text("mode", "reflect"))},
    {"has 2 pads, expected 8", WITH("Pad", integers({1, 1}))},
};
INSTANTIATE_TEST_SUITE_P(Shapes, RefusedNode, testing::ValuesIn(shapeCases));

const Case otherCases[] = {
    {"inputs have 4 and 2 dimensions, expected 2", WITH("Gemm", at::ones({4, 2}))},
    {"input 1 is missing", BUILD(s.node("MatMul", {"m"}, "y"))},
    {"input 1 has 3 values, expected 2",
     BUILD(
         s.weights("w", at::ones({3})).node("BatchNormalization", {"m", "w", "w", "w", "w"}, "y"))},
    {"the ratio is 1, expected at least 0 and below 1", WITH("Dropout", at::ones({}))},
    {"scale or zero point has 3 values, expected 2", WITH("QuantizeLinear", at::ones({3}))},
    {"makes other integers than of 8 bits",
     BUILD(s.weights("w", at::ones({})).weights("z", at::zeros({}, at::kLong));
           s.node("QuantizeLinear", {"m", "w", "z"}, "y"))},
    {"divides integers by zero",
     BUILD(s.weights("a", integers({1})).weights("b", integers({0})).node("Div", {"a", "b"}, "y"))},
    {"has no value that can be trained with",
     BUILD(s.node("Constant", {}, "y").text("value_string", "a"))},
    {"has 2 outputs, expected 1", BUILD(s.node("Constant", {}, "y").integer("value_int", 1);
                                        s.proto.mutable_graph()->mutable_node(1)->add_output("z"))},
};
INSTANTIATE_TEST_SUITE_P(Others, RefusedNode, testing::ValuesIn(otherCases));

TEST(RefusedModel, PoolingWantsAPicture) {
  SmallModel small({1, 4});
  small.weights("w", at::ones({4, 2})).node("MatMul", {"x", "w"}, "m");
  small.node("GlobalAveragePool", {"m"}, "y");
  Model model = small.model("y");
  EXPECT_EQ(
      errorOf([&] { Network network(model); }),
      "small.onnx: node 'y' (GlobalAveragePool): input has 2 dimensions, expected at least 3");
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

/// What is wrong with a model of one matrix once it has been changed.
std::string problemOf(const std::function<void(onnx::ModelProto &)> &change) {
  SmallModel small({1, 4});
  small.weights("w", at::ones({4, 2})).node("MatMul", {"x", "w"}, "y", "fc");
  onnx::ModelProto proto = small.model("y", {1, 2}).proto;
  change(proto);
  return errorOf([&] { Network network(checkedModel(proto, "m.onnx")); });
}

TEST(RefusedModel, Structure) {
  using Proto = onnx::ModelProto;
  EXPECT_EQ(problemOf([](Proto &) {}), "none");
  EXPECT_EQ(problemOf([](Proto &p) { p.clear_graph(); }),
            "m.onnx: is not an ONNX model: it has no graph");
  EXPECT_EQ(problemOf([](Proto &p) { p.set_ir_version(99); }),
            "m.onnx: has IR version 99, expected 3 to 13");
  EXPECT_EQ(problemOf([](Proto &p) { p.mutable_opset_import(0)->set_version(6); }),
            "m.onnx: uses opset 6, expected 7 to 24");
  EXPECT_EQ(problemOf([](Proto &p) { *p.mutable_graph()->add_input() = p.graph().input(0); }),
            "m.onnx: graph input 'x' has no name or is there twice");
  EXPECT_EQ(
      problemOf([](Proto &p) { *p.mutable_graph()->add_initializer() = p.graph().initializer(0); }),
      "m.onnx: initializer 'w' has no name or is there twice");
  EXPECT_EQ(problemOf([](Proto &p) { p.mutable_graph()->add_sparse_initializer(); }),
            "m.onnx: has sparse initializers, which are not supported; store them dense");
  EXPECT_EQ(problemOf([](Proto &p) { p.mutable_graph()->mutable_node(0)->set_domain("mine"); }),
            "m.onnx: node 'fc' (MatMul): is of domain 'mine', which cannot be trained; only ONNX's "
            "own operators can");
  EXPECT_EQ(problemOf([](Proto &p) { *p.mutable_graph()->add_node() = p.graph().node(0); }),
            "m.onnx: node 'fc' (MatMul): makes value 'y', which is there already");
  EXPECT_EQ(problemOf([](Proto &p) {
              onnx::AttributeProto &body = *p.mutable_graph()->mutable_node(0)->add_attribute();
              body.mutable_g();
            }),
            "m.onnx: node 'fc' (MatMul): has a sub-graph, which cannot be trained");
  EXPECT_EQ(problemOf([](Proto &p) { p.mutable_graph()->clear_output(); }),
            "m.onnx: the graph has no output");
  EXPECT_EQ(problemOf([](Proto &p) { p.mutable_graph()->mutable_output(0)->set_name("z"); }),
            "m.onnx: graph output 'z' is made by no node");
}

TEST(RefusedModel, Inputs) {
  using Proto = onnx::ModelProto;
  auto shapeOf = [](Proto &p) {
    return p.mutable_graph()
        ->mutable_input(0)
        ->mutable_type()
        ->mutable_tensor_type()
        ->mutable_shape();
  };
  EXPECT_EQ(problemOf([](Proto &p) { p.mutable_graph()->add_input()->set_name("z"); }),
            "m.onnx: has the inputs 'x' and 'z'; only models of one input can be trained");
  EXPECT_EQ(problemOf([&](Proto &p) { shapeOf(p)->clear_dim(); }),
            "m.onnx: input 'x' is no float tensor with a batch dimension");
  EXPECT_EQ(problemOf([&](Proto &p) { shapeOf(p)->mutable_dim(1)->clear_dim_value(); }),
            "m.onnx: dimension 1 of input 'x' is open; only the batch may be");
  EXPECT_EQ(problemOf([&](Proto &p) { shapeOf(p)->mutable_dim(1)->set_dim_value(0); }),
            "m.onnx: dimension 1 of input 'x' is 0");
  EXPECT_EQ(problemOf([](Proto &p) {
              *p.mutable_graph()->add_initializer() = p.graph().initializer(0);
              p.mutable_graph()->mutable_initializer(1)->set_name("x");
            }),
            "m.onnx: has no input");
}

TEST(RefusedModel, Weights) {
  SmallModel infinite({1, 4});
  infinite.weights("w", at::full({4, 2}, INFINITY)).node("MatMul", {"x", "w"}, "y");
  Model model = infinite.model("y");
  EXPECT_EQ(errorOf([&] { Network network(model); }),
            "small.onnx: initializer 'w' has values that are not finite");
  SmallModel twice({1, 4});
  twice.weights("w", at::ones({4, 4})).node("MatMul", {"x", "w"}, "a", "fc");
  twice.node("MatMul", {"a", "w"}, "y", "fc");
  model = twice.model("y", {1, 4});
  EXPECT_THAT(errorOf([&] { Network network(model); }),
              HasSubstr("there is another node of this name; names of layers must differ"));
  SmallModel flat({1, 4});
  flat.weights("w", at::ones({4, 2})).node("MatMul", {"x", "w"}, "a");
  flat.weights("s", integers({-1})).node("Reshape", {"a", "s"}, "y");
  model = flat.model("y", {2});
  EXPECT_THAT(
      errorOf([&] { Network network(model); }),
      HasSubstr("output 'y' has no batch dimension; the graph cannot be trained on batches"));
}

TEST(RefusedModel, Tensors) {
  onnx::TensorProto tensor;
  auto problem = [&] { return errorOf([&] { tensorOf(tensor, "m.onnx", "initializer 'w'"); }); };
  tensor.add_dims(2);
  tensor.set_data_type(onnx::TensorProto::COMPLEX64);
  EXPECT_EQ(problem(), "initializer 'w' has elements of type 14, which cannot be trained with");
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_float_data(1);
  EXPECT_EQ(problem(), "initializer 'w' has 1 values, expected 2");
  tensor.set_data_type(onnx::TensorProto::INT64);
  EXPECT_EQ(problem(), "initializer 'w' has 0 values, expected 2");
}

} // namespace
