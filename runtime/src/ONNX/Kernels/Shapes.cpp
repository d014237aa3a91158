//===- Shapes.cpp - operators that change the shape alone -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

using namespace pim;
using namespace pim::onnx;

static void identity(Call &call) { call.set(0, call.value(0)); }

/// The operand under another shape, with its elements shared.
static void setReshaped(Call &call, const Tensor &in, Shape shape) {
  call.require(checkedCount(shape, 1) == in.count(), "shapes ", shapeText(in.shape()), " into ",
               shapeText(shape));
  call.set(0, in.reshaped(std::move(shape)));
}

/// 0 keeps the operand's dimension unless `allowzero`; -1 is what remains. The shape is an
/// attribute before opset 5.
static void reshape(Call &call) {
  const Tensor &in = call.in(0);
  Shape shape = call.has(1) ? call.ints(1) : call.intList("shape");
  bool allowZero = call.integer("allowzero", 0);
  int64_t known = 1, open = -1;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == -1) {
      call.require(open < 0, "leaves two dimensions open");
      open = int64_t(i);
      continue;
    }
    if (shape[i] == 0 && !allowZero) {
      call.require(int64_t(i) < in.rank(), "dimension ", i, " has no counterpart to copy");
      shape[i] = in.size(i);
    }
    call.require(shape[i] >= 0 && !__builtin_mul_overflow(known, shape[i], &known), "dimension ", i,
                 " is ", shape[i]);
  }
  if (open >= 0) {
    call.require(known > 0 && in.count() % known == 0, "shapes ", shapeText(in.shape()), " into ",
                 shapeText(shape));
    shape[open] = in.count() / known;
  }
  setReshaped(call, in, shape);
}

static void flatten(Call &call) {
  const Tensor &in = call.in(0);
  int64_t axis = call.integer("axis", 1);
  call.require(axis >= -in.rank() && axis <= in.rank(), "axis ", axis, " does not exist");
  if (axis < 0)
    axis += in.rank();
  setReshaped(call, in,
              {product(in.shape(), 0, axis), product(in.shape(), axis, in.shape().size())});
}

static std::vector<int64_t> axesOf(const Call &call) {
  return call.has(1) ? call.ints(1) : call.intList("axes");
}

static void squeeze(Call &call) {
  const Tensor &in = call.in(0);
  Shape shape;
  bool all = !call.has(1) && !call.hasAttribute("axes");
  std::vector<bool> drop(in.rank());
  for (int64_t axis : call.axes(axesOf(call), in.rank())) {
    call.require(in.size(axis) == 1, "dimension ", axis, " has size ", in.size(axis), ", not 1");
    drop[axis] = true;
  }
  for (int64_t i = 0; i < in.rank(); ++i)
    if (!(all ? in.size(i) == 1 : drop[i]))
      shape.push_back(in.size(i));
  setReshaped(call, in, shape);
}

static void unsqueeze(Call &call) {
  const Tensor &in = call.in(0);
  std::vector<int64_t> axes = axesOf(call);
  int64_t rank = in.rank() + int64_t(axes.size());
  std::vector<bool> added(rank);
  for (int64_t axis : call.axes(axes, rank))
    added[axis] = true;
  Shape shape;
  size_t next = 0;
  for (int64_t i = 0; i < rank; ++i)
    shape.push_back(added[i] ? 1 : in.size(next++));
  setReshaped(call, in, shape);
}

static void transpose(Call &call) {
  const Tensor &in = call.in(0);
  std::vector<int64_t> permutation = call.intList("perm");
  if (!call.hasAttribute("perm"))
    for (int64_t i = in.rank(); i-- > 0;)
      permutation.push_back(i);
  call.require(int64_t(permutation.size()) == in.rank(), "attribute 'perm' has ",
               permutation.size(), " entries for rank ", in.rank());
  call.set(0, transposed(in, call.axes(permutation, in.rank())));
}

static void expand(Call &call) {
  const Tensor &in = call.in(0);
  Shape shape = broadcastShape(call, in.shape(), call.ints(1));
  Tensor &out = call.out(0, in.element(), shape);
  copyStrided(in, 0, broadcastStrides(in.shape(), shape), out);
}

static void concat(Call &call) {
  std::vector<Tensor> parts;
  for (size_t i = 0; i < call.inputCount(); ++i)
    parts.push_back(call.in(i));
  call.require(!parts.empty(), "has no operand");
  call.set(0, concatenated(call, parts, call.axis(call.integer("axis", 1), parts[0].rank())));
}

/// Sizes are an attribute up to opset 12, then an operand; `num_outputs` came with opset 18.
static void split(Call &call) {
  const Tensor &in = call.in(0);
  int64_t axis = call.axis(call.integer("axis", 0), in.rank());
  std::vector<int64_t> sizes = call.has(1) ? call.ints(1) : call.intList("split");
  if (sizes.empty()) {
    int64_t parts = call.integer("num_outputs", int64_t(call.outputCount()));
    call.require(parts > 0 && parts <= int64_t(call.outputCount()), "splits into ", parts,
                 " parts");
    int64_t each = (in.size(axis) + parts - 1) / parts;
    for (int64_t i = 0; i < parts; ++i)
      sizes.push_back(std::clamp<int64_t>(in.size(axis) - i * each, 0, each));
  }
  call.require(sizes.size() <= call.outputCount(), "splits into ", sizes.size(), " parts, but has ",
               call.outputCount(), " results");
  AxisView whole(in.shape(), axis);
  int64_t start = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    call.require(sizes[i] >= 0 && sizes[i] <= in.size(axis) - start, "part ", i, " of size ",
                 sizes[i], " lies outside");
    Shape shape = in.shape();
    shape[axis] = sizes[i];
    Tensor &out = call.out(i, in.element(), shape);
    int64_t part = sizes[i] * whole.inner;
    for (int64_t o = 0; o < whole.outer; ++o)
      copyElements(in, (o * whole.size + start) * whole.inner, out, o * part, part);
    start += sizes[i];
  }
  call.require(start == in.size(axis), "the parts cover ", start, " of ", in.size(axis));
}

void pim::onnx::addShapes(Registry &registry) {
  registry.add("Concat", concat);
  registry.add("Expand", expand, 8);
  registry.add("Flatten", flatten);
  registry.add("Identity", identity);
  registry.add("Reshape", reshape);
  registry.add("Split", split);
  registry.add("Squeeze", squeeze);
  registry.add("Transpose", transpose);
  registry.add("Unsqueeze", unsqueeze);
}
