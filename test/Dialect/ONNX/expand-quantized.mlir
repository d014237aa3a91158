// Quantized operators become float ones between DequantizeLinear and QuantizeLinear.

// RUN: pim-opt --pim-onnx-expand-quantized %s | FileCheck %s

// CHECK-LABEL: func.func @conv
// CHECK: %[[X:.*]] = onnx.node "DequantizeLinear"(%arg0, {{.*}}) opset 13 {axis = 1 : i64}
// CHECK: %[[W:.*]] = onnx.node "DequantizeLinear"({{.*}}) opset 13 {axis = 0 : i64}
// The scale of the bias is that of the sums: 0.5 * 0.25.
// CHECK: onnx.constant dense<1.250000e-01> : tensor<f32>
// CHECK: %[[B:.*]] = onnx.node "DequantizeLinear"({{.*}}) opset 13 {axis = 0 : i64}
// CHECK: %[[Y:.*]] = onnx.node "Conv"(%[[X]], %[[W]], %[[B]]) opset 13 {pads = array<i64: 1, 1, 1, 1>}
// CHECK-SAME: -> tensor<1x2x4x4xf32>
// CHECK: onnx.node "QuantizeLinear"(%[[Y]], {{.*}}) -> tensor<1x2x4x4xui8>
func.func @conv(%x: tensor<1x1x4x4xui8>) -> !onnx.unknown {
  %xs = onnx.constant dense<0.5> : tensor<f32>
  %xz = onnx.constant dense<3> : tensor<ui8>
  %w = onnx.constant dense<1> : tensor<2x1x3x3xi8>
  %ws = onnx.constant dense<0.25> : tensor<f32>
  %wz = onnx.constant dense<0> : tensor<i8>
  %ys = onnx.constant dense<1.0> : tensor<f32>
  %yz = onnx.constant dense<0> : tensor<ui8>
  %b = onnx.constant dense<[1, 2]> : tensor<2xi32>
  %y = onnx.node "QLinearConv"(%x, %xs, %xz, %w, %ws, %wz, %ys, %yz, %b) opset 13 {pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x1x4x4xui8>, tensor<f32>, tensor<ui8>, tensor<2x1x3x3xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<ui8>, tensor<2xi32>) -> !onnx.unknown
  return %y : !onnx.unknown
}

// CHECK-LABEL: func.func @add
// CHECK-COUNT-2: "DequantizeLinear"
// CHECK: "Add"
// CHECK: "QuantizeLinear"
func.func @add(%a: tensor<4xui8>, %b: tensor<4xui8>) -> !onnx.unknown {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %y = onnx.node "QLinearAdd"(%a, %s, %z, %b, %s, %z, %s, %z) domain "com.microsoft" opset 1
      : (tensor<4xui8>, tensor<f32>, tensor<ui8>, tensor<4xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> !onnx.unknown
  return %y : !onnx.unknown
}

// The weights take over what the product is scaled by, less the step of the integers: 0.125 / 0.5.
// CHECK-LABEL: func.func @integer_product
// CHECK: %[[X:.*]] = onnx.node "DequantizeLinear"
// CHECK: onnx.constant dense<2.500000e-01> : tensor<f32>
// CHECK: %[[W:.*]] = onnx.node "DequantizeLinear"
// CHECK: %[[Y:.*]] = onnx.node "MatMul"(%[[X]], %[[W]])
// CHECK-NOT: "Cast"
// CHECK-NOT: "Mul"
// CHECK: return %[[Y]]
func.func @integer_product(%x: tensor<1x4xf32>) -> !onnx.unknown {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %w = onnx.constant dense<1> : tensor<4x2xi8>
  %wz = onnx.constant dense<0> : tensor<i8>
  %total = onnx.constant dense<0.125> : tensor<f32>
  %q = onnx.node "QuantizeLinear"(%x, %s, %z) opset 13 : (tensor<1x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4xui8>
  %p = onnx.node "MatMulInteger"(%q, %w, %z, %wz) opset 13 : (tensor<1x4xui8>, tensor<4x2xi8>, tensor<ui8>, tensor<i8>) -> !onnx.unknown
  %f = onnx.node "Cast"(%p) opset 13 {to = 1 : i64} : (!onnx.unknown) -> !onnx.unknown
  %y = onnx.node "Mul"(%f, %total) opset 13 : (!onnx.unknown, tensor<f32>) -> !onnx.unknown
  return %y : !onnx.unknown
}

// Ranges that would be chosen for each input are left to calibration.
// CHECK-LABEL: func.func @dynamic
// CHECK-NOT: "DynamicQuantizeLinear"
// CHECK: onnx.node "MatMul"(%arg0,
func.func @dynamic(%x: tensor<1x4xf32>) -> !onnx.unknown {
  %w = onnx.constant dense<1> : tensor<4x2xi8>
  %wz = onnx.constant dense<0> : tensor<i8>
  %q, %s, %z = onnx.node "DynamicQuantizeLinear"(%x) opset 13 : (tensor<1x4xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown)
  %p = onnx.node "MatMulInteger"(%q, %w, %z, %wz) opset 13 : (!onnx.unknown, tensor<4x2xi8>, !onnx.unknown, tensor<i8>) -> !onnx.unknown
  %f = onnx.node "Cast"(%p) opset 13 {to = 1 : i64} : (!onnx.unknown) -> !onnx.unknown
  %y = onnx.node "Mul"(%f, %s) opset 13 : (!onnx.unknown, !onnx.unknown) -> !onnx.unknown
  return %y : !onnx.unknown
}

// Channels that are last move to where Conv and AveragePool have them, and back.
// CHECK-LABEL: func.func @channels_last
// CHECK: %[[X:.*]] = onnx.node "Transpose"({{.*}}) opset 13 {perm = array<i64: 0, 3, 1, 2>} {{.*}} -> tensor<1x1x4x4xf32>
// CHECK: %[[C:.*]] = onnx.node "Conv"(%[[X]], {{.*}}) opset 13 : {{.*}} -> tensor<1x2x2x2xf32>
// CHECK: %[[Y:.*]] = onnx.node "Transpose"(%[[C]]) opset 13 {perm = array<i64: 0, 2, 3, 1>} {{.*}} -> tensor<1x2x2x2xf32>
// CHECK: %[[Q:.*]] = onnx.node "QuantizeLinear"(%[[Y]]
// CHECK: %[[D:.*]] = onnx.node "DequantizeLinear"(%[[Q]]
// CHECK: %[[P:.*]] = onnx.node "Transpose"(%[[D]]) opset 13 {perm = array<i64: 0, 3, 1, 2>}
// CHECK: %[[A:.*]] = onnx.node "AveragePool"(%[[P]]) opset 13 {kernel_shape = array<i64: 2, 2>} {{.*}} -> tensor<1x2x1x1xf32>
// CHECK: onnx.node "Transpose"(%[[A]]) opset 13 {perm = array<i64: 0, 2, 3, 1>} {{.*}} -> tensor<1x1x1x2xf32>
func.func @channels_last(%x: tensor<1x4x4x1xui8>) -> tensor<1x1x1x2xui8> {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %w = onnx.constant dense<1> : tensor<2x1x3x3xi8>
  %wz = onnx.constant dense<0> : tensor<i8>
  %c = onnx.node "QLinearConv"(%x, %s, %z, %w, %s, %wz, %s, %z) domain "com.microsoft" opset 1 {channels_last = 1 : i64}
      : (tensor<1x4x4x1xui8>, tensor<f32>, tensor<ui8>, tensor<2x1x3x3xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<ui8>) -> tensor<1x2x2x2xui8>
  %y = onnx.node "QLinearAveragePool"(%c, %s, %z, %s, %z) domain "com.microsoft" opset 1 {channels_last = 1 : i64, kernel_shape = array<i64: 2, 2>}
      : (tensor<1x2x2x2xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> tensor<1x1x1x2xui8>
  return %y : tensor<1x1x1x2xui8>
}

// Rows of a softmax before opset 13 are all dimensions from the axis on; of the last one they are the same.
// CHECK-LABEL: func.func @softmax_of_rows
// CHECK: "QLinearSoftmax"
// CHECK-NOT: "Softmax"
func.func @softmax_of_rows(%x: tensor<2x2x4xui8>) -> tensor<2x2x4xui8> {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %y = onnx.node "QLinearSoftmax"(%x, %s, %z, %s, %z) domain "com.microsoft" opset 1 {axis = 1 : i64, opset = 12 : i64}
      : (tensor<2x2x4xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2x4xui8>
  return %y : tensor<2x2x4xui8>
}

// CHECK-LABEL: func.func @softmax_of_last
// CHECK: "Softmax"({{.*}}) opset 13 {axis = 2 : i64}
func.func @softmax_of_last(%x: tensor<2x2x4xui8>) -> tensor<2x2x4xui8> {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<3> : tensor<ui8>
  %y = onnx.node "QLinearSoftmax"(%x, %s, %z, %s, %z) domain "com.microsoft" opset 1 {axis = 2 : i64, opset = 12 : i64}
      : (tensor<2x2x4xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> tensor<2x2x4xui8>
  return %y : tensor<2x2x4xui8>
}

// Scales that are computed stay for the host.
// CHECK-LABEL: func.func @not_constant
// CHECK: "QLinearConv"
func.func @not_constant(%x: tensor<1x1x4x4xui8>, %xs: tensor<f32>) -> !onnx.unknown {
  %xz = onnx.constant dense<3> : tensor<ui8>
  %w = onnx.constant dense<1> : tensor<2x1x3x3xi8>
  %ws = onnx.constant dense<0.25> : tensor<f32>
  %wz = onnx.constant dense<0> : tensor<i8>
  %b = onnx.constant dense<[1, 2]> : tensor<2xi32>
  %y = onnx.node "QLinearConv"(%x, %xs, %xz, %w, %ws, %wz, %ws, %xz, %b) opset 13
      : (tensor<1x1x4x4xui8>, tensor<f32>, tensor<ui8>, tensor<2x1x3x3xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<ui8>, tensor<2xi32>) -> !onnx.unknown
  return %y : !onnx.unknown
}
