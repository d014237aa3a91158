// RUN: pim-opt %s --convert-tosa-to-pim | FileCheck %s

module attributes {pim.weight_bits = 6 : i32} {
  // CHECK-LABEL: @conv2d
  func.func @conv2d(%x: tensor<1x6x6x4xi8>) -> tensor<1x2x6x8xi32> {
    %w = "tosa.const"() <{values = dense<3> : tensor<8x3x1x4xi8>}> : () -> tensor<8x3x1x4xi8>
    %b = "tosa.const"() <{values = dense<7> : tensor<1xi32>}> : () -> tensor<1xi32>
    %xz = "tosa.const"() <{values = dense<-5> : tensor<1xi8>}> : () -> tensor<1xi8>
    %wz = "tosa.const"() <{values = dense<2> : tensor<1xi8>}> : () -> tensor<1xi8>
    // The zero point of the weights is subtracted, a bias of one element stands for all.
    // CHECK: pim.conv2d %{{.*}} weights(dense_resource<value.weights> : tensor<8x3x1x4xi8>) bias(dense<7> : tensor<8xi32>)
    // CHECK-SAME: dilation = array<i64: 2, 1>, groups = 1 : i64, input_zero_point = -5 : i64
    // CHECK-SAME: pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, weight_bits = 4 : i64
    %0 = tosa.conv2d %x, %w, %b, %xz, %wz {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 2, 1>, pim.weight_bits = 4 : i32}
      : (tensor<1x6x6x4xi8>, tensor<8x3x1x4xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>)
      -> tensor<1x2x6x8xi32> loc("value")
    return %0 : tensor<1x2x6x8xi32>
  }

  // Weights that need nine bits without their zero point are divided among two convolutions; the sum
  // has the name of the one.
  // CHECK-LABEL: @nine_bits
  func.func @nine_bits(%x: tensor<1x1x1x2xi8>) -> tensor<1x1x1x2xi32> {
    %w = "tosa.const"() <{values = dense<[[[[-128, 1]]], [[[127, -1]]]]> : tensor<2x1x1x2xi8>}> : () -> tensor<2x1x1x2xi8>
    %b = "tosa.const"() <{values = dense<7> : tensor<2xi32>}> : () -> tensor<2xi32>
    %xz = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
    %wz = "tosa.const"() <{values = dense<29> : tensor<1xi8>}> : () -> tensor<1xi8>
    // CHECK: %[[INSIDE:.*]] = pim.conv2d %{{.*}} weights(dense<{{\[\[\[\[}}-128, -28]]], {{\[\[\[}}98, -30]]]]> : tensor<2x1x1x2xi8>) bias(dense<7> : tensor<2xi32>)
    // CHECK: %[[OUTSIDE:.*]] = pim.conv2d %{{.*}} weights(dense<{{\[\[\[\[}}-29, 0]]], {{\[\[\[}}0, 0]]]]> : tensor<2x1x1x2xi8>) bias(dense<0> : tensor<2xi32>)
    // CHECK: tosa.add %[[INSIDE]], %[[OUTSIDE]] {pim.reference = ["value"]}
    %0 = tosa.conv2d %x, %w, %b, %xz, %wz {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, pim.reference = ["value"]}
      : (tensor<1x1x1x2xi8>, tensor<2x1x1x2xi8>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>)
      -> tensor<1x1x1x2xi32> loc("value")
    return %0 : tensor<1x1x1x2xi32>
  }

  // CHECK-LABEL: @depthwise
  func.func @depthwise(%x: tensor<1x6x6x2xi8>) -> tensor<1x6x5x4xi32> {
    // [rows, cols, channels, multiplier] becomes [outputs, rows, cols, 1].
    %w = "tosa.const"() <{values = dense<[[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]> : tensor<1x2x2x2xi8>}>
      : () -> tensor<1x2x2x2xi8>
    %b = "tosa.const"() <{values = dense<0> : tensor<4xi32>}> : () -> tensor<4xi32>
    %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
    // CHECK{LITERAL}: weights(dense<[[[[1], [5]]], [[[2], [6]]], [[[3], [7]]], [[[4], [8]]]]> : tensor<4x1x2x1xi8>)
    // CHECK: groups = 2 : i64
    // CHECK-SAME: weight_bits = 6 : i64
    %0 = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x6x6x2xi8>, tensor<1x2x2x2xi8>, tensor<4xi32>, tensor<1xi8>, tensor<1xi8>)
      -> tensor<1x6x5x4xi32>
    return %0 : tensor<1x6x5x4xi32>
  }

  // Float convolutions are left for the host.
  // CHECK-LABEL: @float
  // CHECK: tosa.conv2d
  func.func @float(%x: tensor<1x6x6x4xf32>, %w: tensor<8x1x1x4xf32>, %b: tensor<8xf32>) -> tensor<1x6x6x8xf32> {
    %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x6x6x4xf32>, tensor<8x1x1x4xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>)
      -> tensor<1x6x6x8xf32>
    return %0 : tensor<1x6x6x8xf32>
  }
}

// Weights that are computed are no array's.
// CHECK-LABEL: @computed_weights
func.func @computed_weights(%x: tensor<1x2x2x1xi8>, %w: tensor<1x1x1x1xi8>) -> tensor<1x2x2x1xi32> {
  %b = "tosa.const"() <{values = dense<7> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // CHECK: tosa.conv2d
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
    : (tensor<1x2x2x1xi8>, tensor<1x1x1x1xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2x1xi32>
  return %0 : tensor<1x2x2x1xi32>
}
