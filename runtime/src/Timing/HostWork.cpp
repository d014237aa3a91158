//===- HostWork.cpp - work of the host processor ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/InstructionTiming.h"

using namespace pim;
using namespace pim::runtime;

static uint64_t bytesOf(const graph::Tensor &tensor) {
  return uint64_t(tensor.elementCount()) * elementBytes(tensor.element);
}

/// Multiply-accumulates for each output element; 0 for operators that have none.
static uint64_t productsPerOutput(const graph::Graph &graph, const graph::Op &op) {
  auto shape = [&](size_t operand) -> const std::vector<int64_t> & {
    return graph.tensors[size_t(op.inputs[operand])].shape;
  };
  if (op.code == "tosa.conv2d" && shape(1).size() == 4) // OHWI
    return uint64_t(shape(1)[1] * shape(1)[2] * shape(1)[3]);
  if (op.code == "tosa.depthwise_conv2d" && shape(1).size() == 4) // HWCM
    return uint64_t(shape(1)[0] * shape(1)[1]);
  if (op.code == "tosa.matmul" && shape(0).size() == 3) // NHC x NCW
    return uint64_t(shape(0)[2]);
  return 0;
}

/// An operator without products costs one operation for each element that goes in or comes out,
/// whichever is more.
HostWork runtime::hostWork(const graph::Graph &graph) {
  HostWork work;
  for (const graph::Op &op : graph.ops) {
    uint64_t in = 0, out = 0;
    for (int tensor : op.inputs)
      in += uint64_t(graph.tensors[size_t(tensor)].elementCount());
    for (int tensor : op.outputs)
      out += uint64_t(graph.tensors[size_t(tensor)].elementCount());
    const uint64_t products = op.inputs.size() >= 2 ? productsPerOutput(graph, op) : 0;
    work.operations += products ? 2 * products * out : std::max(in, out);
  }
  for (int tensor : graph.inputs)
    work.bytes += bytesOf(graph.tensors[size_t(tensor)]);
  for (int tensor : graph.outputs)
    work.bytes += bytesOf(graph.tensors[size_t(tensor)]);
  return work;
}
