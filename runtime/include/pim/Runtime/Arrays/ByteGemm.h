//===- ByteGemm.h - unsigned bytes times integer weights -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An integer matrix product with constant weights that are packed once, made for many calls on few
// vectors: a call has no set-up. Weights that fit a byte go through AVX-512 VNNI where the
// processor has it; other weights and processors through 32-bit lanes.
//
// Tested by runtime/tests/Arrays/ByteGemmTest.cpp, measured by bench/kernels.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_BYTEGEMM_H
#define PIM_RUNTIME_ARRAYS_BYTEGEMM_H

#include "pim/Runtime/Arrays/AlignedBuffer.h"

#include <cstdint>
#include <span>

namespace pim::runtime {

class ByteGemm {
public:
  enum class Path { Best, Lanes32 };

  /// `weights` has `rows` x `cols` entries, row by row. `path` is for tests.
  ByteGemm(std::span<const int32_t> weights, size_t rows, size_t cols, Path path = Path::Best);

  /// c[p][n] (+)= sum over k of a[p][k] * weights[k][n] in 32 bits, for `count` vectors p of `a`.
  /// REQUIRES: as InputVectors, bytes behind a vector can be read.
  void run(const uint8_t *a, size_t aStride, size_t count, int32_t *c, size_t cStride,
           bool accumulate) const;

  size_t rows() const { return rowCount; }
  size_t cols() const { return colCount; }
  bool usesVnni() const { return isVnni; }

private:
  size_t rowCount, colCount;
  bool isVnni;
  /// VNNI: blocks of 16 columns, each ceil(rows/4) times 16 columns times 4 rows.
  AlignedBuffer<int8_t> packed;
  /// Lanes32: rows of columns padded to a multiple of 16.
  AlignedBuffer<int32_t> wide;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_BYTEGEMM_H
