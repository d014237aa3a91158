// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// A product with a constant is a 1x1 convolution; alpha is part of the weights, beta of the bias.
// CHECK-LABEL: func.func @gemm
func.func @gemm(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %w = onnx.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %c = onnx.constant dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK: %[[B:.*]] = "tosa.const"() <{values = dense<[5.000000e-01, 1.000000e+00]> : tensor<2xf32>}>
  // CHECK: "tosa.const"() <{values = dense<{{.*}}[2.000000e+00, 4.000000e+00, 6.000000e+00]{{.*}}[8.000000e+00, 1.000000e+01, 1.200000e+01]{{.*}}> : tensor<2x1x1x3xf32>}>
  // CHECK: tosa.conv2d {{.*}}%[[B]], {{.*}} (tensor<1x1x1x3xf32>, tensor<2x1x1x3xf32>, tensor<2xf32>, {{.*}} -> tensor<1x1x1x2xf32>
  // CHECK: tosa.reshape {{.*}} -> tensor<1x2xf32>
  %y = onnx.node "Gemm"(%x, %w, %c) opset 13 {alpha = 2.0 : f32, beta = 0.5 : f32, transB = 1 : i64} : (tensor<1x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @gemm_of_activations
func.func @gemm_of_activations(%a: tensor<3x2xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // CHECK: tosa.transpose %{{.*}} {perms = array<i32: 1, 0>}
  // CHECK: tosa.matmul {{.*}} (tensor<1x2x3xf32>, tensor<1x3x4xf32>,
  %y = onnx.node "Gemm"(%a, %b) opset 13 {transA = 1 : i64} : (tensor<3x2xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// Every row of a stack meets the same constant.
// CHECK-LABEL: func.func @matmul
func.func @matmul(%x: tensor<2x5x3xf32>) -> tensor<2x5x4xf32> {
  %w = onnx.constant dense<1.0> : tensor<3x4xf32>
  // CHECK: tosa.conv2d {{.*}} (tensor<1x10x1x3xf32>, tensor<4x1x1x3xf32>, {{.*}} -> tensor<1x10x1x4xf32>
  %y = onnx.node "MatMul"(%x, %w) opset 13 : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  return %y : tensor<2x5x4xf32>
}

// CHECK-LABEL: func.func @batched
func.func @batched(%a: tensor<2x1x5x3xf32>, %b: tensor<4x3x6xf32>) -> tensor<2x4x5x6xf32> {
  // CHECK-DAG: tosa.tile {{.*}} -> tensor<2x4x5x3xf32>
  // CHECK-DAG: tosa.tile {{.*}} -> tensor<2x4x3x6xf32>
  // CHECK: tosa.matmul {{.*}} (tensor<8x5x3xf32>, tensor<8x3x6xf32>,
  %y = onnx.node "MatMul"(%a, %b) opset 13 : (tensor<2x1x5x3xf32>, tensor<4x3x6xf32>) -> tensor<2x4x5x6xf32>
  return %y : tensor<2x4x5x6xf32>
}
