//===- Resize.cpp - Resize and Upsample -----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All modes are separable: one dimension after the other is resized by a list of weighted sources
// for each of its positions.
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"

#include "../Index.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::onnx;

namespace {

/// What a node says of all dimensions.
struct Method {
  std::string mode, coordinates, nearest;
  double cubic, extrapolation;
  bool excludeOutside, antialias;
};

/// One dimension: its sizes, scale and region of interest.
struct Extent {
  int64_t from, to;
  double scale;
  double start = 0, end = 1;
};

/// What one position of the result is made from.
struct Sources {
  std::vector<std::pair<int64_t, double>> taps;
  bool outside = false; ///< of the region to crop from: the extrapolation value
};

} // namespace

static Method readMethod(const Call &call) {
  bool simple = call.opset() < 11; // Upsample, and Resize of opset 10
  Method method{call.text("mode", "nearest"),
                call.text("coordinate_transformation_mode", simple ? "asymmetric" : "half_pixel"),
                call.text("nearest_mode", simple ? "" : "round_prefer_floor"),
                call.real("cubic_coeff_a", -0.75),
                call.real("extrapolation_value", 0),
                call.integer("exclude_outside", 0) != 0,
                call.integer("antialias", 0) != 0};
  if (method.mode == "bilinear" || method.mode == "trilinear") // opset 1 and 7
    method.mode = "linear";
  call.require(method.mode == "nearest" || method.mode == "linear" || method.mode == "cubic",
               "attribute 'mode' is '", method.mode, "'");
  for (const char *known : {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric",
                            "tf_crop_and_resize", "tf_half_pixel_for_nn", "half_pixel_symmetric"})
    if (method.coordinates == known)
      return method;
  call.fail("attribute 'coordinate_transformation_mode' is '", method.coordinates, "'");
}

/// Where position `x` of the result lies in the operand (ONNX, "Resize", with its names).
static double originOf(const Method &method, const Extent &extent, int64_t x) {
  double from = double(extent.from), to = double(extent.to), at = double(x);
  if (method.coordinates == "align_corners")
    return extent.to == 1 ? 0 : at * (from - 1) / (to - 1);
  if (method.coordinates == "asymmetric")
    return at / extent.scale;
  if (method.coordinates == "tf_half_pixel_for_nn")
    return (at + 0.5) / extent.scale;
  if (method.coordinates == "pytorch_half_pixel" && extent.to == 1)
    return 0;
  if (method.coordinates == "tf_crop_and_resize")
    return extent.to == 1
               ? 0.5 * (extent.start + extent.end) * (from - 1)
               : (extent.start + at * (extent.end - extent.start) / (to - 1)) * (from - 1);
  double origin = (at + 0.5) / extent.scale - 0.5;
  if (method.coordinates == "half_pixel_symmetric")
    origin += from / 2 * (1 - to / (extent.scale * from));
  return origin;
}

/// Before opset 11 there is no choice of mode; ONNX Runtime takes the lower element to grow, the
/// upper one to shrink.
static int64_t nearestOf(const Call &call, std::string_view mode, double scale, double x) {
  if (mode.empty())
    mode = scale < 1 ? "ceil" : "floor";
  if (mode == "round_prefer_floor")
    return int64_t(std::ceil(x - 0.5));
  if (mode == "round_prefer_ceil")
    return int64_t(std::floor(x + 0.5));
  if (mode == "floor")
    return int64_t(std::floor(x));
  call.require(mode == "ceil", "attribute 'nearest_mode' is '", mode, "'");
  return int64_t(std::ceil(x));
}

/// The cubic convolution kernel (Keys, 1981) with parameter a, or the linear one.
static double kernelAt(const Method &method, double distance) {
  double x = std::fabs(distance), a = method.cubic;
  if (method.mode == "linear")
    return std::max(0.0, 1 - x);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

static Sources sourcesOf(const Call &call, const Method &method, const Extent &extent, int64_t x) {
  Sources sources;
  double origin = originOf(method, extent, x);
  call.require(std::fabs(origin) < 1e15, "has coordinates that are too large");
  if (method.coordinates == "tf_crop_and_resize" &&
      (origin < 0 || origin > double(extent.from - 1))) {
    sources.outside = true;
    return sources;
  }
  auto clamped = [&](int64_t index) { return std::clamp<int64_t>(index, 0, extent.from - 1); };
  if (method.mode == "nearest") {
    sources.taps.emplace_back(clamped(nearestOf(call, method.nearest, extent.scale, origin)), 1);
    return sources;
  }
  // Shrinking with antialias stretches the kernel over all elements that fall into one.
  double scale = method.antialias ? std::min(extent.scale, 1.0) : 1;
  double reach = (method.mode == "linear" ? 1 : 2) / scale, total = 0;
  call.require(reach < 1e9, "shrinks too much");
  for (int64_t i = int64_t(std::floor(origin - reach)) + 1; double(i) < origin + reach; ++i) {
    if (method.excludeOutside && clamped(i) != i)
      continue;
    double weight = kernelAt(method, (double(i) - origin) * scale);
    total += weight;
    sources.taps.emplace_back(clamped(i), weight);
  }
  for (auto &[index, weight] : sources.taps)
    weight /= total;
  return sources;
}

/// `in` with dimension `axis` resized; the nearest elements are copied, whatever their type.
static Tensor resizeAxis(const Call &call, const Tensor &in, int64_t axis, const Method &method,
                         const Extent &extent) {
  Shape shape = in.shape();
  shape[axis] = extent.to;
  Tensor out(in.element(), shape);
  AxisView view(in.shape(), axis);
  call.require(view.size > 0 || out.count() == 0, "resizes nothing to something");
  bool copies = method.mode == "nearest";
  for (int64_t x = 0; x < extent.to && out.count(); ++x) {
    Sources sources = sourcesOf(call, method, extent, x);
    for (int64_t o = 0; o < view.outer; ++o) {
      int64_t to = (o * extent.to + x) * view.inner, from = o * view.size * view.inner;
      if (copies && !sources.outside) {
        copyElements(in, from + sources.taps[0].first * view.inner, out, to, view.inner);
        continue;
      }
      for (int64_t i = 0; i < view.inner; ++i) {
        double sum = sources.outside ? method.extrapolation : 0;
        for (auto [index, weight] : sources.taps)
          sum += weight * in.data<double>()[from + index * view.inner + i];
        out.data<double>()[to + i] = sum;
      }
    }
  }
  return out;
}

/// Sizes from the operand or attribute `sizes`, for the dimensions in `axes`, as the policy wants.
static void setSizes(const Call &call, std::vector<Extent> &extents,
                     const std::vector<int64_t> &axes, const std::vector<int64_t> &sizes) {
  std::string policy = call.text("keep_aspect_ratio_policy", "stretch");
  call.require(sizes.size() == axes.size(), "has ", sizes.size(), " sizes for ", axes.size(),
               " dimensions");
  double common = 0;
  for (size_t i = 0; i < axes.size(); ++i) {
    Extent &extent = extents[axes[i]];
    call.require(sizes[i] >= 0 && extent.from > 0, "resizes ", extent.from, " to ", sizes[i]);
    extent.to = sizes[i];
    extent.scale = double(extent.to) / double(extent.from);
    common = i == 0                   ? extent.scale
             : policy == "not_larger" ? std::min(common, extent.scale)
                                      : std::max(common, extent.scale);
  }
  if (policy == "stretch")
    return;
  call.require(policy == "not_larger" || policy == "not_smaller",
               "attribute 'keep_aspect_ratio_policy' is '", policy, "'");
  for (int64_t axis : axes) {
    Extent &extent = extents[axis];
    extent.scale = common;
    extent.to = int64_t(std::floor(common * double(extent.from) + 0.5));
  }
}

static void setScales(const Call &call, std::vector<Extent> &extents,
                      const std::vector<int64_t> &axes, const std::vector<double> &scales) {
  call.require(scales.size() == axes.size(), "has ", scales.size(), " scales for ", axes.size(),
               " dimensions");
  for (size_t i = 0; i < axes.size(); ++i) {
    Extent &extent = extents[axes[i]];
    call.require(scales[i] > 0 && scales[i] * double(extent.from) < 1e12, "scales by ", scales[i]);
    extent.scale = scales[i];
    // Scales are floats: 0.6 of 5 is 3, although 0.6f is a little more.
    extent.to = int64_t(std::floor(float(scales[i]) * float(extent.from)));
  }
}

static std::vector<double> realOperand(const Call &call, size_t index) {
  std::vector<double> values;
  if (!call.has(index))
    return values;
  call.require(isFloat(call.in(index).element()), "operand ", index, " is not of floats");
  values.resize(call.in(index).count());
  loadElements(call.in(index), values.data());
  return values;
}

static void resizeTo(Call &call, const std::vector<double> &scales,
                     const std::vector<int64_t> &sizes, const std::vector<double> &roi) {
  const Tensor &in = call.in(0);
  Method method = readMethod(call);
  call.require(!in.isText() || method.mode == "nearest", "has no meaning for texts");
  std::vector<int64_t> axes = call.axes(call.intList("axes"), in.rank());
  if (axes.empty())
    for (int64_t d = 0; d < in.rank(); ++d)
      axes.push_back(d);
  std::vector<Extent> extents;
  for (int64_t size : in.shape())
    extents.push_back({size, size, 1});
  if (scales.empty())
    setSizes(call, extents, axes, sizes);
  else
    setScales(call, extents, axes, scales);
  bool crops = method.coordinates == "tf_crop_and_resize";
  call.require(!crops || roi.size() == 2 * axes.size(), "has ", roi.size(), " bounds for ",
               axes.size(), " dimensions to crop");
  for (size_t i = 0; crops && i < axes.size(); ++i) {
    extents[axes[i]].start = roi[i];
    extents[axes[i]].end = roi[axes.size() + i];
  }
  Shape shape;
  for (const Extent &extent : extents)
    shape.push_back(extent.to);
  checkedCount(shape, sizeof(double));
  bool copies = method.mode == "nearest" && !crops;
  Tensor value = copies ? in : castTo(call, in, ElementType::F64);
  for (int64_t axis = 0; axis < in.rank(); ++axis)
    if (crops || extents[axis].scale != 1 || extents[axis].to != extents[axis].from)
      value = resizeAxis(call, value, axis, method, extents[axis]);
  call.set(0, castTo(call, value, in.element()));
}

/// Operands are data and scales in opset 10, data, region, scales and sizes from opset 11.
static void resize(Call &call) {
  if (call.opset() < 11)
    return resizeTo(call, realOperand(call, 1), {}, {});
  std::vector<int64_t> sizes;
  if (call.has(3) && call.in(3).count())
    sizes = call.ints(3);
  std::vector<double> scales = realOperand(call, 2);
  call.require(scales.empty() != sizes.empty() || call.in(0).rank() == 0,
               "wants either scales or sizes");
  resizeTo(call, scales, sizes, realOperand(call, 1));
}

/// Scales are an attribute before opset 9, an operand from then on.
static void upsample(Call &call) {
  resizeTo(call, call.has(1) ? realOperand(call, 1) : call.realList("scales"), {}, {});
}

void pim::onnx::addResize(Registry &registry) {
  registry.add("Resize", resize, 10);
  registry.add("Upsample", upsample, 7);
}
