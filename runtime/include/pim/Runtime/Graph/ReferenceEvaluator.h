//===- ReferenceEvaluator.h - the plain meaning of a graph -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A slow, plain evaluator: one loop nest for each operator, written from the TOSA 1.0
// specification, integers to the bit, sums of floats in double precision. It serves tests, `pim-run
// --check` and the simulator's calls of the host, whose floats have no other order that could be
// asked for. Nothing else that it is compared with may share code with it: the simulator has its
// own requantization, its own pooling, its own everything.
//
// Tested by runtime/tests/Graph.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_GRAPH_REFERENCEEVALUATOR_H
#define PIM_RUNTIME_GRAPH_REFERENCEEVALUATOR_H

#include "pim/Program/Graph.h"
#include "pim/Runtime/Graph/TensorView.h"

#include <memory>
#include <span>
#include <vector>

namespace pim::graph {

/// Evaluates one graph. Every tensor keeps its values until the next run. Not to be shared by
/// threads; each makes its own.
class ReferenceEvaluator {
public:
  /// Borrows `graph`, which must outlive the evaluator. Throws pim::Error naming op and node if an
  /// operator is unknown, its operands or attributes are impossible, or the shape of a result is
  /// not what the op makes.
  explicit ReferenceEvaluator(const Graph &graph);
  ~ReferenceEvaluator();
  ReferenceEvaluator(ReferenceEvaluator &&) noexcept;

  /// Evaluates the graph on one buffer for each of its inputs, in order, and returns views of its
  /// outputs, valid until the next run. Throws pim::Error if a buffer has another size than its
  /// tensor, or a value turns up that an operator has no meaning for (an index out of range, a
  /// division by zero).
  std::vector<TensorView> run(std::span<const std::span<const std::byte>> inputs);

  /// The values of a tensor as of the last run; of a constant at any time.
  TensorView tensor(int index) const;

  const Graph &graph() const;

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace pim::graph

#endif // PIM_RUNTIME_GRAPH_REFERENCEEVALUATOR_H
