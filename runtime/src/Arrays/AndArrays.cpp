//===- AndArrays.cpp - arrays that AND two rows -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row pair is ANDed, its ones are counted, the count is shifted and accumulated: digital from end
// to end, so
//   sum over planes m of the inputs and n of the cells of (+-) 2^(m+n) popcount(A_m AND W_n)
// is the integer product with the decoded cells, unless sensing errs. Source: the AND-accumulation
// accelerator, docs/numerics.md. Tested by runtime/tests/Arrays/ArrayKindsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Arrays/InputSums.h"
#include "pim/Runtime/Arrays/IntegerProduct.h"
#include "pim/Runtime/Arrays/SensedProduct.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

namespace {

class AndGroup final : public ProgrammedGroup {
public:
  explicit AndGroup(const WeightMatrix &weights) : product(weights) {}

  void multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                ArrayScratch &scratch) const override {
    product.multiply(inputs, outputs, accumulate, scratch);
  }
  bool isExact() const override { return true; }

private:
  IntegerProduct product;
};

/// Sense amplifiers that err.
class SensedGroup final : public ProgrammedGroup {
public:
  SensedGroup(const fb::ArrayGroupT &group, const CellImages &cells, const SenseErrorRates &rates,
              const Die &die)
      : outputCount(group.matrix_cols), product(group, cells, rates, die), offsets(group) {}

  void multiply(InputVectors inputs, OutputVectors outputs, bool accumulate,
                ArrayScratch &) const override {
    if (!accumulate)
      for (size_t p = 0; p < inputs.count; ++p)
        std::fill_n(outputs.data + p * outputs.stride, outputCount, 0);
    product.addTo(inputs, outputs);
    offsets.addTo(inputs, outputs);
  }
  bool isExact() const override { return false; }

private:
  uint32_t outputCount;
  SensedProduct product;
  InputSums offsets;
};

class AndKind final : public ArrayKind {
public:
  std::string_view name() const override { return "and"; }

  using ArrayKind::program;
  std::unique_ptr<const ProgrammedGroup> program(const fb::ArrayGroupT &group,
                                                 const CellImages &cells,
                                                 const target::Target &target,
                                                 const Die &die) const override {
    if (const SenseErrorRates rates = senseErrorRates(target); rates.any())
      return std::make_unique<SensedGroup>(group, cells, rates, die);
    WeightMatrix weights = decodeWeights(group, cells, physicalArrays(group));
    addOffsets(weights, group);
    return std::make_unique<AndGroup>(weights);
  }
};

} // namespace

const ArrayKind &runtime::andArrayKind() {
  static const AndKind kind;
  return kind;
}
