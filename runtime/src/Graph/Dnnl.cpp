//===- Dnnl.cpp - float kernels by oneDNN ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Activations stay in TOSA's layout, which is oneDNN's `nhwc`; weights are reordered once into what
// the primitive likes best. A primitive that oneDNN cannot make is no error: the plain kernel runs
// instead.
//
//===----------------------------------------------------------------------===//

#include "Dnnl.h"

#include "Kernels/Windows.h"

#include <algorithm>
#include <memory>
#include <omp.h>

using namespace pim;
using namespace pim::graph;
using dnnl::memory;
using Tag = memory::format_tag;

static constexpr auto f32 = memory::data_type::f32;

ThreadLimit::ThreadLimit(int threads) : before(omp_get_max_threads()) {
  omp_set_num_threads(std::max(threads, 1));
}
ThreadLimit::~ThreadLimit() { omp_set_num_threads(before); }

namespace {

/// A primitive with its memories: operand and result buffers are set at each run, the rest is
/// constant.
struct Primitive {
  std::shared_ptr<DnnlContext> context;
  dnnl::primitive primitive;
  std::vector<std::pair<int, memory>> operands; ///< index of the op's operand
  memory result;
  std::unordered_map<int, memory> arguments;
  std::vector<float> bias;

  memory make(const memory::desc &desc) const { return memory(desc, context->engine, nullptr); }

  void addOperand(int argument, int operand, const memory::desc &desc) {
    operands.emplace_back(operand, make(desc));
    arguments.emplace(argument, operands.back().second);
  }

  void setResult(const memory::desc &desc) {
    result = make(desc);
    arguments.emplace(DNNL_ARG_DST, result);
  }

  void run(const Buffers &buffers) {
    for (auto &[operand, handle] : operands)
      handle.set_data_handle(const_cast<std::byte *>(buffers.inputs[operand]));
    result.set_data_handle(buffers.outputs[0]);
    primitive.execute(context->stream, arguments);
    context->stream.wait();
  }
};

Step asStep(std::shared_ptr<Primitive> primitive, const Binding &op) {
  return [primitive, op](const Buffers &buffers) {
    try {
      primitive->run(buffers);
    } catch (const dnnl::error &error) {
      op.fail("oneDNN failed: ", error.what());
    }
  };
}

bool isZero(const Tensor &tensor) {
  return tensor.isConstant() && std::all_of(tensor.data.begin(), tensor.data.end(),
                                            [](std::byte byte) { return byte == std::byte(0); });
}

bool allFloat(const Binding &op) {
  for (size_t i = 0; i < op.inputCount(); ++i)
    if (op.input(i).element != ElementType::F32)
      return false;
  return op.output().element == ElementType::F32;
}

memory::desc nhwc(const Shape &shape) {
  return {{shape[0], shape[3], shape[1], shape[2]}, f32, Tag::nhwc};
}

Step makeConvolution(const Binding &op, const std::shared_ptr<DnnlContext> &context) {
  bool depthwise = op.code() == "tosa.depthwise_conv2d";
  const Tensor &weight = op.input(1);
  if (!weight.isConstant() || !op.input(2).isConstant() || !isZero(op.input(3)) ||
      !isZero(op.input(4)))
    return nullptr;
  const Shape &w = weight.shape;
  Windows windows = bindWindows(op, w[depthwise ? 0 : 1], w[depthwise ? 1 : 2], /*dilated=*/true);
  memory::desc source = nhwc(op.input(0).shape), target = nhwc(op.output().shape);
  int64_t outputChannels = op.output().shape[3];
  // The weights as they lie in the graph, and in oneDNN's own choice of layout.
  memory::desc given, chosen;
  if (depthwise) {
    memory::dims dims = {w[2], w[3], 1, w[0], w[1]};
    given = memory::desc(dims, f32, {w[3], 1, w[2] * w[3], w[1] * w[2] * w[3], w[2] * w[3]});
    chosen = memory::desc(dims, f32, Tag::any);
  } else {
    memory::dims dims = {w[0], w[3], w[1], w[2]};
    given = memory::desc(dims, f32, Tag::ohwi);
    chosen = memory::desc(dims, f32, Tag::any);
  }
  memory::desc biasDesc({outputChannels}, f32, Tag::a);
  dnnl::convolution_forward::desc description(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, source, chosen,
      biasDesc, target, {windows.rows.stride, windows.cols.stride},
      {windows.rows.dilation - 1, windows.cols.dilation - 1},
      {windows.rows.padBefore, windows.cols.padBefore},
      {windows.rows.padAfter, windows.cols.padAfter});
  dnnl::convolution_forward::primitive_desc made(description, context->engine);

  auto primitive = std::make_shared<Primitive>();
  primitive->context = context;
  primitive->primitive = dnnl::convolution_forward(made);
  primitive->addOperand(DNNL_ARG_SRC, 0, source);
  primitive->setResult(target);
  memory packed(made.weights_desc(), context->engine);
  memory asGiven(given, context->engine, const_cast<std::byte *>(weight.data.data()));
  dnnl::reorder(asGiven, packed).execute(context->stream, asGiven, packed);
  context->stream.wait();
  primitive->arguments.emplace(DNNL_ARG_WEIGHTS, packed);
  const float *bias = reinterpret_cast<const float *>(op.input(2).data.data());
  size_t biases = op.input(2).data.size() / sizeof(float);
  primitive->bias.assign(outputChannels, bias[0]);
  if (biases > 1)
    std::copy_n(bias, outputChannels, primitive->bias.begin());
  primitive->arguments.emplace(DNNL_ARG_BIAS,
                               memory(biasDesc, context->engine, primitive->bias.data()));
  return asStep(primitive, op);
}

Step makeMatMul(const Binding &op, const std::shared_ptr<DnnlContext> &context) {
  if (!isZero(op.input(2)) || !isZero(op.input(3)))
    return nullptr;
  auto primitive = std::make_shared<Primitive>();
  primitive->context = context;
  memory::desc a(op.input(0).shape, f32, Tag::abc);
  memory::desc b(op.input(1).shape, f32, Tag::abc);
  memory::desc target(op.output().shape, f32, Tag::abc);
  dnnl::matmul::desc description(a, b, target);
  primitive->primitive = dnnl::matmul(dnnl::matmul::primitive_desc(description, context->engine));
  primitive->addOperand(DNNL_ARG_SRC, 0, a);
  primitive->addOperand(DNNL_ARG_WEIGHTS, 1, b);
  primitive->setResult(target);
  return asStep(primitive, op);
}

Step makeAveragePool(const Binding &op, const std::shared_ptr<DnnlContext> &context) {
  std::vector<int64_t> kernel = op.integers("kernel", 2);
  Windows windows = bindWindows(op, kernel[0], kernel[1], /*dilated=*/false);
  auto primitive = std::make_shared<Primitive>();
  primitive->context = context;
  memory::desc source = nhwc(op.input(0).shape), target = nhwc(op.output().shape);
  dnnl::pooling_forward::desc description(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_avg_exclude_padding, source,
      target, {windows.rows.stride, windows.cols.stride},
      {windows.rows.kernel, windows.cols.kernel}, {windows.rows.padBefore, windows.cols.padBefore},
      {windows.rows.padAfter, windows.cols.padAfter});
  primitive->primitive =
      dnnl::pooling_forward(dnnl::pooling_forward::primitive_desc(description, context->engine));
  primitive->addOperand(DNNL_ARG_SRC, 0, source);
  primitive->setResult(target);
  return asStep(primitive, op);
}

} // namespace

Step pim::graph::prepareDnnl(const Binding &op, const std::shared_ptr<DnnlContext> &context) {
  const std::string &code = op.code();
  bool convolution = code == "tosa.conv2d" || code == "tosa.depthwise_conv2d";
  // Maxima stay with the plain kernel, which keeps NaN.
  if (!convolution && code != "tosa.matmul" && code != "tosa.avg_pool2d")
    return nullptr;
  // The plain kernel checks the op; what passes it is well-formed.
  prepareKernel(op);
  if (!allFloat(op) || elementCount(op.output().shape) == 0 || elementCount(op.input(0).shape) == 0)
    return nullptr;
  try {
    if (convolution)
      return makeConvolution(op, context);
    if (code == "tosa.matmul")
      return makeMatMul(op, context);
    return makeAveragePool(op, context);
  } catch (const dnnl::error &) {
    return nullptr;
  }
}
