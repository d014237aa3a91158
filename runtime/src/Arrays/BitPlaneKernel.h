//===- BitPlaneKernel.h - counting ones behind an ADC ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_BITPLANEKERNEL_H
#define PIM_RUNTIME_SRC_ARRAYS_BITPLANEKERNEL_H

#include <cstddef>
#include <cstdint>

namespace pim::runtime {

/// Lanes of 16 or 32 bits in a vector of this processor: the layout of BitPlaneProduct's cells.
size_t planeLanes(bool isWide);

/// Cuts `count` input bytes into bit planes: plane i of `planes` gets `words` words of 16 (or 32,
/// if `isWide`) rows each; a word of 16 is stored twice in a uint32_t. Returns the number of planes
/// up to the last one that is not zero. REQUIRES: input bytes are below 2^planes; 64 bytes behind
/// them can be read; `words` covers `count`.
unsigned packPlanes(const uint8_t *inputs, size_t count, unsigned planes, size_t words, bool isWide,
                    uint32_t *out);

/// What the columns of a row block do to the planes of some input vectors.
struct PlaneSums {
  const uint32_t *planes; ///< of vector p, from p*planeStride: [input bit][word]
  size_t planeStride;
  const uint8_t *steps; ///< of vector p: input steps up to the last one that is not zero
  size_t count;         ///< of vectors
  size_t words;
  const uint8_t *cells; ///< [vector of columns][cell bit][word][lane]
  size_t vectors;
  unsigned cellBits, dacBits;
  uint32_t lsb, maxCode;
  void *sums; ///< [p][column], of lane width
  bool isWide;
};

/// sums[p][column] = sum over input steps t of adc(sum over rows of x_t * cell) << (t*dacBits).
/// REQUIRES: no sum overflows its lane.
void sumPlanes(const PlaneSums &task);

/// Adds (+-) sums[i] << shift to results[i] for 16 columns.
void spliceColumns(const void *sums, bool isWide, unsigned shift, bool negative, int32_t *results);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_ARRAYS_BITPLANEKERNEL_H
