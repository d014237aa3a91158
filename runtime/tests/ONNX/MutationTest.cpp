//===- MutationTest.cpp - operators that are not as they should be --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models are untrusted. Working calls of operators of every family are changed at random,
// attributes, operands and versions: each runs, or throws an error that names the operator.
//
//===----------------------------------------------------------------------===//

#include "OpRunner.h"

#include <random>

using namespace pim;
using namespace pim::onnx;

namespace {

struct Example {
  const char *type;
  int64_t opset;
  std::vector<Value> inputs;
  Attributes attributes;
};

std::vector<Example> windowedExamples() {
  Tensor image = counting({1, 2, 4, 4}), line = counting({1, 2, 4});
  return {{"Conv",
           11,
           {image, counting({2, 1, 2, 2}), counting({2})},
           {{"group", oneInt(2)},
            {"pads", intList({1, 0, 0, 1})},
            {"strides", intList({1, 2})},
            {"dilations", intList({2, 1})},
            {"auto_pad", oneText("NOTSET")}}},
          {"ConvTranspose",
           11,
           {line, counting({2, 1, 3})},
           {{"group", oneInt(2)}, {"strides", intList({2})}, {"output_padding", intList({1})}}},
          {"MaxPool", 12, {image}, {{"kernel_shape", intList({2, 2})}, {"ceil_mode", oneInt(1)}}},
          {"AveragePool",
           19,
           {line},
           {{"kernel_shape", intList({3})},
            {"pads", intList({1, 1})},
            {"count_include_pad", oneInt(1)}}},
          {"MaxUnpool",
           11,
           {floats({1, 1, 2}, {1, 2}), tensor<int64_t>({1, 1, 2}, {0, 3})},
           {{"kernel_shape", intList({2})}, {"strides", intList({2})}}},
          {"Col2Im", 18, {counting({1, 2, 2}), ints({3}), ints({2})}, {{"pads", intList({0, 0})}}},
          {"Resize",
           19,
           {image, Value(), floats({4}, {1, 1, 2, 0.5f})},
           {{"mode", oneText("linear")}, {"antialias", oneInt(1)}}},
          {"RoiAlign", 16, {image, counting({1, 4}), ints({0})}, {{"sampling_ratio", oneInt(2)}}},
          {"GridSample", 20, {image, counting({1, 2, 2, 2})}, {{"mode", oneText("cubic")}}},
          {"QLinearConv",
           10,
           {tensor<uint8_t>({1, 1, 2}, {3, 5}), floats({}, {0.5f}), tensor<uint8_t>({}, {1}),
            tensor<int8_t>({1, 1, 1}, {2}), floats({1}, {1}), tensor<int8_t>({1}, {0}),
            floats({}, {2}), tensor<uint8_t>({}, {10})},
           {{"pads", intList({1, 1})}}}};
}

std::vector<Example> movingExamples() {
  Tensor x = counting({2, 3, 4}), images = counting({1, 4, 2, 2});
  return {{"Reshape", 14, {x, ints({0, -1})}, {{"allowzero", oneInt(0)}}},
          {"Slice", 13, {x, ints({0, 1}), ints({2, 9}), ints({0, 1}), ints({1, 2})}, {}},
          {"Pad", 19, {x, ints({1, 0, 2, 0, 1, 0})}, {{"mode", oneText("reflect")}}},
          {"Concat", 13, {x, x}, {{"axis", oneInt(1)}}},
          {"Split", 18, {x, ints({1, 2})}, {{"axis", oneInt(1)}}},
          {"Transpose", 13, {x}, {{"perm", intList({2, 0, 1})}}},
          {"Tile", 13, {x, ints({1, 2, 1})}, {}},
          {"Expand", 13, {counting({3, 1}), ints({2, 3, 4})}, {}},
          {"Gather", 13, {x, ints({1, -1})}, {{"axis", oneInt(1)}}},
          {"GatherElements", 13, {x, tensor<int64_t>({1, 1, 2}, {0, 1})}, {{"axis", oneInt(1)}}},
          {"GatherND", 13, {x, tensor<int64_t>({2, 1}, {0, 1})}, {{"batch_dims", oneInt(0)}}},
          {"ScatterND",
           18,
           {x, tensor<int64_t>({1, 1}, {1}), counting({1, 3, 4})},
           {{"reduction", oneText("add")}}},
          {"ScatterElements",
           18,
           {x, tensor<int64_t>({1, 1, 2}, {0, 1}), counting({1, 1, 2})},
           {{"axis", oneInt(1)}}},
          {"DepthToSpace", 13, {images}, {{"blocksize", oneInt(2)}, {"mode", oneText("CRD")}}},
          {"SpaceToDepth", 13, {images}, {{"blocksize", oneInt(2)}}},
          {"Trilu", 14, {x, tensor<int64_t>({}, {1})}, {{"upper", oneInt(0)}}},
          {"OneHot", 11, {ints({1, -1}), ints({3}), floats({2}, {0, 9})}, {{"axis", oneInt(0)}}},
          {"TopK", 11, {x, ints({2})}, {{"axis", oneInt(1)}, {"largest", oneInt(0)}}},
          {"ReverseSequence", 10, {x, ints({1, 2, 2})}, {{"batch_axis", oneInt(1)}}},
          {"SplitToSequence", 11, {x, ints({1, 1})}, {{"axis", oneInt(0)}}},
          {"CenterCropPad", 18, {x, ints({3, 1})}, {{"axes", intList({0, 1})}}}};
}

std::vector<Example> computingExamples() {
  Tensor x = counting({2, 3, 4}), sequence = counting({3, 2, 4});
  return {
      {"Add", 14, {x, counting({3, 1})}, {}},
      {"Pow", 15, {x, ints({2})}, {}},
      {"Mod", 13, {ints({5, -5}), ints({3})}, {{"fmod", oneInt(1)}}},
      {"Clip", 13, {x, floats({}, {1}), floats({}, {5})}, {}},
      {"Cast", 19, {x}, {{"to", oneInt(17)}, {"saturate", oneInt(0)}}},
      {"MatMul", 13, {x, counting({4, 2})}, {}},
      {"Gemm", 13, {counting({2, 3}), counting({4, 3}), counting({4})}, {{"transB", oneInt(1)}}},
      {"Einsum", 12, {x, counting({4, 2})}, {{"equation", oneText("abc,cd->ad")}}},
      {"ReduceSum", 13, {x, ints({1})}, {{"keepdims", oneInt(0)}}},
      {"ArgMax", 13, {x}, {{"axis", oneInt(1)}}},
      {"CumSum", 14, {x, tensor<int64_t>({}, {1})}, {{"exclusive", oneInt(1)}}},
      {"Softmax", 11, {x}, {{"axis", oneInt(1)}}},
      {"LayerNormalization", 17, {x, counting({4})}, {{"axis", oneInt(-1)}}},
      {"GroupNormalization",
       21,
       {counting({1, 4, 2}), counting({4}), counting({4})},
       {{"num_groups", oneInt(2)}}},
      {"BatchNormalization",
       15,
       {x, counting({3}), counting({3}), counting({3}), counting({3})},
       {}},
      {"LRN", 13, {counting({1, 3, 2})}, {{"size", oneInt(3)}}},
      {"LSTM",
       14,
       {sequence, counting({1, 8, 4}), counting({1, 8, 2}), counting({1, 16})},
       {{"hidden_size", oneInt(2)}, {"direction", oneText("forward")}, {"layout", oneInt(0)}}},
      {"GRU",
       14,
       {sequence, counting({1, 6, 4}), counting({1, 6, 2})},
       {{"linear_before_reset", oneInt(1)}}},
      {"Attention",
       23,
       {counting({1, 2, 4}), counting({1, 2, 4}), counting({1, 2, 4})},
       {{"q_num_heads", oneInt(2)}, {"kv_num_heads", oneInt(2)}, {"is_causal", oneInt(1)}}},
      {"RotaryEmbedding",
       23,
       {counting({1, 1, 2, 4}), counting({1, 2, 2}), counting({1, 2, 2})},
       {{"interleaved", oneInt(1)}}},
      {"QuantizeLinear",
       21,
       {counting({2, 4}), counting({2, 2})},
       {{"axis", oneInt(1)}, {"block_size", oneInt(2)}}},
      {"NegativeLogLikelihoodLoss",
       13,
       {counting({2, 3}), ints({0, 2})},
       {{"ignore_index", oneInt(1)}, {"reduction", oneText("mean")}}},
      {"NonMaxSuppression", 11, {counting({1, 3, 4}), counting({1, 1, 3}), ints({2})}, {}},
      {"DFT", 17, {counting({1, 4, 1})}, {{"axis", oneInt(1)}, {"onesided", oneInt(1)}}},
      {"qonnx.custom_op.general:Quant",
       1,
       {x, floats({}, {0.5f}), floats({}, {0}), floats({}, {3})},
       {{"signed", oneInt(1)}}}};
}

/// Changes one thing of an example. Sizes are either small or beyond every limit, so that what runs
/// is quick.
class Mutator {
public:
  explicit Mutator(unsigned seed) : random(seed) {}

  void change(Example &example) {
    switch (pick(6)) {
    case 0:
    case 1:
      return changeAttribute(example);
    case 2:
      example.attributes[names[pick(std::size(names))]] = intList({number(), number()});
      return;
    case 3:
      example.opset = 1 + int64_t(pick(26));
      return;
    case 4:
      if (!example.inputs.empty() && pick(2))
        example.inputs.pop_back();
      else if (!example.inputs.empty())
        std::swap(example.inputs[pick(example.inputs.size())], example.inputs[0]);
      return;
    default:
      if (!example.inputs.empty())
        changeOperand(example.inputs[pick(example.inputs.size())]);
    }
  }

private:
  size_t pick(size_t choices) { return random() % choices; }
  int64_t number() {
    constexpr int64_t numbers[] = {
        0, 1, 2, 3, 7, -1, -2, -7, INT64_MAX, INT64_MIN, int64_t(1) << 40};
    return numbers[pick(std::size(numbers))];
  }

  void changeAttribute(Example &example) {
    if (example.attributes.empty())
      return;
    auto found = std::next(example.attributes.begin(), long(pick(example.attributes.size())));
    graph::Attribute &attribute = found->second;
    if (pick(8) == 0)
      example.attributes.erase(found);
    else if (!attribute.ints.empty() && pick(3) == 0)
      attribute.ints.push_back(number());
    else if (!attribute.ints.empty())
      attribute.ints[pick(attribute.ints.size())] = number();
    else
      attribute.text = texts[pick(std::size(texts))];
  }

  /// Another shape or element type with few elements, or one other number.
  void changeOperand(Value &value) {
    const auto *old = std::get_if<Tensor>(&value);
    if (!old)
      return;
    Shape shape = old->shape();
    ElementType element = old->element();
    size_t kind = pick(4);
    if (kind == 0 && !shape.empty())
      shape[pick(shape.size())] = int64_t(pick(4));
    else if (kind == 1 && !shape.empty() && pick(2))
      shape.pop_back();
    else if (kind == 1)
      shape.insert(shape.begin(), int64_t(pick(3)));
    else if (kind == 2)
      element = static_cast<ElementType>(pick(19)); // all but texts
    Tensor changed(element, shape);
    auto *bytes = changed.data<uint8_t>();
    std::fill_n(bytes, changed.bytes().size(), uint8_t(kind == 2 ? random() : 0));
    if (changed.bytes().size() == old->bytes().size())
      std::copy_n(old->data<uint8_t>(), old->bytes().size(), bytes);
    if (kind == 3 && changed.count() && element == ElementType::I64)
      changed.data<int64_t>()[pick(size_t(changed.count()))] = number();
    if (kind == 3 && changed.count() && element == ElementType::F32)
      changed.data<float>()[pick(size_t(changed.count()))] =
          pick(2) ? std::numeric_limits<float>::quiet_NaN() : -1e30f;
    value = changed;
  }

  static constexpr const char *names[] = {"axis",      "axes",         "keepdims", "group",
                                          "k",         "pads",         "to",       "strides",
                                          "dilations", "kernel_shape", "start",    "layout",
                                          "auto_pad",  "block_size",   "ceil_mode"};
  static constexpr const char *texts[] = {
      "",        "x",      "SAME_UPPER",        "cubic", "nearest",
      "reverse", "wrap",   "bidirectional",     "->",    "...a->...",
      "CRD",     "border", "tf_crop_and_resize"};
  std::mt19937 random;
};

void runMutations(const std::vector<Example> &examples) {
  constexpr unsigned rounds = 200;
  for (const Example &example : examples) {
    EXPECT_NO_THROW(runOp(example.type, example.opset, example.inputs, example.attributes, 2))
        << example.type;
    for (unsigned round = 0; round < rounds; ++round) {
      SCOPED_TRACE(std::string(example.type) + ", round " + std::to_string(round));
      Mutator mutator(round);
      Example changed = example;
      for (unsigned i = 0; i <= round % 3; ++i)
        mutator.change(changed);
      std::string message =
          errorOf(changed.type, changed.opset, changed.inputs, changed.attributes, 2);
      EXPECT_TRUE(message.empty() || message.starts_with("op onnx.")) << message;
    }
  }
}

} // namespace

TEST(OnnxMutation, WindowsStayInside) { runMutations(windowedExamples()); }
TEST(OnnxMutation, MovesStayInside) { runMutations(movingExamples()); }
TEST(OnnxMutation, ComputationsStayInside) { runMutations(computingExamples()); }
