//===- Accuracy.h - how often the right class is named ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SESSION_ACCURACY_H
#define PIM_RUNTIME_SESSION_ACCURACY_H

#include <cstdint>
#include <optional>
#include <span>

namespace pim::runtime {

/// How many classes come before `label` by their score; of equal scores the first class comes
/// first. REQUIRES: 0 <= label < scores.size().
int64_t rankOf(int64_t label, std::span<const float> scores);

/// Counts of samples by the rank of their label.
struct Accuracy {
  int64_t samples = 0; ///< labelled ones
  int64_t top1Hits = 0;
  int64_t top5Hits = 0;

  void add(int64_t rank) {
    ++samples;
    top1Hits += rank < 1;
    top5Hits += rank < 5;
  }
  /// Shares of the labelled samples, if there are any.
  std::optional<double> top1() const { return share(top1Hits); }
  std::optional<double> top5() const { return share(top5Hits); }

private:
  std::optional<double> share(int64_t hits) const {
    if (samples == 0)
      return std::nullopt;
    return static_cast<double>(hits) / static_cast<double>(samples);
  }
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_SESSION_ACCURACY_H
