// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// CHECK-LABEL: func.func @relu
func.func @relu(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: tosa.clamp %{{.*}} {max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32}
  %y = onnx.node "Relu"(%x) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// Bounds: attributes up to opset 10, then inputs.
// CHECK-LABEL: func.func @clip
func.func @clip(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  // CHECK: tosa.clamp {{.*}} {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32}
  %a = onnx.node "Clip"(%x) opset 10 {min = 0.0 : f32, max = 6.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  %none = onnx.none
  %max = onnx.constant dense<6.0> : tensor<f32>
  // CHECK: tosa.clamp {{.*}} {max_val = 6.000000e+00 : f32, min_val = -3.40282347E+38 : f32}
  %b = onnx.node "Clip"(%x, %none, %max) opset 13 : (tensor<2xf32>, none, tensor<f32>) -> tensor<2xf32>
  %min = onnx.constant dense<8.0> : tensor<f32>
  // CHECK: tosa.clamp {{.*}} {max_val = 6.000000e+00 : f32, min_val = 6.000000e+00 : f32}
  %c = onnx.node "Clip"(%x, %min, %max) opset 13 : (tensor<2xf32>, tensor<f32>, tensor<f32>) -> tensor<2xf32>
  return %a, %b, %c : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @leaky
func.func @leaky(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // CHECK: %[[LEAK:.*]] = tosa.mul
  // CHECK: tosa.maximum %{{.*}}, %[[LEAK]]
  %a = onnx.node "LeakyRelu"(%x) opset 13 {alpha = 0.1 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  // CHECK: tosa.minimum
  %b = onnx.node "LeakyRelu"(%x) opset 13 {alpha = 2.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  return %a, %b : tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @softmax
func.func @softmax(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK: %[[MAX:.*]] = tosa.reduce_max %{{.*}} {axis = 1 : i32} {{.*}} -> tensor<2x1x4xf32>
  // CHECK: %[[SHIFTED:.*]] = tosa.sub %{{.*}}, %[[MAX]]
  // CHECK: %[[EXP:.*]] = tosa.exp %[[SHIFTED]]
  // CHECK: %[[SUM:.*]] = tosa.reduce_sum %[[EXP]] {axis = 1 : i32}
  // CHECK: %[[R:.*]] = tosa.reciprocal %[[SUM]]
  // CHECK: tosa.mul %[[EXP]], %[[R]]
  %y = onnx.node "Softmax"(%x) opset 13 {axis = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// Up to opset 12 everything from the axis on is one row.
// CHECK-LABEL: func.func @coerced
func.func @coerced(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK: tosa.reshape {{.*}} -> tensor<2x12xf32>
  // CHECK: %[[SHIFTED:.*]] = tosa.sub
  // CHECK: %[[LOG:.*]] = tosa.log
  // CHECK: tosa.sub %[[SHIFTED]], %[[LOG]]
  %y = onnx.node "LogSoftmax"(%x) opset 12 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}
