//===- Requantize.h - tables of the vector unit ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_CONVERSION_PIMTOISA_REQUANTIZE_H
#define PIM_LIB_CONVERSION_PIMTOISA_REQUANTIZE_H

#include "ProgramBuilder.h"

namespace mlir::pim {

/// The table for `ops`, a rescale and clamps in the order of their use (any of them absent), on the
/// channels [begin, end), giving `element`.
FailureOr<RequantizeTable> makeRequantize(ArrayRef<Operation *> ops, Type element, int64_t begin,
                                          int64_t end);

/// The table of an average pooling and the clamps after it.
FailureOr<RequantizeTable> makeAverage(ArrayRef<Operation *> ops, Type element);

/// What has to be added to the sums that the arrays return for the outputs [begin, end): the bias,
/// less what the zero point and the offset of the inputs contribute. `weights` holds the bytes of
/// op.getWeights().
FailureOr<std::vector<int64_t>> makeBias(Conv2DOp op, ArrayRef<char> weights, int64_t begin,
                                         int64_t end);

} // namespace mlir::pim

#endif // PIM_LIB_CONVERSION_PIMTOISA_REQUANTIZE_H
