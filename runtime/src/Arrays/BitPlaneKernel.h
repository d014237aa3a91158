//===- BitPlaneKernel.h - counting ones behind an ADC ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_BITPLANEKERNEL_H
#define PIM_RUNTIME_SRC_ARRAYS_BITPLANEKERNEL_H

#include "pim/Runtime/Arrays/BitPlaneProduct.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace pim::runtime {

/// Lanes of 16 or 32 bits in a vector of this processor: the layout of BitPlaneProduct's cells.
size_t planeLanes(bool isWide);

/// Words of one plane of `rows` rows as packPlanes() lays it out: 16 (or 32, if `isWide`) rows
/// each, in steps of 64 rows.
inline size_t planeWords(size_t rows, bool isWide) { return (rows + 63) / 64 * (isWide ? 2 : 4); }

/// Input vectors of bytes and where their bit planes go.
struct PlaneTask {
  const uint8_t *inputs; ///< of vector p, from p*inputStride
  size_t inputStride;
  size_t count; ///< of vectors
  size_t rows;
  unsigned inputBits, planeCount; ///< planes from inputBits on are zero
  bool isWide;
  uint32_t *planes; ///< of vector p, from p*planeStride: [plane][planeWords()]; a word of 16 rows
                    ///< is there twice
  size_t planeStride;
  uint8_t *usedPlanes; ///< of vector p: planes up to the last one that is not zero
};

/// Cuts input vectors into bit planes. REQUIRES: inputs are below 2^inputBits; 64 bytes behind the
/// last can be read.
void packPlanes(const PlaneTask &task);

/// What the columns of a row block do to the planes of some input vectors.
struct PlaneSums {
  const uint32_t *planes; ///< as packPlanes() makes them
  size_t planeStride, wordStride;
  const uint8_t *steps; ///< of vector p: input steps up to the last one that is not zero
  size_t count;         ///< of vectors
  size_t words;         ///< that hold rows
  const uint8_t *cells; ///< [vector of columns][cell bit][word][lane]
  size_t vectors;
  unsigned cellBits, dacBits;
  uint32_t lsb;
  const uint8_t *limits; ///< [vector][lane]: largest codes, of lane width
  void *sums;            ///< [p][column], of lane width
  bool isWide;
};

/// sums[p][column] = sum over input steps t of adc(sum over rows of x_t * cell) << (t*dacBits).
/// REQUIRES: no sum overflows its lane.
void sumPlanes(const PlaneSums &task);

/// results[p][block.result + i] = sum over blocks of (+-) sums[p][column i of the block] << shift.
/// `resultStride` is a multiple of 16; `columnStride` counts the lanes of sums[p].
void spliceColumns(const void *sums, bool isWide, size_t columnStride, size_t count,
                   std::span<const ColumnBlock> blocks, int32_t *results, size_t resultStride);

/// out[p*outStride + i] += results[p*resultStride + i] * scale for i < width.
void addScaled(int32_t *out, size_t outStride, const int32_t *results, size_t resultStride,
               size_t count, size_t width, int32_t scale);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_ARRAYS_BITPLANEKERNEL_H
