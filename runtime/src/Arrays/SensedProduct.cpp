//===- SensedProduct.cpp - AND with errors in sensing ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/SensedProduct.h"

#include <algorithm>
#include <bit>

using namespace pim;
using namespace pim::runtime;

SensedProduct::SensedProduct(const fb::ArrayGroupT &group, const CellImages &cells,
                             const SenseErrorRates &rates, const Die &die)
    : die(die), none(rates.none, cells.layout.rows), one(rates.one, cells.layout.rows),
      both(rates.both, cells.layout.rows), inputBits(group.input_bits),
      weightScale(group.weight_scale), words(cells.layout.wordsPerPlane()) {
  for (const PhysicalArray &physical : physicalArrays(group)) {
    Array &array = arrays.emplace_back();
    array.lines = physical.rows;
    array.phase = physical.phase;
    array.planes = inputBits + physical.mostDelay();
    std::vector<uint64_t> used(words);
    for (const PhysicalArray::Row &line : array.lines)
      used[line.row / 64] |= uint64_t(1) << (line.row % 64);
    for (const PhysicalArray::Column &column : physical.columns) {
      const auto [shift, negative] = columnWorth(group, column);
      Stored stored{column.output,
                    (physical.ordinal * cells.layout.columns + column.column) * cells.layout.rows +
                        array.lines[0].row,
                    uint8_t(shift),
                    negative,
                    0,
                    used};
      for (size_t w = 0; w < words; ++w) {
        stored.words[w] &= cells.word(physical.ordinal, column.column, 0, w);
        stored.ones += uint32_t(std::popcount(stored.words[w]));
      }
      array.stored.push_back(std::move(stored));
    }
  }
}

int64_t SensedProduct::sense(const Array &array, const Stored &stored, const uint64_t *planes,
                             const uint32_t *planeOnes, Occasion occasion) const {
  int64_t sum = 0;
  for (unsigned m = 0; m < array.planes; ++m) {
    uint32_t bothOn = 0;
    for (size_t w = 0; w < words; ++w)
      bothOn += uint32_t(std::popcount(planes[m * words + w] & stored.words[w]));
    const uint32_t oneOn = planeOnes[m] + stored.ones - 2 * bothOn;
    const uint32_t noneOn = uint32_t(array.lines.size()) - bothOn - oneOn;
    const PhiloxCounter chance =
        philox({stored.number, occasion.vector * 16 + m, occasion.sample,
                chanceWord(die, Chance::SenseError) | uint32_t(array.phase) << 24},
               die.key());
    const int64_t counted =
        int64_t(bothOn) - both(bothOn, chance[0]) + one(oneOn, chance[1]) + none(noneOn, chance[2]);
    sum += counted << m;
  }
  return sum;
}

void SensedProduct::addTo(InputVectors inputs, OutputVectors outputs) const {
  std::vector<uint64_t> planes;
  std::vector<uint32_t> planeOnes;
  for (size_t p = 0; p < inputs.count; ++p) {
    const uint8_t *x = inputs.data + p * inputs.stride;
    int32_t *out = outputs.data + p * outputs.stride;
    const Occasion occasion{inputs.occasion.sample, inputs.occasion.vector + uint32_t(p)};
    for (const Array &array : arrays) {
      planes.assign(array.planes * words, 0);
      planeOnes.assign(array.planes, 0);
      for (const PhysicalArray::Row &line : array.lines)
        for (unsigned m = 0; m < inputBits; ++m) {
          const uint64_t bit = x[line.source] >> m & 1;
          planes[(m + line.delay) * words + line.row / 64] |= bit << (line.row % 64);
          planeOnes[m + line.delay] += uint32_t(bit);
        }
      for (const Stored &stored : array.stored) {
        const int64_t sum = sense(array, stored, planes.data(), planeOnes.data(), occasion)
                            << stored.shift;
        out[stored.output] = int32_t(uint32_t(out[stored.output]) +
                                     uint32_t((stored.negative ? -sum : sum) * weightScale));
      }
    }
  }
}
