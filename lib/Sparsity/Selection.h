//===- Selection.h - keep the strongest of several groups ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shared by the patterns: energies of groups of weights, and the choice of those that stay.
//
//===----------------------------------------------------------------------===//
#ifndef LIB_SPARSITY_SELECTION_H
#define LIB_SPARSITY_SELECTION_H

#include "pim/Sparsity/Patterns.h"

#include <optional>
#include <span>

namespace pim::sparsity {

/// Indices of the `count` largest values; among equal ones the lower indices. Not sorted.
std::vector<int64_t> largest(std::span<const double> values, int64_t count);

/// Sum of squares of each filter, and of each matrix column.
std::vector<double> filterEnergies(const WeightView &weight);
std::vector<double> columnEnergies(const WeightView &weight);

/// The mask that keeps the matrix columns `columns` and no other.
Mask keepColumns(const WeightShape &shape, std::span<const int64_t> columns);

/// How many weights are zero.
int64_t countZeros(const WeightView &weight);

/// `pattern`, which makes a share `dropped` of every run of `width` weights of a filter zero, with
/// the share of the zeros that this explains; nothing if zeros that are anywhere would explain
/// nearly as many. REQUIRES: some weights are zero.
std::optional<Recognition> unlessByChance(Pattern pattern, const WeightView &weight, int64_t width,
                                          double dropped);

/// "WIDTHxHEIGHT" with both at least 1; `item` is quoted in errors.
std::pair<int64_t, int64_t> parseExtents(std::string_view item, std::string_view text);

/// A dropped share in [0, 1); `item` is quoted in errors.
double parseShare(std::string_view item, std::string_view text);

} // namespace pim::sparsity

#endif // LIB_SPARSITY_SELECTION_H
