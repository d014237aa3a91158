//===- Movement.cpp - operators that move elements ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"
#include "pim/Support/Magnitude.h"

#include <algorithm>

using namespace pim;
using namespace pim::onnx;

/// Bounds and axes are attributes before opset 10, operands from then on.
static void slice(Call &call) {
  const Tensor &in = call.in(0);
  bool operands = call.opset() >= 10;
  auto list = [&](size_t index, const char *name) {
    if (!operands)
      return call.intList(name);
    return call.has(index) ? call.ints(index) : std::vector<int64_t>();
  };
  std::vector<int64_t> starts = list(1, "starts"), ends = list(2, "ends"), axes = list(3, "axes");
  std::vector<int64_t> steps = operands ? list(4, "") : std::vector<int64_t>();
  if (axes.empty())
    for (size_t i = 0; i < starts.size(); ++i)
      axes.push_back(int64_t(i));
  if (steps.empty())
    steps.assign(starts.size(), 1);
  call.require(starts.size() == ends.size() && starts.size() == axes.size() &&
                   starts.size() == steps.size(),
               "starts, ends, axes and steps differ in number");
  axes = call.axes(axes, in.rank());
  Shape shape = in.shape(), strides = rowMajorStrides(in.shape());
  int64_t offset = 0;
  for (size_t i = 0; i < axes.size(); ++i) {
    int64_t size = in.size(axes[i]), step = steps[i];
    call.require(step != 0, "steps by zero");
    // Far bounds stand for "to the end"; clamp before adding so that nothing overflows.
    auto place = [&](int64_t bound) {
      bound = std::clamp<int64_t>(bound, -size - 1, size);
      return bound < 0 && bound >= -size ? bound + size : bound;
    };
    int64_t start = place(starts[i]), end = place(ends[i]), count;
    step = std::clamp<int64_t>(step, -size - 1, size + 1);
    if (step > 0) {
      start = std::max<int64_t>(start, 0);
      end = std::max<int64_t>(end, 0);
      count = end > start ? (end - start + step - 1) / step : 0;
    } else {
      start = std::clamp<int64_t>(start, -1, size - 1);
      end = std::max<int64_t>(end, -1);
      count = start > end ? (start - end - step - 1) / -step : 0;
    }
    shape[axes[i]] = count;
    offset += count ? start * strides[axes[i]] : 0;
    strides[axes[i]] *= step;
  }
  Tensor &out = call.out(0, in.element(), shape);
  copyStrided(in, offset, strides, out);
}

/// The source of position `i` of a dimension that `before` elements were put before; -1: none.
static int64_t padSource(const std::string &mode, int64_t i, int64_t before, int64_t size) {
  int64_t at = i - before;
  if (at >= 0 && at < size)
    return at;
  if (mode == "constant" || size == 0)
    return -1;
  if (mode == "edge")
    return at < 0 ? 0 : size - 1;
  if (mode == "wrap")
    return ((at % size) + size) % size;
  if (size == 1)
    return 0;
  int64_t period = 2 * (size - 1); // reflect
  at = ((at % period) + period) % period;
  return at < size ? at : period - at;
}

/// Element indices of `shape` when dimension d takes the sources listed in `sources[d]`.
static std::vector<int64_t> combineSources(const Call &call, const Shape &shape,
                                           const std::vector<std::vector<int64_t>> &sources) {
  Shape strides = rowMajorStrides(shape), target;
  for (const auto &list : sources)
    target.push_back(int64_t(list.size()));
  int64_t count = checkedCount(target, sizeof(int64_t));
  std::vector<int64_t> indices(count, 0);
  int64_t block = count;
  for (size_t d = 0; d < shape.size() && count; ++d) {
    block /= target[d];
    for (int64_t i = 0; i < count; ++i) {
      int64_t source = sources[d][i / block % target[d]];
      indices[i] = source < 0 || indices[i] < 0 ? -1 : indices[i] + source * strides[d];
    }
  }
  return indices;
}

/// Pads and value are attributes before opset 11, operands from then on; `axes` came with opset 18.
static void pad(Call &call) {
  const Tensor &in = call.in(0);
  std::string mode = call.text("mode", "constant");
  call.require(mode == "constant" || mode == "edge" || mode == "reflect" || mode == "wrap",
               "attribute 'mode' is '", mode, "'");
  std::vector<int64_t> pads = call.has(1)                 ? call.ints(1)
                              : call.hasAttribute("pads") ? call.intList("pads")
                                                          : call.intList("paddings");
  std::vector<int64_t> axes;
  if (call.has(3))
    axes = call.axes(call.ints(3), in.rank());
  else
    for (int64_t i = 0; i < in.rank(); ++i)
      axes.push_back(i);
  call.require(pads.size() == 2 * axes.size(), "has ", pads.size(), " pads for ", axes.size(),
               " dimensions");
  Tensor fill(in.element(), {1});
  if (call.has(2)) {
    call.require(call.in(2).count() == 1, "operand 2 is not one element");
    call.requireSameElement(0, 2);
    fill = call.in(2);
  } else if (in.isText()) {
    fillZero(fill);
  } else {
    double value = call.real("value", 0);
    storeElements(&value, fill);
  }
  std::vector<std::vector<int64_t>> sources(in.rank());
  for (int64_t d = 0; d < in.rank(); ++d) {
    auto found = std::find(axes.begin(), axes.end(), d);
    size_t at = size_t(found - axes.begin());
    int64_t before = found == axes.end() ? 0 : pads[at];
    int64_t after = found == axes.end() ? 0 : pads[at + axes.size()];
    constexpr int64_t limit = int64_t(1) << 32;
    call.require(isWithin(before, limit) && isWithin(after, limit), "pads by ", before, " and ",
                 after);
    int64_t size = in.size(d) + before + after;
    call.require(size >= 0, "pads dimension ", d, " to the size ", size);
    checkedCount(std::array{size}, sizeof(int64_t));
    for (int64_t i = 0; i < size; ++i)
      sources[d].push_back(padSource(mode, i, before, in.size(d)));
  }
  Shape shape;
  for (const auto &list : sources)
    shape.push_back(int64_t(list.size()));
  call.set(0, takeElements(in, combineSources(call, in.shape(), sources), shape, &fill));
}

static void centerCropPad(Call &call) {
  const Tensor &in = call.in(0);
  std::vector<int64_t> sizes = call.ints(1), axes;
  if (call.hasAttribute("axes"))
    axes = call.axes(call.intList("axes"), in.rank());
  else
    for (int64_t i = 0; i < in.rank(); ++i)
      axes.push_back(i);
  call.require(sizes.size() == axes.size(), "has ", sizes.size(), " sizes for ", axes.size(),
               " dimensions");
  Shape shape = in.shape(), starts(in.rank(), 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    int64_t old = shape[axes[i]], now = sizes[i];
    starts[axes[i]] = now < old ? (old - now) / 2 : -((now - old) / 2);
    shape[axes[i]] = now;
  }
  checkedCount(shape, sizeof(int64_t));
  std::vector<std::vector<int64_t>> sources(in.rank());
  for (int64_t d = 0; d < in.rank(); ++d)
    for (int64_t i = 0; i < shape[d]; ++i)
      sources[d].push_back(padSource("constant", i + starts[d], 0, in.size(d)));
  Tensor fill(in.element(), {1});
  fillZero(fill);
  call.set(0, takeElements(in, combineSources(call, in.shape(), sources), shape, &fill));
}

static void tile(Call &call) {
  const Tensor &in = call.in(0);
  std::vector<int64_t> repeats;
  if (call.has(2)) { // opset 1: tiles along one axis
    repeats.assign(in.rank(), 1);
    repeats[call.axis(call.integerInput(2, 0), in.rank())] = call.integerInput(1, 1);
  } else {
    repeats = call.ints(1);
  }
  call.require(int64_t(repeats.size()) == in.rank(), "has ", repeats.size(), " repeats for rank ",
               in.rank());
  Shape shape, split, strides, own = rowMajorStrides(in.shape());
  for (int64_t d = 0; d < in.rank(); ++d) {
    int64_t size;
    call.require(repeats[d] >= 0 && !__builtin_mul_overflow(in.size(d), repeats[d], &size),
                 "repeats dimension ", d, " ", repeats[d], " times");
    shape.push_back(size);
    split.insert(split.end(), {repeats[d], in.size(d)});
    strides.insert(strides.end(), {0, own[d]});
  }
  Tensor whole(in.element(), split);
  copyStrided(in, 0, strides, whole);
  call.set(0, whole.reshaped(shape));
}

static void depthToSpace(Call &call) {
  const Tensor &in = call.in(0);
  int64_t block = call.integer("blocksize", 0);
  std::string mode = call.text("mode", "DCR");
  call.require(in.rank() == 4 && block > 0 && block < (1 << 15) &&
                   in.size(1) % (block * block) == 0,
               "operand 0 of shape ", shapeText(in.shape()), " does not fit blocks of ", block);
  int64_t n = in.size(0), c = in.size(1) / (block * block), h = in.size(2), w = in.size(3);
  bool crd = mode == "CRD";
  Tensor split =
      in.reshaped(crd ? Shape{n, c, block, block, h, w} : Shape{n, block, block, c, h, w});
  Tensor moved =
      crd ? transposed(split, {0, 1, 4, 2, 5, 3}) : transposed(split, {0, 3, 4, 1, 5, 2});
  call.set(0, moved.reshaped({n, c, h * block, w * block}));
}

static void spaceToDepth(Call &call) {
  const Tensor &in = call.in(0);
  int64_t block = call.integer("blocksize", 0);
  call.require(in.rank() == 4 && block > 0 && in.size(2) % block == 0 && in.size(3) % block == 0,
               "operand 0 of shape ", shapeText(in.shape()), " does not fit blocks of ", block);
  int64_t n = in.size(0), c = in.size(1), h = in.size(2) / block, w = in.size(3) / block;
  Tensor moved = transposed(in.reshaped({n, c, h, block, w, block}), {0, 3, 5, 1, 2, 4});
  call.set(0, moved.reshaped({n, c * block * block, h, w}));
}

static void trilu(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() >= 2, "operand 0 has rank ", in.rank(), ", expected matrices");
  bool upper = call.integer("upper", 1);
  int64_t k = call.integerInput(1, 0), rows = in.size(in.rank() - 2),
          columns = in.size(in.rank() - 1);
  k = std::clamp<int64_t>(k, -rows - 1, columns + 1);
  Tensor &out = call.out(0, in.element(), in.shape());
  fillZero(out);
  for (int64_t row = 0, count = columns ? in.count() / columns : 0; row < count; ++row) {
    int64_t diagonal = std::clamp<int64_t>(row % rows + k + (upper ? 0 : 1), 0, columns);
    int64_t first = upper ? diagonal : 0, last = upper ? columns : diagonal;
    copyElements(in, row * columns + first, out, row * columns + first, last - first);
  }
}

/// Along `time_axis`, the first sequence_lens[b] elements of batch b come in reverse.
static void reverseSequence(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() >= 2, "operand 0 has rank ", in.rank());
  int64_t batch = call.axis(call.integer("batch_axis", 1), in.rank());
  int64_t time = call.axis(call.integer("time_axis", 0), in.rank());
  std::vector<int64_t> lengths = call.ints(1);
  call.require(int64_t(lengths.size()) == in.size(batch) && batch != time, "has ", lengths.size(),
               " lengths for ", in.size(batch), " batches");
  Shape strides = rowMajorStrides(in.shape());
  std::vector<int64_t> indices(in.count());
  for (int64_t i = 0; i < in.count(); ++i) {
    int64_t length = lengths[i / strides[batch] % in.size(batch)];
    call.require(length >= 0 && length <= in.size(time), "a length is ", length);
    int64_t t = i / strides[time] % in.size(time);
    indices[i] = t < length ? i + (length - 1 - 2 * t) * strides[time] : i;
  }
  call.set(0, takeElements(in, indices, in.shape()));
}

static void compress(Call &call) {
  Tensor in = call.in(0);
  std::vector<int64_t> condition = call.ints(1), chosen;
  if (!call.hasAttribute("axis"))
    in = in.reshaped({in.count()});
  int64_t axis = call.axis(call.integer("axis", 0), in.rank());
  call.require(int64_t(condition.size()) <= in.size(axis), "has more conditions than elements");
  for (size_t i = 0; i < condition.size(); ++i)
    if (condition[i])
      chosen.push_back(int64_t(i));
  AxisView view(in.shape(), axis);
  Shape shape = in.shape();
  shape[axis] = int64_t(chosen.size());
  Tensor &out = call.out(0, in.element(), shape);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < shape[axis]; ++i)
      copyElements(in, (o * view.size + chosen[i]) * view.inner, out,
                   (o * shape[axis] + i) * view.inner, view.inner);
}

void pim::onnx::addMovement(Registry &registry) {
  registry.add("CenterCropPad", centerCropPad, 18);
  registry.add("Compress", compress, 9);
  registry.add("DepthToSpace", depthToSpace);
  registry.add("Pad", pad);
  registry.add("ReverseSequence", reverseSequence, 10);
  registry.add("Slice", slice);
  registry.add("SpaceToDepth", spaceToDepth);
  registry.add("Tile", tile);
  registry.add("Trilu", trilu, 14);
}
