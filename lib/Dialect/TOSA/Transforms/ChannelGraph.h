//===- ChannelGraph.h - which channels belong together ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The channels (innermost dimension) of all integer tensors of a function, in classes that can only
// be removed together, with what is known of each: whether it is one constant everywhere, and
// whether anything weighs it. Behind pim-remove-channels; tested with it.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_TOSA_TRANSFORMS_CHANNELGRAPH_H
#define PIM_LIB_DIALECT_TOSA_TRANSFORMS_CHANNELGRAPH_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Elements/Elements.h"
#include "llvm/ADT/EquivalenceClasses.h"

#include <optional>
#include <vector>

namespace mlir::pim {

/// A convolution of integers with constant weights, as [outputs][taps][channels of a group].
struct IntegerConvolution {
  Operation *op = nullptr;
  Value input, result;
  bool isDepthwise = false, isPadded = false;
  int64_t outputs = 0, taps = 0, channels = 0, multiplier = 1;
  int64_t inputZeroPoint = 0, weightZeroPoint = 0;
  std::optional<Elements> weights; ///< of 8 bits, as the constant lists them
  SmallVector<int64_t> bias;       ///< with an entry for each output

  /// Nothing if `op` is none, or lacks constants.
  static std::optional<IntegerConvolution> of(Operation *op);

  /// The weight, its zero point subtracted; of a depthwise convolution `channel` is not looked at.
  int64_t weight(int64_t output, int64_t tap, int64_t channel) const;
};

class ChannelGraph {
public:
  explicit ChannelGraph(func::FuncOp function);

  /// The channels of `value` that can go: nothing outside of convolutions sees them, and those
  /// either do not weigh them, or can add what they contribute to the bias.
  SmallVector<int64_t> removable(Value value);
  /// The value that every element of a channel has, if it is known to be one.
  std::optional<int64_t> constantOf(Value value, int64_t channel);

private:
  int64_t nodes(Value value);
  void visit(Operation *op);
  void visitConvolution(const IntegerConvolution &conv);
  bool visitElementwise(Operation *op);
  bool visitMovement(Operation *op);
  void tie(Value a, int64_t from, Value b, int64_t to);
  void tieAll(Value a, Value b);
  void pin(Value value);
  void set(Value value, int64_t channel, std::optional<int64_t> constant);
  /// Whether a convolution may replace the channel by something in its bias.
  bool absorbs(const IntegerConvolution &conv, int64_t channel);
  void propagateNeed();
  void keepOneChannel();

  struct Node {
    std::optional<int64_t> constant;
    bool isPinned = false;
  };

  func::FuncOp function;
  DenseMap<Value, int64_t> firstNode;
  std::vector<Value> values; ///< with nodes, in order
  std::vector<Node> all;
  llvm::EquivalenceClasses<int64_t> classes;
  std::vector<IntegerConvolution> convolutions;
  DenseSet<int64_t> neededClasses; ///< by leader
};

/// Channels of a tensor: its innermost dimension; 0 if it is no static integer tensor.
int64_t channelsOf(Value value);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_TOSA_TRANSFORMS_CHANNELGRAPH_H
