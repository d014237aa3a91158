//===- EffectiveCells.h - what cells add to their columns -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a cell adds to the sum of its column for one step of its input, in digits, less what its row
// adds to the reference: conductance (Conductance.h) and wires (WireResistance.h) of a die. With
// wires, every cell of an array matters to all others, driven or not; rows that are not driven are
// at 0 V.
//
// Tested through runtime/tests/Arrays/AnalogProductTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_EFFECTIVECELLS_H
#define PIM_RUNTIME_ARRAYS_EFFECTIVECELLS_H

#include "pim/Runtime/Arrays/ColumnPlan.h"
#include "pim/Runtime/Faults/Conductance.h"

#include <map>

namespace pim::runtime {

class EffectiveCells {
public:
  /// `sets` are those of all arrays that are asked for; `cells` must outlive this.
  EffectiveCells(const CellImages &cells, std::span<const RowSet> sets, bool flipsColumns,
                 const target::Target &target, const Die &die);

  const Conductance &conductance() const { return device; }
  double operator()(const CellColumn &place, uint32_t row) const;

private:
  void solve(uint32_t array, std::span<const uint8_t> digits, const target::Target &target);

  const CellImages &cells;
  Conductance device;
  /// Of an array: [row][column] in digits, the reference behind the last column. Empty without
  /// wires.
  std::map<uint32_t, std::vector<float>> wired;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_EFFECTIVECELLS_H
