//===- FloatStage.cpp - plain training ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stage.h"

namespace pim::compress {

std::unique_ptr<Stage> makeFloatStage(StepOptions epochs) {
  return std::make_unique<Stage>(floatStageName, epochs);
}

} // namespace pim::compress
