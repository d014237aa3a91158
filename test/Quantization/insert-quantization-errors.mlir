// RUN: not pim-opt %s --pim-insert-quantization="data=%S/Inputs/empty.npy" 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not pim-opt %s --pim-insert-quantization="data=%S/Inputs/wide.npy" 2>&1 | FileCheck %s --check-prefix=WIDE
// RUN: not pim-opt %s --pim-insert-quantization="data=%S/Inputs/nan.npy" 2>&1 | FileCheck %s --check-prefix=NAN
// RUN: not pim-opt %s --pim-insert-quantization="data=%S/Inputs/missing.npy" 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not pim-opt %s --pim-insert-quantization="weight-bits=9" 2>&1 | FileCheck %s --check-prefix=WEIGHTS
// RUN: not pim-opt %s --pim-insert-quantization="activation-bits=0" 2>&1 | FileCheck %s --check-prefix=ACTIVATIONS
// RUN: not pim-opt %s --pim-insert-quantization="method=best" 2>&1 | FileCheck %s --check-prefix=METHOD
// RUN: not pim-opt %s --pim-insert-quantization="samples=0" 2>&1 | FileCheck %s --check-prefix=SAMPLES
// RUN: not pim-opt %s --pim-insert-quantization="percentile=101" 2>&1 | FileCheck %s --check-prefix=PERCENTILE
// RUN: pim-opt %s --pim-insert-quantization 2>&1 | FileCheck %s --check-prefix=RANDOM

// EMPTY: error: {{.*}}empty
// WIDE: error: {{.*}}wide.npy{{.*}}4x1x3{{.*}}1x1x2
// NAN: error: 'x' has the value nan at element 1 for calibration sample 1, expected finite activations; check the model and the preprocessing
// MISSING: error: {{.*}}missing.npy
// WEIGHTS: error: weight bits '9': '9' is not a whole number from 1 to 8
// ACTIVATIONS: error: activations of 0 bits are not possible, expected 1 to 8
// METHOD: error: unknown range method 'best', expected min-max, percentile, mse or entropy
// SAMPLES: error: calibration with 0 samples is not possible, expected at least 1
// PERCENTILE: error: percentile 101 is not possible, expected more than 0 and at most 100
// RANDOM: warning: no calibration data: activation ranges come from seeded random inputs of mean 0 and deviation 1 and may cost accuracy; give real inputs with --calibrate

func.func @main(%x: tensor<1x1x2xf32> {pim.name = "x"}) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %m = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %m : tensor<1x1x2xf32>
}
