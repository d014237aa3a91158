//===- ByteGemmVnni.cpp - the AVX-512 VNNI kernel ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written with intrinsics: Highway 1.0 has no product of unsigned with signed bytes. A register
// tile is `Vectors` input vectors by `Blocks` blocks of 16 columns; the tiles keep 16 to 24 sums in
// flight, which hides the latency of the dot-product instruction.
//
//===----------------------------------------------------------------------===//

#include "ByteGemmVnni.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cstring>
#include <immintrin.h>

#define PIM_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))

namespace {

struct Tile {
  const uint8_t *a;
  size_t aStride;
  const int8_t *packed; ///< of the tile's first block
  size_t quads;         ///< ceil(rows/4)
  int32_t *c;
  size_t cStride;
  __mmask16 lastMask; ///< columns of the tile's last block
  bool accumulate;
};

template <int Vectors, int Blocks> PIM_VNNI inline void runTile(const Tile &tile) {
  __m512i sums[Vectors][Blocks];
  for (int v = 0; v < Vectors; ++v)
    for (int b = 0; b < Blocks; ++b)
      sums[v][b] = _mm512_setzero_si512();
  const size_t blockBytes = tile.quads * 64;
  for (size_t q = 0; q < tile.quads; ++q) {
    __m512i weights[Blocks];
    for (int b = 0; b < Blocks; ++b)
      weights[b] = _mm512_load_si512(tile.packed + b * blockBytes + q * 64);
    for (int v = 0; v < Vectors; ++v) {
      int32_t quad;
      std::memcpy(&quad, tile.a + v * tile.aStride + q * 4, 4);
      const __m512i x = _mm512_set1_epi32(quad);
      for (int b = 0; b < Blocks; ++b)
        sums[v][b] = _mm512_dpbusd_epi32(sums[v][b], x, weights[b]);
    }
  }
  for (int v = 0; v < Vectors; ++v)
    for (int b = 0; b < Blocks; ++b) {
      int32_t *out = tile.c + v * tile.cStride + b * 16;
      const __mmask16 mask = b + 1 == Blocks ? tile.lastMask : __mmask16(0xffff);
      if (tile.accumulate)
        sums[v][b] = _mm512_add_epi32(sums[v][b], _mm512_maskz_loadu_epi32(mask, out));
      _mm512_mask_storeu_epi32(out, mask, sums[v][b]);
    }
}

/// All vectors against `Blocks` blocks of columns.
template <int Vectors, int Blocks> PIM_VNNI void runPanel(Tile tile, size_t count) {
  auto advance = [&](size_t vectors) {
    tile.a += vectors * tile.aStride;
    tile.c += vectors * tile.cStride;
    count -= vectors;
  };
  // NOLINTBEGIN(bugprone-infinite-loop): advance() counts down
  while (count >= Vectors) {
    runTile<Vectors, Blocks>(tile);
    advance(Vectors);
  }
  while (count >= 4) {
    runTile<4, Blocks>(tile);
    advance(4);
  }
  while (count >= 1) {
    runTile<1, Blocks>(tile);
    advance(1);
  }
  // NOLINTEND(bugprone-infinite-loop)
}

} // namespace

bool pim::runtime::hasVnni() {
  static const bool result = __builtin_cpu_supports("avx512vnni") &&
                             __builtin_cpu_supports("avx512bw") &&
                             __builtin_cpu_supports("avx512vl");
  return result;
}

void pim::runtime::vnniGemm(const uint8_t *a, size_t aStride, size_t count, const int8_t *packed,
                            size_t rows, size_t cols, int32_t *c, size_t cStride, bool accumulate) {
  const size_t quads = (rows + 3) / 4;
  for (size_t n = 0; n < cols;) {
    const size_t left = cols - n;
    const size_t width = left > 32 ? 64 : left > 16 ? 32 : 16;
    // A panel of 64 may have its third block full and no fourth; 48 columns go as 32 + 16.
    const size_t step = width == 64 && left <= 48 ? 32 : width;
    const size_t tail = left < step ? left % 16 : 0;
    const Tile tile{a,
                    aStride,
                    packed + n * quads * 4,
                    quads,
                    c + n,
                    cStride,
                    tail ? __mmask16((1u << tail) - 1) : __mmask16(0xffff),
                    accumulate};
    if (step == 64)
      runPanel<6, 4>(tile, count);
    else if (step == 32)
      runPanel<8, 2>(tile, count);
    else
      runPanel<12, 1>(tile, count);
    n += step;
  }
}

#else

bool pim::runtime::hasVnni() { return false; }

void pim::runtime::vnniGemm(const uint8_t *, size_t, size_t, const int8_t *, size_t, size_t,
                            int32_t *, size_t, bool) {}

#endif
