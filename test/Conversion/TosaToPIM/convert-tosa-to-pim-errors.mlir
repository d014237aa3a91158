// RUN: pim-opt %s --convert-tosa-to-pim --split-input-file --verify-diagnostics

func.func @computed_zero_point(%x: tensor<1x6x6x4xi8>, %z: tensor<1xi8>) {
  %w = "tosa.const"() <{values = dense<1> : tensor<8x1x1x4xi8>}> : () -> tensor<8x1x1x4xi8>
  %b = "tosa.const"() <{values = dense<7> : tensor<8xi32>}> : () -> tensor<8xi32>
  // expected-error @below {{'tosa.conv2d' op has zero points that are not constant}}
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
    stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
    : (tensor<1x6x6x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1xi8>, tensor<1xi8>)
    -> tensor<1x6x6x8xi32>
  return
}
