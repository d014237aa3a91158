// RUN: pim-opt %s --convert-onnx-to-tosa --split-input-file --verify-diagnostics

// All nodes that neither TOSA nor the host has a form for, in one error.
// expected-error @+1 {{3 nodes have operators that are not supported: Frobnicate (opset 13, node 'a'), com.example.Relu (opset 1, node 'b'), ImageDecoder (opset 20, node unnamed)}}
module {
  func.func @unsupported(%x: tensor<4xf32>) -> !onnx.unknown {
    %a = onnx.node "Frobnicate"(%x) opset 13 : (tensor<4xf32>) -> !onnx.unknown loc("a")
    %b = onnx.node "Relu"(%a) domain "com.example" opset 1 : (!onnx.unknown) -> !onnx.unknown loc("b")
    %c = onnx.node "ImageDecoder"(%b) opset 20 : (!onnx.unknown) -> !onnx.unknown
    return %c : !onnx.unknown
  }
}

// -----

// expected-error @+1 {{input 0 has type 'tensor<?xf32>', which has no form in TOSA}}
func.func @argument(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = onnx.node "Identity"(%x) opset 14 : (tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// A part without elements.
func.func @empty(%x: tensor<4xf32>) -> (!onnx.unknown, !onnx.unknown) {
  %sizes = onnx.constant dense<[4, 0]> : tensor<2xi64>
  // expected-error @+1 {{Split: its result of type 'tensor<0xf32>' has no elements, which only --target host takes}}
  %a, %b = onnx.node "Split"(%x, %sizes) opset 13 {axis = 0 : i64} : (tensor<4xf32>, tensor<2xi64>) -> (!onnx.unknown, !onnx.unknown)
  return %a, %b : !onnx.unknown, !onnx.unknown
}

// -----

// On the chip's side of an island shapes are fixed.
func.func @data_dependent(%x: tensor<4xf32>) -> !onnx.unknown {
  // expected-error @+1 {{NonZero: the type of its result is '!onnx.unknown', expected a tensor of static shape (no form in TOSA)}}
  %y = onnx.node "NonZero"(%x) opset 13 : (tensor<4xf32>) -> !onnx.unknown
  return %y : !onnx.unknown
}

// -----

// Operators of another dialect have no values that nodes could read.
func.func @mixed(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = onnx.node "Relu"(%x) opset 14 : (tensor<4xf32>) -> tensor<4xf32>
  // expected-error @+1 {{'tosa.exp' op is no operator of ONNX, but its function has some; write all of them in one dialect}}
  %1 = tosa.exp %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
