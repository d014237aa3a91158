// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy" --split-input-file --verify-diagnostics

// What overflows in the float model is reported at its layer.
func.func @overflow(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<3.0e+38> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  // expected-error @+1 {{'output0' has the value inf at element 0 for calibration sample 2, expected finite activations}}
  %m = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %m : tensor<1x1x2xf32>
}

// -----

func.func @weights(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<0x7FC00000> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  // expected-error @+1 {{weights hold a value that is not finite}}
  %m = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %m : tensor<1x1x2xf32>
}

// -----

// expected-error @+1 {{input 'x' has elements of type i64, which calibration cannot give}}
func.func @integer_input(%x: tensor<1x2xi64> {pim.name = "x"}) -> tensor<1x2xi64> {
  return %x : tensor<1x2xi64>
}
