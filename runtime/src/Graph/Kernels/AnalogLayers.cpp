//===- AnalogLayers.cpp - fully connected layers with neurons -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What pim.analog_layers means, without cells, volts and arrays: the reference of --check.
//
//===----------------------------------------------------------------------===//

#include "pim/Program/AnalogLayers.h"
#include "Kernels.h"

#include <cmath>
#include <memory>

using namespace pim;
using namespace pim::graph;

namespace {
struct AnalogChain {
  std::vector<double> slopes;
  std::vector<int64_t> sizes; ///< inputs, then outputs of each layer
  uint32_t levels = 1;

  void run(const Buffers &buffers) const {
    std::vector<double> before(buffers.in<int8_t>(0), buffers.in<int8_t>(0) + sizes[0]);
    for (size_t layer = 0; layer < slopes.size(); ++layer) {
      const int8_t *weights = buffers.in<int8_t>(1 + 2 * layer);
      const int8_t *biases = buffers.in<int8_t>(2 + 2 * layer);
      std::vector<double> after;
      for (int64_t o = 0; o < sizes[layer + 1]; ++o) {
        double sum = biases[o];
        for (int64_t i = 0; i < sizes[layer]; ++i)
          sum += weights[o * sizes[layer] + i] * before[size_t(i)];
        after.push_back(1 / (1 + std::exp(slopes[layer] * sum)));
      }
      before = std::move(after);
    }
    for (size_t o = 0; o < before.size(); ++o)
      buffers.out<int32_t>()[o] = program::convertNeuron(before[o], levels);
  }
};
} // namespace

Step pim::graph::prepareAnalogLayers(const Binding &op) {
  auto chain = std::make_shared<AnalogChain>();
  chain->slopes = op.attribute("slopes").floats;
  const int64_t levels = op.integer("levels");
  if (chain->slopes.empty() || op.inputCount() != 1 + 2 * chain->slopes.size())
    op.fail("has ", op.inputCount(), " operands for ", chain->slopes.size(), " layers");
  if (levels < 1 || levels > 0xffffff)
    op.fail("is read in ", levels, " steps, expected 1 to 16777215");
  chain->levels = uint32_t(levels);
  op.expectOperands(op.inputCount());
  for (size_t i = 0; i < op.inputCount(); ++i)
    op.expectElement(op.input(i), ElementType::I8, "an operand");
  op.expectElement(op.output(), ElementType::I32, "the result");
  chain->sizes = {elementCount(op.input(0).shape)};
  for (size_t layer = 0; layer < chain->slopes.size(); ++layer) {
    const Shape &weights = op.input(1 + 2 * layer).shape;
    if (weights.size() != 2 || weights[1] != chain->sizes.back() ||
        elementCount(op.input(2 + 2 * layer).shape) != weights[0])
      op.fail("has weights ", shapeText(weights), " behind ", chain->sizes.back(), " values");
    chain->sizes.push_back(weights[0]);
  }
  if (elementCount(op.output().shape) != chain->sizes.back())
    op.fail("has a result of shape ", shapeText(op.output().shape), " behind ", chain->sizes.back(),
            " neurons");
  return [chain](const Buffers &buffers) { chain->run(buffers); };
}
