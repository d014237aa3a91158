// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// Operands of lower rank get leading dimensions of one; constants at once.
// CHECK-LABEL: func.func @broadcast
func.func @broadcast(%x: tensor<1x2x3x3xf32>, %z: tensor<3xf32>) -> (tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>) {
  %c = onnx.constant dense<1.0> : tensor<2x1x1xf32>
  // CHECK: "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x2x1x1xf32>}>
  // CHECK: tosa.add {{.*}} (tensor<1x2x3x3xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x3x3xf32>
  %a = onnx.node "Add"(%x, %c) opset 13 : (tensor<1x2x3x3xf32>, tensor<2x1x1xf32>) -> tensor<1x2x3x3xf32>
  // CHECK: %[[Z:.*]] = tosa.reshape {{.*}} -> tensor<1x1x1x3xf32>
  // CHECK: tosa.sub %[[Z]], %{{.*}} (tensor<1x1x1x3xf32>, tensor<1x2x3x3xf32>)
  %b = onnx.node "Sub"(%z, %x) opset 13 : (tensor<3xf32>, tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  return %a, %b : tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>
}

// CHECK-LABEL: func.func @divide
func.func @divide(%x: tensor<2xf32>, %z: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %c = onnx.constant dense<4.0> : tensor<2xf32>
  // CHECK: %[[C:.*]] = "tosa.const"() <{values = dense<2.500000e-01> : tensor<2xf32>}>
  // CHECK: tosa.mul %{{.*}}, %[[C]], %{{.*}}
  %a = onnx.node "Div"(%x, %c) opset 13 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK: %[[R:.*]] = tosa.reciprocal
  // CHECK: tosa.mul %{{.*}}, %[[R]], %{{.*}}
  %b = onnx.node "Div"(%x, %z) opset 13 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %a, %b : tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @others
func.func @others(%x: tensor<2xf32>, %z: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  // CHECK: tosa.maximum
  // CHECK: tosa.maximum
  %a = onnx.node "Max"(%x, %z, %x) opset 13 : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK: %[[HALF:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1xf32>}>
  // CHECK: tosa.pow %{{.*}}, %[[HALF]]
  %b = onnx.node "Sqrt"(%x) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
  // CHECK: tosa.exp
  %c = onnx.node "Exp"(%x) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
  return %a, %b, %c : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// Other floats become f32, at the border too.
// CHECK-LABEL: func.func @half
// CHECK-SAME: (%{{.*}}: tensor<2xf32>) -> tensor<2xf32>
func.func @half(%x: tensor<2xf16>) -> tensor<2xf16> {
  %c = onnx.constant dense<0.5> : tensor<2xf16>
  // CHECK: dense<5.000000e-01> : tensor<2xf32>
  %y = onnx.node "Mul"(%x, %c) opset 13 : (tensor<2xf16>, tensor<2xf16>) -> tensor<2xf16>
  return %y : tensor<2xf16>
}
