// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// NHWC between transpositions; the weights are transposed as constants, the missing bias is zero.
// CHECK-LABEL: func.func @plain
func.func @plain(%x: tensor<1x2x5x5xf32>) -> tensor<1x3x5x5xf32> {
  %w = onnx.constant dense<1.0> : tensor<3x2x3x3xf32>
  // CHECK: %[[X:.*]] = tosa.transpose %{{.*}} {perms = array<i32: 0, 2, 3, 1>}
  // CHECK: %[[W:.*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<3x3x3x2xf32>}>
  // CHECK: %[[B:.*]] = "tosa.const"() <{values = dense<0.000000e+00> : tensor<3xf32>}>
  // CHECK: %[[Y:.*]] = tosa.conv2d %[[X]], %[[W]], %[[B]], %{{.*}} {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>}
  // CHECK: tosa.transpose %[[Y]] {perms = array<i32: 0, 3, 1, 2>}
  %y = onnx.node "Conv"(%x, %w) opset 13 {pads = array<i64: 1, 1, 1, 1>} : (tensor<1x2x5x5xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x5x5xf32>
  return %y : tensor<1x3x5x5xf32>
}

// ONNX orders pads begin, begin, end, end; TOSA top, bottom, left, right.
// CHECK-LABEL: func.func @asymmetric
func.func @asymmetric(%x: tensor<1x1x6x6xf32>) -> tensor<1x1x8x6xf32> {
  %w = onnx.constant dense<1.0> : tensor<1x1x3x3xf32>
  // CHECK: pad = array<i64: 1, 3, 0, 2>
  %y = onnx.node "Conv"(%x, %w) opset 13 {pads = array<i64: 1, 0, 3, 2>} : (tensor<1x1x6x6xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x8x6xf32>
  return %y : tensor<1x1x8x6xf32>
}

// An even kernel: SAME_UPPER pads more at the end, SAME_LOWER at the beginning.
// CHECK-LABEL: func.func @auto_pad
func.func @auto_pad(%x: tensor<1x1x6x6xf32>) -> (tensor<1x1x6x6xf32>, tensor<1x1x6x6xf32>) {
  %w = onnx.constant dense<1.0> : tensor<1x1x4x4xf32>
  // CHECK: pad = array<i64: 1, 2, 1, 2>
  %y = onnx.node "Conv"(%x, %w) opset 13 {auto_pad = "SAME_UPPER"} : (tensor<1x1x6x6xf32>, tensor<1x1x4x4xf32>) -> tensor<1x1x6x6xf32>
  // CHECK: pad = array<i64: 2, 1, 2, 1>
  %z = onnx.node "Conv"(%x, %w) opset 13 {auto_pad = "SAME_LOWER"} : (tensor<1x1x6x6xf32>, tensor<1x1x4x4xf32>) -> tensor<1x1x6x6xf32>
  return %y, %z : tensor<1x1x6x6xf32>, tensor<1x1x6x6xf32>
}

// Windows of TOSA end where the input ends: padding that is never reached goes first, then rows and columns.
// CHECK-LABEL: func.func @exact
func.func @exact(%x: tensor<1x1x8x8xf32>) -> (tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>) {
  %w = onnx.constant dense<1.0> : tensor<1x1x3x3xf32>
  // CHECK-NOT: tosa.slice
  // CHECK: tosa.conv2d {{.*}} pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 2, 2>
  %y = onnx.node "Conv"(%x, %w) opset 13 {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x1x8x8xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x4x4xf32>
  // CHECK: %[[CUT:.*]] = tosa.slice {{.*}} -> tensor<1x7x7x1xf32>
  // CHECK: tosa.conv2d %[[CUT]], {{.*}} pad = array<i64: 0, 0, 0, 0>
  %v = onnx.constant dense<1.0> : tensor<1x1x1x1xf32>
  %z = onnx.node "Conv"(%x, %v) opset 13 {strides = array<i64: 2, 2>} : (tensor<1x1x8x8xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x4x4xf32>
  return %y, %z : tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>
}

// CHECK-LABEL: func.func @depthwise
func.func @depthwise(%x: tensor<1x2x5x5xf32>) -> tensor<1x4x3x3xf32> {
  %w = onnx.constant dense<1.0> : tensor<4x1x3x3xf32>
  // CHECK: tosa.depthwise_conv2d {{.*}} (tensor<1x5x5x2xf32>, tensor<3x3x2x2xf32>, tensor<4xf32>, {{.*}} -> tensor<1x3x3x4xf32>
  %y = onnx.node "Conv"(%x, %w) opset 13 {group = 2 : i64} : (tensor<1x2x5x5xf32>, tensor<4x1x3x3xf32>) -> tensor<1x4x3x3xf32>
  return %y : tensor<1x4x3x3xf32>
}

// CHECK-LABEL: func.func @grouped
func.func @grouped(%x: tensor<1x4x5x5xf32>) -> tensor<1x6x3x3xf32> {
  %w = onnx.constant dense<1.0> : tensor<6x2x3x3xf32>
  // CHECK: %[[A:.*]] = tosa.conv2d {{.*}} (tensor<1x5x5x2xf32>, tensor<3x3x3x2xf32>,
  // CHECK: %[[B:.*]] = tosa.conv2d {{.*}} (tensor<1x5x5x2xf32>, tensor<3x3x3x2xf32>,
  // CHECK: tosa.concat %[[A]], %[[B]] {axis = 3 : i32}
  %y = onnx.node "Conv"(%x, %w) opset 13 {group = 2 : i64} : (tensor<1x4x5x5xf32>, tensor<6x2x3x3xf32>) -> tensor<1x6x3x3xf32>
  return %y : tensor<1x6x3x3xf32>
}

// One spatial dimension is a row of height one.
// CHECK-LABEL: func.func @one_dimension
func.func @one_dimension(%x: tensor<1x2x9xf32>) -> tensor<1x3x5xf32> {
  %w = onnx.constant dense<1.0> : tensor<3x2x3xf32>
  // CHECK: tosa.conv2d {{.*}} dilation = array<i64: 1, 2>, pad = array<i64: 0, 0, 0, 0>{{.*}} (tensor<1x1x9x2xf32>, tensor<3x1x3x2xf32>, {{.*}} -> tensor<1x1x5x3xf32>
  // CHECK: tosa.reshape {{.*}} -> tensor<1x3x5xf32>
  %y = onnx.node "Conv"(%x, %w) opset 13 {dilations = array<i64: 2>} : (tensor<1x2x9xf32>, tensor<3x2x3xf32>) -> tensor<1x3x5xf32>
  return %y : tensor<1x3x5xf32>
}
