// What has a form in TOSA and is refused: the host takes the node, and why is kept.

// RUN: pim-opt %s --convert-onnx-to-tosa --mlir-elide-resource-strings-if-larger=4 | FileCheck %s
// Blobs that are left out of the text do not survive a round trip.
// UNSUPPORTED: roundtrip

// CHECK-LABEL: func.func @bound
func.func @bound(%x: tensor<2x4xf32>, %y: tensor<f32>) -> !onnx.unknown {
  // CHECK: pim.reason = "Clip: bound 'min' is not a constant number, which is not supported"
  %r = onnx.node "Clip"(%x, %y) opset 13 : (tensor<2x4xf32>, tensor<f32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @element_types
func.func @element_types(%x: tensor<4xi8>) -> !onnx.unknown {
  // CHECK: pim.reason = "Add: computes with elements of type 'i8', expected f32 or i32, the same for both"
  %r = onnx.node "Add"(%x, %x) opset 14 : (tensor<4xi8>, tensor<4xi8>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @power
func.func @power(%x: tensor<4xi32>) -> !onnx.unknown {
  // CHECK: pim.reason = "Pow: raises integers, which is not supported"
  %r = onnx.node "Pow"(%x, %x) opset 13 : (tensor<4xi32>, tensor<4xi32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @quotient
func.func @quotient(%x: tensor<4xi32>) -> !onnx.unknown {
  // CHECK: pim.reason = "Div: divides integers, which is not supported"
  %r = onnx.node "Div"(%x, %x) opset 13 : (tensor<4xi32>, tensor<4xi32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @input_type
func.func @input_type(%x: tensor<4xi32>) -> !onnx.unknown {
  // CHECK: pim.reason = "Exp: input 0 has type 'tensor<4xi32>', expected floats"
  %r = onnx.node "Exp"(%x) opset 13 : (tensor<4xi32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @dilations
func.func @dilations(%x: tensor<1x4x8x8xf32>) -> !onnx.unknown {
  // CHECK: pim.reason = "MaxPool: has dilations, which are not supported"
  %r = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2>, dilations = array<i64: 2, 2>} : (tensor<1x4x8x8xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @padding
func.func @padding(%x: tensor<1x4x8x8xf32>) -> !onnx.unknown {
  // CHECK: pim.reason = "MaxPool: has padding as wide as its kernel, which is not supported"
  %r = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x8x8xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @pool_of_integers
func.func @pool_of_integers(%x: tensor<1x4x8x8xi8>) -> !onnx.unknown {
  // CHECK: pim.reason = "MaxPool: pools integers without a scale, which is not supported"
  %r = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2>} : (tensor<1x4x8x8xi8>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @training
func.func @training(%x: tensor<1x4x8x8xf32>) -> !onnx.unknown {
  %s = onnx.constant dense<1.0> : tensor<4xf32>
  %v = onnx.constant dense<1.0> : tensor<4xf32>
  // CHECK: pim.reason = "BatchNormalization: is in training mode or normalizes per activation, which is not supported"
  %r = onnx.node "BatchNormalization"(%x, %s, %s, %s, %v) opset 7 {spatial = 0 : i64} : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @parameters
func.func @parameters(%x: tensor<1x4x8x8xf32>, %y: tensor<4xf32>) -> !onnx.unknown {
  %s = onnx.constant dense<1.0> : tensor<4xf32>
  // CHECK: pim.reason = "BatchNormalization: input 4 is not constant, which is not supported"
  %r = onnx.node "BatchNormalization"(%x, %s, %s, %s, %y) opset 9 : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @variance
func.func @variance(%x: tensor<1x4x8x8xf32>) -> !onnx.unknown {
  %s = onnx.constant dense<1.0> : tensor<4xf32>
  %v = onnx.constant dense<-1.0> : tensor<4xf32>
  // CHECK: pim.reason = "BatchNormalization: the variance of channel 0 is not positive"
  %r = onnx.node "BatchNormalization"(%x, %s, %s, %s, %v) opset 9 : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @scale
func.func @scale(%x: tensor<2x4xf32>, %y: tensor<f32>) -> !onnx.unknown {
  // CHECK: pim.reason = "QuantizeLinear: scale and zero point are not constant, which is not supported"
  %r = onnx.node "QuantizeLinear"(%x, %y) opset 13 : (tensor<2x4xf32>, tensor<f32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @scale_value
func.func @scale_value(%x: tensor<2x4xf32>) -> !onnx.unknown {
  %k = onnx.constant dense<0.0> : tensor<f32>
  // CHECK: pim.reason = "QuantizeLinear: scale 0 is 0.000000e+00, expected a positive number"
  %r = onnx.node "QuantizeLinear"(%x, %k) opset 13 : (tensor<2x4xf32>, tensor<f32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @channels
func.func @channels(%x: tensor<2x4xf32>) -> !onnx.unknown {
  %k = onnx.constant dense<0.5> : tensor<4xf32>
  // CHECK: pim.reason = "QuantizeLinear: quantizes an activation per channel, which is not supported"
  %r = onnx.node "QuantizeLinear"(%x, %k) opset 13 : (tensor<2x4xf32>, tensor<4xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @foreign_integers
func.func @foreign_integers(%x: tensor<2x4xf32>) -> !onnx.unknown {
  %k = onnx.constant dense<0.5> : tensor<f32>
  %q = onnx.node "Cast"(%x) opset 13 {to = 3 : i64} : (tensor<2x4xf32>) -> tensor<2x4xi8>
  // CHECK: pim.reason = "DequantizeLinear: reads integers of type 'i8' that no QuantizeLinear has made"
  %r = onnx.node "DequantizeLinear"(%q, %k) opset 13 : (tensor<2x4xi8>, tensor<f32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @integer_channels
func.func @integer_channels(%x: tensor<2x4xi8>) -> !onnx.unknown {
  %k = onnx.constant dense<0.5> : tensor<4xf32>
  // CHECK: pim.reason = "DequantizeLinear: reads an activation quantized per channel, which is not supported"
  %r = onnx.node "DequantizeLinear"(%x, %k) opset 13 : (tensor<2x4xi8>, tensor<4xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @dropout
func.func @dropout(%x: tensor<2x4xf32>, %y: tensor<i1>) -> !onnx.unknown {
  %n = onnx.none
  // CHECK: pim.reason = "Dropout: may be in training mode, which is not supported"
  %r = onnx.node "Dropout"(%x, %n, %y) opset 13 : (tensor<2x4xf32>, none, tensor<i1>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @pad_mode
func.func @pad_mode(%x: tensor<2x4xf32>) -> !onnx.unknown {
  // CHECK: pim.reason = "Pad: mode 'reflect' is not supported"
  %r = onnx.node "Pad"(%x) opset 2 {mode = "reflect", pads = array<i64: 0, 1, 0, 1>} : (tensor<2x4xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @pad_value
func.func @pad_value(%x: tensor<2x4xf32>, %y: tensor<f32>) -> !onnx.unknown {
  %k = onnx.constant dense<1> : tensor<4xi64>
  // CHECK: pim.reason = "Pad: the value to pad with is not a constant number, which is not supported"
  %r = onnx.node "Pad"(%x, %k, %y) opset 13 : (tensor<2x4xf32>, tensor<4xi64>, tensor<f32>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @unequal_scales
func.func @unequal_scales(%x: tensor<2x4xf32>) -> !onnx.unknown {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %t = onnx.constant dense<0.25> : tensor<f32>
  %z = onnx.constant dense<0> : tensor<i8>
  %a = onnx.node "QuantizeLinear"(%x, %s, %z) opset 13 : (tensor<2x4xf32>, tensor<f32>, tensor<i8>) -> !onnx.unknown
  %b = onnx.node "QuantizeLinear"(%x, %t, %z) opset 13 : (tensor<2x4xf32>, tensor<f32>, tensor<i8>) -> !onnx.unknown
  // CHECK: pim.reason = "Concat: joins integers of different scales, which is not supported"
  %r = onnx.node "Concat"(%a, %b) opset 13 {axis = 0 : i64} : (!onnx.unknown, !onnx.unknown) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @steps
func.func @steps(%x: tensor<2x4xf32>) -> !onnx.unknown {
  %s = onnx.constant dense<0.5> : tensor<f32>
  %z = onnx.constant dense<0> : tensor<i8>
  %from = onnx.constant dense<0> : tensor<1xi64>
  %to = onnx.constant dense<4> : tensor<1xi64>
  %axis = onnx.constant dense<1> : tensor<1xi64>
  %step = onnx.constant dense<2> : tensor<1xi64>
  %a = onnx.node "QuantizeLinear"(%x, %s, %z) opset 13 : (tensor<2x4xf32>, tensor<f32>, tensor<i8>) -> !onnx.unknown
  // CHECK: pim.reason = "Slice: takes steps over quantized integers, which is not supported"
  %r = onnx.node "Slice"(%a, %from, %to, %axis, %step) opset 13 : (!onnx.unknown, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @cuts_all
func.func @cuts_all(%x: tensor<4xf32>) -> !onnx.unknown {
  %p = onnx.constant dense<[-4, 2]> : tensor<2xi64>
  // CHECK: pim.reason = "Pad: cuts off all of a dimension of 4 elements"
  %r = onnx.node "Pad"(%x, %p) opset 13 : (tensor<4xf32>, tensor<2xi64>) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @padding_alone
func.func @padding_alone(%x: tensor<1x1x4x4xf32>) -> !onnx.unknown {
  %w = onnx.constant dense<1.0> : tensor<1x1x1x1xf32>
  // CHECK: pim.reason = "Conv: has a window that lies in the padding alone, which is not supported"
  %r = onnx.node "Conv"(%x, %w) opset 13 {pads = array<i64: 1, 1, 0, 0>, strides = array<i64: 10, 10>} : (tensor<1x1x4x4xf32>, tensor<1x1x1x1xf32>) -> !onnx.unknown
  return %r : !onnx.unknown
}
