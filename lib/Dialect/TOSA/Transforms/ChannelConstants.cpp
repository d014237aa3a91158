//===- ChannelConstants.cpp - constants of one value per channel ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelConstants.h"

using namespace mlir;
using namespace mlir::pim;

bool mlir::pim::isPerChannel(ArrayRef<int64_t> shape, ArrayRef<int64_t> target) {
  if (shape.size() != target.size() || target.empty())
    return false;
  return llvm::all_of(shape.drop_back(), [](int64_t dim) { return dim == 1; }) &&
         (shape.back() == 1 || shape.back() == target.back());
}

std::vector<double> mlir::pim::channelValues(const Elements &constant, int64_t channels) {
  std::vector<double> values = constant.getReals();
  if (values.size() == 1)
    values.assign(channels, values.front());
  return values;
}

std::pair<Value, Value> mlir::pim::valueAndConstant(Operation *op) {
  Value a = op->getOperand(0), b = op->getOperand(1);
  bool isSwapped = !isa<tosa::SubOp>(op) && isConstantLike(a);
  return isSwapped ? std::pair(b, a) : std::pair(a, b);
}
