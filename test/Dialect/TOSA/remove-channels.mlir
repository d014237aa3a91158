// RUN: pim-opt %s --pass-pipeline='builtin.module(func.func(pim-remove-channels))' --split-input-file | FileCheck %s

// Filter 1 is zero: it leaves its bias, 5, rescaled to 5 and clamped to 3, which a convolution
// without padding takes into its bias (10 + 2*3 = 16).
// CHECK-LABEL: @constant_channel
func.func @constant_channel(%x: tensor<1x1x1x1xi8>) -> tensor<1x1x1x1xi32> {
  // CHECK: tosa.conv2d %arg0{{.*}} pim.dense_shape = array<i64: 1, 2, 1>{{.*}} -> tensor<1x1x1x1xi32>
  // CHECK: tosa.rescale {{.*}} -> tensor<1x1x1x1xi8>
  // CHECK: %[[BIAS:.*]] = "tosa.const"() <{values = dense<16> : tensor<1xi32>}>
  // CHECK: tosa.conv2d %{{[^,]*}}, %{{[^,]*}}, %[[BIAS]]
  %w1 = "tosa.const"() {values = dense<[[[[7]]], [[[0]]]]> : tensor<2x1x1x1xi8>} : () -> tensor<2x1x1x1xi8>
  %b1 = "tosa.const"() {values = dense<[1, 5]> : tensor<2xi32>} : () -> tensor<2xi32>
  %w2 = "tosa.const"() {values = dense<[[[[1, 2]]]]> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %b2 = "tosa.const"() {values = dense<10> : tensor<1xi32>} : () -> tensor<1xi32>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z32 = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %m = "tosa.const"() {values = dense<1073741824> : tensor<2xi32>} : () -> tensor<2xi32>
  %s = "tosa.const"() {values = dense<30> : tensor<2xi8>} : () -> tensor<2xi8>
  %0 = tosa.conv2d %x, %w1, %b1, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x1x1x1xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x2xi32>
  %1 = tosa.rescale %0, %m, %s, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = true, input_unsigned = false, output_unsigned = false}
    : (tensor<1x1x1x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x1x2xi8>
  %2 = tosa.clamp %1 {min_val = 0 : i8, max_val = 3 : i8} : (tensor<1x1x1x2xi8>) -> tensor<1x1x1x2xi8>
  %3 = tosa.conv2d %2, %w2, %b2, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x1x1x2xi8>, tensor<1x1x1x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %3 : tensor<1x1x1x1xi32>
}

// -----

// With padding, which reads as 0, a constant other than 0 has to stay.
// CHECK-LABEL: @padded
func.func @padded(%x: tensor<1x3x3x1xi8>) -> tensor<1x3x3x1xi32> {
  // CHECK: tosa.conv2d %arg0{{.*}} -> tensor<1x3x3x2xi32>
  %w1 = "tosa.const"() {values = dense<[[[[7]]], [[[0]]]]> : tensor<2x1x1x1xi8>} : () -> tensor<2x1x1x1xi8>
  %b1 = "tosa.const"() {values = dense<[1, 5]> : tensor<2xi32>} : () -> tensor<2xi32>
  %w2 = "tosa.const"() {values = dense<1> : tensor<1x3x3x2xi8>} : () -> tensor<1x3x3x2xi8>
  %b2 = "tosa.const"() {values = dense<10> : tensor<1xi32>} : () -> tensor<1xi32>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z32 = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %m = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s = "tosa.const"() {values = dense<30> : tensor<1xi8>} : () -> tensor<1xi8>
  %0 = tosa.conv2d %x, %w1, %b1, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x3x3x1xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x3x3x2xi32>
  %1 = tosa.rescale %0, %m, %s, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false}
    : (tensor<1x3x3x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x3x3x2xi8>
  %3 = tosa.conv2d %1, %w2, %b2, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>}
    : (tensor<1x3x3x2xi8>, tensor<1x3x3x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x3x3x1xi32>
  return %3 : tensor<1x3x3x1xi32>
}

// -----

// Nobody weighs channel 0 of either branch of the sum; it goes on both sides, although not constant.
// CHECK-LABEL: @residual
func.func @residual(%x: tensor<1x1x1x1xi8>) -> tensor<1x1x1x1xi32> {
  // CHECK-COUNT-2: tosa.conv2d %arg0{{.*}} -> tensor<1x1x1x1xi32>
  // CHECK: tosa.add {{.*}} -> tensor<1x1x1x1xi32>
  %w1 = "tosa.const"() {values = dense<[[[[7]]], [[[3]]]]> : tensor<2x1x1x1xi8>} : () -> tensor<2x1x1x1xi8>
  %w3 = "tosa.const"() {values = dense<[[[[5]]], [[[2]]]]> : tensor<2x1x1x1xi8>} : () -> tensor<2x1x1x1xi8>
  %b1 = "tosa.const"() {values = dense<[1, 5]> : tensor<2xi32>} : () -> tensor<2xi32>
  %w2 = "tosa.const"() {values = dense<[[[[0, 2]]]]> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %b2 = "tosa.const"() {values = dense<10> : tensor<1xi32>} : () -> tensor<1xi32>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z32 = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %m = "tosa.const"() {values = dense<1073741824> : tensor<1xi32>} : () -> tensor<1xi32>
  %s = "tosa.const"() {values = dense<31> : tensor<1xi8>} : () -> tensor<1xi8>
  %0 = tosa.conv2d %x, %w1, %b1, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x1x1x1xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x2xi32>
  %1 = tosa.conv2d %x, %w3, %b1, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x1x1x1xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x2xi32>
  %2 = tosa.add %0, %1 : (tensor<1x1x1x2xi32>, tensor<1x1x1x2xi32>) -> tensor<1x1x1x2xi32>
  %3 = tosa.rescale %2, %m, %s, %z32, %z {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false, input_unsigned = false, output_unsigned = false}
    : (tensor<1x1x1x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x1x2xi8>
  %4 = tosa.conv2d %3, %w2, %b2, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x1x1x2xi8>, tensor<1x1x1x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %4 : tensor<1x1x1x1xi32>
}

// -----

// Rescaled in floats, the half that the constant channel becomes goes to the even integer, 2: 10 + 2*2 = 14.
// CHECK-LABEL: @constant_channel_in_floats
func.func @constant_channel_in_floats(%x: tensor<1x1x1x1xi8>) -> tensor<1x1x1x1xi32> {
  // CHECK: tosa.rescale {{.*}} -> tensor<1x1x1x1xi8>
  // CHECK: %[[BIAS:.*]] = "tosa.const"() <{values = dense<14> : tensor<1xi32>}>
  // CHECK: tosa.conv2d %{{[^,]*}}, %{{[^,]*}}, %[[BIAS]]
  %w1 = "tosa.const"() {values = dense<[[[[7]]], [[[0]]]]> : tensor<2x1x1x1xi8>} : () -> tensor<2x1x1x1xi8>
  %b1 = "tosa.const"() {values = dense<[1, 5]> : tensor<2xi32>} : () -> tensor<2xi32>
  %w2 = "tosa.const"() {values = dense<[[[[1, 2]]]]> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %b2 = "tosa.const"() {values = dense<10> : tensor<1xi32>} : () -> tensor<1xi32>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z32 = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  %m = "tosa.const"() {values = dense<1073741824> : tensor<2xi32>} : () -> tensor<2xi32>
  %s = "tosa.const"() {values = dense<31> : tensor<2xi8>} : () -> tensor<2xi8>
  %0 = tosa.conv2d %x, %w1, %b1, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x1x1x1xi8>, tensor<2x1x1x1xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x2xi32>
  %1 = tosa.rescale %0, %m, %s, %z32, %z {scale32 = true, rounding_mode = INEXACT_ROUND, per_channel = true, input_unsigned = false, output_unsigned = false}
    : (tensor<1x1x1x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x1x2xi8>
  %2 = tosa.conv2d %1, %w2, %b2, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x1x1x2xi8>, tensor<1x1x1x2xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %2 : tensor<1x1x1x1xi32>
}
