//===- Encode.h - weights on the levels of a code --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The projection on {scale * integer : integer in a level set, scale > 0}. For a given scale it is
// the nearest level, for given integers the best scale is <w,q>/<q,q>. Three ways to find both:
// docs/compression.md has the equations. Tested by unittests/Codes/EncodeTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_CODES_ENCODE_H
#define PIM_CODES_ENCODE_H

#include "pim/Codes/LevelSet.h"

#include <optional>

namespace pim::codes {

/// How the scale is found.
enum class ScaleFit {
  Largest,   ///< the largest weight takes the largest level: one pass, no weight is clipped
  Alternate, ///< from mean |w| / (largest level / 2), levels and scale in turn
  Search     ///< the least squared error: exact up to some thousand weights, a fine grid beyond
};

struct EncodeOptions {
  ScaleFit fit = ScaleFit::Search;
  int alternations = 6;
  /// Weights that are zero stay zero, also where the code has no zero: what pruning made.
  bool keepZeros = true;
};

/// Weights in integers: weight i is about scale * integers[i].
struct Encoding {
  double scale = 1; ///< above zero; 1 if all weights are zero
  std::vector<int32_t> integers;
  double squaredError = 0;
};

/// The integers and the scale of the least squared error that the fit finds. Weights that are on
/// the levels already are encoded without error, whatever the fit. REQUIRES: finite weights.
Encoding encode(const LevelSet &levels, std::span<const float> weights,
                const EncodeOptions &options = {});

/// The integers for a scale that is given.
Encoding encodeWithScale(const LevelSet &levels, std::span<const float> weights, double scale,
                         bool keepZeros = true);

/// encode(), written back as floats. Returns the scale. Weights on the levels are left untouched.
double project(const LevelSet &levels, std::span<float> weights, const EncodeOptions &options = {});

/// project() for each of `rows` equal parts (filters of a convolution) on its own.
std::vector<double> projectRows(const LevelSet &levels, std::span<float> weights, int64_t rows,
                                const EncodeOptions &options = {});

/// The largest scale with which every weight is on a level (or zero, if keepZeros), up to the
/// rounding of a float; nothing if there is none.
std::optional<double> findScale(const LevelSet &levels, std::span<const float> weights,
                                bool keepZeros = true);

} // namespace pim::codes

#endif // PIM_CODES_ENCODE_H
