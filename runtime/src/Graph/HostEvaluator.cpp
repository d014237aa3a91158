//===- HostEvaluator.cpp - a graph on the host processor, fast ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Graph/HostEvaluator.h"

#include "Dnnl.h"
#include "Plan.h"

using namespace pim::graph;

static Plan::Prepare dnnlFirst() {
  return [context = std::make_shared<DnnlContext>()](const Binding &op) {
    Step step = prepareDnnl(op, context);
    return step ? step : prepareKernel(op);
  };
}

struct HostEvaluator::State {
  State(const Graph &graph, const HostOptions &options)
      : threads(options.threads), limit(std::make_unique<ThreadLimit>(threads)),
        plan(graph, dnnlFirst(), options.keepTensors) {
    limit.reset();
  }

  int threads;
  // Primitives are made for the number of threads that runs them.
  std::unique_ptr<ThreadLimit> limit;
  Plan plan;
  Observer observer;
};

HostEvaluator::HostEvaluator(const Graph &graph, HostOptions options)
    : state(std::make_unique<State>(graph, options)) {}
HostEvaluator::~HostEvaluator() = default;
HostEvaluator::HostEvaluator(HostEvaluator &&) noexcept = default;

void HostEvaluator::setObserver(Observer observer) { state->observer = std::move(observer); }

std::vector<TensorView> HostEvaluator::run(std::span<const std::span<const std::byte>> inputs) {
  ThreadLimit limit(state->threads);
  return state->plan.run(inputs, state->observer);
}

TensorView HostEvaluator::tensor(int index) const { return state->plan.tensor(index); }

const Graph &HostEvaluator::graph() const { return state->plan.graph(); }
