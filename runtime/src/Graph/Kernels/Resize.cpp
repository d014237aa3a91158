//===- Resize.cpp - tosa.resize -------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Integers.h"
#include "Kernels.h"
#include "pim/Support/Magnitude.h"

#include <algorithm>

using namespace pim;
using namespace pim::graph;

namespace {

/// How positions of one dimension of the result fall between those of the operand.
struct Axis {
  int64_t input, output;
  int64_t numerator, denominator, offset;

  struct Position {
    int64_t low, high; ///< the neighbours, inside the operand
    int64_t remainder; ///< distance from the lower, in parts of `numerator`
  };

  Position at(int64_t out) const {
    int64_t scaled = out * denominator + offset;
    int64_t low = scaled >= 0 ? scaled / numerator : -((-scaled + numerator - 1) / numerator);
    return {std::clamp<int64_t>(low, 0, input - 1), std::clamp<int64_t>(low + 1, 0, input - 1),
            scaled - low * numerator};
  }
};

template <typename In, typename Out, bool bilinear>
Step resizeStep(const Axis &rows, const Axis &cols, int64_t batch, int64_t channels) {
  return [=](const Buffers &buffers) {
    Out *out = buffers.out<Out>();
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t oy = 0; oy < rows.output; ++oy)
        for (int64_t ox = 0; ox < cols.output; ++ox) {
          auto y = rows.at(oy);
          auto x = cols.at(ox);
          auto at = [&](int64_t row, int64_t col, int64_t c) {
            return buffers.in<In>(0)[((n * rows.input + row) * cols.input + col) * channels + c];
          };
          for (int64_t c = 0; c < channels; ++c) {
            if constexpr (!bilinear) {
              *out++ = at(2 * y.remainder >= rows.numerator ? y.high : y.low,
                          2 * x.remainder >= cols.numerator ? x.high : x.low, c);
            } else if constexpr (std::is_floating_point_v<In>) {
              float dy = static_cast<float>(y.remainder) / static_cast<float>(rows.numerator);
              float dx = static_cast<float>(x.remainder) / static_cast<float>(cols.numerator);
              *out++ = (at(y.low, x.low, c) * (1 - dx) + at(y.low, x.high, c) * dx) * (1 - dy) +
                       (at(y.high, x.low, c) * (1 - dx) + at(y.high, x.high, c) * dx) * dy;
            } else {
              int64_t dy = y.remainder, dx = x.remainder;
              int64_t sum = at(y.low, x.low, c) * (rows.numerator - dy) * (cols.numerator - dx) +
                            at(y.low, x.high, c) * (rows.numerator - dy) * dx +
                            at(y.high, x.low, c) * dy * (cols.numerator - dx) +
                            at(y.high, x.high, c) * dy * dx;
              *out++ = static_cast<Out>(sum);
            }
          }
        }
  };
}

Axis bindAxis(const Binding &op, size_t dimension, std::span<const int64_t> scale, int64_t offset,
              int64_t border) {
  constexpr int64_t limit = 1 << 20;
  int64_t input = op.input(0).shape[dimension];
  if (scale[0] < 1 || scale[1] < 1 || scale[0] > limit || scale[1] > limit ||
      !isWithin(offset, limit) || !isWithin(border, limit) || input < 1 || input > limit)
    op.fail("scale ", scale[0], "/", scale[1], ", offset ", offset, " or border ", border,
            " is impossible");
  int64_t span = (input - 1) * scale[0] - offset + border;
  if (span < 0)
    op.fail("the border ", border, " leaves nothing of dimension ", dimension);
  return {input, span / scale[1] + 1, scale[0], scale[1], offset};
}

} // namespace

Step pim::graph::prepareResize(const Binding &op) {
  op.expectOperands(4);
  op.expectRank(0, 4);
  std::vector<int64_t> scale = op.constantIntegers(1), offset = op.constantIntegers(2),
                       border = op.constantIntegers(3);
  if (scale.size() != 4 || offset.size() != 2 || border.size() != 2)
    op.fail("scale, offset and border have ", scale.size(), ", ", offset.size(), " and ",
            border.size(), " values, expected 4, 2 and 2");
  const Shape &shape = op.input(0).shape;
  Axis rows = bindAxis(op, 1, std::span(scale).first(2), offset[0], border[0]);
  Axis cols = bindAxis(op, 2, std::span(scale).last(2), offset[1], border[1]);
  op.expectOutputShape({shape[0], rows.output, cols.output, shape[3]});

  std::string mode = op.text("mode", "");
  if (mode != "BILINEAR" && mode != "NEAREST_NEIGHBOR")
    op.fail("mode '", mode, "' is unknown");
  bool bilinear = mode == "BILINEAR";
  ElementType in = op.input(0).element, out = op.output().element;
  if (in == ElementType::F32 && out == ElementType::F32)
    return bilinear ? resizeStep<float, float, true>(rows, cols, shape[0], shape[3])
                    : resizeStep<float, float, false>(rows, cols, shape[0], shape[3]);
  if (bilinear && in == ElementType::I8 && out == ElementType::I32)
    return resizeStep<int8_t, int32_t, true>(rows, cols, shape[0], shape[3]);
  if (bilinear && in == ElementType::I16 && out == ElementType::I64)
    return resizeStep<int16_t, int64_t, true>(rows, cols, shape[0], shape[3]);
  if (!bilinear && in == ElementType::I8 && out == ElementType::I8)
    return resizeStep<int8_t, int8_t, false>(rows, cols, shape[0], shape[3]);
  if (!bilinear && in == ElementType::I16 && out == ElementType::I16)
    return resizeStep<int16_t, int16_t, false>(rows, cols, shape[0], shape[3]);
  op.failElement();
}
