//===- InitAllPasses.h - every pass of the compiler ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_INITALLPASSES_H
#define PIM_INITALLPASSES_H

#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"
#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "pim/Conversion/PIMToISA/Passes.h"
#include "pim/Conversion/TosaToPIM/Passes.h"
#include "pim/Dialect/ONNX/Transforms/Passes.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include "pim/Pipelines/Pipelines.h"
#include "pim/Quantization/Passes.h"

namespace mlir::pim {

/// Our passes and pipelines, and the upstream ones that go with them.
inline void registerAllPasses() {
  mlir::registerTransformsPasses();
  mlir::tosa::registerTosaPasses();
  onnx::registerONNXTransformsPasses();
  registerONNXToTosaPasses();
  registerTosaTransformsPasses();
  registerQuantizationPasses();
  registerTosaToPIMPasses();
  registerPIMTransformsPasses();
  registerPIMToISAPasses();
  registerPipelines();
}

} // namespace mlir::pim

#endif // PIM_INITALLPASSES_H
