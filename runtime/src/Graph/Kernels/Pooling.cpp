//===- Pooling.cpp - max_pool2d and avg_pool2d ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "Scale.h"
#include "Windows.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace pim;
using namespace pim::graph;

static Windows bindPool(const Binding &op) {
  std::vector<int64_t> kernel = op.integers("kernel", 2);
  Windows windows = bindWindows(op, kernel[0], kernel[1], /*dilated=*/false);
  op.expectOutputShape({windows.batch, windows.rows.output, windows.cols.output, windows.channels});
  op.expectElement(op.output(), op.input(0).element, "the result");
  return windows;
}

/// Calls body(output position, tap pointer or null) for every output position and each of its taps
/// inside the image, and finish(output position, number of taps) after the last.
template <typename Element, typename Body, typename Finish>
static void forEachTap(const Windows &windows, const Element *in, Body body, Finish finish) {
  int64_t position = 0;
  for (int64_t n = 0; n < windows.batch; ++n)
    for (int64_t row = 0; row < windows.rows.output; ++row)
      for (int64_t col = 0; col < windows.cols.output; ++col, ++position) {
        int64_t count = 0;
        for (int64_t kernelRow = 0; kernelRow < windows.rows.kernel; ++kernelRow)
          for (int64_t kernelCol = 0; kernelCol < windows.cols.kernel; ++kernelCol) {
            int64_t y = windows.rows.at(row, kernelRow), x = windows.cols.at(col, kernelCol);
            if (!windows.rows.inside(y) || !windows.cols.inside(x))
              continue;
            ++count;
            body(in + ((n * windows.rows.input + y) * windows.cols.input + x) * windows.channels);
          }
        finish(position, count);
      }
}

template <typename Element> static Step maxPool(const Windows &windows, bool propagateNan) {
  return [=](const Buffers &buffers) {
    constexpr Element lowest = std::numeric_limits<Element>::has_infinity
                                   ? -std::numeric_limits<Element>::infinity()
                                   : std::numeric_limits<Element>::lowest();
    std::vector<Element> best(windows.channels, lowest);
    forEachTap(
        windows, buffers.in<Element>(0),
        [&](const Element *taps) {
          for (int64_t c = 0; c < windows.channels; ++c) {
            // A comparison with NaN is false, so NaN needs a word of its own.
            bool isNan = taps[c] != taps[c];
            if (taps[c] > best[c] || (isNan && propagateNan))
              best[c] = taps[c];
          }
        },
        [&](int64_t position, int64_t) {
          std::copy(best.begin(), best.end(), buffers.out<Element>() + position * windows.channels);
          std::fill(best.begin(), best.end(), lowest);
        });
  };
}

Step pim::graph::prepareMaxPool2d(const Binding &op) {
  op.expectOperands(1);
  Windows windows = bindPool(op);
  bool propagateNan = op.text("nan_mode", "PROPAGATE") != "IGNORE";
  switch (op.input(0).element) {
  case ElementType::I8:
    return maxPool<int8_t>(windows, propagateNan);
  case ElementType::I16:
    return maxPool<int16_t>(windows, propagateNan);
  case ElementType::F32:
    return maxPool<float>(windows, propagateNan);
  default:
    op.failElement();
  }
}

template <typename Element> static Step averagePool(const Windows &windows) {
  return [=](const Buffers &buffers) {
    int32_t inputZeroPoint = *buffers.in<Element>(1), outputZeroPoint = *buffers.in<Element>(2);
    std::vector<int64_t> sums(windows.channels);
    forEachTap(
        windows, buffers.in<Element>(0),
        [&](const Element *taps) {
          for (int64_t c = 0; c < windows.channels; ++c)
            sums[c] += taps[c] - inputZeroPoint;
        },
        [&](int64_t position, int64_t count) {
          Element *out = buffers.out<Element>() + position * windows.channels;
          // A window that lies in the padding altogether has nothing to average.
          Scale scale = reciprocalScale(static_cast<uint32_t>(std::max<int64_t>(count, 1)));
          for (int64_t c = 0; c < windows.channels; ++c) {
            int64_t average =
                applyScale32(static_cast<int32_t>(sums[c]), scale.multiplier, scale.shift, false);
            out[c] = saturate<Element>(average + outputZeroPoint);
            sums[c] = 0;
          }
        });
  };
}

static Step averagePoolFloat(const Windows &windows) {
  return [=](const Buffers &buffers) {
    std::vector<double> sums(windows.channels);
    forEachTap(
        windows, buffers.in<float>(0),
        [&](const float *taps) {
          for (int64_t c = 0; c < windows.channels; ++c)
            sums[c] += taps[c];
        },
        [&](int64_t position, int64_t count) {
          float *out = buffers.out<float>() + position * windows.channels;
          for (int64_t c = 0; c < windows.channels; ++c) {
            out[c] = static_cast<float>(sums[c] / static_cast<double>(std::max<int64_t>(count, 1)));
            sums[c] = 0;
          }
        });
  };
}

Step pim::graph::prepareAvgPool2d(const Binding &op) {
  op.expectOperands(3);
  op.expectScalar(1);
  op.expectScalar(2);
  op.expectElement(op.input(1), op.input(0).element, "input zero point");
  op.expectElement(op.input(2), op.input(0).element, "output zero point");
  Windows windows = bindPool(op);
  switch (op.input(0).element) {
  case ElementType::I8:
    return averagePool<int8_t>(windows);
  case ElementType::I16:
    return averagePool<int16_t>(windows);
  case ElementType::F32:
    return averagePoolFloat(windows);
  default:
    op.failElement();
  }
}
