//===- WeightScales.h - scales of constant weights -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_WEIGHTSCALES_H
#define PIM_LIB_QUANTIZATION_WEIGHTSCALES_H

#include "Constants.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

namespace mlir::pim {

/// The largest integer of a symmetric weight: 2^(bits-1) - 1, and 1 for one bit (-1 and +1).
int64_t largestWeight(unsigned bits);

/// Symmetric scales of `weights`, one for each index of dimension `axis`. Eight and seven bits span
/// the largest weight; fewer bits take the scale of least squared error; one bit takes the mean
/// magnitude (XNOR-Net, Rastegari et al. 2016). REQUIRES: every weight is finite.
SmallVector<double> chooseWeightScales(const RealConstant &weights, int64_t axis, unsigned bits);

/// !quant.uniform<i8<-largest:largest>:f32:axis, {scales}>
quant::QuantizedType weightType(MLIRContext *context, ArrayRef<double> scales, int64_t axis,
                                unsigned bits);

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_WEIGHTSCALES_H
