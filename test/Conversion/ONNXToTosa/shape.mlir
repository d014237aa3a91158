// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// CHECK-LABEL: func.func @reshapes
func.func @reshapes(%x: tensor<1x2x3x1xf32>) -> (tensor<1x6xf32>, tensor<2x3xf32>, tensor<1x1x2x3x1xf32>) {
  // CHECK: tosa.reshape {{.*}} -> tensor<1x6xf32>
  %a = onnx.node "Flatten"(%x) opset 13 : (tensor<1x2x3x1xf32>) -> tensor<1x6xf32>
  // CHECK: tosa.reshape {{.*}} -> tensor<2x3xf32>
  %b = onnx.node "Squeeze"(%x) opset 11 {axes = array<i64: 0, -1>} : (tensor<1x2x3x1xf32>) -> tensor<2x3xf32>
  %axes = onnx.constant dense<0> : tensor<1xi64>
  // CHECK: tosa.reshape {{.*}} -> tensor<1x1x2x3x1xf32>
  %c = onnx.node "Unsqueeze"(%x, %axes) opset 13 : (tensor<1x2x3x1xf32>, tensor<1xi64>) -> tensor<1x1x2x3x1xf32>
  return %a, %b, %c : tensor<1x6xf32>, tensor<2x3xf32>, tensor<1x1x2x3x1xf32>
}

// CHECK-LABEL: func.func @pass_on
// CHECK-NEXT: return
func.func @pass_on(%x: tensor<4xf32>) -> tensor<4xf32> {
  %ratio = onnx.constant dense<0.5> : tensor<f32>
  %a = onnx.node "Identity"(%x) opset 13 : (tensor<4xf32>) -> tensor<4xf32>
  %b = onnx.node "Dropout"(%a, %ratio) opset 13 : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %b : tensor<4xf32>
}

// CHECK-LABEL: func.func @concat
func.func @concat(%x: tensor<1x2x3xf32>, %z: tensor<1x4x3xf32>) -> tensor<1x6x3xf32> {
  // CHECK: tosa.concat %{{.*}}, %{{.*}} {axis = 1 : i32}
  %y = onnx.node "Concat"(%x, %z) opset 13 {axis = -2 : i64} : (tensor<1x2x3xf32>, tensor<1x4x3xf32>) -> tensor<1x6x3xf32>
  return %y : tensor<1x6x3xf32>
}

// The shortcut of a CIFAR ResNet: every second row and column, then channels of zeros.
// CHECK-LABEL: func.func @shortcut
func.func @shortcut(%x: tensor<1x4x8x8xf32>) -> tensor<1x8x4x4xf32> {
  %starts = onnx.constant dense<0> : tensor<2xi64>
  %ends = onnx.constant dense<2147483647> : tensor<2xi64>
  %axes = onnx.constant dense<[2, 3]> : tensor<2xi64>
  %steps = onnx.constant dense<2> : tensor<2xi64>
  // CHECK: tosa.slice {{.*}} -> tensor<1x4x7x7xf32>
  // CHECK: tosa.max_pool2d {{.*}}kernel = array<i64: 1, 1>{{.*}}stride = array<i64: 2, 2>{{.*}} -> tensor<1x4x4x4xf32>
  %s = onnx.node "Slice"(%x, %starts, %ends, %axes, %steps) opset 13 : (tensor<1x4x8x8xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<1x4x4x4xf32>
  %pads = onnx.constant dense<[0, 2, 0, 0, 0, 2, 0, 0]> : tensor<8xi64>
  // CHECK: %[[PADS:.*]] = tosa.const_shape {values = dense<[0, 0, 2, 2, 0, 0, 0, 0]>
  // CHECK: tosa.pad %{{.*}}, %[[PADS]], %{{.*}} -> tensor<1x8x4x4xf32>
  %y = onnx.node "Pad"(%s, %pads) opset 13 : (tensor<1x4x4x4xf32>, tensor<8xi64>) -> tensor<1x8x4x4xf32>
  return %y : tensor<1x8x4x4xf32>
}

// Other steps are reshapes, backward ones begin with a reverse.
// CHECK-LABEL: func.func @steps
func.func @steps(%x: tensor<7x2xf32>) -> tensor<3x2xf32> {
  %starts = onnx.constant dense<-1> : tensor<1xi64>
  %ends = onnx.constant dense<0> : tensor<1xi64>
  %axes = onnx.constant dense<0> : tensor<1xi64>
  %steps = onnx.constant dense<-2> : tensor<1xi64>
  // CHECK: tosa.reverse %{{.*}} {axis = 0 : i32}
  // CHECK: tosa.slice {{.*}} -> tensor<5x2xf32>
  // CHECK: tosa.pad {{.*}} -> tensor<6x2xf32>
  // CHECK: tosa.reshape {{.*}} -> tensor<3x2x2xf32>
  // CHECK: tosa.slice {{.*}} -> tensor<3x1x2xf32>
  // CHECK: tosa.reshape {{.*}} -> tensor<3x2xf32>
  %y = onnx.node "Slice"(%x, %starts, %ends, %axes, %steps) opset 13 : (tensor<7x2xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @crop
func.func @crop(%x: tensor<4xf32>) -> tensor<5xf32> {
  // CHECK: tosa.slice {{.*}} -> tensor<3xf32>
  // CHECK: dense<1.500000e+00> : tensor<1xf32>
  // CHECK: tosa.pad {{.*}} -> tensor<5xf32>
  %y = onnx.node "Pad"(%x) opset 10 {pads = array<i64: -1, 2>, value = 1.5 : f32} : (tensor<4xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// A graph without nodes: integers of 64 bits have 32 on chips there too.
// CHECK-LABEL: func.func @nothing(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xi32>) -> tensor<2x3xi32>
// CHECK: return %[[X]]
func.func @nothing(%x: tensor<2x3xi64>) -> tensor<2x3xi64> {
  return %x : tensor<2x3xi64>
}
