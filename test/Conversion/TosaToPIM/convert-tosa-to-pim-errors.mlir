// RUN: pim-opt %s --convert-tosa-to-pim --split-input-file --verify-diagnostics

func.func @computed_weights(%x: tensor<1x6x6x4xi8>, %w: tensor<8x1x1x4xi8>) {
  %b = "tosa.const"() <{values = dense<7> : tensor<8xi32>}> : () -> tensor<8xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @below {{'tosa.conv2d' op has weights or a bias that are not constant, which arrays cannot hold}}
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
    stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
    : (tensor<1x6x6x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1xi8>, tensor<1xi8>)
    -> tensor<1x6x6x8xi32>
  return
}
