//===- XbarArrays.cpp - crossbars behind converters -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bit-sliced columns whose currents add up and go through an ADC. Arrays whose sums the ADC
// converts without error, whatever the inputs, are computed as one integer product; the others
// plane by plane. Tested by runtime/tests/Arrays/ArrayKindsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Arrays/BitPlaneProduct.h"
#include "pim/Runtime/Arrays/InputSums.h"
#include "pim/Runtime/Arrays/IntegerProduct.h"
#include "pim/Target/Target.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

namespace {

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

class XbarKind final : public ArrayKind {
public:
  std::string_view name() const override { return "xbar"; }

  std::unique_ptr<const ProgrammedGroup> program(const fb::ArrayGroupT &group,
                                                 const CellImages &cells,
                                                 const target::Target &target) const override {
    const ConverterSpec converters{target.adc.bits, target.adcLsb(), target.dac.bits,
                                   std::min(target.array.activeRows, target.array.rows)};
    return std::make_unique<XbarGroup>(group, cells, converters);
  }
};

} // namespace

const ArrayKind &runtime::xbarArrayKind() {
  static const XbarKind kind;
  return kind;
}
