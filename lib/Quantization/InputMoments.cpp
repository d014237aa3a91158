//===- InputMoments.cpp - what a linear op sees of its input -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InputMoments.h"

#include "mlir/Dialect/Tosa/IR/TosaOps.h"

#include <algorithm>
#include <oneapi/dnnl/dnnl.h>

using namespace mlir;
using namespace mlir::pim;

LinearShape::LinearShape(Operation *op) {
  auto shapeOf = [](Value value) { return cast<RankedTensorType>(value.getType()).getShape(); };
  ArrayRef<int64_t> input = shapeOf(op->getOperand(0)), weights = shapeOf(op->getOperand(1));
  if (isa<tosa::MatMulOp>(op)) {
    product = true;
    channels = taps = weights[1];
    outputs = weights[2];
    outputRows = inputRows = input[0] * input[1];
    return;
  }
  ArrayRef<int64_t> result = shapeOf(op->getResult(0));
  auto list = [&](StringRef name) {
    return op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
  };
  depthwise = isa<tosa::DepthwiseConv2DOp>(op);
  int64_t batch = input[0];
  inputRows = input[1], inputCols = input[2], channels = input[3];
  outputRows = result[1] * batch, outputCols = result[2];
  padTop = list("pad")[0], padLeft = list("pad")[2];
  strideRows = list("stride")[0], strideCols = list("stride")[1];
  dilationRows = list("dilation")[0], dilationCols = list("dilation")[1];
  kernelRows = weights[depthwise ? 0 : 1], kernelCols = weights[depthwise ? 1 : 2];
  multiplier = depthwise ? weights[3] : 1;
  outputs = depthwise ? channels * multiplier : weights[0];
  taps = kernelRows * kernelCols * (depthwise ? 1 : channels);
}

int64_t LinearShape::weightIndex(int64_t output, int64_t tap) const {
  return product || depthwise ? tap * outputs + output : output * taps + tap;
}

int64_t LinearShape::patchOffset(int64_t output) const {
  return depthwise ? output / multiplier * taps : 0;
}

InputMoments::InputMoments(const LinearShape &shape, int64_t patchesPerInput)
    : shape(shape), patchesPerInput(patchesPerInput) {
  int64_t width = shape.depthwise ? shape.taps : std::min(shape.taps, widestBlock);
  for (int64_t begin = 0; begin < shape.patchLength(); begin += width) {
    int64_t size = std::min(width, shape.patchLength() - begin);
    parts.push_back({begin, size, {}});
  }
  sums.assign(size_t(shape.patchLength()), 0.0);
}

/// Zero padding, as everywhere in float TOSA.
void InputMoments::gather(std::span<const float> input, int64_t position, float *patch) const {
  const LinearShape &s = shape;
  if (s.product) {
    std::copy_n(input.begin() + position * s.taps, s.taps, patch);
    return;
  }
  int64_t rowsPerImage =
      s.outputRows / (int64_t(input.size()) / (s.inputRows * s.inputCols * s.channels));
  int64_t outputRow = position / s.outputCols, outputCol = position % s.outputCols;
  const float *image =
      input.data() + outputRow / rowsPerImage * s.inputRows * s.inputCols * s.channels;
  int64_t top = outputRow % rowsPerImage * s.strideRows - s.padTop;
  int64_t left = outputCol * s.strideCols - s.padLeft;
  for (int64_t i = 0; i < s.kernelRows * s.kernelCols; ++i) {
    int64_t row = top + i / s.kernelCols * s.dilationRows;
    int64_t col = left + i % s.kernelCols * s.dilationCols;
    bool inside = row >= 0 && row < s.inputRows && col >= 0 && col < s.inputCols;
    const float *pixel = image + (row * s.inputCols + col) * s.channels;
    for (int64_t channel = 0; channel < s.channels; ++channel)
      patch[s.depthwise ? channel * s.taps + i : i * s.channels + channel] =
          inside ? pixel[channel] : 0.0f;
  }
}

void InputMoments::add(std::span<const float> input) {
  int64_t positions = shape.outputRows * shape.outputCols;
  int64_t used = std::min(positions, patchesPerInput), length = shape.patchLength();
  gathered.resize(size_t(used * length));
  for (int64_t i = 0; i < used; ++i)
    gather(input, i * positions / used, gathered.data() + i * length);
  for (int64_t i = 0; i < used; ++i)
    for (int64_t position = 0; position < length; ++position)
      sums[size_t(position)] += gathered[size_t(i * length + position)];
  for (Block &block : parts) { // second += patches' * patches
    block.second.resize(size_t(block.size * block.size));
    dnnl_sgemm('T', 'N', block.size, block.size, used, 1.0f, gathered.data() + block.begin, length,
               gathered.data() + block.begin, length, 1.0f, block.second.data(), block.size);
  }
  patches += used;
}
