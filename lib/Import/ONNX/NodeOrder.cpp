//===- NodeOrder.cpp - nodes in the order of their values -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX wants the nodes of a graph sorted; some exporters put constants behind their users.
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"

#include <queue>

using namespace mlir;
using namespace mlir::pim;

using Visit = llvm::function_ref<void(StringRef)>;

static void visitCaptures(const ::onnx::GraphProto &graph, Visit visit);

/// Every value that `node` takes, itself or for its graphs.
static void visitValues(const ::onnx::NodeProto &node, Visit visit) {
  for (const std::string &input : node.input())
    visit(input);
  for (const ::onnx::AttributeProto &attribute : node.attribute())
    if (attribute.has_g())
      visitCaptures(attribute.g(), visit);
}

/// Every value of the graphs around that `graph` takes.
static void visitCaptures(const ::onnx::GraphProto &graph, Visit visit) {
  llvm::StringSet<> own;
  for (const auto &input : graph.input())
    own.insert(input.name());
  for (const auto &tensor : graph.initializer())
    own.insert(tensor.name());
  for (const auto &tensor : graph.sparse_initializer())
    own.insert(tensor.values().name());
  for (const ::onnx::NodeProto &node : graph.node())
    for (const std::string &output : node.output())
      own.insert(output);
  auto visitForeign = [&](StringRef name) {
    if (!own.contains(name))
      visit(name);
  };
  for (const ::onnx::NodeProto &node : graph.node())
    visitValues(node, visitForeign);
  for (const auto &output : graph.output())
    visitForeign(output.name());
}

FailureOr<SmallVector<int>> GraphImporter::sortedNodes() {
  struct Need {
    int producer;
    StringRef name;
  };
  int count = graph.node_size();
  std::vector<SmallVector<Need>> needs(count);
  std::vector<SmallVector<int>> users(count);
  SmallVector<int> open(count); // needs that are not met yet
  for (int index = 0; index < count; ++index) {
    visitValues(graph.node(index), [&](StringRef name) {
      auto producer = producers.find(name);
      if (producer == producers.end())
        return;
      needs[index].push_back({producer->second, producer->first()});
      users[producer->second].push_back(index);
    });
    open[index] = int(needs[index].size());
  }

  // The first of those that may come next: what is sorted stays as it is.
  std::priority_queue<int, std::vector<int>, std::greater<int>> ready;
  for (int index = 0; index < count; ++index)
    if (open[index] == 0)
      ready.push(index);
  SmallVector<int> order;
  while (!ready.empty()) {
    int index = ready.top();
    ready.pop();
    order.push_back(index);
    for (int user : users[index])
      if (--open[user] == 0)
        ready.push(user);
  }
  if (int(order.size()) == count)
    return order;

  // Each node left needs another one left. Whoever follows these needs comes to a cycle at last.
  auto openNeed = [&](int index) {
    return *llvm::find_if(needs[index], [&](const Need &need) { return open[need.producer] > 0; });
  };
  int at = int(llvm::find_if(open, [](int number) { return number > 0; }) - open.begin());
  for (int step = 0; step < count; ++step)
    at = openNeed(at).producer;
  int first = at;
  for (int next = openNeed(at).producer; next != at; next = openNeed(next).producer)
    first = std::min(first, next);
  Need need = openNeed(first);
  return nodeError(first) << "the graph has a cycle: input " << quoted(need.name)
                          << " is made by node " << quoted(nodeName(need.producer))
                          << ", which depends on this one";
}
