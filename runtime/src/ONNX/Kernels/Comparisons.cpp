//===- Comparisons.cpp - comparison, logic, selection by condition --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Binary.h"

#include "../Registry.h"

using namespace pim;
using namespace pim::onnx;

namespace {

template <typename Function> void compare(Call &call, Function &&function) {
  call.requireSameElement(0, 1);
  const Tensor &a = call.in(0);
  Tensor b = legacyOperand(call);
  Tensor &out = call.out(0, ElementType::I1, broadcastShape(call, a.shape(), b.shape()));
  uint8_t *to = out.data<uint8_t>();
  if (a.isText()) {
    forEachRow<3>(out.shape(),
                  {rowMajorStrides(out.shape()), broadcastStrides(a.shape(), out.shape()),
                   broadcastStrides(b.shape(), out.shape())},
                  [&](const auto &offsets, const auto &steps, int64_t size) {
                    for (int64_t i = 0; i < size; ++i)
                      to[offsets[0] + i] = function(a.texts()[offsets[1] + i * steps[1]],
                                                    b.texts()[offsets[2] + i * steps[2]]);
                  });
    return;
  }
  visitWide(a.element(), [&]<typename W>(W) { combine<W>(a, b, out.shape(), to, function); });
}

void equal(Call &call) {
  compare(call, [](const auto &x, const auto &y) { return x == y; });
}
void greater(Call &call) {
  compare(call, [](const auto &x, const auto &y) { return x > y; });
}
void greaterOrEqual(Call &call) {
  compare(call, [](const auto &x, const auto &y) { return x >= y; });
}
void less(Call &call) {
  compare(call, [](const auto &x, const auto &y) { return x < y; });
}
void lessOrEqual(Call &call) {
  compare(call, [](const auto &x, const auto &y) { return x <= y; });
}

template <typename Function> void logic(Call &call, Function &&function) {
  call.require(call.in(0).element() == ElementType::I1, "operand 0 is not of booleans");
  compare(call, [&](const auto &x, const auto &y) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(x)>>)
      return function(x != 0, y != 0);
    else
      return false;
  });
}

void logicalAnd(Call &call) {
  logic(call, [](bool x, bool y) { return x && y; });
}
void logicalOr(Call &call) {
  logic(call, [](bool x, bool y) { return x || y; });
}
void logicalXor(Call &call) {
  logic(call, [](bool x, bool y) { return x != y; });
}

void where(Call &call) {
  const Tensor &condition = call.in(0), &x = call.in(1), &y = call.in(2);
  call.require(condition.element() == ElementType::I1, "operand 0 is not of booleans");
  call.requireSameElement(1, 2);
  Shape shape = broadcastShape(call, broadcastShape(call, condition.shape(), x.shape()), y.shape());
  Tensor &out = call.out(0, x.element(), shape);
  const uint8_t *choose = condition.data<uint8_t>();
  forEachRow<4>(shape,
                {rowMajorStrides(shape), broadcastStrides(condition.shape(), shape),
                 broadcastStrides(x.shape(), shape), broadcastStrides(y.shape(), shape)},
                [&](const auto &offsets, const auto &steps, int64_t size) {
                  for (int64_t i = 0; i < size; ++i) {
                    bool first = choose[offsets[1] + i * steps[1]];
                    copyElements(first ? x : y,
                                 first ? offsets[2] + i * steps[2] : offsets[3] + i * steps[3], out,
                                 offsets[0] + i, 1);
                  }
                });
}

} // namespace

void pim::onnx::addComparisons(Registry &registry) {
  registry.add("And", logicalAnd);
  registry.add("Equal", equal);
  registry.add("Greater", greater);
  registry.add("GreaterOrEqual", greaterOrEqual, 12);
  registry.add("Less", less);
  registry.add("LessOrEqual", lessOrEqual, 12);
  registry.add("Or", logicalOr);
  registry.add("Where", where, 9);
  registry.add("Xor", logicalXor);
}
