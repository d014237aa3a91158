//===- ScaleSearch.h - the scale of least squared error --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For integers q the least error over scales is <w,w> - <w,q>^2/<q,q>, so the best scale is the one
// whose nearest levels have the largest <|w|,q>^2/<q,q>.
//
//===----------------------------------------------------------------------===//
#ifndef LIB_CODES_SCALESEARCH_H
#define LIB_CODES_SCALESEARCH_H

#include "pim/Codes/LevelSet.h"

namespace pim::codes {

/// REQUIRES: a weight that is not zero. Exact while (weights x levels) is small, else the best of a
/// grid of 64 scales per octave on a histogram.
double bestScale(const LevelSet &levels, std::span<const float> weights, bool keepZeros);

} // namespace pim::codes

#endif // LIB_CODES_SCALESEARCH_H
