// RUN: pim-opt %s --pim-form-layers --allow-unregistered-dialect --verify-diagnostics

// expected-error @below {{'func.func' op has several blocks, expected straight-line code}}
func.func @blocks(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
  "test.br"()[^bb1] : () -> ()
^bb1:
  return %x : tensor<1x4xi8>
}
