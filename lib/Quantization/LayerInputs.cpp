//===- LayerInputs.cpp - what layers see of samples ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerInputs.h"
#include "SampleSource.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Runtime/Graph/Quantize.h"
#include "pim/TosaToGraph/TosaToGraph.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

/// Above this many inputs their products would take more memory and time than the layer itself.
static constexpr int64_t mostCorrelatedRows = 1024;
/// Input vectors of a layer that are looked at: a few for each weight of an output.
static constexpr int64_t wantedVectors = 4096;

template <typename Op> static std::optional<CodedConvolution> readConvolution(Op op) {
  CodedConvolution conv;
  FailureOr<int64_t> inputZeroPoint = op.getInputZeroPoint(),
                     weightZeroPoint = op.getWeightZeroPoint();
  conv.weights = getTosaConstant(op.getWeight());
  conv.bias = getTosaConstant(op.getBias());
  auto result = dyn_cast<RankedTensorType>(op.getType());
  if (!conv.weights || !conv.weights->getElementType().isSignlessInteger(8) || !conv.bias ||
      !result || !result.hasStaticShape() || !result.getElementType().isSignlessInteger(32) ||
      failed(inputZeroPoint) || failed(weightZeroPoint) || !op.getOutput().hasOneUse())
    return std::nullopt;
  conv.rescale = dyn_cast<tosa::RescaleOp>(*op.getOutput().getUsers().begin());
  if (!conv.rescale || !conv.rescale.getScale32() ||
      !getTosaConstant(conv.rescale.getMultiplier()) || !getTosaConstant(conv.rescale.getShift()))
    return std::nullopt;
  conv.op = op;
  conv.isDepthwise = isa<tosa::DepthwiseConv2DOp>(op.getOperation());
  conv.inputZeroPoint = *inputZeroPoint;
  conv.weightZeroPoint = *weightZeroPoint;
  conv.outputs = result.getShape().back();
  ArrayRef<int64_t> shape = conv.weights->getShape();
  conv.kernel = {shape[conv.isDepthwise ? 0 : 1], shape[conv.isDepthwise ? 1 : 2]};
  conv.taps = conv.kernel[0] * conv.kernel[1];
  conv.channels = conv.isDepthwise ? shape[2] : shape[3];
  conv.multiplier = conv.isDepthwise ? shape[3] : 1;
  conv.pad = llvm::to_vector(op.getPad());
  conv.stride = llvm::to_vector(op.getStride());
  conv.dilation = llvm::to_vector(op.getDilation());
  return conv;
}

std::optional<CodedConvolution> CodedConvolution::of(Operation *op) {
  if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
    return readConvolution(conv);
  if (auto conv = dyn_cast<tosa::DepthwiseConv2DOp>(op))
    return readConvolution(conv);
  return std::nullopt;
}

namespace {
/// Takes some windows of a feature map into the moments of one convolution.
class WindowSampler {
public:
  WindowSampler(const CodedConvolution &conv, std::vector<VectorMoments> &moments,
                int64_t windowsPerSample)
      : conv(conv), moments(moments), windows(windowsPerSample) {}

  void add(std::span<const int8_t> map);

private:
  void gather(std::span<const int8_t> map, int64_t row, int64_t col);

  const CodedConvolution &conv;
  std::vector<VectorMoments> &moments;
  int64_t windows;
  uint64_t state = 1;
  std::vector<float> vector;
};
} // namespace

/// The window of output (row, col); taps outside of the map are 0.
void WindowSampler::gather(std::span<const int8_t> map, int64_t row, int64_t col) {
  auto input = cast<RankedTensorType>(conv.op->getOperand(0).getType());
  int64_t rows = input.getDimSize(1), cols = input.getDimSize(2), channels = input.getDimSize(3);
  vector.assign(size_t(conv.taps * channels), 0);
  for (int64_t a = 0; a < conv.kernel[0]; ++a)
    for (int64_t b = 0; b < conv.kernel[1]; ++b) {
      int64_t i = row * conv.stride[0] + a * conv.dilation[0] - conv.pad[0],
              j = col * conv.stride[1] + b * conv.dilation[1] - conv.pad[2];
      if (i < 0 || i >= rows || j < 0 || j >= cols)
        continue;
      const int8_t *from = map.data() + (i * cols + j) * channels;
      float *to = vector.data() + (a * conv.kernel[1] + b) * channels;
      for (int64_t c = 0; c < channels; ++c)
        to[c] = float(from[c] - conv.inputZeroPoint);
    }
}

void WindowSampler::add(std::span<const int8_t> map) {
  auto result = cast<RankedTensorType>(conv.op->getResult(0).getType());
  int64_t rows = result.getDimSize(1), cols = result.getDimSize(2), positions = rows * cols;
  std::vector<float> own(static_cast<size_t>(conv.taps));
  for (int64_t i = 0; i < std::min(windows, positions); ++i) {
    // Every position where they are few, else drawn (Knuth's linear congruential generator).
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    int64_t at = windows >= positions ? i : int64_t((state >> 33) % uint64_t(positions));
    gather(map, at / cols, at % cols);
    if (!conv.isDepthwise) {
      moments.front().add(vector);
      continue;
    }
    for (int64_t c = 0; c < conv.channels; ++c) {
      for (int64_t tap = 0; tap < conv.taps; ++tap)
        own[size_t(tap)] = vector[size_t(tap * conv.channels + c)];
      moments[size_t(c)].add(own);
    }
  }
}

namespace {
/// Float samples as the integers that the function takes.
class QuantizedSamples {
public:
  QuantizedSamples(func::FuncOp function, const graph::Graph &graph,
                   const CalibrationOptions &options)
      : floats(graph) {
    for (int input : floats.inputs)
      floats.tensors[size_t(input)].element = ::pim::ElementType::F32;
    source.emplace(floats, options);
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      auto type = function.getArgAttrOfType<TypeAttr>(i, "pim.quant");
      types.push_back(type ? dyn_cast<quant::UniformQuantizedType>(type.getValue())
                           : quant::UniformQuantizedType());
    }
    buffers.resize(types.size());
  }

  int64_t count() const { return source->count(); }

  void read(int64_t sample, std::vector<std::span<const std::byte>> &inputs) {
    source->read(sample, inputs);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!types[i])
        continue;
      auto *values = reinterpret_cast<const float *>(inputs[i].data());
      buffers[i].resize(inputs[i].size() / sizeof(float));
      for (size_t k = 0; k < buffers[i].size(); ++k)
        buffers[i][k] =
            int8_t(graph::quantize(values[k], types[i].getScale(), types[i].getZeroPoint(),
                                   types[i].getStorageTypeMin(), types[i].getStorageTypeMax()));
      inputs[i] = std::as_bytes(std::span(buffers[i]));
    }
  }

private:
  graph::Graph floats; ///< what the samples are shaped after
  std::optional<SampleSource> source;
  std::vector<quant::UniformQuantizedType> types;
  std::vector<std::vector<int8_t>> buffers;
};
} // namespace

FailureOr<std::vector<std::vector<VectorMoments>>>
mlir::pim::collectMoments(func::FuncOp function, ArrayRef<CodedConvolution> convolutions,
                          const CalibrationOptions &options) {
  std::vector<std::vector<VectorMoments>> moments;
  for (const CodedConvolution &conv : convolutions)
    moments.emplace_back(
        size_t(conv.matrices()),
        VectorMoments(conv.rows(), !options.data.empty() && conv.rows() <= mostCorrelatedRows));
  if (options.data.empty())
    return moments;
  TensorOfValue tensors;
  FailureOr<graph::Graph> integers = convertTosaToGraph(function, &tensors);
  if (failed(integers))
    return failure();
  QuantizedSamples samples(function, *integers, options);
  int64_t perSample = std::max<int64_t>(1, wantedVectors / std::max<int64_t>(1, samples.count()));
  std::multimap<int, WindowSampler> samplers;
  for (auto [conv, own] : llvm::zip(convolutions, moments))
    samplers.emplace(tensors.lookup(conv.op->getOperand(0)), WindowSampler(conv, own, perSample));
  graph::HostEvaluator evaluator(*integers);
  evaluator.setObserver([&](int tensor, const graph::TensorView &view) {
    for (auto [it, end] = samplers.equal_range(tensor); it != end; ++it)
      it->second.add(view.values<int8_t>());
  });
  std::vector<std::span<const std::byte>> inputs;
  for (int64_t sample = 0; sample < samples.count(); ++sample) {
    samples.read(sample, inputs);
    evaluator.run(inputs);
    if (options.progress)
      options.progress(sample + 1, samples.count());
  }
  return moments;
}
