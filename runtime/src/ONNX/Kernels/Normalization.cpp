//===- Normalization.cpp - normalizations and dropout ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Binary.h"

#include <cmath>
#include <random>

using namespace pim;
using namespace pim::onnx;

namespace {

struct Moments {
  double mean = 0, variance = 0;
};

} // namespace

/// Mean and variance of `size` numbers `step` apart.
static Moments momentsOf(const double *from, int64_t size, int64_t step = 1) {
  Moments moments;
  for (int64_t i = 0; i < size; ++i)
    moments.mean += from[i * step];
  moments.mean /= double(size);
  for (int64_t i = 0; i < size; ++i)
    moments.variance += (from[i * step] - moments.mean) * (from[i * step] - moments.mean);
  moments.variance /= double(size);
  return moments;
}

/// The operand as doubles; fails unless it has `count` elements.
static std::vector<double> perChannel(const Call &call, size_t index, int64_t count) {
  call.require(call.in(index).count() == count && !call.in(index).isText(), "operand ", index,
               " has ", call.in(index).count(), " elements, expected ", count);
  std::vector<double> values(count);
  loadElements(call.in(index), values.data());
  return values;
}

static const Tensor &floatOperand(const Call &call, int64_t leastRank) {
  const Tensor &in = call.in(0);
  call.require(isFloat(in.element()) && in.rank() >= leastRank, "operand 0 is ",
               elementName(in.element()), shapeText(in.shape()), ", expected floats of rank ",
               leastRank, " or more");
  return in;
}

static void batchNormalization(Call &call) {
  const Tensor &in = floatOperand(call, 1);
  Shape shape = in.shape();
  if (shape.size() == 1) // a list is one channel
    shape.push_back(1);
  AxisView view(shape, 1);
  bool training = call.opset() >= 14 && call.integer("training_mode", 0);
  // Before opset 7, `is_test` told that the given moments are to be used.
  call.require(call.opset() >= 7 || call.integer("is_test", 0), "trains");
  double epsilon = call.real("epsilon", 1e-5), momentum = call.real("momentum", 0.9);
  std::vector<double> scale = perChannel(call, 1, view.size),
                      shift = perChannel(call, 2, view.size);
  std::vector<double> mean = perChannel(call, 3, view.size),
                      variance = perChannel(call, 4, view.size);
  Reader<double> from(in);
  if (training) {
    Tensor &newMean = call.out(1, call.in(3).element(), call.in(3).shape());
    Tensor &newVariance = call.out(2, call.in(4).element(), call.in(4).shape());
    std::vector<double> runningMean = mean, runningVariance = variance;
    for (int64_t c = 0; c < view.size; ++c) {
      std::vector<double> channel;
      for (int64_t o = 0; o < view.outer; ++o) {
        const double *row = from.data() + (o * view.size + c) * view.inner;
        channel.insert(channel.end(), row, row + view.inner);
      }
      Moments moments = momentsOf(channel.data(), int64_t(channel.size()));
      runningMean[c] = mean[c] * momentum + moments.mean * (1 - momentum);
      runningVariance[c] = variance[c] * momentum + moments.variance * (1 - momentum);
      mean[c] = moments.mean;
      variance[c] = moments.variance;
    }
    storeElements(runningMean.data(), newMean);
    storeElements(runningVariance.data(), newVariance);
  }
  Tensor &out = call.out(0, in.element(), in.shape());
  Writer<double> to(out);
  for (int64_t row = 0; row < view.outer * view.size; ++row) {
    int64_t c = row % view.size;
    double factor = scale[c] / std::sqrt(variance[c] + epsilon);
    for (int64_t i = row * view.inner; i < (row + 1) * view.inner; ++i)
      to[i] = (from[i] - mean[c]) * factor + shift[c];
  }
}

/// Normalizes each group of channels of each image; scale and shift are one for each channel, or
/// (GroupNormalization before opset 21) one for each group.
static void normalizeGroups(Call &call, int64_t groups, bool affineByGroup) {
  const Tensor &in = floatOperand(call, 2);
  int64_t channels = in.size(1), inner = product(in.shape(), 2, in.shape().size());
  call.require(groups > 0 && channels % groups == 0, "cannot divide ", channels, " channels into ",
               groups, " groups");
  double epsilon = call.real("epsilon", 1e-5);
  std::vector<double> scale = perChannel(call, 1, affineByGroup ? groups : channels);
  std::vector<double> shift = perChannel(call, 2, affineByGroup ? groups : channels);
  Tensor &out = call.out(0, in.element(), in.shape());
  Reader<double> from(in);
  Writer<double> to(out);
  int64_t size = channels / groups * inner;
  for (int64_t group = 0; group < in.size(0) * groups; ++group) {
    Moments moments = momentsOf(from.data() + group * size, size);
    double factor = 1 / std::sqrt(moments.variance + epsilon);
    for (int64_t i = 0; i < size; ++i) {
      int64_t c = affineByGroup ? group % groups : group % groups * (channels / groups) + i / inner;
      to[group * size + i] = (from[group * size + i] - moments.mean) * factor * scale[c] + shift[c];
    }
  }
}

static void instanceNormalization(Call &call) {
  normalizeGroups(call, floatOperand(call, 2).size(1), false);
}

static void groupNormalization(Call &call) {
  normalizeGroups(call, call.integer("num_groups", 0), call.opset() < 21);
}

/// Multiplies (or adds) operand `index`, broadcast to `out`.
template <typename Function>
static void applyAffine(const Call &call, size_t index, Tensor &out, Function &&function) {
  const Tensor &operand = call.in(index);
  call.require(broadcastShape(call, out.shape(), operand.shape()) == out.shape() &&
                   !operand.isText(),
               "operand ", index, " of shape ", shapeText(operand.shape()),
               " does not broadcast to ", shapeText(out.shape()));
  combine<double>(out, operand, out.shape(), out.data<double>(), function);
}

/// LayerNormalization and RMSNormalization: over all dimensions from `axis` on.
static void normalizeRows(Call &call, bool centered) {
  const Tensor &in = floatOperand(call, 1);
  int64_t axis = call.axis(call.integer("axis", -1), in.rank());
  int64_t size = product(in.shape(), axis, in.shape().size()), rows = product(in.shape(), 0, axis);
  double epsilon = call.real("epsilon", 1e-5);
  Reader<double> from(in);
  Tensor values(ElementType::F64, in.shape());
  std::vector<double> means(rows), deviations(rows);
  for (int64_t row = 0; row < rows; ++row) {
    const double *x = from.data() + row * size;
    Moments moments;
    if (centered)
      moments = momentsOf(x, size);
    else
      for (int64_t i = 0; i < size; ++i)
        moments.variance += x[i] * x[i] / double(size);
    double factor = 1 / std::sqrt(moments.variance + epsilon);
    for (int64_t i = 0; i < size; ++i)
      values.data<double>()[row * size + i] = (x[i] - moments.mean) * factor;
    means[row] = moments.mean;
    deviations[row] = factor;
  }
  applyAffine(call, 1, values, [](double x, double scale) { return x * scale; });
  if (centered && call.has(2))
    applyAffine(call, 2, values, [](double x, double shift) { return x + shift; });
  storeElements(values.data<double>(), call.out(0, in.element(), in.shape()));
  Shape shape = in.shape();
  std::fill(shape.begin() + axis, shape.end(), 1);
  ElementType stash = call.elementOf(call.integer("stash_type", 1));
  if (call.wants(1))
    storeElements((centered ? means : deviations).data(), call.out(1, stash, shape));
  if (centered && call.wants(2))
    storeElements(deviations.data(), call.out(2, stash, shape));
}

static void layerNormalization(Call &call) { normalizeRows(call, true); }
static void rmsNormalization(Call &call) { normalizeRows(call, false); }

/// Over `size` neighbouring channels (Krizhevsky et al., 2012).
static void lrn(Call &call) {
  const Tensor &in = floatOperand(call, 2);
  int64_t size = call.integer("size", 0);
  double alpha = call.real("alpha", 1e-4), beta = call.real("beta", 0.75),
         bias = call.real("bias", 1);
  call.require(size > 0, "attribute 'size' is ", size);
  AxisView view(in.shape(), 1);
  Tensor &out = call.out(0, in.element(), in.shape());
  Reader<double> from(in);
  Writer<double> to(out);
  for (int64_t i = 0; i < in.count(); ++i) {
    int64_t c = i / view.inner % view.size, start = i - c * view.inner;
    int64_t first = std::max<int64_t>(0, c - (size - 1) / 2);
    int64_t last = std::min(view.size - 1, c + std::min(size / 2, view.size));
    double squares = 0;
    for (int64_t k = first; k <= last; ++k)
      squares += from[start + k * view.inner] * from[start + k * view.inner];
    to[i] = from[i] / std::pow(bias + alpha / double(size) * squares, beta);
  }
}

static void lpNormalization(Call &call) {
  const Tensor &in = floatOperand(call, 1);
  int64_t p = call.integer("p", 2);
  call.require(p == 1 || p == 2, "attribute 'p' is ", p);
  AxisView view(in.shape(), call.axis(call.integer("axis", -1), in.rank()));
  Tensor &out = call.out(0, in.element(), in.shape());
  Reader<double> from(in);
  Writer<double> to(out);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      int64_t start = o * view.size * view.inner + i;
      double norm = 0;
      for (int64_t j = 0; j < view.size; ++j) {
        double x = from[start + j * view.inner];
        norm += p == 1 ? std::fabs(x) : x * x;
      }
      norm = p == 1 ? norm : std::sqrt(norm);
      for (int64_t j = 0; j < view.size; ++j)
        to[start + j * view.inner] = norm == 0 ? 0 : from[start + j * view.inner] / norm;
    }
}

/// (x - mean) / (deviation + epsilon) over `axes`, by default all but the channels.
static void meanVarianceNormalization(Call &call) {
  const Tensor &in = floatOperand(call, 1);
  std::vector<int64_t> axes{0, 2, 3};
  if (call.hasAttribute("axes"))
    axes = call.intList("axes");
  axes = call.axes(axes, in.rank());
  std::vector<int64_t> order;
  for (int64_t d = 0; d < in.rank(); ++d)
    if (std::find(axes.begin(), axes.end(), d) == axes.end())
      order.push_back(d);
  int64_t rows = 1;
  for (int64_t d : order)
    rows *= in.size(d);
  order.insert(order.end(), axes.begin(), axes.end());
  Tensor turned = transposed(in, order), result(in.element(), turned.shape());
  int64_t size = rows ? in.count() / rows : 0;
  {
    Reader<double> from(turned);
    Writer<double> to(result);
    for (int64_t row = 0; row < rows; ++row) {
      Moments moments = momentsOf(from.data() + row * size, size);
      // 1e-9 as the operator's function body has it.
      for (int64_t i = 0; i < size; ++i)
        to[row * size + i] =
            (from[row * size + i] - moments.mean) / (std::sqrt(moments.variance) + 1e-9);
    }
  }
  std::vector<int64_t> back(order.size());
  for (size_t i = 0; i < order.size(); ++i)
    back[order[i]] = int64_t(i);
  call.set(0, transposed(result, back));
}

/// Without effect but in training. The standard leaves the random numbers open; here they are those
/// of its reference implementation, NumPy's: 53 bits from two numbers of a Mersenne Twister.
static void dropout(Call &call) {
  const Tensor &in = floatOperand(call, 0);
  bool training = call.has(2) && call.integerInput(2, 0) != 0;
  double ratio = training ? call.number(1, 0.5) : 0;
  call.require(ratio >= 0 && ratio < 1, "has the ratio ", ratio);
  std::vector<double> mask(in.count(), 1);
  std::mt19937 generator(uint32_t(call.integer("seed", 0)));
  for (double &keep : mask)
    if (ratio > 0) {
      uint64_t high = generator() >> 5, low = generator() >> 6;
      keep = double((high << 26) + low) / 9007199254740992.0 >= ratio;
    }
  if (ratio > 0) {
    Tensor &out = call.out(0, in.element(), in.shape());
    Reader<double> from(in);
    Writer<double> to(out);
    for (int64_t i = 0; i < in.count(); ++i)
      to[i] = from[i] * mask[i] / (1 - ratio);
  } else {
    call.set(0, in);
  }
  // The mask was of the operand's type before opset 10.
  if (call.wants(1))
    storeElements(mask.data(),
                  call.out(1, call.opset() < 10 ? in.element() : ElementType::I1, in.shape()));
}

void pim::onnx::addNormalization(Registry &registry) {
  registry.add("BatchNormalization", batchNormalization);
  registry.add("Dropout", dropout);
  registry.add("GroupNormalization", groupNormalization, 18);
  registry.add("InstanceNormalization", instanceNormalization);
  registry.add("LRN", lrn);
  registry.add("LayerNormalization", layerNormalization, 17);
  registry.add("LpNormalization", lpNormalization);
  registry.add("MeanVarianceNormalization", meanVarianceNormalization, 9);
  registry.add("RMSNormalization", rmsNormalization, 23);
  registry.add("SimplifiedLayerNormalization", rmsNormalization);
}
