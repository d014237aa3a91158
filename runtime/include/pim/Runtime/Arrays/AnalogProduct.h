//===- AnalogProduct.h - columns of imperfect cells -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What crossbars compute whose cells do not conduct their digit exactly, whose columns are noisy,
// whose wires drop voltage or whose converters err. For every input step t of `dacBits` bits and
// every column, over at most `activeRows` rows at a time:
//
//   sum  = sum over rows of x_t * (cell - reference) * gain + noise
//   code = clamp(floor(error(sum/lsb) + 1/2), 0, 2^bits - 1) * lsb
//   result[output] += (+-) code << (shift of the column + t*dacBits)
//
// Conductances (see Conductance.h) are rounded to 16 bits in units that fit the largest of a row
// set, so sums are integers and do not depend on the order in which a processor adds; the spread of
// cells is hundreds of times a unit. Each column has its own noise (ReadNoise.h) and its
// converter's errors (ConverterErrors.h).
//
// Tested by runtime/tests/Arrays/AnalogProductTest.cpp against a reference that visits every cell;
// measured by bench/kernels.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_ANALOGPRODUCT_H
#define PIM_RUNTIME_ARRAYS_ANALOGPRODUCT_H

#include "pim/Runtime/Arrays/BitPlaneProduct.h"
#include "pim/Runtime/Arrays/ColumnPlan.h"
#include "pim/Runtime/Faults/ReadNoise.h"

namespace pim::runtime {

class EffectiveCells;

/// Whether the target describes anything for which BitPlaneProduct is too ideal.
bool needsAnalog(const target::Target &target);

class AnalogProduct {
public:
  /// Of `arrays`, some or all of those of `group`, without weightOffset. Throws pim::Error if a
  /// column sum may leave 32 bits.
  AnalogProduct(const fb::ArrayGroupT &group, const CellImages &cells,
                std::span<const PhysicalArray> arrays, const ConverterSpec &converters,
                const target::Target &target, const Die &die);

  /// Adds to the outputs.
  void addTo(InputVectors inputs, OutputVectors outputs, ArrayScratch &scratch) const;

private:
  struct RowBlock {
    DrivenRows rows;
    unsigned steps = 0;
    size_t pairs = 0; ///< of rows
    ColumnPlan plan;
    /// A count n of `cells` stands for unit * n + middle digits.
    float unit = 1, middle = 0;
    AlignedBuffer<int16_t> cells = {}; ///< [block][pair][column][2]
    // Of each column, in the order of the plan.
    AlignedBuffer<float> gains = {}, offsets = {}, bends = {};
    AlignedBuffer<uint32_t> numbers = {}, phases = {}; ///< together unique in the core
    std::vector<float> largestCodes = {};              ///< of each block
  };

  RowBlock makeRowBlock(const fb::ArrayGroupT &group, const CellImages &cells, const RowSet &set,
                        const EffectiveCells &effective, const target::Target &target) const;
  void fillCells(RowBlock &block, const RowSet &set, const EffectiveCells &effective) const;
  float unitOf(std::span<const float> digits, size_t rows, double largest, double middle) const;
  /// Whether column sums are looked up: where digits of inputs have one bit.
  bool looksUp() const { return converters.dacBits == 1; }
  void fillConverters(RowBlock &block, const RowSet &set, const target::Target &target) const;
  void addBlock(const RowBlock &block, InputVectors inputs, OutputVectors outputs,
                ArrayScratch &scratch) const;

  ConverterSpec converters;
  Die die;
  unsigned inputBits;
  int32_t weightScale;
  /// variance = noiseFactor * (sum + noiseBias * sum of the inputs), in digits squared.
  float noiseFactor = 0, noiseBias = 0;
  NoisePieces noise{}; ///< scaled: times the root of a current in steps of the converter
  bool hasErrors;
  std::vector<RowBlock> rowBlocks;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_ANALOGPRODUCT_H
