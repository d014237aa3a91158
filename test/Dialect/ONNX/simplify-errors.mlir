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

// -----

func.func @element_types(%x: tensor<2x3xf32>, %y: tensor<2x3xi64>) {
  // expected-error @+1 {{Mul: inputs have elements of types 'f32' and 'i64', expected the same}}
  %r = onnx.node "Mul"(%x, %y) opset 13 : (tensor<2x3xf32>, tensor<2x3xi64>) -> !onnx.unknown
  return
}

// -----

func.func @condition(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Where: inputs have elements of types 'f32', 'f32' and 'f32', expected i1 and twice the same}}
  %r = onnx.node "Where"(%x, %x, %x) opset 13 : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @cast(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Cast: attribute 'to' is 99, which is not a supported element type}}
  %r = onnx.node "Cast"(%x) opset 13 {to = 99 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @zero_points(%x: tensor<2x3xf32>, %y: tensor<f32>, %z: tensor<3xi8>) {
  // expected-error @+1 {{QuantizeLinear: has 1 scales and 3 zero points}}
  %r = onnx.node "QuantizeLinear"(%x, %y, %z) opset 13 : (tensor<2x3xf32>, tensor<f32>, tensor<3xi8>) -> !onnx.unknown
  return
}

// -----

func.func @quantized_to(%x: tensor<2x3xf32>, %y: tensor<f32>, %z: tensor<f32>) {
  // expected-error @+1 {{QuantizeLinear: quantizes to a type that is not supported}}
  %r = onnx.node "QuantizeLinear"(%x, %y, %z) opset 13 : (tensor<2x3xf32>, tensor<f32>, tensor<f32>) -> !onnx.unknown
  return
}

// -----

func.func @dequantized_to(%x: tensor<2x3xi8>, %y: tensor<f32>) {
  // expected-error @+1 {{DequantizeLinear: gives elements of a type that is not supported}}
  %r = onnx.node "DequantizeLinear"(%x, %y) opset 23 {output_dtype = 7 : i64} : (tensor<2x3xi8>, tensor<f32>) -> !onnx.unknown
  return
}

// -----

func.func @product(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{MatMul: inputs of shape 2x3 and 2x3 cannot be multiplied}}
  %r = onnx.node "MatMul"(%x, %x) opset 13 : (tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @gemm(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Gemm: inputs of shape 2x3 and 2x3 cannot be multiplied}}
  %r = onnx.node "Gemm"(%x, %x) opset 13 : (tensor<2x3xf32>, tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @gemm_bias(%x: tensor<1x3xf32>, %y: tensor<3x2xf32>, %z: tensor<3x1xf32>) {
  // expected-error @+1 {{Gemm: input 2 of shape 3x1 does not broadcast to 1x2}}
  %r = onnx.node "Gemm"(%x, %y, %z) opset 13 : (tensor<1x3xf32>, tensor<3x2xf32>, tensor<3x1xf32>) -> !onnx.unknown
  return
}

// -----

func.func @squeeze(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Squeeze: dimension 1 of 2x3 is not 1 and cannot be dropped}}
  %r = onnx.node "Squeeze"(%x) opset 11 {axes = array<i64: 1>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @axis_twice(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{ReduceSum: axis -1 is named twice}}
  %r = onnx.node "ReduceSum"(%x) opset 11 {axes = array<i64: 1, -1>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @permutation(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Transpose: attribute 'perm' has 1 values, expected 2}}
  %r = onnx.node "Transpose"(%x) opset 13 {perm = array<i64: 1>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @concat(%x: tensor<2x3xf32>, %y: tensor<4x4xf32>) {
  // expected-error @+1 {{Concat: inputs of types 'tensor<2x3xf32>' and 'tensor<4x4xf32>' cannot be joined along dimension 0}}
  %r = onnx.node "Concat"(%x, %y) opset 13 {axis = 0 : i64} : (tensor<2x3xf32>, tensor<4x4xf32>) -> !onnx.unknown
  return
}

// -----

func.func @gather(%x: tensor<2x3xf32>, %y: tensor<1xf32>) {
  // expected-error @+1 {{Gather: indices have type 'tensor<1xf32>', expected integers}}
  %r = onnx.node "Gather"(%x, %y) opset 13 : (tensor<2x3xf32>, tensor<1xf32>) -> !onnx.unknown
  return
}

// -----

func.func @range_input(%x: tensor<i64>) {
  // expected-error @+1 {{Range: input 0 is not a constant number, which is not supported}}
  %r = onnx.node "Range"(%x, %x, %x) opset 13 : (tensor<i64>, tensor<i64>, tensor<i64>) -> !onnx.unknown
  return
}

// -----

func.func @range() {
  %k = onnx.constant dense<0> : tensor<i64>
  // expected-error @+1 {{Range: the result would be empty or too large}}
  %r = onnx.node "Range"(%k, %k, %k) opset 13 : (tensor<i64>, tensor<i64>, tensor<i64>) -> !onnx.unknown
  return
}

// -----

func.func @shape_input(%x: tensor<2x3xf32>, %y: tensor<2xi64>) {
  // expected-error @+1 {{Expand: the shape is not constant, which is not supported}}
  %r = onnx.node "Expand"(%x, %y) opset 13 : (tensor<2x3xf32>, tensor<2xi64>) -> !onnx.unknown
  return
}

// -----

func.func @shape_type(%x: tensor<2x3xf32>) {
  %k = onnx.constant dense<1.0> : tensor<2xf32>
  // expected-error @+1 {{Expand: the shape has type 'tensor<2xf32>', expected a list of integers}}
  %r = onnx.node "Expand"(%x, %k) opset 13 : (tensor<2x3xf32>, tensor<2xf32>) -> !onnx.unknown
  return
}

// -----

func.func @inputs(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Mul: has 1 inputs, expected 2}}
  %r = onnx.node "Mul"(%x) opset 13 : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @input_absent(%x: tensor<2x3xf32>) {
  %n = onnx.none
  // expected-error @+1 {{Mul: input 1 is missing}}
  %r = onnx.node "Mul"(%x, %n) opset 13 : (tensor<2x3xf32>, none) -> !onnx.unknown
  return
}

// -----

func.func @rank(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{MaxPool: input 0 has 2 dimensions (2x3), expected 3 to 5}}
  %r = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 1>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @list(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Transpose: attribute 'perm' is 1 : i64, expected a list of integers}}
  %r = onnx.node "Transpose"(%x) opset 13 {perm = 1 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @slice(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Slice: has 2 starts, 1 ends, 2 axes and 2 steps, expected as many of each}}
  %r = onnx.node "Slice"(%x) opset 9 {starts = array<i64: 0, 0>, ends = array<i64: 1>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @slice_step(%x: tensor<2x3xf32>) {
  %k = onnx.constant dense<0> : tensor<1xi64>
  // expected-error @+1 {{Slice: has a step of 0}}
  %r = onnx.node "Slice"(%x, %k, %k, %k, %k) opset 13 : (tensor<2x3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
  return
}

// -----

func.func @pads(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Pad: has 3 pads, expected 4}}
  %r = onnx.node "Pad"(%x) opset 2 {pads = array<i64: 0, 0, 1>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @pads_size(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{Pad: has pads that are too large}}
  %r = onnx.node "Pad"(%x) opset 2 {pads = array<i64: 0, 0, 9223372036854775807, 0>} : (tensor<2x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @kernel(%x: tensor<1x4x8x8xf32>) {
  // expected-error @+1 {{MaxPool: attribute 'kernel_shape' is missing}}
  %r = onnx.node "MaxPool"(%x) opset 13 : (tensor<1x4x8x8xf32>) -> !onnx.unknown
  return
}

// -----

func.func @kernel_size(%x: tensor<1x4x8x8xf32>) {
  // expected-error @+1 {{MaxPool: attribute 'kernel_shape' has 1 values, expected 2}}
  %r = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2>} : (tensor<1x4x8x8xf32>) -> !onnx.unknown
  return
}

// -----

func.func @kernel_of_weights(%x: tensor<1x4x8x8xf32>, %y: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{Conv: attribute 'kernel_shape' is 2x2, but the weights are 3x3}}
  %r = onnx.node "Conv"(%x, %y) opset 13 {kernel_shape = array<i64: 2, 2>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> !onnx.unknown
  return
}

// -----

func.func @auto_pad(%x: tensor<1x4x8x8xf32>) {
  // expected-error @+1 {{MaxPool: attribute 'auto_pad' is 'MOST', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID}}
  %r = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2>, auto_pad = "MOST"} : (tensor<1x4x8x8xf32>) -> !onnx.unknown
  return
}

// -----

func.func @weights_type(%x: tensor<1x4x8x8xf32>, %y: tensor<6x4x3x3xi8>) {
  // expected-error @+1 {{Conv: inputs have elements of types 'f32' and 'i8', expected floats, the same for both}}
  %r = onnx.node "Conv"(%x, %y) opset 13 : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xi8>) -> !onnx.unknown
  return
}

// -----

func.func @bias(%x: tensor<1x4x8x8xf32>, %y: tensor<6x4x3x3xf32>, %z: tensor<5xf32>) {
  // expected-error @+1 {{Conv: the bias has type 'tensor<5xf32>', expected 6 elements of type 'f32'}}
  %r = onnx.node "Conv"(%x, %y, %z) opset 13 : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>, tensor<5xf32>) -> !onnx.unknown
  return
}

// -----

func.func @mean_variance(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{MeanVarianceNormalization: input 0 has shape 2x3x4, but without 'axes' it normalizes over dimensions 0, 2 and 3}}
  %r = onnx.node "MeanVarianceNormalization"(%x) opset 13 : (tensor<2x3x4xf32>) -> !onnx.unknown
  return
}

// -----

func.func @mean_variance_axes(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{MeanVarianceNormalization: axis 3 is outside a tensor of 3 dimensions}}
  %r = onnx.node "MeanVarianceNormalization"(%x) opset 13 {axes = array<i64: 0, 3>} : (tensor<2x3x4xf32>) -> !onnx.unknown
  return
}

// -----

// expected-error @+1 {{expected a function of one block}}
func.func @two_blocks(%x: tensor<2x3xf32>) {
  cf.br ^bb1
^bb1:
  return
}
