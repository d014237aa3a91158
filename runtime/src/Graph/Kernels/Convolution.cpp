//===- Convolution.cpp - conv2d and depthwise_conv2d ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "Products.h"
#include "Windows.h"

#include <memory>

using namespace pim;
using namespace pim::graph;

namespace {

template <typename Element, typename Weight> struct Conv2d {
  using Operand = typename Wide<Element>::Operand;
  using Sum = typename Wide<Element>::Sum;
  using Result = typename Wide<Element>::Result;

  Windows windows;
  int64_t outputChannels;
  bool biasPerChannel;
  bool weightsAreConstant = false;
  std::vector<Operand> weights; ///< [output channel][kernel row][kernel column][input channel]
  std::vector<Operand> patch;

  int64_t patchSize() const { return windows.rows.kernel * windows.cols.kernel * windows.channels; }

  void packWeights(const Weight *from, Weight zeroPoint) {
    weights.resize(outputChannels * patchSize());
    widen(from, zeroPoint, weights.data(), static_cast<int64_t>(weights.size()));
  }

  /// Collects the taps of one output position; what lies in the padding counts as the zero point.
  void gather(const Element *image, int64_t row, int64_t col, Element zeroPoint) {
    Operand *to = patch.data();
    for (int64_t kernelRow = 0; kernelRow < windows.rows.kernel; ++kernelRow)
      for (int64_t kernelCol = 0; kernelCol < windows.cols.kernel; ++kernelCol) {
        int64_t y = windows.rows.at(row, kernelRow), x = windows.cols.at(col, kernelCol);
        if (windows.rows.inside(y) && windows.cols.inside(x))
          widen(image + (y * windows.cols.input + x) * windows.channels, zeroPoint, to,
                windows.channels);
        else
          std::fill_n(to, windows.channels, Operand(0));
        to += windows.channels;
      }
  }

  void run(const Buffers &buffers) {
    // Packed at the first run: the host evaluator prepares kernels that it never runs.
    if (!weightsAreConstant || weights.empty())
      packWeights(buffers.in<Weight>(1), *buffers.in<Weight>(4));
    Element zeroPoint = *buffers.in<Element>(3);
    const Result *bias = buffers.in<Result>(2);
    Result *out = buffers.out<Result>();
    int64_t imageSize = windows.rows.input * windows.cols.input * windows.channels;
    for (int64_t n = 0; n < windows.batch; ++n) {
      const Element *image = buffers.in<Element>(0) + n * imageSize;
      for (int64_t row = 0; row < windows.rows.output; ++row)
        for (int64_t col = 0; col < windows.cols.output; ++col) {
          gather(image, row, col, zeroPoint);
          for (int64_t o = 0; o < outputChannels; ++o) {
            Sum sum =
                dot<Operand, Sum>(patch.data(), weights.data() + o * patchSize(), patchSize());
            *out++ = static_cast<Result>(addBias<Sum>(sum, bias[biasPerChannel ? o : 0]));
          }
        }
    }
  }
};

template <typename Element, typename Weight> struct DepthwiseConv2d {
  using Operand = typename Wide<Element>::Operand;
  using Sum = typename Wide<Element>::Sum;
  using Result = typename Wide<Element>::Result;

  Windows windows;
  int64_t multiplier;
  bool biasPerChannel;
  std::vector<Sum> sums; ///< of one output position

  void addTap(const Element *taps, Element zeroPoint, const Weight *weights,
              Weight weightZeroPoint) {
    for (int64_t c = 0; c < windows.channels; ++c) {
      Sum x = static_cast<Sum>(taps[c]) - zeroPoint;
      for (int64_t m = 0; m < multiplier; ++m) {
        int64_t o = c * multiplier + m;
        sums[o] = addBias<Sum>(sums[o], x * (static_cast<Sum>(weights[o]) - weightZeroPoint));
      }
    }
  }

  void run(const Buffers &buffers) {
    Element zeroPoint = *buffers.in<Element>(3);
    Weight weightZeroPoint = *buffers.in<Weight>(4);
    const Result *bias = buffers.in<Result>(2);
    Result *out = buffers.out<Result>();
    int64_t outputChannels = windows.channels * multiplier;
    int64_t imageSize = windows.rows.input * windows.cols.input * windows.channels;
    for (int64_t n = 0; n < windows.batch; ++n)
      for (int64_t row = 0; row < windows.rows.output; ++row)
        for (int64_t col = 0; col < windows.cols.output; ++col) {
          for (int64_t o = 0; o < outputChannels; ++o)
            sums[o] = bias[biasPerChannel ? o : 0];
          for (int64_t kernelRow = 0; kernelRow < windows.rows.kernel; ++kernelRow)
            for (int64_t kernelCol = 0; kernelCol < windows.cols.kernel; ++kernelCol) {
              int64_t y = windows.rows.at(row, kernelRow), x = windows.cols.at(col, kernelCol);
              if (windows.rows.inside(y) && windows.cols.inside(x))
                addTap(buffers.in<Element>(0) + n * imageSize +
                           (y * windows.cols.input + x) * windows.channels,
                       zeroPoint,
                       buffers.in<Weight>(1) +
                           (kernelRow * windows.cols.kernel + kernelCol) * outputChannels,
                       weightZeroPoint);
            }
          for (int64_t o = 0; o < outputChannels; ++o)
            *out++ = static_cast<Result>(sums[o]);
        }
  }
};

} // namespace

Step pim::graph::prepareConv2d(const Binding &op) {
  op.expectOperands(5);
  op.expectRank(1, 4);
  const Shape &weight = op.input(1).shape; // [output channels, rows, columns, input channels]
  bindConvolution(op, weight[0]);
  Windows windows = bindWindows(op, weight[1], weight[2], /*dilated=*/true);
  if (weight[3] != windows.channels)
    op.fail("weight ", shapeText(weight), " does not fit the channels of the input ",
            shapeText(op.input(0).shape));
  op.expectOutputShape({windows.batch, windows.rows.output, windows.cols.output, weight[0]});
  return dispatchElement(op, [&]<typename Element, typename Weight>(Element, Weight) -> Step {
    auto conv = std::make_shared<Conv2d<Element, Weight>>();
    conv->windows = windows;
    conv->outputChannels = weight[0];
    conv->biasPerChannel = elementCount(op.input(2).shape) != 1;
    conv->patch.resize(conv->patchSize());
    conv->weightsAreConstant = op.input(1).isConstant() && op.input(4).isConstant();
    return [conv](const Buffers &buffers) { conv->run(buffers); };
  });
}

Step pim::graph::prepareDepthwiseConv2d(const Binding &op) {
  op.expectOperands(5);
  op.expectRank(1, 4);
  const Shape &weight = op.input(1).shape; // [rows, columns, channels, multiplier]
  Windows windows = bindWindows(op, weight[0], weight[1], /*dilated=*/true);
  bindConvolution(op, weight[2] * weight[3]);
  if (weight[2] != windows.channels)
    op.fail("weight ", shapeText(weight), " does not fit the channels of the input ",
            shapeText(op.input(0).shape));
  op.expectOutputShape(
      {windows.batch, windows.rows.output, windows.cols.output, weight[2] * weight[3]});
  return dispatchElement(op, [&]<typename Element, typename Weight>(Element, Weight) -> Step {
    auto conv = std::make_shared<DepthwiseConv2d<Element, Weight>>();
    conv->windows = windows;
    conv->multiplier = weight[3];
    conv->biasPerChannel = elementCount(op.input(2).shape) != 1;
    conv->sums.resize(weight[2] * weight[3]);
    return [conv](const Buffers &buffers) { conv->run(buffers); };
  });
}
