//===- Interpreter.h - a graph of ONNX operators, run -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a graph whose operators are all ONNX's, with shapes found at run time. The host processor of
// the simulator and `--target host` use it through graph::HostEvaluator.
//
// Tested by runtime/tests/ONNX.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ONNX_INTERPRETER_H
#define PIM_RUNTIME_ONNX_INTERPRETER_H

#include "pim/Program/Graph.h"
#include "pim/Runtime/ONNX/Value.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pim::onnx {

/// Whether a kernel computes operator `type` of `domain` at version `opset` of that domain.
bool isSupported(std::string_view domain, std::string_view type, int64_t opset);

/// An operator with a kernel, and the first version of its domain that the kernel fits.
struct OperatorVersion {
  std::string domain; ///< empty for ai.onnx
  std::string type;
  int64_t since;
};

/// Everything that runs, sorted by domain, type and version.
std::vector<OperatorVersion> supportedOperators();

/// Evaluates one graph. Not to be shared by threads; each makes its own.
class Interpreter {
public:
  /// Sees every input and every computed value of the outermost graph, by tensor index.
  using Observer = std::function<void(int tensor, const Value &value)>;

  /// Borrows `graph`, which must outlive the interpreter. Throws pim::Error naming op and node if
  /// an operator is unknown or the graph is malformed.
  explicit Interpreter(const graph::Graph &graph);
  ~Interpreter();
  Interpreter(Interpreter &&) noexcept;

  void setObserver(Observer observer);

  /// How often each run() may run bodies of control flow, nested ones included; without a limit
  /// unless set. run() throws pim::Error where more would be needed.
  void setMostBodyRuns(int64_t most);

  /// Evaluates the graph on one value for each of its inputs, in order. Throws pim::Error naming op
  /// and node if operands are impossible, or an input has another type or shape than the graph
  /// says.
  std::vector<Value> run(std::span<const Value> inputs);

private:
  struct State;
  std::unique_ptr<State> state;
};

/// One operator of a mixed graph, prepared; run as often as wanted. Borrows `op`.
class SingleOp {
public:
  explicit SingleOp(const graph::Op &op);
  ~SingleOp();
  SingleOp(SingleOp &&) noexcept;
  /// One value for each operand; gives one for each result that the op wants, nothing for others.
  std::vector<Value> run(std::span<const Value> inputs);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace pim::onnx

#endif // PIM_RUNTIME_ONNX_INTERPRETER_H
