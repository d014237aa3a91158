//===- Checker.h - the simulator against the reference -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `pim-run --check` does: evaluates the integer graph that the compiler left in the program
// and compares every result of a layer and every output with what the simulated machine left in its
// memory. Integers must be equal. Floats, which host calls make, must agree within 1e-5 of the
// largest magnitude of their tensor.
//
// Tested by runtime/tests/Session.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_CHECK_CHECKER_H
#define PIM_RUNTIME_CHECK_CHECKER_H

#include "pim/Program/Graph.h"
#include "pim/Program/LayerResults.h"
#include "pim/Program/Program.h"
#include "pim/Runtime/Graph/TensorView.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pim::runtime {

/// How far floats may lie from the reference, as a part of the largest magnitude of the tensor.
inline constexpr float checkTolerance = 1e-5f;

/// A value that is not what the reference computes.
struct Difference {
  std::string where; ///< "layer 'conv1' (conv2d)", "result 1 of layer ..." or "output 'logits'"
  int64_t sample = 0;
  std::vector<int64_t> index; ///< in the tensor of the reference
  std::string found, expected;
};

/// How far the results of one layer are off, over all samples.
struct LayerCheck {
  uint64_t comparedValues = 0;
  uint64_t mismatchedValues = 0;
  double squaredError = 0;          ///< sum of the squares of found - expected
  double sum = 0, sumOfSquares = 0; ///< of the values expected

  void add(const LayerCheck &other);
  /// The squared error over the squares of what is expected, each less their mean: 0.01 is a signal
  /// 20 dB above the error. Nothing where what is expected is the same everywhere.
  std::optional<double> relativeError() const;
};

struct CheckResult {
  uint64_t comparedValues = 0;
  uint64_t mismatchedValues = 0;
  /// Of each layer of the program; none where there are none to compare.
  std::vector<LayerCheck> layers;
  /// Of the lowest sample, and there the first in the order of execution.
  std::optional<Difference> first;

  /// Adds the result of other samples.
  void merge(CheckResult other);
};

/// The reference graph of a program, tied to its layers and ports. Immutable, to be shared by
/// threads.
class Reference {
public:
  /// Borrows `program`. Throws pim::Error if it has no reference graph, or one that does not fit
  /// its layers and ports.
  explicit Reference(const program::Program &program);

  const program::Program &program() const { return owner; }
  const graph::Graph &graph() const { return referenceGraph; }
  /// A tensor that a layer leaves, and the graph tensor that it is compared with.
  struct Pair {
    uint32_t stored; ///< of the program's tensors
    int expected;
  };
  std::span<const Pair> pairsOf(size_t layer) const { return pairs[layer]; }

private:
  void matchPorts() const;
  void matchLayers();
  /// Throws pim::Error unless the tensors have the same type and size.
  void requireFits(const program::LayerResult &result, const graph::Tensor &tensor,
                   const std::string &layer) const;

  const program::Program &owner;
  graph::Graph referenceGraph;
  std::vector<std::vector<Pair>> pairs; ///< of each layer
};

/// Compares one machine with the reference, sample by sample. For one thread.
class Checker {
public:
  explicit Checker(std::shared_ptr<const Reference> reference);
  ~Checker();

  /// Evaluates the reference on a sample: the integers of each input port, in model order.
  void start(int64_t sample, std::span<const std::span<const std::byte>> inputs);
  /// Compares the results of a layer of Program.layers, whose bytes `read` gives for a tensor of
  /// the program.
  void compareLayer(size_t layer,
                    const std::function<std::span<const std::byte>(uint32_t tensor)> &read);
  /// Compares the integers of an output port, in model order.
  void compareOutput(size_t port, std::span<const std::byte> bytes);

  const CheckResult &result() const { return total; }
  /// result(), and begins a new one.
  CheckResult takeResult();

private:
  struct State;

  /// Adds what it finds to the total, and returns it.
  LayerCheck compare(const graph::TensorView &expected, std::span<const std::byte> found,
                     const std::string &where);

  std::unique_ptr<State> state;
  CheckResult total;
  int64_t sample = 0;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_CHECK_CHECKER_H
