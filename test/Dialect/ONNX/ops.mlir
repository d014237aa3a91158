// Every op in every form survives a round trip through text.

// RUN: pim-opt %s | pim-opt | FileCheck %s

// CHECK-LABEL: func.func @node
func.func @node(%x: tensor<1x3x8x8xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: %[[W:.*]] = onnx.constant dense<1.000000e+00> : tensor<4x3x1x1xf32>
  %w = onnx.constant dense<1.0> : tensor<4x3x1x1xf32>
  // CHECK: onnx.node "Conv"(%{{.*}}, %[[W]]) opset 13 {group = 1 : i64, strides = array<i64: 2, 2>} : (tensor<1x3x8x8xf32>, tensor<4x3x1x1xf32>) -> tensor<1x4x4x4xf32>
  %y = onnx.node "Conv"(%x, %w) opset 13 {group = 1 : i64, strides = array<i64: 2, 2>} : (tensor<1x3x8x8xf32>, tensor<4x3x1x1xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @forms
func.func @forms(%x: tensor<4xf32>) -> (tensor<4xf32>, !onnx.unknown) {
  // CHECK: %[[NONE:.*]] = onnx.none
  %none = onnx.none
  // CHECK: onnx.node "Clip"(%{{.*}}, %[[NONE]]) opset 13 : (tensor<4xf32>, none) -> tensor<4xf32>
  %a = onnx.node "Clip"(%x, %none) opset 13 : (tensor<4xf32>, none) -> tensor<4xf32>
  // CHECK: onnx.node "Gelu"(%{{.*}}) domain "com.example" opset 1 {alpha = 5.000000e-01 : f32, mode = "none", names = ["a", "b"], scales = array<f32: 1.000000e+00>} : (tensor<4xf32>) -> !onnx.unknown
  %b = onnx.node "Gelu"(%a) domain "com.example" opset 1 {alpha = 0.5 : f32, mode = "none", names = ["a", "b"], scales = array<f32: 1.0>} : (tensor<4xf32>) -> !onnx.unknown
  return %a, %b : tensor<4xf32>, !onnx.unknown
}

// CHECK-LABEL: func.func @resource
func.func @resource() -> tensor<2xui8> {
  // CHECK: onnx.constant dense_resource<weights> : tensor<2xui8>
  %w = onnx.constant dense_resource<weights> : tensor<2xui8>
  return %w : tensor<2xui8>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x010000000708"
    }
  }
#-}
