//===- LayerResults.cpp - what layers leave in memory ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Program/LayerResults.h"

#include <unordered_map>
#include <unordered_set>

namespace pim::program {

/// What `call` leaves besides tensor `first`.
static void addResults(const fb::HostCallT &call, int64_t first,
                       const std::unordered_set<std::string> &known,
                       std::vector<LayerResult> &results) {
  graph::Graph graph = graph::deserialize(std::as_bytes(std::span(call.graph)));
  for (size_t i = 0; i < call.outputs.size(); ++i) {
    const std::string &name = graph.tensors[size_t(graph.outputs[i])].name;
    if (int64_t(call.outputs[i]) != first && known.contains(name))
      results.push_back({uint32_t(call.outputs[i]), name});
  }
}

std::vector<std::vector<LayerResult>> layerResults(const Program &program,
                                                   const graph::Graph &reference) {
  std::unordered_set<std::string> known;
  for (const graph::Tensor &tensor : reference.tensors)
    known.insert(tensor.name);
  std::unordered_map<std::string, const fb::HostCallT *> calls;
  for (const auto &call : program.header.host_calls)
    calls.emplace(call->name, call.get());
  std::vector<std::vector<LayerResult>> all;
  for (const auto &layer : program.header.layers) {
    std::vector<LayerResult> &results = all.emplace_back();
    if (layer->output >= 0 && !layer->reference.empty())
      results.push_back({uint32_t(layer->output), layer->reference});
    auto call = calls.find(layer->name);
    if (layer->op == "host" && call != calls.end())
      addResults(*call->second, layer->output, known, results);
  }
  return all;
}

} // namespace pim::program
