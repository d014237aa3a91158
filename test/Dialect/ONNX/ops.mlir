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

// CHECK-LABEL: func.func @subgraphs
func.func @subgraphs(%c: tensor<i1>, %x: tensor<?xf32>, %t: tensor<2x!onnx.string>) -> (tensor<?xf32>, !onnx.unknown) {
  // CHECK: onnx.node "If"(%{{.*}}) opset 16 : (tensor<i1>) -> tensor<?xf32> graph "then_branch" {
  // CHECK: onnx.node "Abs"
  // CHECK: onnx.yield %{{.*}} : tensor<?xf32>
  // CHECK: } graph "else_branch" {
  // CHECK: onnx.yield %{{.*}} : tensor<?xf32>
  %y = onnx.node "If"(%c) opset 16 : (tensor<i1>) -> tensor<?xf32> graph "then_branch" {
    %a = onnx.node "Abs"(%x) opset 16 : (tensor<?xf32>) -> tensor<?xf32>
    onnx.yield %a : tensor<?xf32>
  } graph "else_branch" {
    onnx.yield %x : tensor<?xf32>
  }
  // CHECK: onnx.node "Loop"({{.*}}) opset 16 : (tensor<?xf32>) -> !onnx.unknown graph "body"(%{{.*}}: !onnx.unknown, %{{.*}}: tensor<i1>) {
  %z = onnx.node "Loop"(%x) opset 16 : (tensor<?xf32>) -> !onnx.unknown graph "body"(%i: !onnx.unknown, %go: tensor<i1>) {
    onnx.yield %go, %i : tensor<i1>, !onnx.unknown
  }
  return %y, %z : tensor<?xf32>, !onnx.unknown
}
