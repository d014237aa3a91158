//===- ReferenceWeights.h - weights of the reference graph -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes that change weights after the reference was taken (pim-squeeze-out) change them there too,
// so that `pim-run --check` asks whether the program does what was mapped; what the change costs is
// reported, not checked.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOSATOGRAPH_REFERENCEWEIGHTS_H
#define PIM_TOSATOGRAPH_REFERENCEWEIGHTS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace mlir::pim {

/// Weights of convolutions by the name of the tensor that they make in the reference, as
/// pim.conv2d has them: [output][tap][channel of the group], zero point subtracted.
using WeightsByTensor = llvm::StringMap<std::vector<char>>;

/// Puts `weights` into the module attribute `pim.reference`, if there is one; fails with an error
/// at the module if the reference is damaged or has no such convolutions.
LogicalResult updateReferenceWeights(ModuleOp module, const WeightsByTensor &weights);

} // namespace mlir::pim

#endif // PIM_TOSATOGRAPH_REFERENCEWEIGHTS_H
