//===- InputSums.h - the digital part of affine weights --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights stored with an offset need the sum of the inputs times that offset. A counter beside the
// drivers makes it, so no converter is involved and nothing is lost. Tested by
// runtime/tests/Arrays/ArrayKindsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_ARRAYS_INPUTSUMS_H
#define PIM_RUNTIME_ARRAYS_INPUTSUMS_H

#include "pim/Runtime/Arrays/ArrayKind.h"

namespace pim::runtime {

class InputSums {
public:
  explicit InputSums(const fb::ArrayGroupT &group);

  /// Adds weightOffset times the sums of the inputs.
  void addTo(InputVectors inputs, OutputVectors outputs) const;

private:
  int32_t weightOffset;
  std::vector<OffsetTerm> terms;
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_ARRAYS_INPUTSUMS_H
