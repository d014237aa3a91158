//===- Elements.h - loops over elements ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_KERNELS_ELEMENTS_H
#define PIM_RUNTIME_SRC_GRAPH_KERNELS_ELEMENTS_H

#include "Kernels.h"

#include <array>
#include <cstdint>
#include <vector>

namespace pim::graph {

/// Where operands of equal rank, whose dimensions are those of the result or 1, are read for each
/// element of the result. Dimensions that lie contiguous in every operand are merged.
struct Broadcast {
  static constexpr size_t maxOperands = 3;
  Shape sizes;                                           ///< merged, outermost first, at least one
  std::array<std::vector<int64_t>, maxOperands> strides; ///< in elements, of each merged dimension

  /// Calls row(offset in the result, offsets in the operands) for each run of the innermost
  /// dimension.
  template <typename Row> void forEachRow(Row row) const {
    std::vector<int64_t> index(sizes.size());
    std::array<int64_t, maxOperands> offsets{};
    int64_t inner = sizes.back(), total = elementCount(sizes);
    for (int64_t out = 0; out < total; out += inner) {
      row(out, offsets);
      for (size_t d = sizes.size() - 1; d-- > 0;) {
        for (size_t k = 0; k < maxOperands; ++k)
          offsets[k] += strides[k][d];
        if (++index[d] < sizes[d])
          break;
        for (size_t k = 0; k < maxOperands; ++k)
          offsets[k] -= strides[k][d] * sizes[d];
        index[d] = 0;
      }
    }
  }
};

/// Checks that the first `operands` operands broadcast to result 0.
Broadcast bindBroadcast(const Binding &op, size_t operands);

/// out[i] = f(in[i]) over operand 0.
template <typename In, typename Out, typename Function>
Step elementwise(int64_t count, Function f) {
  return [=](const Buffers &buffers) {
    const In *in = buffers.in<In>(0);
    Out *out = buffers.out<Out>();
    for (int64_t i = 0; i < count; ++i)
      out[i] = f(in[i]);
  };
}

/// out = f(a, b) with broadcasting.
template <typename In, typename Out, typename Function>
Step elementwise2(const Broadcast &broadcast, Function f) {
  return [=](const Buffers &buffers) {
    int64_t count = broadcast.sizes.back();
    int64_t strideA = broadcast.strides[0].back(), strideB = broadcast.strides[1].back();
    broadcast.forEachRow([&](int64_t position, const auto &offsets) {
      const In *a = buffers.in<In>(0) + offsets[0];
      const In *b = buffers.in<In>(1) + offsets[1];
      Out *out = buffers.out<Out>() + position;
      if (strideA == 1 && strideB == 1)
        for (int64_t i = 0; i < count; ++i)
          out[i] = f(a[i], b[i]);
      else
        for (int64_t i = 0; i < count; ++i)
          out[i] = f(a[i * strideA], b[i * strideB]);
    });
  };
}

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_KERNELS_ELEMENTS_H
