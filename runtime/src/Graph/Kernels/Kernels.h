//===- Kernels.h - the plain kernels ---------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function for each family of operators checks an op and returns the step that computes it.
// Semantics are those of the TOSA 1.0 specification.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_KERNELS_KERNELS_H
#define PIM_RUNTIME_SRC_GRAPH_KERNELS_KERNELS_H

#include "../Binding.h"

#include <cstddef>
#include <functional>
#include <span>

namespace pim::graph {

/// The memory of an op's operands and results in one run; 64-byte aligned unless it is a constant.
struct Buffers {
  std::span<const std::byte *const> inputs;
  std::span<std::byte *const> outputs;

  template <typename T> const T *in(size_t index) const {
    return reinterpret_cast<const T *>(inputs[index]);
  }
  template <typename T> T *out(size_t index = 0) const {
    return reinterpret_cast<T *>(outputs[index]);
  }
};

/// A prepared op. It may own scratch memory, so it is not to be run by two threads at once.
using Step = std::function<void(const Buffers &)>;

/// The step of any supported op; throws pim::Error for others.
Step prepareKernel(const Binding &op);

Step prepareAnalogLayers(const Binding &op);
Step prepareConv2d(const Binding &op);
Step prepareDepthwiseConv2d(const Binding &op);
Step prepareTransposeConv2d(const Binding &op);
Step prepareMatMul(const Binding &op);
Step prepareMaxPool2d(const Binding &op);
Step prepareAvgPool2d(const Binding &op);
Step prepareRescale(const Binding &op);
Step prepareTable(const Binding &op);
Step prepareCast(const Binding &op);
Step prepareQuantize(const Binding &op);
Step prepareDequantize(const Binding &op);
Step prepareBinary(const Binding &op);
Step prepareComparison(const Binding &op);
Step prepareMul(const Binding &op);
Step prepareSelect(const Binding &op);
Step prepareUnaryFloat(const Binding &op);
Step prepareUnaryInteger(const Binding &op);
Step prepareClamp(const Binding &op);
Step prepareNegate(const Binding &op);
Step prepareReduce(const Binding &op);
Step prepareArgMax(const Binding &op);
Step prepareReshape(const Binding &op);
Step prepareTranspose(const Binding &op);
Step prepareConcat(const Binding &op);
Step prepareSlice(const Binding &op);
Step preparePad(const Binding &op);
Step prepareTile(const Binding &op);
Step prepareReverse(const Binding &op);
Step prepareGather(const Binding &op);
Step prepareScatter(const Binding &op);
Step prepareResize(const Binding &op);
/// Any operator of ONNX that pim/Runtime/ONNX has a kernel for.
Step prepareOnnx(const Binding &op);

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_KERNELS_KERNELS_H
