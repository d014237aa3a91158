// RUN: pim-opt %s --split-input-file --verify-diagnostics

func.func @node_c1(%x: tensor<4xf32>) {
  // expected-error @+1 {{'onnx.node' op has no operator}}
  %y = onnx.node ""(%x) opset 13 : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @node_c2(%x: tensor<4xf32>) {
  // expected-error @+1 {{attribute 'opset' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  %y = onnx.node "Relu"(%x) opset 0 : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @node_c3(%x: tensor<4xf32>) {
  // expected-error @+1 {{attribute 'axis' is 1 : i32, expected an i64, f32, string, array<i64>, array<f32>, array of strings or tensor}}
  %y = onnx.node "Softmax"(%x) opset 13 {axis = 1 : i32} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @node_input(%x: f32) {
  // expected-error @+1 {{operand #0 must be variadic of}}
  %y = onnx.node "Relu"(%x) opset 13 : (f32) -> tensor<4xf32>
  return
}

// -----

func.func @constant_type() {
  // expected-error @+1 {{has a value of type 'tensor<2xf32>' and a result of type 'tensor<3xf32>'}}
  %w = "onnx.constant"() {value = dense<0.0> : tensor<2xf32>} : () -> tensor<3xf32>
  return
}

// -----

func.func @node_c4_names(%x: tensor<i1>) {
  // expected-error @+1 {{has 1 sub-graphs and 0 names for them}}
  "onnx.node"(%x) ({
    onnx.yield
  }) {op_type = "If", opset = 13 : i64, node_attrs = {}, graph_names = []} : (tensor<i1>) -> ()
  return
}

// -----

func.func @node_c4_yield(%x: tensor<i1>) {
  // expected-error @+1 {{has a sub-graph that does not end in onnx.yield}}
  "onnx.node"(%x) ({
    %y = onnx.none
  }) {op_type = "If", opset = 13 : i64, node_attrs = {}, graph_names = ["then_branch"]} : (tensor<i1>) -> ()
  return
}
