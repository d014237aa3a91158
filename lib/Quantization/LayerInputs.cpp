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
#include "pim/Elements/Ports.h"
#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Runtime/Graph/Quantize.h"
#include "pim/TosaToGraph/TosaToGraph.h"

using namespace mlir;
using namespace mlir::pim;
namespace graph = ::pim::graph;

/// Patches of a layer that are looked at: a few for each weight of an output.
static constexpr int64_t wantedPatches = 4 * InputMoments::widestBlock;

template <typename Op> static std::optional<CodedConvolution> readConvolution(Op op) {
  FailureOr<int64_t> inputZeroPoint = op.getInputZeroPoint(),
                     weightZeroPoint = op.getWeightZeroPoint();
  std::optional<Elements> weights = getTosaConstant(op.getWeight()),
                          bias = getTosaConstant(op.getBias());
  auto result = dyn_cast<RankedTensorType>(op.getType());
  if (!weights || !weights->getElementType().isSignlessInteger(8) || !bias || !result ||
      !result.hasStaticShape() || !result.getElementType().isSignlessInteger(32) ||
      failed(inputZeroPoint) || failed(weightZeroPoint) || !op.getOutput().hasOneUse())
    return std::nullopt;
  auto rescale = dyn_cast<tosa::RescaleOp>(*op.getOutput().getUsers().begin());
  if (!rescale || !rescale.getScale32() || !getTosaConstant(rescale.getMultiplier()) ||
      !getTosaConstant(rescale.getShift()))
    return std::nullopt;
  return CodedConvolution{op,  LinearShape(op), rescale, *inputZeroPoint, *weightZeroPoint, weights,
                          bias};
}

std::optional<CodedConvolution> CodedConvolution::of(Operation *op) {
  if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
    return readConvolution(conv);
  if (auto conv = dyn_cast<tosa::DepthwiseConv2DOp>(op))
    return readConvolution(conv);
  return std::nullopt;
}

std::vector<float> CodedConvolution::weightsOf(int64_t output) const {
  ArrayRef<char> bytes = weights->getBytes();
  std::vector<float> values(static_cast<size_t>(shape.taps));
  for (int64_t tap = 0; tap < shape.taps; ++tap) {
    size_t index = weights->isSplat() ? 0 : size_t(shape.weightIndex(output, tap));
    values[size_t(tap)] = float(int8_t(bytes[index]) - weightZeroPoint);
  }
  return values;
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
      auto type = function.getArgAttrOfType<TypeAttr>(i, quantAttrName);
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

FailureOr<std::vector<InputMoments>>
mlir::pim::collectMoments(func::FuncOp function, ArrayRef<CodedConvolution> convolutions,
                          const CalibrationOptions &options) {
  std::vector<InputMoments> moments;
  if (options.data.empty()) {
    for (const CodedConvolution &conv : convolutions)
      moments.emplace_back(conv.shape);
    return moments;
  }
  TensorOfValue tensors;
  FailureOr<graph::Graph> integers = convertTosaToGraph(function, &tensors);
  if (failed(integers))
    return failure();
  QuantizedSamples samples(function, *integers, options);
  int64_t perSample = std::max<int64_t>(1, wantedPatches / std::max<int64_t>(1, samples.count()));
  std::multimap<int, size_t> users;
  for (auto [index, conv] : llvm::enumerate(convolutions)) {
    moments.emplace_back(conv.shape, perSample);
    users.emplace(tensors.lookup(conv.op->getOperand(0)), index);
  }
  graph::HostEvaluator evaluator(*integers);
  std::vector<float> map;
  evaluator.setObserver([&](int tensor, const graph::TensorView &view) {
    for (auto [it, end] = users.equal_range(tensor); it != end; ++it) {
      auto zeroPoint = float(convolutions[it->second].inputZeroPoint);
      map.assign(view.values<int8_t>().begin(), view.values<int8_t>().end());
      for (float &value : map)
        value -= zeroPoint;
      moments[it->second].add(map);
    }
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
