//===- LevelSet.h - the integers that a code allows ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A code is a set of integers, symmetric about zero; weights on it are scale * integer with one
// scale per layer or channel. Kinds (m = magnitude, N = magnitude bits, 7 by default since 7 bits
// and a sign are a byte):
//
//   fixed:b          every m < 2^(b-1)
//   pot, pot:N       0 and 2^0 .. 2^(N-1)
//   apot:b           sums of one power of two from each of b/2 interleaved ladders (b = 2, 4, 6)
//   window:S, :S/N   m = s * 2^e with s < 2^S, m < 2^N: all ones within S bits in a row (codebook
//   A) run:S, :S/N      the ones are one run of at most S (codebook B) ternary          -1, 0, 1
//   binary           -1, 1
//
// Sources in docs/compression.md. Tested by unittests/Codes.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CODES_LEVELSET_H
#define PIM_CODES_LEVELSET_H

#include "pim/Support/LayerSelector.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pim::codes {

enum class CodeKind { Fixed, PowerOfTwo, AdditivePowerOfTwo, Window, Run, Ternary, Binary };

/// A code as the text names it.
struct Code {
  CodeKind kind = CodeKind::Fixed;
  int bits = 8;          ///< b of fixed and apot, S of window and run; else unused, 0
  int magnitudeBits = 0; ///< N of pot, window and run; else 0
  friend bool operator==(const Code &, const Code &) = default;
};

/// Reads the grammar above; throws pim::Error that quotes the text at fault. 2 <= b <= 16,
/// 1 <= S <= 8, 1 <= N <= 15.
Code parseCode(std::string_view text);
std::string formatCode(const Code &code);

/// Codes by layer: "window:3;conv1=fixed:8;#-1=fixed:8" (pim/Support/LayerSelector.h).
using LayerCodes = LayerTable<Code>;
LayerCodes parseLayerCodes(std::string_view text);

/// The set of integers of a code.
class LevelSet {
public:
  explicit LevelSet(const Code &code);

  /// Ascending magnitudes, zero included where the code has it.
  std::span<const int32_t> magnitudes() const { return levels; }
  bool hasZero() const { return levels.front() == 0; }
  int32_t largest() const { return levels.back(); }
  /// How many bits the magnitudes have.
  int magnitudeBits() const;
  bool contains(int64_t integer) const;
  /// The nearest integer of the set; of two equally near ones that of less magnitude. Zero counts
  /// as positive where the code has no zero.
  int32_t nearest(double value) const {
    const double magnitude = std::abs(value);
    const int32_t level = isGapless ? nearestOfAll(magnitude) : searchNearest(magnitude);
    return value < 0 ? -level : level;
  }

private:
  /// Of 0, 1, ..., largest().
  int32_t nearestOfAll(double magnitude) const {
    if (!(magnitude > 0.5))
      return 0;
    const double bounded = std::min(magnitude, double(largest()));
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): put right below
    const auto level = int32_t(bounded + 0.5);
    return level - bounded >= 0.5 ? level - 1 : level;
  }
  int32_t searchNearest(double magnitude) const;

  std::vector<int32_t> levels;
  std::vector<double> thresholds; ///< halfway between neighbouring levels
  bool isGapless = false;         ///< 0, 1, 2, ...: no search is needed
};

} // namespace pim::codes

#endif // PIM_CODES_LEVELSET_H
