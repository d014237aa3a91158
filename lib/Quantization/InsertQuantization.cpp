//===- InsertQuantization.cpp - the pass around calibration ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Quantization/Calibration.h"
#include "pim/Quantization/Passes.h"

#include "pim/Support/Error.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

namespace mlir::pim {
#define GEN_PASS_DEF_INSERTQUANTIZATION
#include "pim/Quantization/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {

struct InsertQuantization : public mlir::pim::impl::InsertQuantizationBase<InsertQuantization> {
  using InsertQuantizationBase::InsertQuantizationBase;
  void runOnOperation() override;
};

} // namespace

void InsertQuantization::runOnOperation() {
  CalibrationOptions options;
  options.data.assign(data.begin(), data.end());
  options.samples = samples;
  options.percentile = percentile;
  try {
    parseWeightBits(weightBits, options);
  } catch (const ::pim::Error &error) {
    getOperation().emitError() << "weight bits " << error.what();
    return signalPassFailure();
  }
  options.keepFirstLast = keepFirstLast;
  options.maxAccuracyLoss = maxAccuracyLoss;
  options.activationBits = activationBits;
  options.narrowResults = narrowResults;
  options.wideSums = wideSums;
  options.seed = seed;
  options.preprocess.scale = scale;
  options.preprocess.mean.assign(mean.begin(), mean.end());
  options.preprocess.std.assign(deviation.begin(), deviation.end());
  options.preprocess.layout = layout;
  auto range = parseRangeMethod(method);
  if (!range) {
    getOperation().emitError() << "unknown range method '" << method
                               << "', expected min-max, percentile, mse or entropy";
    return signalPassFailure();
  }
  options.method = *range;
  auto chosen = parseRounding(rounding);
  if (!chosen) {
    getOperation().emitError() << "unknown rounding '" << rounding
                               << "', expected auto, nearest or adaptive";
    return signalPassFailure();
  }
  options.rounding = *chosen;
  if (failed(calibrateAndInsertQuantization(getOperation(), options)))
    signalPassFailure();
}
