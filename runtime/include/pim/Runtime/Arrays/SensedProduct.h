//===- SensedProduct.h - AND with errors in sensing -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `and` arrays compute whose sense amplifiers err:
//   sum over planes m of the inputs and n of the cells of
//     (+-) 2^(m + worth of n) (popcount(A_m AND W_n) - lost ones + false ones)
// The errors of a sensed row pair are drawn by how many columns have both, one or no cell on, which
// has the same distribution as drawing for each column.
//
// Tested by runtime/tests/Arrays/SensedProductTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_SENSEDPRODUCT_H
#define PIM_RUNTIME_ARRAYS_SENSEDPRODUCT_H

#include "pim/Runtime/Arrays/ArrayKind.h"
#include "pim/Runtime/Faults/SenseErrors.h"

namespace pim::runtime {

class SensedProduct {
public:
  /// Without weightOffset.
  SensedProduct(const fb::ArrayGroupT &group, const CellImages &cells, const SenseErrorRates &rates,
                const Die &die);

  /// Adds to the outputs.
  void addTo(InputVectors inputs, OutputVectors outputs) const;

private:
  /// A stored row: one slice of the weights of one output.
  struct Stored {
    uint32_t output, number; ///< unique in the core
    uint8_t shift;
    bool negative;
    uint32_t ones;
    std::vector<uint64_t> words;
  };
  struct Array {
    std::vector<PhysicalArray::Row> lines; ///< bit lines in use
    uint8_t phase = 0;
    unsigned planes = 0; ///< of the inputs, late ones included
    std::vector<Stored> stored;
  };

  int64_t sense(const Array &array, const Stored &stored, const uint64_t *planes,
                const uint32_t *planeOnes, Occasion occasion) const;

  Die die;
  Binomial none, one, both;
  unsigned inputBits;
  int32_t weightScale;
  size_t words;
  std::vector<Array> arrays;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_SENSEDPRODUCT_H
