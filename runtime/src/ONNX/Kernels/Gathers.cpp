//===- Gathers.cpp - reading by index -------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

using namespace pim;
using namespace pim::onnx;

static void gather(Call &call) {
  const Tensor &in = call.in(0), &indices = call.in(1);
  int64_t axis = call.axis(call.integer("axis", 0), in.rank());
  std::vector<int64_t> index = call.ints(1);
  Shape shape(in.shape().begin(), in.shape().begin() + axis);
  shape.insert(shape.end(), indices.shape().begin(), indices.shape().end());
  shape.insert(shape.end(), in.shape().begin() + axis + 1, in.shape().end());
  Tensor &out = call.out(0, in.element(), shape);
  AxisView view(in.shape(), axis);
  for (int64_t &each : index)
    each = call.index(each, view.size);
  int64_t number = int64_t(index.size());
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < number; ++i)
      copyElements(in, (o * view.size + index[i]) * view.inner, out, (o * number + i) * view.inner,
                   view.inner);
}

static void gatherElements(Call &call) {
  const Tensor &in = call.in(0), &indices = call.in(1);
  int64_t axis = call.axis(call.integer("axis", 0), in.rank());
  call.require(indices.rank() == in.rank(), "operands differ in rank");
  for (int64_t d = 0; d < in.rank(); ++d)
    call.require(d == axis || indices.size(d) <= in.size(d), "dimension ", d,
                 " of the indices is too large");
  std::vector<int64_t> index = call.ints(1);
  Shape strides = rowMajorStrides(in.shape()), own = rowMajorStrides(indices.shape());
  for (int64_t i = 0, count = indices.count(); i < count; ++i) {
    int64_t source = 0;
    for (int64_t d = 0; d < in.rank(); ++d)
      source += strides[d] *
                (d == axis ? call.index(index[i], in.size(d)) : i / own[d] % indices.size(d));
    index[i] = source;
  }
  call.set(0, takeElements(in, index, indices.shape()));
}

static void gatherND(Call &call) {
  const Tensor &in = call.in(0), &indices = call.in(1);
  int64_t batch = call.integer("batch_dims", 0);
  call.require(indices.rank() >= 1 && batch >= 0 && batch < indices.rank() && batch < in.rank(),
               "batch_dims ", batch, " does not fit the operands");
  int64_t depth = indices.size(indices.rank() - 1);
  call.require(depth >= 1 && batch + depth <= in.rank(), "indices of ", depth,
               " numbers do not fit rank ", in.rank());
  for (int64_t d = 0; d < batch; ++d)
    call.require(indices.size(d) == in.size(d), "batch dimension ", d, " differs");
  Shape shape(indices.shape().begin(), indices.shape().end() - 1);
  shape.insert(shape.end(), in.shape().begin() + batch + depth, in.shape().end());
  Tensor &out = call.out(0, in.element(), shape);
  std::vector<int64_t> index = call.ints(1);
  Shape strides = rowMajorStrides(in.shape());
  int64_t block = product(in.shape(), batch + depth, in.shape().size());
  int64_t batches = product(in.shape(), 0, batch), tuples = indices.count() / depth;
  int64_t batchStride = product(in.shape(), batch, in.shape().size());
  for (int64_t i = 0; i < tuples; ++i) {
    int64_t source = i / (tuples / batches) * batchStride;
    for (int64_t d = 0; d < depth; ++d)
      source += strides[batch + d] * call.index(index[i * depth + d], in.size(batch + d));
    copyElements(in, source, out, i * block, block);
  }
}

void pim::onnx::addGathers(Registry &registry) {
  registry.add("Gather", gather);
  registry.add("GatherElements", gatherElements, 11);
  registry.add("GatherND", gatherND, 11);
}
