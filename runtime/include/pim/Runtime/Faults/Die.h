//===- Die.h - what chance decides about one chip ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A die is one chip of a wafer: the seed of a run picks it, and with it every cell's conductance,
// stuck cells and offsets of converters. Everything random is drawn from Philox under the seed,
// with a counter that names what is drawn for. Tested by runtime/tests/Faults/DieTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_DIE_H
#define PIM_RUNTIME_FAULTS_DIE_H

#include "pim/Runtime/Faults/Philox.h"

namespace pim::runtime {

/// A core of a chip.
struct Die {
  uint64_t seed = 0;
  uint32_t core = 0;

  PhiloxKey key() const { return {uint32_t(seed), uint32_t(seed >> 32)}; }
};

/// What a number is drawn for. Values are part of what a seed means: append only.
enum class Chance : uint8_t {
  StuckCell,
  WriteError,
  Retention,
  Variation,
  ReferenceVariation,
  Converter,
  ReadNoise,
  SenseError,
  LateReadNoise, ///< of the input steps behind those of ReadNoise
  AmplifierOffset,
  AmplifierGain,
  NeuronOffset,
  NeuronSlope,
};

/// The last word of a counter: what is drawn, in which core. The top byte is left for phases of
/// arrays.
inline uint32_t chanceWord(const Die &die, Chance chance) {
  return die.core << 8 | uint32_t(chance);
}

/// Four words that belong to (`index`, `subindex`) of an array.
inline PhiloxCounter draw(const Die &die, Chance chance, uint32_t array, uint32_t index,
                          uint32_t subindex) {
  return philox({index, subindex, array, chanceWord(die, chance)}, die.key());
}

/// The word of a cell. Cells of four neighbouring rows share a counter; see forEachCell() for all
/// cells at once.
inline uint32_t drawCell(const Die &die, Chance chance, uint32_t array, uint32_t row,
                         uint32_t column) {
  return draw(die, chance, array, column, row / 4)[row % 4];
}

/// A word from [0, 2^32) as a number from (0, 1).
inline double toUnit(uint32_t word) { return (double(word) + 0.5) * 0x1p-32; }

/// Two independent numbers of the normal distribution from two words, by the transform of Box and
/// Muller.
std::array<double, 2> toGaussian(uint32_t first, uint32_t second);

/// A normal number of a cell.
double drawCellGaussian(const Die &die, Chance chance, uint32_t array, uint32_t row,
                        uint32_t column);

/// Words below the result are a part `probability` of all words.
inline uint64_t thresholdOf(double probability) { return uint64_t(probability * 0x1p32); }

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_DIE_H
