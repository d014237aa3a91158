//===- Interpreter.cpp - a graph of ONNX operators, run -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/ONNX/Interpreter.h"

#include "Registry.h"

#include <limits>
#include <map>

using namespace pim;
using namespace pim::onnx;

namespace {

/// An op with its kernel and what the kernel keeps.
class Node {
public:
  explicit Node(const graph::Op &op) : op(op) {
    std::string domain;
    if (auto found = op.attributes.find("domain"); found != op.attributes.end())
      domain = found->second.text;
    int64_t opset = 1;
    if (auto found = op.attributes.find("opset");
        found != op.attributes.end() && found->second.ints.size() == 1)
      opset = found->second.ints[0];
    std::string_view type = std::string_view(op.code).substr(op.isONNX() ? 5 : 0);
    kernel = op.isONNX() ? Registry::get().find(domain, type, opset) : nullptr;
    if (!kernel)
      fail("op ", op.code, " of node '", op.name, "': has no kernel on the host (domain '", domain,
           "', opset ", opset, ")");
  }

  std::vector<Value> run(std::span<const Value> inputs, const RunBody &runBody) {
    std::vector<Value> outputs(op.outputs.size());
    Call call(op, inputs, outputs, runBody, kept);
    try {
      kernel(call);
    } catch (const Error &error) {
      if (std::string_view(error.what()).starts_with("op "))
        throw;
      call.fail(error.what());
    } catch (const std::bad_alloc &) {
      call.fail("needs more memory than there is");
    } catch (const std::length_error &) {
      call.fail("needs more memory than there is");
    }
    for (size_t i = 0; i < op.outputs.size(); ++i)
      if (op.outputs[i] == -1 && i < outputs.size())
        outputs[i] = {};
    outputs.resize(op.outputs.size());
    return outputs;
  }

private:
  const graph::Op &op;
  Kernel kernel;
  std::shared_ptr<void> kept;
};

/// How often bodies of control flow may still run, those inside them included.
struct BodyRuns {
  int64_t most = std::numeric_limits<int64_t>::max(), left = most;

  void take() {
    if (left == 0)
      fail("bodies of control flow run more than ", most, " times");
    --left;
  }
};

/// A graph with the nodes of its ops; bodies of control flow get theirs when they first run.
class Body {
public:
  Body(const graph::Graph &graph, BodyRuns &runs)
      : graph(graph), runs(runs), lastUse(graph.tensors.size(), -1) {
    checkOrder();
    for (const graph::Op &op : graph.ops)
      nodes.emplace_back(op);
    for (size_t i = 0; i < graph.tensors.size(); ++i)
      constants.push_back(isConstant(graph.tensors[i]) ? Value(Tensor::constant(graph.tensors[i]))
                                                       : Value());
  }

  std::vector<Value> run(std::span<const Value> inputs, const Interpreter::Observer &observer) {
    if (inputs.size() != graph.inputs.size())
      fail("graph '", graph.name, "' was given ", inputs.size(), " inputs, expected ",
           graph.inputs.size());
    std::vector<Value> values = constants;
    for (size_t i = 0; i < inputs.size(); ++i) {
      values[graph.inputs[i]] = inputs[i];
      if (observer)
        observer(graph.inputs[i], inputs[i]);
    }
    RunBody runBody = [this](const graph::Graph &body, std::span<const Value> arguments) {
      return runInner(body, arguments);
    };
    std::vector<Value> operands;
    for (size_t i = 0; i < nodes.size(); ++i) {
      const graph::Op &op = graph.ops[i];
      operands.clear();
      for (int index : op.inputs)
        operands.push_back(index == -1 ? Value() : values[index]);
      std::vector<Value> results = nodes[i].run(operands, runBody);
      for (size_t j = 0; j < op.outputs.size(); ++j)
        if (op.outputs[j] != -1) {
          values[op.outputs[j]] = std::move(results[j]);
          if (observer)
            observer(op.outputs[j], values[op.outputs[j]]);
        }
      for (int index : op.inputs)
        if (index != -1 && lastUse[index] == int64_t(i))
          values[index] = {};
    }
    std::vector<Value> outputs;
    for (int index : graph.outputs)
      outputs.push_back(values[index]);
    return outputs;
  }

  /// For the outermost graph; the values that bodies of control flow take are checked by their
  /// kernels.
  void checkInputs(std::span<const Value> inputs) const {
    for (size_t i = 0; i < std::min(inputs.size(), graph.inputs.size()); ++i)
      checkInput(graph.tensors[graph.inputs[i]], inputs[i]);
  }

private:
  static bool isConstant(const graph::Tensor &tensor) {
    return tensor.isConstant() || tensor.elementCount() == 0;
  }

  std::vector<Value> runInner(const graph::Graph &body, std::span<const Value> arguments) {
    runs.take();
    std::unique_ptr<Body> &inner = bodies[&body];
    if (!inner)
      inner = std::make_unique<Body>(body, runs);
    return inner->run(arguments, nullptr);
  }

  static void checkInput(const graph::Tensor &tensor, const Value &value) {
    const auto *given = std::get_if<Tensor>(&value);
    if (!given)
      return; // sequences and optionals have no type in a graph
    bool fits = given->element() == tensor.element &&
                (tensor.unranked || given->shape().size() == tensor.shape.size());
    for (size_t i = 0; fits && i < tensor.shape.size(); ++i)
      fits = tensor.shape[i] < 0 || tensor.shape[i] == given->shape()[i];
    if (!fits)
      fail("input '", tensor.name, "' was given ", elementName(given->element()),
           shapeText(given->shape()), ", expected ", elementName(tensor.element),
           shapeText(tensor.shape));
  }

  /// Fails unless every op uses values that are there; finds who uses each value last.
  void checkOrder() {
    std::vector<bool> made(graph.tensors.size());
    for (size_t i = 0; i < made.size(); ++i)
      made[i] = isConstant(graph.tensors[i]);
    auto check = [&](int index, const std::string &user) {
      if (index < 0 || size_t(index) >= made.size())
        fail(user, " refers to tensor ", index, " of ", made.size());
    };
    auto use = [&](int index, const std::string &user) {
      check(index, user);
      if (!made[index])
        fail(user, " uses tensor '", graph.tensors[index].name, "' before it is made");
    };
    for (int index : graph.inputs) {
      check(index, "the list of inputs");
      made[index] = true;
    }
    for (size_t i = 0; i < graph.ops.size(); ++i) {
      const graph::Op &op = graph.ops[i];
      std::string label = "op " + op.code + " of node '" + op.name + "'";
      for (int index : op.inputs)
        if (index != -1) {
          use(index, label);
          lastUse[index] = int64_t(i);
        }
      for (int index : op.outputs)
        if (index != -1) {
          check(index, label);
          made[index] = true;
        }
    }
    for (int index : graph.outputs) {
      use(index, "the list of outputs");
      lastUse[index] = -1;
    }
  }

  const graph::Graph &graph;
  BodyRuns &runs;
  std::vector<Node> nodes;
  std::vector<Value> constants;
  std::vector<int64_t> lastUse; ///< the op that uses a value last, -1 for those that stay
  std::map<const graph::Graph *, std::unique_ptr<Body>> bodies;
};

} // namespace

struct Interpreter::State {
  explicit State(const graph::Graph &graph) : body(graph, runs) {}
  BodyRuns runs;
  Body body;
  Observer observer;
};

Interpreter::Interpreter(const graph::Graph &graph) : state(std::make_unique<State>(graph)) {}
Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter &&) noexcept = default;

void Interpreter::setObserver(Observer observer) { state->observer = std::move(observer); }

void Interpreter::setMostBodyRuns(int64_t most) { state->runs.most = most; }

std::vector<Value> Interpreter::run(std::span<const Value> inputs) {
  state->runs.left = state->runs.most;
  state->body.checkInputs(inputs);
  return state->body.run(inputs, state->observer);
}

struct SingleOp::State {
  explicit State(const graph::Op &op) : node(op) {}
  Node node;
  BodyRuns runs;
  std::map<const graph::Graph *, std::unique_ptr<Body>> bodies;
};

SingleOp::SingleOp(const graph::Op &op) : state(std::make_unique<State>(op)) {}
SingleOp::~SingleOp() = default;
SingleOp::SingleOp(SingleOp &&) noexcept = default;

std::vector<Value> SingleOp::run(std::span<const Value> inputs) {
  RunBody runBody = [this](const graph::Graph &body, std::span<const Value> arguments) {
    std::unique_ptr<Body> &inner = state->bodies[&body];
    if (!inner)
      inner = std::make_unique<Body>(body, state->runs);
    return inner->run(arguments, nullptr);
  };
  return state->node.run(inputs, runBody);
}
