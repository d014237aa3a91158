//===- AnalogChain.h - ternary layers laid into arrays ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_SUPPORT_ANALOGCHAIN_H
#define PIM_RUNTIME_TESTS_SUPPORT_ANALOGCHAIN_H

#include "pim/Runtime/Arrays/PhysicalArray.h"
#include "pim/Target/Target.h"

#include <random>

namespace pim::runtime::testing {

/// weights[o][i] of -1, 0 and 1, the bias last.
using TernaryLayer = std::vector<std::vector<int>>;

TernaryLayer randomLayer(std::mt19937 &random, size_t inputs, size_t outputs);

/// Arrays of `rows` x 2*`pairs` cells, filled row by row and pair by pair.
struct AnalogChain {
  AnalogChain(const std::vector<TernaryLayer> &layers, std::vector<double> feedbackOhm,
              uint32_t rows, uint32_t pairs);

  CellImages cells() const { return {words, layout}; }
  void setPair(uint32_t array, uint32_t row, uint32_t pair, unsigned plus, unsigned minus);

  fb::ArrayGroupT group;
  std::vector<uint64_t> words;
  program::CellLayout layout;
  uint32_t arrays = 0;
  std::vector<uint32_t> partitions; ///< of each layer
};

/// 5 and 15 kOhm, 0.8 V, neurons of ratio 3, converters of 8 bits: the values of docs/imac.md.
target::Target analogTarget(uint32_t rows, uint32_t pairs);

} // namespace pim::runtime::testing

#endif // PIM_RUNTIME_TESTS_SUPPORT_ANALOGCHAIN_H
