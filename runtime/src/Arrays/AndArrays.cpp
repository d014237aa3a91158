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
// is the integer product with the decoded cells. Source: the AND-accumulation accelerator,
// docs/numerics.md. Tested by runtime/tests/Arrays/ArrayKindsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Arrays/IntegerProduct.h"

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

class AndKind final : public ArrayKind {
public:
  std::string_view name() const override { return "and"; }

  std::unique_ptr<const ProgrammedGroup> program(const fb::ArrayGroupT &group,
                                                 const CellImages &cells,
                                                 const target::Target &) const override {
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
