//===- OutputOrder.cpp - which outputs should share arrays ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputOrder.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::pim;

/// Greedily: after each output the one whose rows add fewest to those of the outputs so far in the
/// same block, after a block the one with most rows.
std::vector<int64_t> mlir::pim::clusterOutputs(Conv2DOp op, ArrayRef<char> weights,
                                               int64_t tileCols, int64_t mostSteps) {
  int64_t rows = op.getMatrixRows(), outputs = op.getMatrixCols(),
          words = int64_t(llvm::divideCeil(rows, 64));
  if (op.getGroups() != 1 || outputs * outputs * words > mostSteps)
    return {};
  std::vector<uint64_t> support(size_t(outputs * words));
  for (int64_t output = 0; output < outputs; ++output)
    for (int64_t row = 0; row < rows; ++row)
      if (weights[size_t(output * rows + row)] != 0)
        support[size_t(output * words + row / 64)] |= uint64_t(1) << (row % 64);
  std::vector<int64_t> order;
  std::vector<uint8_t> taken(size_t(outputs), 0);
  std::vector<uint64_t> own(static_cast<size_t>(words));
  auto added = [&](int64_t output) {
    int64_t count = 0;
    for (int64_t w = 0; w < words; ++w)
      count += llvm::popcount(support[size_t(output * words + w)] & ~own[size_t(w)]);
    return count;
  };
  while (int64_t(order.size()) < outputs) {
    bool isFirst = int64_t(order.size()) % tileCols == 0;
    if (isFirst)
      std::fill(own.begin(), own.end(), 0);
    int64_t best = -1, bestCount = 0;
    for (int64_t output = 0; output < outputs; ++output) {
      if (taken[size_t(output)])
        continue;
      int64_t count = added(output);
      if (best < 0 || (isFirst ? count > bestCount : count < bestCount)) {
        best = output;
        bestCount = count;
      }
    }
    taken[size_t(best)] = 1;
    order.push_back(best);
    for (int64_t w = 0; w < words; ++w)
      own[size_t(w)] |= support[size_t(best * words + w)];
  }
  return order;
}
