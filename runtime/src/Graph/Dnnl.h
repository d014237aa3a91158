//===- Dnnl.h - float kernels by oneDNN ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_DNNL_H
#define PIM_RUNTIME_SRC_GRAPH_DNNL_H

#include "Kernels/Kernels.h"

#include <oneapi/dnnl/dnnl.hpp>

namespace pim::graph {

/// Where the primitives of one evaluator run.
struct DnnlContext {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
};

/// A step of oneDNN for a float convolution, matrix product or pooling; null where oneDNN has no
/// form for it, or the plain kernel is to run it. Malformed ops are left to the plain kernel, too,
/// whose errors say what is wrong.
Step prepareDnnl(const Binding &op, const std::shared_ptr<DnnlContext> &context);

/// While it lives, OpenMP regions of this thread use `threads` threads.
class ThreadLimit {
public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit &) = delete;
  ThreadLimit &operator=(const ThreadLimit &) = delete;

private:
  int before;
};

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_DNNL_H
