// RUN: pim-opt %s --pim-onnx-simplify --split-input-file --verify-diagnostics

func.func @broadcast(%a: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error @+1 {{Add: inputs of shape 2x3 and 2 do not broadcast}}
  %y = onnx.node "Add"(%a, %b) opset 13 : (tensor<2x3xf32>, tensor<2xf32>) -> !onnx.unknown
  return
}

// -----

func.func @reshape(%a: tensor<2x3xf32>) {
  %shape = onnx.constant dense<[4, -1]> : tensor<2xi64>
  // expected-error @+1 {{Reshape: cannot make 2x3 into 4x-1}}
  %y = onnx.node "Reshape"(%a, %shape) opset 13 : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
  return
}

// -----

func.func @groups(%a: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{Conv: weights of shape 6x4x3x3 and 2 groups do not fit an input of 4 channels}}
  %y = onnx.node "Conv"(%a, %w) opset 13 {group = 2 : i64} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @window(%a: tensor<1x4x2x2xf32>) {
  // expected-error @+1 {{MaxPool: a window of 3 elements does not fit an input of 2 with padding 0 and 0}}
  %y = onnx.node "MaxPool"(%a) opset 13 {kernel_shape = array<i64: 3, 3>} : (tensor<1x4x2x2xf32>) -> !onnx.unknown
  return
}

// -----

func.func @stride(%a: tensor<1x4x2x2xf32>) {
  // expected-error @+1 {{MaxPool: attribute 'strides' has value 0, expected at least 1}}
  %y = onnx.node "MaxPool"(%a) opset 13 {kernel_shape = array<i64: 2, 2>, strides = array<i64: 0, 1>} : (tensor<1x4x2x2xf32>) -> !onnx.unknown
  return
}

// -----

func.func @attribute_kind(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{Concat: attribute 'axis' is "first", expected an integer}}
  %y = onnx.node "Concat"(%a, %a) opset 13 {axis = "first"} : (tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @axis(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{Transpose: axis 2 is outside a tensor of 2 dimensions}}
  %y = onnx.node "Transpose"(%a) opset 13 {perm = array<i64: 0, 2>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @scales(%a: tensor<2x3xf32>) {
  %scale = onnx.constant dense<0.5> : tensor<2xf32>
  // expected-error @+1 {{QuantizeLinear: has scales of shape 2, expected one or, for dimension 1 of 2x3, 3}}
  %y = onnx.node "QuantizeLinear"(%a, %scale) opset 13 {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2xf32>) -> !onnx.unknown
  return
}

// -----

func.func @too_large() {
  %shape = onnx.constant dense<[4294967296, 4294967296]> : tensor<2xi64>
  // expected-error @+1 {{ConstantOfShape: the result would have shape 4294967296x4294967296, which is empty or too large}}
  %y = onnx.node "ConstantOfShape"(%shape) opset 13 : (tensor<2xi64>) -> !onnx.unknown
  return
}
