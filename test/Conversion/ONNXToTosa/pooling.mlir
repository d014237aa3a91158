// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// CHECK-LABEL: func.func @max
func.func @max(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32> {
  // CHECK: tosa.max_pool2d {{.*}}kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>{{.*}} -> tensor<1x3x3x2xf32>
  %y = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32>
  return %y : tensor<1x2x3x3xf32>
}

// With ceil_mode the last window hangs over the end, without it the rest is cut off.
// CHECK-LABEL: func.func @ceil
func.func @ceil(%x: tensor<1x1x6x6xf32>) -> (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>) {
  // CHECK: tosa.max_pool2d {{.*}} pad = array<i64: 0, 1, 0, 1>{{.*}} -> tensor<1x3x3x1xf32>
  %y = onnx.node "MaxPool"(%x) opset 13 {ceil_mode = 1 : i64, kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 2>} : (tensor<1x1x6x6xf32>) -> tensor<1x1x3x3xf32>
  // CHECK: tosa.slice {{.*}} -> tensor<1x5x5x1xf32>
  // CHECK: tosa.max_pool2d {{.*}} pad = array<i64: 0, 0, 0, 0>{{.*}} -> tensor<1x2x2x1xf32>
  %z = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 2>} : (tensor<1x1x6x6xf32>) -> tensor<1x1x2x2xf32>
  return %y, %z : tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>
}

// TOSA's average leaves padding out; to count it, it becomes zeros.
// CHECK-LABEL: func.func @average
func.func @average(%x: tensor<1x1x4x4xf32>) -> (tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>) {
  // CHECK-NOT: tosa.pad
  // CHECK: tosa.avg_pool2d {{.*}} pad = array<i64: 1, 1, 1, 1>
  %y = onnx.node "AveragePool"(%x) opset 13 {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
  // CHECK: %[[PADDED:.*]] = tosa.pad {{.*}} -> tensor<1x6x6x1xf32>
  // CHECK: tosa.avg_pool2d %[[PADDED]], {{.*}} pad = array<i64: 0, 0, 0, 0>
  %z = onnx.node "AveragePool"(%x) opset 13 {count_include_pad = 1 : i64, kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
  return %y, %z : tensor<1x1x4x4xf32>, tensor<1x1x4x4xf32>
}

// CHECK-LABEL: func.func @global
func.func @global(%x: tensor<1x2x5x7xf32>) -> (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) {
  // CHECK: tosa.avg_pool2d {{.*}}kernel = array<i64: 5, 7>{{.*}} -> tensor<1x1x1x2xf32>
  %y = onnx.node "GlobalAveragePool"(%x) opset 13 : (tensor<1x2x5x7xf32>) -> tensor<1x2x1x1xf32>
  // CHECK: tosa.max_pool2d {{.*}}kernel = array<i64: 5, 7>{{.*}} -> tensor<1x1x1x2xf32>
  %z = onnx.node "GlobalMaxPool"(%x) opset 13 : (tensor<1x2x5x7xf32>) -> tensor<1x2x1x1xf32>
  return %y, %z : tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>
}

// Integers without a scale are no activations of a chip.
// CHECK-LABEL: func.func @integers
func.func @integers(%x: tensor<1x1x4x4xui8>) -> tensor<1x1x3x3xui8> {
  // CHECK-NOT: tosa.max_pool2d
  // CHECK: tosa.custom {{.*}}operator_name = "MaxPool"
  %y = onnx.node "MaxPool"(%x) opset 12 {kernel_shape = array<i64: 2, 2>} : (tensor<1x1x4x4xui8>) -> tensor<1x1x3x3xui8>
  return %y : tensor<1x1x3x3xui8>
}
