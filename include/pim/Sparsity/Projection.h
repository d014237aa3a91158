//===- Projection.h - projection on, and recognition of, patterns -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What tools do with patterns. Tested by unittests/Sparsity.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SPARSITY_PROJECTION_H
#define PIM_SPARSITY_PROJECTION_H

#include "pim/Sparsity/Patterns.h"

namespace pim::sparsity {

/// What a projection did.
struct Projection {
  Mask mask;                ///< 1 = may be non-zero
  int64_t kept = 0;         ///< ones in the mask
  int64_t nonZeros = 0;     ///< weights that are not zero afterwards
  double removedEnergy = 0; ///< sum of the squares of what became zero
  double energy = 0;        ///< sum of the squares before
};

/// Why `pattern` has no meaning for `shape` (a kernel pattern on a 1x1 kernel); nothing where it
/// has.
std::optional<std::string> misfit(const Pattern &pattern, const WeightShape &shape);

/// Euclidean projection, in place. Throws pim::Error if values.size() is not shape.count(), or on a
/// misfit.
Projection project(const Pattern &pattern, std::span<float> values, const WeightShape &shape);

/// One pattern after the other. The result satisfies each of them, and projecting again changes
/// nothing; for one pattern it is the nearest such weight, for several a near one. Masks are
/// joined.
Projection project(const std::vector<Pattern> &patterns, std::span<float> values,
                   const WeightShape &shape);

/// True if `weight` is in the set: then, and only then, its projection is itself.
bool satisfies(const Pattern &pattern, const WeightView &weight);

/// Every pattern that the zeros of `weight` follow, each with its tightest parameters, those that
/// explain most zeros first. Empty for a weight without zeros whose signs follow nothing either.
std::vector<Recognition> recognize(const WeightView &weight);

} // namespace pim::sparsity

#endif // PIM_SPARSITY_PROJECTION_H
