//===- AnalogTiling.h - cut analog layers into arrays -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The grid that the IMAC circuits use: ceil((inputs + 1)/rows) arrays one below the other, whose
// amplifiers are averaged, and ceil(outputs/pairs) side by side, each with its own biases. Tested
// by test/Dialect/PIM/analog.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_ANALOGTILING_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_ANALOGTILING_H

#include "pim/Dialect/PIM/Transforms/MappingTarget.h"

namespace mlir::pim {

/// Gives `op` its tiling and its feedback resistors. Fails, with an error at the op, if the target
/// has no analog arrays or its amplifiers cannot give a slope.
LogicalResult tileAnalogLayers(AnalogLayersOp op, const MappingTarget &target);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_ANALOGTILING_H
