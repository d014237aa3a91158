//===- Convolution.cpp - Conv and ConvTranspose ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows are laid out as the columns of a matrix, some at a time, and multiplied by the weights.
//
//===----------------------------------------------------------------------===//

#include "Convolution.h"

#include "../Registry.h"

#include <algorithm>

using namespace pim;
using namespace pim::onnx;

Convolution::Convolution(const Call &call, const Shape &input, const Shape &weights) {
  call.require(weights.size() == input.size() && input.size() >= 3, "weights ", shapeText(weights),
               " do not fit an input ", shapeText(input));
  Shape kernel(weights.begin() + 2, weights.end());
  call.require(!call.hasAttribute("kernel_shape") || call.intList("kernel_shape").empty() ||
                   call.intList("kernel_shape") == kernel,
               "attribute 'kernel_shape' does not fit weights ", shapeText(weights));
  windows = bindWindows(call, input, kernel);
  batch = input[0];
  channels = input[1];
  outputs = weights[0];
  groups = call.integer("group", 1);
  call.require(groups > 0 && channels % groups == 0 && outputs % groups == 0 &&
                   weights[1] == channels / groups,
               "weights ", shapeText(weights), " do not fit an input ", shapeText(input), " in ",
               groups, " groups");
}

Shape Convolution::resultShape() const {
  Shape shape{batch, outputs};
  shape.insert(shape.end(), windows.output.begin(), windows.output.end());
  return shape;
}

/// Windows whose columns of `depth` elements are made at once: what fits into a cache.
static int64_t columnsAtOnce(int64_t depth, int64_t windows) {
  constexpr int64_t cached = 1 << 18;
  return std::clamp<int64_t>(cached / std::max<int64_t>(depth, 1), 16,
                             std::max<int64_t>(windows, 16));
}

template <typename T> void Convolution::run(const T *input, const T *weights, T *result) const {
  int64_t taps = windows.taps(), count = windows.outputs(), inputs = windows.inputs();
  int64_t channelsOfGroup = channels / groups, outputsOfGroup = outputs / groups;
  int64_t depth = checkedCount(std::array{channelsOfGroup, taps}, sizeof(T));
  // A window of one element in its place: the image is the matrix of columns.
  bool plain =
      taps == 1 && windows.output == windows.input && product(windows.strides) == 1 &&
      std::count(windows.before.begin(), windows.before.end(), 0) == int64_t(windows.before.size());
  int64_t step = plain ? std::max<int64_t>(count, 1) : columnsAtOnce(depth, count);
  std::vector<T> columns(plain ? 0
                               : checkedCount(std::array{depth, std::min(step, count)}, sizeof(T)));
  for (int64_t first = 0; first < count; first += step) {
    int64_t width = std::min(step, count - first);
    std::vector<int64_t> offsets;
    if (!plain)
      offsets = windows.offsets(first, first + width);
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t g = 0; g < groups; ++g) {
        const T *image = input + (n * channels + g * channelsOfGroup) * inputs;
        const T *matrix = plain ? image : columns.data();
        T *to = columns.data();
        for (int64_t c = 0; c < channelsOfGroup && !plain; ++c, image += inputs)
          for (int64_t offset : offsets)
            *to++ = offset < 0 ? T(0) : image[offset];
        multiply(outputsOfGroup, width, depth,
                 Matrix<const T>{weights + g * outputsOfGroup * depth, depth},
                 Matrix<const T>{matrix, width},
                 Matrix<T>{result + (n * outputs + g * outputsOfGroup) * count + first, count});
      }
  }
}

template void Convolution::run(const float *, const float *, float *) const;
template void Convolution::run(const double *, const double *, double *) const;
template void Convolution::run(const int32_t *, const int32_t *, int32_t *) const;

/// Adds operand 2, if it is there, to each channel of [N, channels, size].
template <typename W>
static void addBias(const Call &call, int64_t batch, int64_t channels, int64_t size, W *result) {
  if (!call.has(2))
    return;
  call.require(call.in(2).count() == channels, "has ", call.in(2).count(), " biases for ", channels,
               " channels");
  Reader<W> bias(call.in(2));
  for (int64_t row = 0; row < batch * channels; ++row)
    for (int64_t i = 0; i < size; ++i)
      result[row * size + i] += bias[row % channels];
}

static void conv(Call &call) {
  const Tensor &input = call.in(0), &weights = call.in(1);
  call.requireSameElement(0, 1);
  call.require(isFloat(input.element()), "operand 0 is not of floats");
  Convolution convolution(call, input.shape(), weights.shape());
  Tensor &out = call.out(0, input.element(), convolution.resultShape());
  visitFloat(input.element(), [&]<typename W>(W) {
    Reader<W> from(input), factors(weights);
    Writer<W> to(out);
    convolution.run(from.data(), factors.data(), to.data());
    addBias(call, convolution.batch, convolution.outputs, convolution.windows.outputs(), to.data());
  });
}

/// The products of one group, [outputs * taps, positions], each added where its tap lies.
template <typename W>
static void scatterColumns(const std::vector<W> &columns, const std::vector<int64_t> &offsets,
                           int64_t outputs, int64_t size, W *image) {
  const W *from = columns.data();
  for (int64_t o = 0; o < outputs; ++o, image += size)
    for (int64_t offset : offsets) {
      if (offset >= 0)
        image[offset] += *from;
      ++from;
    }
}

template <typename W>
static void runTransposed(const Call &call, const Windows &windows, int64_t groups, Tensor &out) {
  const Tensor &input = call.in(0);
  // Weights are [C, O / groups, kernel...]; the product wants them as [O / groups * taps, C /
  // groups].
  int64_t channels = input.size(1), outputs = out.size(1), taps = windows.taps();
  int64_t channelsOfGroup = channels / groups, outputsOfGroup = outputs / groups;
  int64_t rows = outputsOfGroup * taps, positions = windows.outputs(), size = windows.inputs();
  Tensor turned = transposed(call.in(1).reshaped({groups, channelsOfGroup, rows}), {0, 2, 1});
  Reader<W> from(input), factors(turned);
  Writer<W> to(out);
  std::fill_n(to.data(), out.count(), W(0));
  int64_t step = columnsAtOnce(rows, positions);
  for (int64_t first = 0; first < positions; first += step) {
    int64_t width = std::min(step, positions - first);
    std::vector<int64_t> offsets = windows.offsets(first, first + width);
    std::vector<W> columns(checkedCount(std::array{rows, width}, sizeof(W)));
    for (int64_t n = 0; n < input.size(0); ++n)
      for (int64_t g = 0; g < groups; ++g) {
        multiply(
            rows, width, channelsOfGroup,
            Matrix<const W>{factors.data() + g * rows * channelsOfGroup, channelsOfGroup},
            Matrix<const W>{from.data() + (n * channels + g * channelsOfGroup) * positions + first,
                            positions},
            Matrix<W>{columns.data(), width});
        scatterColumns(columns, offsets, outputsOfGroup, size,
                       to.data() + (n * outputs + g * outputsOfGroup) * size);
      }
  }
  addBias(call, input.size(0), outputs, size, to.data());
}

static void convTranspose(Call &call) {
  const Tensor &input = call.in(0), &weights = call.in(1);
  call.requireSameElement(0, 1);
  call.require(isFloat(input.element()), "operand 0 is not of floats");
  call.require(input.rank() >= 3 && weights.rank() == input.rank(), "weights ",
               shapeText(weights.shape()), " do not fit an input ", shapeText(input.shape()));
  int64_t groups = call.integer("group", 1);
  call.require(groups > 0 && weights.size(0) == input.size(1) && input.size(1) % groups == 0,
               "weights ", shapeText(weights.shape()), " do not fit an input ",
               shapeText(input.shape()), " in ", groups, " groups");
  Windows windows = bindTransposedWindows(
      call, input.shape(), Shape(weights.shape().begin() + 2, weights.shape().end()));
  Shape shape{input.size(0), checkedCount(std::array{weights.size(1), groups}, 1)};
  shape.insert(shape.end(), windows.input.begin(), windows.input.end());
  Tensor &out = call.out(0, input.element(), shape);
  visitFloat(input.element(), [&]<typename W>(W) { runTransposed<W>(call, windows, groups, out); });
}

/// Adds the columns of a matrix [N, C * taps, windows] into the images that they are windows of.
static void col2Im(Call &call) {
  const Tensor &in = call.in(0);
  Shape image = call.ints(1), block = call.ints(2);
  call.require(in.rank() == 3 && isFloat(in.element()), "operand 0 of shape ",
               shapeText(in.shape()), " holds no columns");
  image.insert(image.begin(), {1, 1});
  Windows windows = bindWindows(call, image, block);
  call.require(in.size(2) == windows.outputs() && in.size(1) % windows.taps() == 0,
               "operand 0 of shape ", shapeText(in.shape()), " does not hold ", windows.outputs(),
               " windows of ", windows.taps(), " elements");
  Shape shape{in.size(0), in.size(1) / windows.taps()};
  shape.insert(shape.end(), image.begin() + 2, image.end());
  Tensor &out = call.out(0, in.element(), shape);
  std::vector<double> columns(in.count());
  loadElements(in, columns.data());
  Writer<double> to(out);
  std::fill_n(to.data(), out.count(), 0.0);
  scatterColumns(columns, windows.offsets(0, windows.outputs()), shape[0] * shape[1],
                 windows.inputs(), to.data());
}

void pim::onnx::addConvolutions(Registry &registry) {
  registry.add("Col2Im", col2Im, 18);
  registry.add("Conv", conv);
  registry.add("ConvTranspose", convTranspose);
}
