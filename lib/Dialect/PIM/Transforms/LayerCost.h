//===- LayerCost.h - what a layer keeps busy ------------------ -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Estimates by which placement balances cores: how long the units of one core would work for a
// layer, and the bytes that it moves. The simulator has the exact rules (docs/cost-model.md); these
// leave out latencies, set-up and conflicts. Tested by test/Dialect/PIM/place-pipeline.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_LAYERCOST_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_LAYERCOST_H

#include "pim/Dialect/PIM/IR/LayerPlan.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"

namespace mlir::pim {

struct LayerCost {
  double arrayNs = 0, dpuNs = 0, dmaNs = 0, hostNs = 0;
  int64_t bytesIn = 0, bytesOut = 0;
  /// Columns of the result that can be shared among copies; 1 where a layer cannot be divided.
  int64_t cols = 1;

  /// The units work side by side.
  double ns() const { return std::max({arrayNs, dpuNs, dmaNs, hostNs}); }

  /// Fails, with an error at the op concerned, where the vector unit has no such operation.
  static FailureOr<LayerCost> of(LayerOp layer, const MappingTarget &target);
};

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_LAYERCOST_H
