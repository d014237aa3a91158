//===- ConverterErrors.h - offset, gain and bend of ADCs --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Errors of the converters of an array, fixed when the chip is made. An input of v steps reads as
// gain*v + offset + bend*4*(v/m)*(1 - v/m), m the largest code: the bow that a capacitor's or a
// resistor's voltage coefficient leaves. Columns that share a converter share its errors. Tested by
// runtime/tests/Faults/ConverterErrorsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_CONVERTERERRORS_H
#define PIM_RUNTIME_FAULTS_CONVERTERERRORS_H

#include "pim/Runtime/Faults/Die.h"
#include "pim/Target/Target.h"

namespace pim::runtime {

/// In steps of the converter, but for the gain.
struct ConverterError {
  float gain = 1, offset = 0, bend = 0;
};

/// Whether the target describes any.
bool hasConverterErrors(const target::Target &target);

/// Of converter `index` of an array.
ConverterError errorOfConverter(const target::Target &target, const Die &die, uint32_t array,
                                uint32_t index);
/// Of the converter that reads `column` of a crossbar: neighbouring columns share one.
ConverterError converterError(const target::Target &target, const Die &die, uint32_t array,
                              uint32_t column);

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_CONVERTERERRORS_H
