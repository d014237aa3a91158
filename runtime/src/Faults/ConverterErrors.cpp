//===- ConverterErrors.cpp - offset, gain and bend of ADCs ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Faults/ConverterErrors.h"

using namespace pim;
using namespace pim::runtime;

bool runtime::hasConverterErrors(const target::Target &target) {
  return target.adc.offsetLsb > 0 || target.adc.gainSigma > 0 || target.adc.inlLsb > 0;
}

ConverterError runtime::converterError(const target::Target &target, const Die &die, uint32_t array,
                                       uint32_t column) {
  const uint32_t shared = (target.array.cols + target.adc.perArray - 1) / target.adc.perArray;
  return errorOfConverter(target, die, array, column / shared);
}

ConverterError runtime::errorOfConverter(const target::Target &target, const Die &die,
                                         uint32_t array, uint32_t index) {
  const PhiloxCounter words = draw(die, Chance::Converter, array, index, 0);
  const auto [offset, gain] = toGaussian(words[0], words[1]);
  const double bend = toGaussian(words[2], words[3])[0];
  return {float(1 + target.adc.gainSigma * gain), float(target.adc.offsetLsb * offset),
          float(target.adc.inlLsb * bend)};
}
