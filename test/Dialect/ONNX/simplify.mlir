// Shapes are inferred, constant sub-graphs folded.

// RUN: pim-opt %s --pim-onnx-simplify | FileCheck %s

// What exporters write for a flattening: Shape, Gather, Unsqueeze, Concat, Reshape.
// CHECK-LABEL: func.func @flatten
func.func @flatten(%x: tensor<2x3x4xf32>) -> !onnx.unknown {
  %zero = onnx.constant dense<0> : tensor<i64>
  %rest = onnx.constant dense<-1> : tensor<1xi64>
  %shape = onnx.node "Shape"(%x) opset 12 : (tensor<2x3x4xf32>) -> !onnx.unknown
  %batch = onnx.node "Gather"(%shape, %zero) opset 12 {axis = 0 : i64} : (!onnx.unknown, tensor<i64>) -> !onnx.unknown
  %row = onnx.node "Unsqueeze"(%batch) opset 12 {axes = array<i64: 0>} : (!onnx.unknown) -> !onnx.unknown
  %target = onnx.node "Concat"(%row, %rest) opset 12 {axis = 0 : i64} : (!onnx.unknown, tensor<1xi64>) -> !onnx.unknown
  // CHECK-NOT: onnx.node
  // CHECK: %[[TARGET:.*]] = onnx.constant dense<[2, -1]> : tensor<2xi64>
  // CHECK-NEXT: onnx.node "Reshape"(%{{.*}}, %[[TARGET]]) {{.*}} -> tensor<2x12xf32>
  %y = onnx.node "Reshape"(%x, %target) opset 12 : (tensor<2x3x4xf32>, !onnx.unknown) -> !onnx.unknown
  return %y : !onnx.unknown
}

// CHECK-LABEL: func.func @arithmetic
func.func @arithmetic() -> (!onnx.unknown, !onnx.unknown, !onnx.unknown) {
  %a = onnx.constant dense<[7, -8]> : tensor<2xi64>
  %b = onnx.constant dense<2> : tensor<i64>
  // CHECK-DAG: onnx.constant dense<[3, -4]> : tensor<2xi64>
  %c = onnx.node "Div"(%a, %b) opset 13 : (tensor<2xi64>, tensor<i64>) -> !onnx.unknown
  // CHECK-DAG: onnx.constant dense<[3.000000e+00, -4.000000e+00]> : tensor<2xf32>
  %d = onnx.node "Cast"(%c) opset 13 {to = 1 : i64} : (!onnx.unknown) -> !onnx.unknown
  // CHECK-DAG: onnx.constant dense<[true, false]> : tensor<2xi1>
  %e = onnx.node "Greater"(%a, %b) opset 13 : (tensor<2xi64>, tensor<i64>) -> !onnx.unknown
  return %c, %d, %e : !onnx.unknown, !onnx.unknown, !onnx.unknown
}

// CHECK-LABEL: func.func @movement
func.func @movement() -> (!onnx.unknown, !onnx.unknown, !onnx.unknown) {
  %a = onnx.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  // CHECK-DAG: dense<{{\[\[}}1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]>
  %b = onnx.node "Transpose"(%a) opset 13 : (tensor<2x3xf32>) -> !onnx.unknown
  // CHECK-DAG: dense<{{\[\[}}3.000000e+00, 1.000000e+00], [6.000000e+00, 4.000000e+00]]> : tensor<2x2xf32>
  %c = onnx.node "Slice"(%a) opset 9 {starts = array<i64: 0>, ends = array<i64: 3>, axes = array<i64: 0>} : (tensor<2x3xf32>) -> !onnx.unknown
  %starts = onnx.constant dense<-1> : tensor<1xi64>
  %ends = onnx.constant dense<-9223372036854775808> : tensor<1xi64>
  %axes = onnx.constant dense<1> : tensor<1xi64>
  %steps = onnx.constant dense<-2> : tensor<1xi64>
  %d = onnx.node "Slice"(%c, %starts, %ends, %axes, %steps) opset 13 : (!onnx.unknown, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
  return %b, %d, %d : !onnx.unknown, !onnx.unknown, !onnx.unknown
}

// Weights stored as integers are weights ...
// CHECK-LABEL: func.func @stored_weights
func.func @stored_weights() -> !onnx.unknown {
  %q = onnx.constant dense<[-2, 4]> : tensor<2xi8>
  %scale = onnx.constant dense<0.5> : tensor<f32>
  // CHECK: onnx.constant dense<[-1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  %w = onnx.node "DequantizeLinear"(%q, %scale) opset 13 : (tensor<2xi8>, tensor<f32>) -> !onnx.unknown
  return %w : !onnx.unknown
}

// ... but where activations are quantized they stay.
// CHECK-LABEL: func.func @quantized_layer
func.func @quantized_layer(%x: tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown) {
  %q = onnx.constant dense<[-2, 4]> : tensor<2xi8>
  %scale = onnx.constant dense<0.5> : tensor<f32>
  // CHECK: onnx.node "DequantizeLinear"{{.*}} -> tensor<2xf32>
  %w = onnx.node "DequantizeLinear"(%q, %scale) opset 13 : (tensor<2xi8>, tensor<f32>) -> !onnx.unknown
  // CHECK: onnx.node "QuantizeLinear"{{.*}} -> tensor<2xui8>
  %y = onnx.node "QuantizeLinear"(%x, %scale) opset 13 : (tensor<2xf32>, tensor<f32>) -> !onnx.unknown
  return %w, %y : !onnx.unknown, !onnx.unknown
}

// A branch that is known takes the place of its node.
// CHECK-LABEL: func.func @known_branch
func.func @known_branch(%x: tensor<2xf32>) -> !onnx.unknown {
  %c = onnx.constant dense<false> : tensor<i1>
  // CHECK-NOT: "If"
  // CHECK: onnx.node "Neg"(%{{.*}}) {{.*}} -> tensor<2xf32>
  // CHECK-NEXT: return
  %y = onnx.node "If"(%c) opset 13 : (tensor<i1>) -> !onnx.unknown graph "then_branch" {
    onnx.yield %x : tensor<2xf32>
  } graph "else_branch" {
    %a = onnx.node "Neg"(%x) opset 13 : (tensor<2xf32>) -> !onnx.unknown
    onnx.yield %a : !onnx.unknown
  }
  return %y : !onnx.unknown
}

// Where no rule of inference is written down, the kernel of the host is run: on constants for their
// value, on examples for the shape.
// CHECK-LABEL: func.func @by_kernel
func.func @by_kernel(%x: tensor<2x3xf32>) -> (!onnx.unknown, !onnx.unknown) {
  %a = onnx.constant dense<[3, 0, 5]> : tensor<3xi64>
  // CHECK-DAG: onnx.constant dense<{{\[\[}}0, 2]]> : tensor<1x2xi64>
  %b = onnx.node "NonZero"(%a) opset 13 : (tensor<3xi64>) -> !onnx.unknown
  // CHECK-DAG: onnx.node "Softsign"(%{{.*}}) {{.*}} -> tensor<2x3xf32>
  %c = onnx.node "Softsign"(%x) opset 13 : (tensor<2x3xf32>) -> !onnx.unknown
  return %b, %c : !onnx.unknown, !onnx.unknown
}

// Shape arithmetic that no rule folds, here a large splat among integers, is folded by the kernel.
// CHECK-LABEL: func.func @pads
func.func @pads() -> !onnx.unknown {
  %a = onnx.constant dense<[0, 64]> : tensor<2xi64>
  %zeros = onnx.constant dense<0> : tensor<2xi64>
  // CHECK: onnx.constant dense<[0, 64, 0, 0]> : tensor<4xi64>
  // CHECK-NEXT: return
  %p = onnx.node "Concat"(%a, %zeros) opset 15 {axis = 0 : i64} : (tensor<2xi64>, tensor<2xi64>) -> !onnx.unknown
  return %p : !onnx.unknown
}

// The type that a node is asked for; what becomes a float of 8 bits is for the kernel to round.
// CHECK-LABEL: func.func @asked_types
func.func @asked_types(%x: tensor<3xi4>) -> (!onnx.unknown, !onnx.unknown) {
  %s = onnx.constant dense<0.5> : tensor<f32>
  // CHECK: onnx.node "DequantizeLinear"{{.*}} -> tensor<3xf16>
  %y = onnx.node "DequantizeLinear"(%x, %s) opset 23 {output_dtype = 10 : i64} : (tensor<3xi4>, tensor<f32>) -> !onnx.unknown
  %c = onnx.constant dense<1.000000e+06> : tensor<2xf32>
  // CHECK: onnx.node "Cast"{{.*}} -> tensor<2xf8E4M3FN>
  %z = onnx.node "Cast"(%c) opset 19 {to = 17 : i64} : (tensor<2xf32>) -> !onnx.unknown
  return %y, %z : !onnx.unknown, !onnx.unknown
}
