//===- Accuracy.cpp - how often the right class is named ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Session/Accuracy.h"

int64_t pim::runtime::rankOf(int64_t label, std::span<const float> scores) {
  float own = scores[static_cast<size_t>(label)];
  int64_t rank = 0;
  for (size_t i = 0; i < scores.size(); ++i)
    rank += scores[i] > own || (scores[i] == own && static_cast<int64_t>(i) < label);
  return rank;
}
