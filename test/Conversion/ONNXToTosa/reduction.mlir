// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// The mean of an image is a pool, in either layout.
// CHECK-LABEL: func.func @image
func.func @image(%x: tensor<1x2x5x7xf32>) -> (tensor<1x2xf32>, tensor<1x1x1x7xf32>) {
  // CHECK: tosa.transpose
  // CHECK: tosa.avg_pool2d {{.*}}kernel = array<i64: 5, 7>{{.*}} -> tensor<1x1x1x2xf32>
  // CHECK: tosa.reshape {{.*}} -> tensor<1x2xf32>
  %y = onnx.node "ReduceMean"(%x) opset 13 {axes = array<i64: -1, -2>, keepdims = 0 : i64} : (tensor<1x2x5x7xf32>) -> tensor<1x2xf32>
  // CHECK-NOT: tosa.transpose
  // CHECK: tosa.avg_pool2d {{.*}}kernel = array<i64: 2, 5>{{.*}} -> tensor<1x1x1x7xf32>
  %axes = onnx.constant dense<[1, 2]> : tensor<2xi64>
  %z = onnx.node "ReduceMean"(%x, %axes) opset 18 : (tensor<1x2x5x7xf32>, tensor<2xi64>) -> tensor<1x1x1x7xf32>
  return %y, %z : tensor<1x2xf32>, tensor<1x1x1x7xf32>
}

// CHECK-LABEL: func.func @any_axis
func.func @any_axis(%x: tensor<4x5xf32>) -> (tensor<4x1xf32>, tensor<f32>) {
  // CHECK: %[[SUM:.*]] = tosa.reduce_sum %{{.*}} {axis = 1 : i32}
  // CHECK: dense<2.000000e-01>
  // CHECK: tosa.mul %[[SUM]]
  %y = onnx.node "ReduceMean"(%x) opset 13 {axes = array<i64: 1>} : (tensor<4x5xf32>) -> tensor<4x1xf32>
  // CHECK: tosa.reduce_max {{.*}} {axis = 0 : i32}
  // CHECK: tosa.reduce_max {{.*}} {axis = 1 : i32}
  // CHECK: tosa.reshape {{.*}} -> tensor<f32>
  %z = onnx.node "ReduceMax"(%x) opset 13 {keepdims = 0 : i64} : (tensor<4x5xf32>) -> tensor<f32>
  return %y, %z : tensor<4x1xf32>, tensor<f32>
}
