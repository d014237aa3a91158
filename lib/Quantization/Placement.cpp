//===- Placement.cpp - which values become integers -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Placement.h"

#include "Constants.h"
#include "FloatOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace mlir::pim;

namespace {

bool isFloatTensor(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

/// True if `op` multiplies by one positive number: its result is its operand's integers at another
/// scale.
bool isPositiveFactor(Operation *op) {
  auto affine = matchChannelAffine(op);
  return affine && affine->factor.size() == 1 && affine->factor[0] > 0 &&
         affine->offset == std::vector<double>{0.0};
}

bool isQuantizedAlready(Value value) {
  return isa_and_nonnull<quant::DequantizeCastOp>(value.getDefiningOp()) ||
         (!value.use_empty() && llvm::all_of(value.getUsers(), [](Operation *user) {
           return isa<quant::QuantizeCastOp>(user);
         }));
}

} // namespace

Placement::Placement(func::FuncOp function, bool narrowResults, bool wideSums)
    : narrowResults(narrowResults), wideSums(wideSums) {
  Block &body = function.getBody().front();
  findReaders(body);
  for (BlockArgument argument : function.getArguments())
    if (isFloatTensor(argument) && !isQuantizedAlready(argument) && isWanted(argument))
      chosen.insert(argument);
  for (Operation &op : body.without_terminator())
    place(&op);
  // A chain's end may have been met from an op before the one that follows it in the block.
  SmallVector<Value> ordered(chosen.begin(), chosen.end());
  auto position = [](Value value) { return value.getDefiningOp(); };
  llvm::stable_sort(ordered, [&](Value a, Value b) {
    Operation *left = position(a), *right = position(b);
    if (!left || !right)
      return !left && right;
    return left->isBeforeInBlock(right);
  });
  chosen = llvm::SetVector<Value>(ordered.begin(), ordered.end());
}

/// True if `value` is made by integer ops from values that are integers, all the way back to a
/// function argument, a matrix op (whose input is made one) or a cast.
bool Placement::isInteger(Value value) {
  if (auto found = integers.find(value); found != integers.end())
    return found->second;
  Operation *op = value.getDefiningOp();
  bool result;
  if (!isFloatTensor(value))
    result = false;
  else if (!op || isa<quant::DequantizeCastOp>(op))
    result = true;
  else
    result =
        isLinear(op) || (hasIntegerForm(op) && llvm::all_of(dataOperands(op), [&](Value operand) {
                           return isConstant(operand) || isInteger(operand);
                         }));
  integers[value] = result;
  return result;
}

void Placement::findReaders(Block &body) {
  for (Operation &op : body) // from the front, so that each looks at its operands alone
    if (op.getNumResults() == 1 && hasIntegerForm(&op) && isInteger(op.getResult(0)) &&
        !isMovement(&op))
      readers.insert(&op);
  for (Operation &op : llvm::reverse(body))
    if (llvm::any_of(op.getUsers(), [&](Operation *user) { return readers.contains(user); }))
      readers.insert(&op);
}

/// True if some integer op computes with `value`, directly or after moving its elements.
bool Placement::isWanted(Value value) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (!hasIntegerForm(user) || !isInteger(user->getResult(0)))
      return false;
    if (isLinear(user))
      return user->getOperand(0) == value;
    return !isMovement(user) || isWanted(user->getResult(0));
  });
}

/// The last value of the ops after `value` that can join its rescale. They are marked as such.
Value Placement::chainEnd(Value value) {
  // What is fused is walked through recursively, so that a chain must end somewhere.
  constexpr int longestChain = 256;
  Value end = value;
  bool clamped = matchClamp(value.getDefiningOp()).has_value();
  int length = 0;
  SmallVector<Operation *> behind; // `end`
  for (Value at = value; at.hasOneUse() && length < longestChain; ++length) {
    Operation *user = *at.user_begin();
    bool isClamp = matchClamp(user).has_value() || isChannelBound(user);
    bool isAffine = !clamped && matchChannelAffine(user);
    bool isSum = isPoolableSum(user) && isa<tosa::ReduceSumOp>(at.getDefiningOp());
    if (!isClamp && !isAffine && !isSum && !keepsChannels(user))
      break;
    clamped |= isClamp;
    behind.push_back(user);
    at = user->getResult(0);
    // A reshape joins only what comes after it.
    if (keepsChannels(user))
      continue;
    end = at;
    joined.insert_range(behind);
    behind.clear();
  }
  return end;
}

/// True if the one use of `value` is a concatenation: then it can have the parameters of the result
/// at once.
bool Placement::onlyFeedsConcat(Value value) {
  while (value.hasOneUse()) {
    Operation *user = *value.user_begin();
    if (isa<tosa::ConcatOp>(user))
      return isInteger(user->getResult(0));
    if (!keepsParameters(user) || matchClamp(user))
      return false;
    value = user->getResult(0);
  }
  return false;
}

/// True if a linear op makes `value` and nothing but a sum of two tensors reads it: sums are of 32
/// bits, so that it needs no eight.
bool Placement::isTerm(Value value) {
  if (!value.hasOneUse() || !endsInSums(value, /*means=*/false))
    return false;
  Operation *user = *value.user_begin();
  return isa<tosa::AddOp, tosa::SubOp>(user) && isInteger(user->getResult(0));
}

void Placement::place(Operation *op) {
  if (op->getNumResults() != 1 || isConstant(op->getResult(0)))
    return;
  if (isLinear(op)) {
    Value input = op->getOperand(0);
    if (!isInteger(input) && isFloatTensor(input) && !isQuantizedAlready(input))
      chosen.insert(input); // where a float island ends
    if (!isa_and_nonnull<quant::DequantizeCastOp>(op->getOperand(1).getDefiningOp()))
      linears.push_back(op);
  }
  Value result = op->getResult(0);
  if (joined.contains(op) || !isInteger(result) || isQuantizedAlready(result) ||
      keepsParameters(op) || isPositiveFactor(op))
    return;
  Value end = chainEnd(result);
  bool isLast =
      llvm::none_of(end.getUsers(), [&](Operation *user) { return readers.contains(user); });
  if (isLast && !narrowResults && endsInSums(end, /*means=*/true))
    staying.push_back(end);
  else if (wideSums && isTerm(end))
    return;
  else if (!isQuantizedAlready(end) && !onlyFeedsConcat(end))
    chosen.insert(end);
}
