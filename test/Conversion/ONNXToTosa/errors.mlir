// RUN: pim-opt %s --convert-onnx-to-tosa --split-input-file --verify-diagnostics

// All nodes without a handler, in one error.
// expected-error @+1 {{3 nodes have operators that is not supported: Frobnicate (opset 13, node 'a'), com.example.Relu (opset 1, node 'b'), Softsign (opset 13, node unnamed)}}
module {
  func.func @unsupported(%x: tensor<4xf32>) -> !onnx.unknown {
    %a = onnx.node "Frobnicate"(%x) opset 13 : (tensor<4xf32>) -> !onnx.unknown loc("a")
    %b = onnx.node "Relu"(%a) domain "com.example" opset 1 : (!onnx.unknown) -> !onnx.unknown loc("b")
    %c = onnx.node "Softsign"(%b) opset 13 : (!onnx.unknown) -> !onnx.unknown
    return %c : !onnx.unknown
  }
}

// -----

func.func @pool_3d(%x: tensor<1x1x4x4x4xf32>) -> tensor<1x1x2x2x2xf32> {
  // expected-error @+1 {{MaxPool: has 3 spatial dimensions, which is not supported}}
  %y = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2, 2>, strides = array<i64: 2, 2, 2>} : (tensor<1x1x4x4x4xf32>) -> tensor<1x1x2x2x2xf32>
  return %y : tensor<1x1x2x2x2xf32>
}

// -----

func.func @pool_dilations(%x: tensor<1x1x8x8xf32>) -> tensor<1x1x6x6xf32> {
  // expected-error @+1 {{MaxPool: has dilations, which are not supported}}
  %y = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2>, dilations = array<i64: 2, 2>} : (tensor<1x1x8x8xf32>) -> tensor<1x1x6x6xf32>
  return %y : tensor<1x1x6x6xf32>
}

// -----

func.func @indices(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x2xi64> {
  // expected-error @+1 {{MaxPool: output 1 is used, which is not supported}}
  %y, %i = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x1x4x4xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>)
  return %i : tensor<1x1x2x2xi64>
}

// -----

func.func @clip_bound(%x: tensor<4xf32>, %max: tensor<f32>) -> tensor<4xf32> {
  %none = onnx.none
  // expected-error @+1 {{Clip: bound 'max' is not a constant number, which is not supported}}
  %y = onnx.node "Clip"(%x, %none, %max) opset 13 : (tensor<4xf32>, none, tensor<f32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @pad_mode(%x: tensor<4xf32>) -> tensor<6xf32> {
  // expected-error @+1 {{Pad: mode 'reflect' is not supported}}
  %y = onnx.node "Pad"(%x) opset 10 {mode = "reflect", pads = array<i64: 1, 1>} : (tensor<4xf32>) -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @training(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %p = onnx.constant dense<1.0> : tensor<1xf32>
  // expected-error @+1 {{BatchNormalization: is in training mode or normalizes per activation, which is not supported}}
  %y = onnx.node "BatchNormalization"(%x, %p, %p, %p, %p) opset 14 {training_mode = 1 : i64} : (tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}

// -----

func.func @variance(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %p = onnx.constant dense<-1.0> : tensor<1xf32>
  // expected-error @+1 {{BatchNormalization: the variance of channel 0 is not positive}}
  %y = onnx.node "BatchNormalization"(%x, %p, %p, %p, %p) opset 13 : (tensor<1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}

// -----

func.func @scale(%x: tensor<4xf32>) -> tensor<4xui8> {
  %scale = onnx.constant dense<0.0> : tensor<f32>
  // expected-error @+1 {{QuantizeLinear: scale 0 is 0.000000e+00, expected a positive number}}
  %y = onnx.node "QuantizeLinear"(%x, %scale) opset 13 : (tensor<4xf32>, tensor<f32>) -> tensor<4xui8>
  return %y : tensor<4xui8>
}

// -----

func.func @element_type(%x: tensor<4xi8>, %z: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{Add: computes with elements of type 'i8', expected f32 or i32, the same for both}}
  %y = onnx.node "Add"(%x, %z) opset 14 : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// -----

// expected-error @+1 {{input 0 has type 'tensor<4xi64>', which has no form in TOSA}}
func.func @argument(%x: tensor<4xi64>) -> tensor<4xi64> {
  %y = onnx.node "Identity"(%x) opset 14 : (tensor<4xi64>) -> tensor<4xi64>
  return %y : tensor<4xi64>
}
