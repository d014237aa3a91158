//===- Plan.h - a checked graph and its memory -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What both evaluators share: the checks that make a graph safe to evaluate, one step for each op,
// and the memory of the tensors.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_GRAPH_PLAN_H
#define PIM_RUNTIME_SRC_GRAPH_PLAN_H

#include "Kernels/Kernels.h"
#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Runtime/Graph/TensorView.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace pim::graph {

class Plan {
public:
  /// Makes the step of an op.
  using Prepare = std::function<Step(const Binding &)>;
  using Observer = HostEvaluator::Observer;

  /// With `keepTensors` every tensor has memory of its own; otherwise tensors that live at
  /// different times share it.
  Plan(const Graph &graph, const Prepare &prepare, bool keepTensors);

  std::vector<TensorView> run(std::span<const std::span<const std::byte>> inputs,
                              const Observer &observer);
  TensorView tensor(int index) const;
  const Graph &graph() const { return given; }

private:
  struct AlignedDelete {
    void operator()(std::byte *memory) const;
  };
  struct Node {
    Step step;
    std::vector<const std::byte *> inputs;
    std::vector<std::byte *> outputs;
  };

  static Graph alignConstants(const Graph &graph);
  void checkTensors();
  void checkOrder() const;
  void placeTensors(bool keepTensors);

  const Graph &given;
  Graph source;                    ///< the given graph with every constant aligned to its elements
  std::vector<size_t> sizes;       ///< of each tensor, in bytes
  std::vector<std::byte *> memory; ///< of each computed tensor
  std::vector<bool> kept;          ///< whether a tensor outlives its last use
  std::vector<Node> nodes;
  std::unique_ptr<std::byte[], AlignedDelete> arena;
};

} // namespace pim::graph

#endif // PIM_RUNTIME_SRC_GRAPH_PLAN_H
