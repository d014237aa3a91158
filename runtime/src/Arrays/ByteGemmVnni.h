//===- ByteGemmVnni.h - the AVX-512 VNNI kernel ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ARRAYS_BYTEGEMMVNNI_H
#define PIM_RUNTIME_SRC_ARRAYS_BYTEGEMMVNNI_H

#include <cstddef>
#include <cstdint>

namespace pim::runtime {

/// Whether this processor runs vnniGemm().
bool hasVnni();

/// The product of ByteGemm::run with weights packed in blocks of 16 columns x 4 rows. REQUIRES:
/// hasVnni().
void vnniGemm(const uint8_t *a, size_t aStride, size_t count, const int8_t *packed, size_t rows,
              size_t cols, int32_t *c, size_t cStride, bool accumulate);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_ARRAYS_BYTEGEMMVNNI_H
