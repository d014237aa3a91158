//===- HostEvaluator.h - a graph on the host processor, fast ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a graph for calibration and for `host` instructions. Convolution, matrix product and pooling
// in float go through oneDNN, with primitives and packed weights made once; everything else runs in
// the plain kernels. Integers are exact; floats agree with the reference up to the order of their
// sums.
//
// Tested by runtime/tests/Graph.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_GRAPH_HOSTEVALUATOR_H
#define PIM_RUNTIME_GRAPH_HOSTEVALUATOR_H

#include "pim/Program/Graph.h"
#include "pim/Runtime/Graph/TensorView.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace pim::graph {

struct HostOptions {
  /// Threads that one run uses. The sums of a float may come in another order with another number.
  int threads = 1;
  /// Keep the values of every tensor until the next run; otherwise buffers are shared by tensors
  /// that do not live at the same time, and tensor() is good for inputs, outputs and constants
  /// alone.
  bool keepTensors = false;
};

/// Evaluates one graph. Not to be shared by threads; each makes its own.
class HostEvaluator {
public:
  /// Sees the index and the values of a tensor the moment they are complete; the view is valid
  /// during the call.
  using Observer = std::function<void(int tensor, const TensorView &values)>;

  /// Borrows `graph`, which must outlive the evaluator. Throws as ReferenceEvaluator does.
  explicit HostEvaluator(const Graph &graph, HostOptions options = {});
  ~HostEvaluator();
  HostEvaluator(HostEvaluator &&) noexcept;

  /// `observer` is called for every input and every computed tensor, in the order of their making;
  /// null: none.
  void setObserver(Observer observer);

  /// Evaluates the graph on one buffer for each of its inputs, in order, and returns views of its
  /// outputs, valid until the next run. Throws as ReferenceEvaluator::run does.
  std::vector<TensorView> run(std::span<const std::span<const std::byte>> inputs);

  /// The values of a tensor as of the last run (see HostOptions::keepTensors); of a constant at any
  /// time.
  TensorView tensor(int index) const;

  const Graph &graph() const;

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace pim::graph

#endif // PIM_RUNTIME_GRAPH_HOSTEVALUATOR_H
