//===- ReferenceEvaluator.cpp - the plain meaning of a graph --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Graph/ReferenceEvaluator.h"

#include "Plan.h"

using namespace pim::graph;

struct ReferenceEvaluator::State {
  explicit State(const Graph &graph) : plan(graph, prepareKernel, /*keepTensors=*/true) {}
  Plan plan;
};

ReferenceEvaluator::ReferenceEvaluator(const Graph &graph)
    : state(std::make_unique<State>(graph)) {}
ReferenceEvaluator::~ReferenceEvaluator() = default;
ReferenceEvaluator::ReferenceEvaluator(ReferenceEvaluator &&) noexcept = default;

std::vector<TensorView>
ReferenceEvaluator::run(std::span<const std::span<const std::byte>> inputs) {
  return state->plan.run(inputs, nullptr);
}

TensorView ReferenceEvaluator::tensor(int index) const { return state->plan.tensor(index); }

const Graph &ReferenceEvaluator::graph() const { return state->plan.graph(); }
