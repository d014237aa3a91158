//===- CellFaults.h - cells that do not hold what was written ---*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stuck cells, write errors and flips change what cells hold. They are applied to the cell images
// of a core before its arrays are decoded, so every engine sees the same digits, and the exact ones
// stay fast. Each kind of fault has a file of its own; this one calls them in the order in which
// they happen: written wrong, flipped with time, stuck whatever happened. docs/non-idealities.md
// says what the numbers mean. Tested by runtime/tests/Faults/CellFaultsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_CELLFAULTS_H
#define PIM_RUNTIME_FAULTS_CELLFAULTS_H

#include "pim/Program/Program.h"
#include "pim/Runtime/Faults/Die.h"

#include <span>
#include <vector>

namespace pim::target {
struct Target;
}

namespace pim::runtime {

/// The cells of arrays, to be changed.
struct CellWords {
  std::span<uint64_t> words;
  program::CellLayout layout;

  uint32_t arrays() const { return uint32_t(words.size() / layout.words()); }
  unsigned digit(uint32_t array, uint32_t row, uint32_t column) const;
  void setDigit(uint32_t array, uint32_t row, uint32_t column, unsigned digit) const;
};

/// Calls change(array, row, column, word) for every cell, with drawCell()'s word.
template <typename Change>
void forEachCell(const CellWords &cells, const Die &die, Chance chance, const Change &change) {
  const uint32_t arrays = cells.arrays();
  for (uint32_t array = 0; array < arrays; ++array)
    for (uint32_t column = 0; column < cells.layout.columns; ++column)
      for (uint32_t row = 0; row < cells.layout.rows; row += 4) {
        const PhiloxCounter words = draw(die, chance, array, column, row / 4);
        for (uint32_t r = row; r < row + 4 && r < cells.layout.rows; ++r)
          change(array, r, column, words[r % 4]);
      }
}

/// Cells that hold their largest digit, and cells that hold 0, whatever was written.
void applyStuckCells(const CellWords &cells, const Die &die, double onRate, double offRate);

/// Cells written one digit too high or too low, as far as there is such a digit.
void applyWriteErrors(const CellWords &cells, const Die &die, double rate);

/// The part of magnetic cells that has flipped `seconds` after being written: two states with an
/// energy barrier of `stability` kT between them and an attempt every nanosecond,
/// (1 - exp(-2 t/tau)) / 2 with tau = exp(stability) ns. Source: Neel-Arrhenius law.
double flippedPart(double seconds, double stability);

/// Cells of one bit that have flipped.
void applyRetention(const CellWords &cells, const Die &die, double seconds, double stability);

/// Whether the target describes any of these.
bool hasCellFaults(const target::Target &target);

/// The cells of a core after all of these.
std::vector<uint64_t> faultyCells(std::span<const uint64_t> words,
                                  const program::CellLayout &layout, const target::Target &target,
                                  const Die &die);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_CELLFAULTS_H
