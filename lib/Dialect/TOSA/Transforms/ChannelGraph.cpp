//===- ChannelGraph.cpp - which channels belong together -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelGraph.h"
#include "IntegerConstants.h"
#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim;

int64_t mlir::pim::channelsOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || type.getRank() == 0 ||
      !type.getElementType().isSignlessInteger())
    return 0;
  return type.getShape().back();
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

template <typename Op> static std::optional<IntegerConvolution> readConvolution(Op op) {
  IntegerConvolution conv;
  std::optional<Elements> weights = getTosaConstant(op.getWeight());
  auto bias = readConstant(op.getBias());
  FailureOr<int64_t> inputZeroPoint = op.getInputZeroPoint(),
                     weightZeroPoint = op.getWeightZeroPoint();
  if (!weights || !weights->getElementType().isSignlessInteger(8) || !bias ||
      failed(inputZeroPoint) || failed(weightZeroPoint) || channelsOf(op.getInput()) == 0 ||
      channelsOf(op.getOutput()) == 0)
    return std::nullopt;
  conv.op = op;
  conv.input = op.getInput();
  conv.result = op.getOutput();
  conv.isDepthwise = isa<tosa::DepthwiseConv2DOp>(op.getOperation());
  conv.isPadded = llvm::any_of(op.getPad(), [](int64_t pad) { return pad != 0; });
  conv.inputZeroPoint = *inputZeroPoint;
  conv.weightZeroPoint = *weightZeroPoint;
  conv.outputs = channelsOf(op.getOutput());
  ArrayRef<int64_t> shape = cast<RankedTensorType>(op.getWeight().getType()).getShape();
  if (conv.isDepthwise) {
    conv.taps = shape[0] * shape[1];
    conv.channels = shape[2];
    conv.multiplier = shape[3];
  } else {
    conv.taps = shape[1] * shape[2];
    conv.channels = shape[3];
  }
  conv.weights = std::move(*weights);
  conv.bias = std::move(*bias);
  if (conv.bias.size() == 1)
    conv.bias.resize(size_t(conv.outputs), conv.bias.front());
  return conv;
}

std::optional<IntegerConvolution> IntegerConvolution::of(Operation *op) {
  if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
    return readConvolution(conv);
  if (auto conv = dyn_cast<tosa::DepthwiseConv2DOp>(op))
    return readConvolution(conv);
  return std::nullopt;
}

int64_t IntegerConvolution::weight(int64_t output, int64_t tap, int64_t channel) const {
  int64_t at = isDepthwise ? tap * outputs + output : (output * taps + tap) * channels + channel;
  return int8_t(weights->getBytes()[weights->isSplat() ? 0 : size_t(at)]) - weightZeroPoint;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

int64_t ChannelGraph::nodes(Value value) {
  auto [found, isNew] = firstNode.try_emplace(value, int64_t(all.size()));
  if (isNew) {
    values.push_back(value);
    for (int64_t channel = 0; channel < channelsOf(value); ++channel) {
      classes.insert(int64_t(all.size()));
      all.emplace_back();
    }
  }
  return found->second;
}

void ChannelGraph::tie(Value a, int64_t from, Value b, int64_t to) {
  int64_t first = nodes(a) + from;
  classes.unionSets(first, nodes(b) + to);
}

void ChannelGraph::tieAll(Value a, Value b) {
  for (int64_t channel = 0; channel < channelsOf(a); ++channel)
    tie(a, channel, b, channel);
}

void ChannelGraph::pin(Value value) {
  int64_t first = nodes(value);
  for (int64_t channel = 0; channel < channelsOf(value); ++channel)
    all[size_t(first + channel)].isPinned = true;
}

void ChannelGraph::set(Value value, int64_t channel, std::optional<int64_t> constant) {
  all[size_t(nodes(value) + channel)].constant = constant;
}

std::optional<int64_t> ChannelGraph::constantOf(Value value, int64_t channel) {
  return all[size_t(nodes(value) + channel)].constant;
}

/// Padding reads as the zero point: with it, a constant other than that is none at the border.
bool ChannelGraph::absorbs(const IntegerConvolution &conv, int64_t channel) {
  std::optional<int64_t> constant = constantOf(conv.input, channel);
  return constant && (!conv.isPadded || *constant == conv.inputZeroPoint);
}

void ChannelGraph::visitConvolution(const IntegerConvolution &conv) {
  nodes(conv.input);
  nodes(conv.result);
  for (int64_t output = 0; output < conv.outputs; ++output) {
    int64_t sum = conv.bias[size_t(output)];
    bool isConstant = true;
    int64_t begin = conv.isDepthwise ? output / conv.multiplier : 0,
            end = conv.isDepthwise ? begin + 1 : conv.channels;
    for (int64_t channel = begin; channel < end && isConstant; ++channel)
      for (int64_t tap = 0; tap < conv.taps && isConstant; ++tap) {
        int64_t weight = conv.weight(output, tap, channel);
        if (weight == 0)
          continue;
        isConstant = absorbs(conv, channel);
        if (isConstant)
          sum += weight * (*constantOf(conv.input, channel) - conv.inputZeroPoint);
      }
    isConstant &= sum >= INT32_MIN && sum <= INT32_MAX;
    set(conv.result, output, isConstant ? std::optional(sum) : std::nullopt);
    if (conv.isDepthwise)
      tie(conv.input, begin, conv.result, output);
  }
  convolutions.push_back(conv);
}

/// Ops that compute element by element of tensors of one shape.
bool ChannelGraph::visitElementwise(Operation *op) {
  std::optional<ElementFunction> function = elementFunction(op);
  if (!function)
    return false;
  Value result = op->getResult(0);
  for (Value operand : function->operands)
    if (operand.getType() != result.getType() &&
        cast<RankedTensorType>(operand.getType()).getShape() !=
            cast<RankedTensorType>(result.getType()).getShape())
      return false;
  for (Value operand : function->operands)
    tieAll(operand, result);
  for (int64_t channel = 0; channel < channelsOf(result); ++channel) {
    SmallVector<int64_t> inputs;
    for (Value operand : function->operands)
      if (std::optional<int64_t> constant = constantOf(operand, channel))
        inputs.push_back(*constant);
    if (inputs.size() == function->operands.size())
      set(result, channel, function->apply(channel, inputs));
  }
  return true;
}

/// Ops that move whole channels.
bool ChannelGraph::visitMovement(Operation *op) {
  auto same = [&](Value from, Value to) {
    tieAll(from, to);
    for (int64_t channel = 0; channel < channelsOf(to); ++channel)
      set(to, channel, constantOf(from, channel));
    return true;
  };
  return TypeSwitch<Operation *, bool>(op)
      .Case([&](tosa::MaxPool2dOp pool) { return same(pool.getInput(), pool.getOutput()); })
      .Case([&](tosa::AvgPool2dOp pool) {
        auto from = readConstant(pool.getInputZp()), to = readConstant(pool.getOutputZp());
        if (!from || !to || channelsOf(pool.getOutput()) == 0)
          return false;
        tieAll(pool.getInput(), pool.getOutput());
        // Of other constants, the reciprocal may round.
        for (int64_t channel = 0; channel < channelsOf(pool.getOutput()); ++channel)
          if (constantOf(pool.getInput(), channel) == from->front())
            set(pool.getOutput(), channel, to->front());
        return true;
      })
      .Case([&](tosa::ConcatOp concat) {
        bool isOfChannels =
            int64_t(concat.getAxis()) == cast<RankedTensorType>(concat.getType()).getRank() - 1;
        int64_t at = 0;
        for (auto [index, operand] : llvm::enumerate(concat.getOperands()))
          for (int64_t channel = 0; channel < channelsOf(operand); ++channel) {
            int64_t to = isOfChannels ? at++ : channel;
            tie(operand, channel, concat.getOutput(), to);
            bool isFirst = isOfChannels || index == 0;
            if (isFirst || constantOf(concat.getOutput(), to) != constantOf(operand, channel))
              set(concat.getOutput(), to, isFirst ? constantOf(operand, channel) : std::nullopt);
          }
        return true;
      })
      .Case([&](tosa::ReshapeOp reshape) {
        // Only where channels stay innermost: dimensions of 1 come or go.
        int64_t channels = channelsOf(reshape.getInput1());
        bool isVector = channels == cast<RankedTensorType>(reshape.getType()).getNumElements();
        return channels == channelsOf(reshape.getOutput()) && isVector &&
               same(reshape.getInput1(), reshape.getOutput());
      })
      .Default(false);
}

void ChannelGraph::visit(Operation *op) {
  if (isa<tosa::ConstOp, tosa::ConstShapeOp>(op))
    return;
  if (std::optional<IntegerConvolution> conv = IntegerConvolution::of(op)) {
    visitConvolution(*conv);
    return;
  }
  if (op->getNumResults() == 1 && channelsOf(op->getResult(0)) != 0 &&
      (visitElementwise(op) || visitMovement(op)))
    return;
  for (Value operand : op->getOperands())
    pin(operand);
  for (Value result : op->getResults())
    pin(result);
}

//===----------------------------------------------------------------------===//
// Need
//===----------------------------------------------------------------------===//

/// From what must stay, through the convolutions, to what that depends on.
void ChannelGraph::propagateNeed() {
  neededClasses.clear();
  DenseSet<int64_t> varying; // classes with a channel that is not constant
  for (size_t node = 0; node < all.size(); ++node) {
    int64_t leader = classes.getLeaderValue(int64_t(node));
    if (all[node].isPinned)
      neededClasses.insert(leader);
    if (!all[node].constant)
      varying.insert(leader);
  }
  for (bool changed = true; changed;) {
    changed = false;
    // Users come after producers, so one round backwards is nearly always enough.
    for (const IntegerConvolution &conv : llvm::reverse(convolutions)) {
      int64_t input = nodes(conv.input), result = nodes(conv.result);
      for (int64_t channel = 0; channel < conv.channels; ++channel) {
        int64_t leader = classes.getLeaderValue(input + channel);
        if (neededClasses.contains(leader) || (!varying.contains(leader) && absorbs(conv, channel)))
          continue;
        int64_t begin = conv.isDepthwise ? channel * conv.multiplier : 0,
                end = conv.isDepthwise ? begin + conv.multiplier : conv.outputs;
        bool isNeeded = false;
        for (int64_t output = begin; output < end && !isNeeded; ++output) {
          if (!neededClasses.contains(classes.getLeaderValue(result + output)))
            continue;
          for (int64_t tap = 0; tap < conv.taps && !isNeeded; ++tap)
            isNeeded = conv.weight(output, tap, channel) != 0;
        }
        if (isNeeded) {
          neededClasses.insert(leader);
          changed = true;
        }
      }
    }
  }
}

/// No tensor may lose all of its channels.
void ChannelGraph::keepOneChannel() {
  for (bool changed = true; changed;) {
    changed = false;
    for (Value value : values) {
      int64_t channels = channelsOf(value);
      if (channels == 0 || int64_t(removable(value).size()) < channels)
        continue;
      all[size_t(nodes(value))].isPinned = true;
      changed = true;
    }
    if (changed)
      propagateNeed();
  }
}

SmallVector<int64_t> ChannelGraph::removable(Value value) {
  SmallVector<int64_t> channels;
  auto found = firstNode.find(value);
  if (found == firstNode.end())
    return channels;
  for (int64_t channel = 0; channel < channelsOf(value); ++channel)
    if (!neededClasses.contains(classes.getLeaderValue(found->second + channel)))
      channels.push_back(channel);
  return channels;
}

ChannelGraph::ChannelGraph(func::FuncOp function) : function(function) {
  Block &block = function.getBody().front();
  for (Value argument : block.getArguments())
    pin(argument);
  for (Operation &op : block)
    visit(&op);
  propagateNeed();
  keepOneChannel();
}
