//===- Passes.h - mapping passes of the pim dialect ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pim-assign-host ends stage `pim`; pim-bit-slice, pim-tile, pim-place, pim-schedule lead from
// there to stage `mapped`, in this order.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_TRANSFORMS_PASSES_H
#define PIM_DIALECT_PIM_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"
#include "pim/Dialect/PIM/Transforms/Objective.h"
#include "pim/Dialect/PIM/Transforms/VectorLayers.h"

namespace mlir::pim {

#define GEN_PASS_DECL
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_TRANSFORMS_PASSES_H
