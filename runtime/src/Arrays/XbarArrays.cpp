//===- XbarArrays.cpp - crossbars behind converters -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bit-sliced columns whose currents add up and go through an ADC. Arrays whose sums the ADC
// converts without error, whatever the inputs, are computed as one integer product; the others
// plane by plane; and all of a chip with imperfect cells or converters step by step. Tested by
// runtime/tests/Arrays/ArrayKindsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/AnalogProduct.h"
#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Arrays/BitPlaneProduct.h"
#include "pim/Runtime/Arrays/InputSums.h"
#include "pim/Runtime/Arrays/IntegerProduct.h"
#include "pim/Target/Target.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

namespace {

/// Everything ideal but the converters.
class XbarGroup final : public ProgrammedGroup {
public:
  XbarGroup(const fb::ArrayGroupT &group, const CellImages &cells, const ConverterSpec &converters)
      : outputCount(group.matrix_cols) {
    std::vector<PhysicalArray> exactArrays, lossyArrays;
    for (PhysicalArray &array : physicalArrays(group))
      (convertsExactly(array, group, cells, converters) ? exactArrays : lossyArrays)
          .push_back(std::move(array));
    if (lossyArrays.empty()) {
      WeightMatrix weights = decodeWeights(group, cells, exactArrays);
      addOffsets(weights, group);
      exact.emplace(weights);
      return;
    }
    if (!exactArrays.empty())
      exact.emplace(decodeWeights(group, cells, exactArrays));
    lossy.emplace(group, cells, lossyArrays, converters);
    offsets.emplace(group);
  }

  void multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                ArrayScratch &scratch) const override {
    if (exact)
      exact->multiply(inputs, outputs, accumulate, scratch);
    else if (!accumulate)
      for (size_t p = 0; p < inputs.count; ++p)
        std::fill_n(outputs.data + p * outputs.stride, outputCount, 0);
    if (lossy) {
      lossy->addTo(inputs, outputs, scratch);
      offsets->addTo(inputs, outputs);
    }
  }
  bool isExact() const override { return !lossy; }

private:
  uint32_t outputCount;
  std::optional<IntegerProduct> exact;
  std::optional<BitPlaneProduct> lossy;
  std::optional<InputSums> offsets;
};

/// Imperfect cells, noise or imperfect converters.
class AnalogGroup final : public ProgrammedGroup {
public:
  AnalogGroup(const fb::ArrayGroupT &group, const CellImages &cells,
              const ConverterSpec &converters, const target::Target &target, const Die &die)
      : outputCount(group.matrix_cols),
        analog(group, cells, physicalArrays(group), converters, target, die), offsets(group) {}

  void multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                ArrayScratch &scratch) const override {
    if (!accumulate)
      for (size_t p = 0; p < inputs.count; ++p)
        std::fill_n(outputs.data + p * outputs.stride, outputCount, 0);
    analog.addTo(inputs, outputs, scratch);
    offsets.addTo(inputs, outputs);
  }
  bool isExact() const override { return false; }

private:
  uint32_t outputCount;
  AnalogProduct analog;
  InputSums offsets;
};

/// adc.lsb_policy "columns": the smallest power of two whose steps span the largest sum that a
/// column of the group can make.
uint32_t lsbForColumns(const fb::ArrayGroupT &group, const CellImages &cells,
                       const ConverterSpec &converters) {
  uint64_t largest = 0;
  for (const PhysicalArray &array : physicalArrays(group))
    for (const auto &rows : activeSets(array, converters.activeRows))
      for (const PhysicalArray::Column &column : array.columns) {
        const uint64_t sum = sumOfDigits(cells, rows, array.ordinal, column.column);
        const uint64_t most = rows.size() * ((uint64_t(1) << cells.layout.bits) - 1);
        largest = std::max(largest, converters.flipsColumns ? std::min(sum, most - sum) : sum);
      }
  return target::lsbToSpan(largest * ((uint64_t(1) << converters.dacBits) - 1), converters.adcBits);
}

ConverterSpec convertersOf(const fb::ArrayGroupT &group, const CellImages &cells,
                           const target::Target &target) {
  ConverterSpec converters{target.adc.bits, target.adcLsb(), target.dac.bits,
                           std::min(target.array.activeRows, target.array.rows)};
  for (double bits : target.adc.bitsBySlice)
    converters.bitsBySlice.push_back(uint8_t(bits));
  converters.flipsColumns = target.adc.coding == target::ColumnCoding::Flip;
  if (target.adc.lsb == 0 && target.adc.lsbPolicy == target::LsbPolicy::Columns)
    converters.adcLsb = lsbForColumns(group, cells, converters);
  return converters;
}

class XbarKind final : public ArrayKind {
public:
  std::string_view name() const override { return "xbar"; }

  using ArrayKind::program;
  std::unique_ptr<const ProgrammedGroup> program(const fb::ArrayGroupT &group,
                                                 const CellImages &cells,
                                                 const target::Target &target,
                                                 const Die &die) const override {
    const ConverterSpec converters = convertersOf(group, cells, target);
    if (needsAnalog(target))
      return std::make_unique<AnalogGroup>(group, cells, converters, target, die);
    return std::make_unique<XbarGroup>(group, cells, converters);
  }
};

} // namespace

const ArrayKind &runtime::xbarArrayKind() {
  static const XbarKind kind;
  return kind;
}
