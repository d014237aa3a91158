//===- Sampling.cpp - images read between their elements ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Convolution.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::onnx;

namespace {

/// What lies beside an image, and where the outermost elements are.
struct Border {
  enum class Padding { Zeros, Edge, Reflection } padding = Padding::Zeros;
  bool alignCorners = false;

  explicit Border(const Call &call) : alignCorners(call.integer("align_corners", 0) != 0) {
    std::string mode = call.text("padding_mode", "zeros");
    call.require(mode == "zeros" || mode == "border" || mode == "reflection",
                 "attribute 'padding_mode' is '", mode, "'");
    padding = mode == "zeros"    ? Padding::Zeros
              : mode == "border" ? Padding::Edge
                                 : Padding::Reflection;
  }

  /// The element that position `x` of `size` shows, -1 for none.
  int64_t at(int64_t x, int64_t size) const {
    if (x >= 0 && x < size)
      return x;
    if (padding == Padding::Zeros)
      return -1;
    if (padding == Padding::Edge)
      return std::clamp<int64_t>(x, 0, size - 1);
    return std::clamp<int64_t>(int64_t(reflected(double(x), size)), 0, size - 1);
  }

  /// Whether `x` lies within the area of the image, whose elements are points or squares.
  bool contains(double x, double size) const {
    const double least = alignCorners ? 0 : -0.5;
    return x >= least && x <= size - 1 - least;
  }

  /// `x` mirrored at the ends of the image, as often as it takes.
  double reflected(double x, int64_t size) const {
    double least = alignCorners ? 0 : -0.5, range = double(size) - (alignCorners ? 1 : 0);
    if (range <= 0)
      return 0;
    double distance = std::fabs(x - least), rest = std::fmod(distance, 2 * range);
    return least + (rest > range ? 2 * range - rest : rest);
  }
};

/// Weighted positions along one dimension.
struct Taps {
  int64_t first = 0;
  std::vector<double> weights;
};

} // namespace

/// The taps around `x`; cubic ones as Keys (1981) has them, with a = -0.75.
static Taps tapsAround(const std::string &mode, double x) {
  if (mode == "nearest")
    return {int64_t(std::nearbyint(x)), {1}};
  double floor = std::floor(x), r = x - floor;
  if (mode == "linear")
    return {int64_t(floor), {1 - r, r}};
  constexpr double a = -0.75;
  auto near = [](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
  auto far = [](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
  return {int64_t(floor) - 1, {far(r + 1), near(r), near(1 - r), far(2 - r)}};
}

/// The sum over all taps of dimensions from `d` on of an image whose element there is at `offset`.
static double sumTaps(const double *image, const Shape &sizes, const Shape &strides,
                      const std::vector<Taps> &taps, const Border &border, size_t d,
                      int64_t offset) {
  if (d == sizes.size())
    return image[offset];
  double sum = 0;
  for (size_t i = 0; i < taps[d].weights.size(); ++i) {
    int64_t at = border.at(taps[d].first + int64_t(i), sizes[d]);
    if (at >= 0 && taps[d].weights[i] != 0)
      sum += taps[d].weights[i] *
             sumTaps(image, sizes, strides, taps, border, d + 1, offset + at * strides[d]);
  }
  return sum;
}

/// Operand 0 is [N, C, spatial...], operand 1 [N, result's spatial..., rank] with positions from -1
/// to 1, the innermost dimension first.
static void gridSample(Call &call) {
  const Tensor &in = call.in(0), &grid = call.in(1);
  int64_t rank = in.rank() - 2;
  call.require(rank >= 1 && rank <= 8 && isFloat(in.element()) && isFloat(grid.element()) &&
                   grid.rank() == in.rank() && grid.size(0) == in.size(0) &&
                   grid.size(grid.rank() - 1) == rank,
               "a grid ", shapeText(grid.shape()), " does not fit an image ",
               shapeText(in.shape()));
  std::string mode = call.text("mode", call.opset() < 20 ? "bilinear" : "linear");
  mode = mode == "bilinear" ? "linear" : mode == "bicubic" ? "cubic" : mode;
  call.require(mode == "linear" || mode == "nearest" || mode == "cubic", "attribute 'mode' is '",
               mode, "'");
  Border border(call);
  Shape sizes(in.shape().begin() + 2, in.shape().end()), strides = rowMajorStrides(sizes);
  Shape shape{in.size(0), in.size(1)};
  shape.insert(shape.end(), grid.shape().begin() + 1, grid.shape().end() - 1);
  int64_t channels = in.size(1), inner = product(sizes);
  int64_t positions = product(shape, 2, shape.size());
  Tensor &out = call.out(0, in.element(), shape);
  call.require(inner > 0 || out.count() == 0, "the image has no elements");
  Reader<double> from(in), where(grid);
  Writer<double> to(out);
  std::vector<Taps> taps(rank);
  for (int64_t n = 0; n < in.size(0); ++n)
    for (int64_t p = 0; p < positions; ++p) {
      for (int64_t d = 0; d < rank; ++d) {
        double x = where[((n * positions + p) + 1) * rank - 1 - d], size = double(sizes[d]);
        x = border.alignCorners ? (x + 1) / 2 * (size - 1) : ((x + 1) * size - 1) / 2;
        call.require(std::fabs(x) < 1e15, "a position is ", x);
        if (border.padding == Border::Padding::Edge && !border.contains(x, size))
          x = std::clamp(x, 0.0, size - 1);
        else if (border.padding == Border::Padding::Reflection && mode != "nearest")
          x = border.reflected(x, sizes[d]);
        taps[d] = tapsAround(mode, x);
      }
      for (int64_t c = 0; c < channels; ++c)
        to[(n * channels + c) * positions + p] =
            sumTaps(from.data() + (n * channels + c) * inner, sizes, strides, taps, border, 0, 0);
    }
}

/// Positions for GridSample: the matrices in operand 0 times those of a regular grid of the size in
/// operand 1.
static void affineGrid(Call &call) {
  const Tensor &theta = call.in(0);
  Shape size = call.ints(1);
  int64_t rank = int64_t(size.size()) - 2;
  call.require(rank == 2 || rank == 3, "the size ", shapeText(size), " is of no image");
  call.requireShape(theta, {size[0], rank, rank + 1}, "operand 0");
  call.require(isFloat(theta.element()), "operand 0 is not of floats");
  bool align = call.integer("align_corners", 0);
  Shape spatial(size.begin() + 2, size.end()), shape{size[0]};
  shape.insert(shape.end(), spatial.begin(), spatial.end());
  shape.push_back(rank);
  Tensor &out = call.out(0, theta.element(), shape);
  Shape strides = rowMajorStrides(spatial);
  int64_t positions = product(spatial);
  Reader<double> matrix(theta);
  Writer<double> to(out);
  for (int64_t n = 0; n < size[0]; ++n)
    for (int64_t p = 0; p < positions; ++p)
      for (int64_t row = 0; row < rank; ++row) {
        const double *factors = matrix.data() + (n * rank + row) * (rank + 1);
        double sum = factors[rank];
        for (int64_t d = 0; d < rank; ++d) { // column d is dimension rank - 1 - d
          int64_t extent = spatial[rank - 1 - d], i = p / strides[rank - 1 - d] % extent;
          double at = align ? (extent > 1 ? 2.0 * double(i) / double(extent - 1) - 1 : -1)
                            : (2 * double(i) + 1) / double(extent) - 1;
          sum += factors[d] * at;
        }
        to[(n * positions + p) * rank + row] = sum;
      }
}

namespace {

/// How RoiAlign reads one region.
struct RegionReader {
  const double *image;
  int64_t height, width;
  bool greatest;

  /// Bilinear at (y, x); the greatest of the four weighted elements if so wished (as ONNX Runtime).
  double operator()(double y, double x) const {
    if (y < -1 || y > double(height) || x < -1 || x > double(width))
      return 0;
    y = std::clamp(y, 0.0, double(height - 1));
    x = std::clamp(x, 0.0, double(width - 1));
    int64_t top = int64_t(y), left = int64_t(x);
    int64_t bottom = std::min(top + 1, height - 1), right = std::min(left + 1, width - 1);
    double ry = y - double(top), rx = x - double(left);
    double a = (1 - ry) * (1 - rx) * image[top * width + left],
           b = (1 - ry) * rx * image[top * width + right];
    double c = ry * (1 - rx) * image[bottom * width + left],
           d = ry * rx * image[bottom * width + right];
    return greatest ? std::max({a, b, c, d}) : a + b + c + d;
  }
};

} // namespace

/// Regions of interest [R, 4] of images [N, C, H, W], resampled to one size (He et al., "Mask
/// R-CNN", 2017).
static void roiAlign(Call &call) {
  const Tensor &in = call.in(0), &regions = call.in(1);
  call.require(in.rank() == 4 && isFloat(in.element()) && in.size(2) > 0 && in.size(3) > 0 &&
                   regions.rank() == 2 && regions.size(1) == 4 && isFloat(regions.element()),
               "regions ", shapeText(regions.shape()), " do not fit images ",
               shapeText(in.shape()));
  std::vector<int64_t> images = call.ints(2);
  call.require(int64_t(images.size()) == regions.size(0), "has ", images.size(), " images for ",
               regions.size(0), " regions");
  bool half = call.text("coordinate_transformation_mode",
                        call.opset() < 16 ? "output_half_pixel" : "half_pixel") == "half_pixel";
  std::string mode = call.text("mode", "avg");
  call.require(mode == "avg" || mode == "max", "attribute 'mode' is '", mode, "'");
  int64_t height = call.integer("output_height", 1), width = call.integer("output_width", 1);
  int64_t ratio = call.integer("sampling_ratio", 0);
  double scale = call.real("spatial_scale", 1), offset = half ? 0.5 : 0;
  constexpr double mostSamples = 1 << 12;
  call.require(ratio >= 0 && double(ratio) <= mostSamples, "attribute 'sampling_ratio' is ", ratio);
  Tensor &out = call.out(0, in.element(), {regions.size(0), in.size(1), height, width});
  Reader<double> from(in), corner(regions);
  Writer<double> to(out);
  for (int64_t r = 0, place = 0; r < regions.size(0); ++r) {
    call.require(images[r] >= 0 && images[r] < in.size(0), "region ", r, " is of image ",
                 images[r]);
    const double *c = corner.data() + r * 4;
    double x = c[0] * scale - offset, y = c[1] * scale - offset;
    double w = c[2] * scale - offset - x, h = c[3] * scale - offset - y;
    if (!half) {
      w = std::max(w, 1.0);
      h = std::max(h, 1.0);
    }
    double binHeight = h / double(height), binWidth = w / double(width);
    call.require(std::fabs(binHeight) < mostSamples && std::fabs(binWidth) < mostSamples, "region ",
                 r, " is too large");
    int64_t rows = ratio ? ratio : int64_t(std::ceil(binHeight));
    int64_t columns = ratio ? ratio : int64_t(std::ceil(binWidth));
    for (int64_t channel = 0; channel < in.size(1); ++channel) {
      RegionReader read{from.data() + (images[r] * in.size(1) + channel) * in.size(2) * in.size(3),
                        in.size(2), in.size(3), mode == "max"};
      for (int64_t bin = 0; bin < height * width; ++bin) {
        const int64_t binRow = bin / width, binColumn = bin % width;
        double sum = 0, most = 0;
        for (int64_t i = 0; i < rows * columns; ++i) {
          const int64_t row = i / columns, column = i % columns;
          double value =
              read(y + (double(binRow) + (double(row) + 0.5) / double(rows)) * binHeight,
                   x + (double(binColumn) + (double(column) + 0.5) / double(columns)) * binWidth);
          sum += value;
          most = i ? std::max(most, value) : value;
        }
        to[place++] = mode == "max" ? most : sum / double(std::max<int64_t>(rows * columns, 1));
      }
    }
  }
}

/// The greatest element of each bin of regions of interest [R, 5]: image, left, top, right, bottom,
/// both ends included (Girshick, "Fast R-CNN", 2015).
static void maxRoiPool(Call &call) {
  const Tensor &in = call.in(0), &regions = call.in(1);
  call.require(in.rank() == 4 && isFloat(in.element()) && regions.rank() == 2 &&
                   regions.size(1) == 5 && isFloat(regions.element()),
               "regions ", shapeText(regions.shape()), " do not fit images ",
               shapeText(in.shape()));
  std::vector<int64_t> pooled = call.intList("pooled_shape");
  call.require(pooled.size() == 2 && pooled[0] > 0 && pooled[1] > 0,
               "attribute 'pooled_shape' is not two positive sizes");
  double scale = call.real("spatial_scale", 1);
  const int64_t sizes[] = {in.size(2), in.size(3)};
  Tensor &out = call.out(0, in.element(), {regions.size(0), in.size(1), pooled[0], pooled[1]});
  Reader<double> from(in), corner(regions);
  Writer<double> to(out);
  for (int64_t r = 0, place = 0; r < regions.size(0); ++r) {
    const double *c = corner.data() + r * 5;
    call.require(c[0] >= 0 && c[0] < double(in.size(0)), "region ", r, " is of image ", c[0]);
    // The rows (d = 0) or columns of bin i: those that it touches, inside the image.
    auto range = [&](size_t d, int64_t i) {
      double first = std::round(c[2 - d] * scale), last = std::round(c[4 - d] * scale);
      double bin = std::max(last - first + 1, 1.0) / double(pooled[d]), end = double(sizes[d]);
      return std::pair(int64_t(std::clamp(std::floor(double(i) * bin) + first, 0.0, end)),
                       int64_t(std::clamp(std::ceil(double(i + 1) * bin) + first, 0.0, end)));
    };
    for (int64_t channel = 0; channel < in.size(1); ++channel) {
      const double *image =
          from.data() + (int64_t(c[0]) * in.size(1) + channel) * sizes[0] * sizes[1];
      for (int64_t bin = 0; bin < pooled[0] * pooled[1]; ++bin) {
        auto [top, bottom] = range(0, bin / pooled[1]);
        auto [left, right] = range(1, bin % pooled[1]);
        bool isEmpty = top >= bottom || left >= right;
        double most = isEmpty ? 0 : -std::numeric_limits<double>::infinity();
        for (int64_t y = top; y < bottom; ++y)
          for (int64_t x = left; x < right; ++x)
            most = std::max(most, image[y * sizes[1] + x]);
        to[place++] = most;
      }
    }
  }
}

/// The columns of one image of a deformable convolution, [C * taps, windows]: each tap is read
/// where its offset (and its place in the window) says, and weighted by `mask`.
static void sampleColumns(const Call &call, const Convolution &convolution, int64_t offsetGroups,
                          const double *image, const double *offsets, const double *mask,
                          std::vector<double> &columns) {
  const Windows &windows = convolution.windows;
  size_t rank = windows.input.size();
  int64_t taps = windows.taps(), count = windows.outputs(), inputs = windows.inputs();
  Shape outputStrides = rowMajorStrides(windows.output),
        kernelStrides = rowMajorStrides(windows.kernel);
  Shape strides = rowMajorStrides(windows.input);
  Border border(call);
  std::vector<Taps> around(rank);
  int64_t channelsOfGroup = convolution.channels / offsetGroups;
  for (int64_t row = 0; row < offsetGroups * taps; ++row) // row: offset group and tap
    for (int64_t window = 0; window < count; ++window) {
      int64_t tap = row % taps;
      for (size_t d = 0; d < rank; ++d) {
        int64_t start = window / outputStrides[d] % windows.output[d] * windows.strides[d] -
                        windows.before[d] +
                        tap / kernelStrides[d] % windows.kernel[d] * windows.dilations[d];
        double at = double(start) + offsets[(row * int64_t(rank) + int64_t(d)) * count + window];
        call.require(std::fabs(at) < 1e15, "a position is ", at);
        around[d] = tapsAround("linear", at);
      }
      double weight = mask ? mask[row * count + window] : 1;
      for (int64_t c = 0; c < channelsOfGroup; ++c) {
        int64_t channel = row / taps * channelsOfGroup + c;
        columns[(channel * taps + tap) * count + window] =
            weight *
            sumTaps(image + channel * inputs, windows.input, strides, around, border, 0, 0);
      }
    }
}

/// A convolution whose taps are moved by offsets [N, offset groups * taps * rank, windows...] (Dai
/// et al., 2017) and weighted by a mask (Zhu et al., 2019).
static void deformConv(Call &call) {
  const Tensor &in = call.in(0), &weights = call.in(1);
  call.require(isFloat(in.element()) && isFloat(weights.element()) && isFloat(call.in(2).element()),
               "has operands that are not of floats");
  Convolution convolution(call, in.shape(), weights.shape());
  const Windows &windows = convolution.windows;
  int64_t offsetGroups = call.integer("offset_group", 1), taps = windows.taps();
  int64_t rank = int64_t(windows.input.size()), count = windows.outputs();
  call.require(offsetGroups > 0 && convolution.channels % offsetGroups == 0 && rank <= 8, "has ",
               offsetGroups, " groups of offsets for ", convolution.channels, " channels");
  Shape shape = convolution.resultShape();
  shape[1] = offsetGroups * taps * rank;
  call.requireShape(call.in(2), shape, "the offsets");
  shape[1] = offsetGroups * taps;
  if (call.has(4))
    call.requireShape(call.in(4), shape, "the mask");
  Tensor none(ElementType::F64, {0});
  Reader<double> from(in), factors(weights), offsets(call.in(2)),
      mask(call.has(4) ? call.in(4) : none);
  std::vector<double> bias(convolution.outputs, 0);
  if (call.has(3)) {
    call.require(call.in(3).count() == convolution.outputs && !call.in(3).isText(), "has ",
                 call.in(3).count(), " biases for ", convolution.outputs, " channels");
    loadElements(call.in(3), bias.data());
  }
  Tensor &out = call.out(0, in.element(), convolution.resultShape());
  Writer<double> to(out);
  std::vector<double> columns(
      checkedCount(std::array{convolution.channels, taps, count}, sizeof(double)));
  int64_t depth = convolution.channels / convolution.groups * taps;
  int64_t outputsOfGroup = convolution.outputs / convolution.groups;
  for (int64_t n = 0; n < convolution.batch; ++n) {
    sampleColumns(call, convolution, offsetGroups,
                  from.data() + n * convolution.channels * windows.inputs(),
                  offsets.data() + n * offsetGroups * taps * rank * count,
                  call.has(4) ? mask.data() + n * offsetGroups * taps * count : nullptr, columns);
    for (int64_t g = 0; g < convolution.groups; ++g)
      multiply(outputsOfGroup, count, depth,
               Matrix<const double>{factors.data() + g * outputsOfGroup * depth, depth},
               Matrix<const double>{columns.data() + g * depth * count, count},
               Matrix<double>{to.data() + (n * convolution.outputs + g * outputsOfGroup) * count,
                              count});
  }
  for (int64_t i = 0; i < out.count(); ++i)
    to[i] += bias[i / count % convolution.outputs];
}

void pim::onnx::addSampling(Registry &registry) {
  registry.add("AffineGrid", affineGrid, 20);
  registry.add("DeformConv", deformConv, 19);
  registry.add("GridSample", gridSample, 16);
  registry.add("MaxRoiPool", maxRoiPool);
  registry.add("RoiAlign", roiAlign, 10);
}
