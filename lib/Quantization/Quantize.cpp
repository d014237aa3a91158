//===- Quantize.cpp - casts and float TOSA to integer TOSA ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tested by test/Quantization/quantize*.mlir and unittests/Quantization/QuantizeTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/Passes.h"

#include "FunctionQuantizer.h"

namespace mlir::pim {
#define GEN_PASS_DEF_QUANTIZE
#include "pim/Quantization/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {

struct Quantize : public mlir::pim::impl::QuantizeBase<Quantize> {
  using QuantizeBase::QuantizeBase;
  void runOnOperation() override;
};

} // namespace

/// Sets a module attribute that a front end may have set already.
static void setDefault(ModuleOp module, StringRef name, int64_t value) {
  if (!module->hasAttr(name))
    module->setAttr(name, IntegerAttr::get(IntegerType::get(module.getContext(), 32), value));
}

void Quantize::runOnOperation() {
  ModuleOp module = getOperation();
  // Models that arrive quantized use eight bits.
  setDefault(module, weightBitsAttrName, 8);
  setDefault(module, activationBitsAttrName, 8);
  auto weightBits = module->getAttrOfType<IntegerAttr>(weightBitsAttrName);
  if (!weightBits || weightBits.getInt() < 1 || weightBits.getInt() > 8) {
    module.emitError() << "attribute '" << weightBitsAttrName << "' is "
                       << module->getAttr(weightBitsAttrName)
                       << ", expected an integer from 1 to 8";
    return signalPassFailure();
  }
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    FunctionQuantizer quantizer(function, weightBits.getInt(), wideAverages,
                                module->hasAttr(floatRescaleAttrName));
    if (failed(quantizer.run()))
      return signalPassFailure();
    integerOps += quantizer.integerOps();
    floatOps += quantizer.floatOps();
  }
}
