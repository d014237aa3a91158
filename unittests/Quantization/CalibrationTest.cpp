//===- CalibrationTest.cpp - what calibration reads -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SampleFile.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Parser/Parser.h"
#include "pim/Quantization/Calibration.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::pim;

namespace {

constexpr int64_t sampleCount = 12;

constexpr llvm::StringLiteral model = R"(
func.func @main(%x: tensor<1x1x3xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[0.3, 1.0], [0.7, -0.2], [0.1, 0.4]]]> : tensor<1x3x2xf32>}
    : () -> tensor<1x3x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y = tosa.matmul %x, %w, %z, %z
    : (tensor<1x1x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
})";

/// The samples that calibration reads, each as often as it does.
int64_t countReads(CalibrationOptions options) {
  MLIRContext context;
  context.loadDialect<func::FuncDialect, quant::QuantDialect, tosa::TosaDialect>();
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(model, &context);
  SampleFile samples(sampleCount, 3, 1);
  options.data = {samples.path};
  int64_t reads = 0, announced = 0;
  options.progress = [&](int64_t done, int64_t total) {
    EXPECT_EQ(done, ++reads);
    announced = total;
  };
  EXPECT_TRUE(succeeded(calibrateAndInsertQuantization(*module, options)));
  EXPECT_EQ(reads, announced);
  return reads;
}

TEST(Calibration, ReadsSamplesTwiceToCorrectBiases) { EXPECT_EQ(countReads({}), 2 * sampleCount); }

TEST(Calibration, ReadsSamplesOnceWhereBiasesStay) {
  CalibrationOptions uncorrected, nearest;
  uncorrected.biasCorrection = false;
  nearest.rounding = Rounding::Nearest;
  EXPECT_EQ(countReads(uncorrected), sampleCount);
  EXPECT_EQ(countReads(nearest), sampleCount);
}

} // namespace
