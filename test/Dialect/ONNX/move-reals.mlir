// What moves integers between QuantizeLinear and DequantizeLinear moves the reals that they stand for.

// RUN: pim-opt --pim-onnx-expand-quantized --split-input-file %s | FileCheck %s

// CHECK-LABEL: func.func @max_pool
// CHECK: %[[Q:.*]] = onnx.node "QuantizeLinear"
// CHECK: %[[D:.*]] = onnx.node "DequantizeLinear"(%[[Q]], %[[S:[0-9]+]], %[[Z:[0-9]+]])
// CHECK: %[[M:.*]] = onnx.node "MaxPool"(%[[D]]) opset 12 {kernel_shape = array<i64: 2, 2>} : (tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32>
// CHECK: %[[R:.*]] = onnx.node "QuantizeLinear"(%[[M]], %[[S]], %[[Z]]) {{.*}} -> tensor<1x1x3x3xui8>
// CHECK: onnx.node "DequantizeLinear"(%[[R]]
func.func @max_pool(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32> {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %q = onnx.node "QuantizeLinear"(%x, %s, %z) opset 13 : (tensor<1x1x4x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x1x4x4xui8>
  %m = onnx.node "MaxPool"(%q) opset 12 {kernel_shape = array<i64: 2, 2>} : (tensor<1x1x4x4xui8>) -> tensor<1x1x3x3xui8>
  %d = onnx.node "DequantizeLinear"(%m, %s, %z) opset 13 : (tensor<1x1x3x3xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x1x3x3xf32>
  return %d : tensor<1x1x3x3xf32>
}

// -----

// Bytes that come from outside are worth what the node behind the movement says; padding adds the integer zero, whatever it is worth.
// CHECK-LABEL: func.func @pad
// CHECK-DAG: %[[ZERO:.*]] = onnx.constant dense<0> : tensor<ui8>
// CHECK-DAG: %[[D:.*]] = onnx.node "DequantizeLinear"(%arg0, %[[S:[0-9]+]], %[[Z:[0-9]+]])
// CHECK-DAG: %[[P:.*]] = onnx.node "DequantizeLinear"(%[[ZERO]], %[[S]], %[[Z]])
// CHECK: onnx.node "Pad"(%[[D]], %{{.*}}, %[[P]]) {{.*}} -> tensor<4xf32>
func.func @pad(%x: tensor<2xui8>) -> tensor<4xf32> {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %pads = onnx.constant dense<1> : tensor<2xi64>
  %p = onnx.node "Pad"(%x, %pads) opset 13 : (tensor<2xui8>, tensor<2xi64>) -> tensor<4xui8>
  %d = onnx.node "DequantizeLinear"(%p, %s, %z) opset 13 : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> tensor<4xf32>
  return %d : tensor<4xf32>
}

// -----

// Interpolation computes new values, and integers that nothing dequantizes are worth nothing: both stay.
// CHECK-LABEL: func.func @stays
// CHECK: onnx.node "Resize"({{.*}}) -> tensor<1x1x4x4xui8>
// CHECK: onnx.node "Slice"({{.*}}) -> tensor<1xui8>
func.func @stays(%x: tensor<1x1x2x2xui8>, %y: tensor<4xui8>) -> (tensor<1x1x4x4xf32>, tensor<1xui8>) {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %none = onnx.none
  %sizes = onnx.constant dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>
  %r = onnx.node "Resize"(%x, %none, %sizes) opset 13 {mode = "linear"} : (tensor<1x1x2x2xui8>, none, tensor<4xf32>) -> tensor<1x1x4x4xui8>
  %d = onnx.node "DequantizeLinear"(%r, %s, %z) opset 13 : (tensor<1x1x4x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x1x4x4xf32>
  %first = onnx.constant dense<0> : tensor<1xi64>
  %last = onnx.constant dense<1> : tensor<1xi64>
  %c = onnx.node "Slice"(%y, %first, %last) opset 13 : (tensor<4xui8>, tensor<1xi64>, tensor<1xi64>) -> tensor<1xui8>
  return %d, %c : tensor<1x1x4x4xf32>, tensor<1xui8>
}
