// RUN: pim-opt %s --pim-form-layers --allow-unregistered-dialect --verify-diagnostics --split-input-file

// expected-error @below {{'func.func' op has several blocks, expected straight-line code}}
func.func @blocks(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
  "test.br"()[^bb1] : () -> ()
^bb1:
  return %x : tensor<1x4xi8>
}

// -----

// expected-error @below {{input 'x' has elements of type i64, but inputs of chips have at most 32 bits; give it another type, or compile for the host}}
func.func @wide_input(%x: tensor<1x4xi64> {pim.name = "x"}) -> tensor<1x4xi32> {
  %0 = tosa.cast %x : (tensor<1x4xi64>) -> tensor<1x4xi32>
  return %0 : tensor<1x4xi32>
}

// -----

// expected-error @below {{output 'output0' has elements of type i64, but outputs of chips have at most 32 bits; give it another type, or compile for the host}}
func.func @wide_output(%x: tensor<1x4xi32>) -> tensor<1x4xi64> {
  %0 = tosa.cast %x : (tensor<1x4xi32>) -> tensor<1x4xi64>
  return %0 : tensor<1x4xi64>
}
