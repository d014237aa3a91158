// RUN: pim-opt %s --pim-onnx-simplify | FileCheck %s

// Two iterations; what is carried goes from one to the next, what is scanned is stacked. The number of the iteration
// folds.
// CHECK-LABEL: func.func @loop
func.func @loop(%x: tensor<2xf32>, %y: tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown) {
  %count = onnx.constant dense<2> : tensor<i64>
  %true = onnx.constant dense<true> : tensor<i1>
  // CHECK-NOT: "Loop"
  // CHECK: %[[A:.*]] = onnx.node "Add"(%arg0, %arg1)
  // CHECK: %[[M0:.*]] = onnx.node "Mul"(%[[A]], %{{.*}})
  // CHECK: %[[B:.*]] = onnx.node "Add"(%[[A]], %arg1)
  // CHECK: %[[M1:.*]] = onnx.node "Mul"(%[[B]], %{{.*}})
  // CHECK: %[[U0:.*]] = onnx.node "Unsqueeze"(%[[M0]]
  // CHECK: %[[U1:.*]] = onnx.node "Unsqueeze"(%[[M1]]
  // CHECK: %[[S:.*]] = onnx.node "Concat"(%[[U0]], %[[U1]]) {{.*}} -> tensor<2x2xf32>
  // CHECK: return %[[B]], %[[S]]
  %r:2 = onnx.node "Loop"(%count, %true, %x) opset 13 : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown) graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    %s = onnx.node "Add"(%v, %y) opset 13 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %f = onnx.node "Cast"(%i) opset 13 {to = 1 : i64} : (tensor<i64>) -> tensor<f32>
    %m = onnx.node "Mul"(%s, %f) opset 13 : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
    %d = onnx.node "Identity"(%c) opset 13 : (tensor<i1>) -> tensor<i1>
    onnx.yield %d, %s, %m : tensor<i1>, tensor<2xf32>, tensor<2xf32>
  }
  return %r#0, %r#1 : !onnx.unknown, !onnx.unknown
}

// A count from outside, a condition that may change, no iteration, and a count beyond all measure: the node stays.
// CHECK-LABEL: func.func @keeps_loops
func.func @keeps_loops(%n: tensor<i64>, %q: tensor<i1>, %x: tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown) {
  %two = onnx.constant dense<2> : tensor<i64>
  %none = onnx.constant dense<-1> : tensor<i64>
  %many = onnx.constant dense<1000000> : tensor<i64>
  %true = onnx.constant dense<true> : tensor<i1>
  // CHECK-COUNT-4: onnx.node "Loop"
  %a = onnx.node "Loop"(%n, %true, %x) opset 13 : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    onnx.yield %c, %v : tensor<i1>, tensor<2xf32>
  }
  %b = onnx.node "Loop"(%two, %true, %x) opset 13 : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    onnx.yield %q, %v : tensor<i1>, tensor<2xf32>
  }
  %d = onnx.node "Loop"(%none, %q, %x) opset 13 : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    onnx.yield %c, %v : tensor<i1>, tensor<2xf32>
  }
  %e = onnx.node "Loop"(%many, %true, %x) opset 13 : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    %w = onnx.node "Neg"(%v) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
    onnx.yield %c, %w : tensor<i1>, tensor<2xf32>
  }
  return %a, %b, %d, %e : !onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown
}

// A count that, times the four operations of the body, is 2^64, and a condition made of nothing.
// CHECK-LABEL: func.func @keeps_absurd_loops
func.func @keeps_absurd_loops(%x: tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown) {
  %two = onnx.constant dense<2> : tensor<i64>
  %many = onnx.constant dense<4611686018427387904> : tensor<i64>
  %true = onnx.constant dense<true> : tensor<i1>
  // CHECK-COUNT-2: onnx.node "Loop"
  %a = onnx.node "Loop"(%many, %true, %x) opset 13 : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    %u = onnx.node "Neg"(%v) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
    %w = onnx.node "Neg"(%u) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
    %z = onnx.node "Neg"(%w) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
    onnx.yield %c, %z : tensor<i1>, tensor<2xf32>
  }
  %b = onnx.node "Loop"(%two, %true, %x) opset 13 : (tensor<i64>, tensor<i1>, tensor<2xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    %q = onnx.node "Identity"() opset 13 : () -> tensor<i1>
    onnx.yield %q, %v : tensor<i1>, tensor<2xf32>
  }
  return %a, %b : !onnx.unknown, !onnx.unknown
}

// No count, and a condition that stays true: an example of it would run forever.
// CHECK-LABEL: func.func @keeps_endless_loops
func.func @keeps_endless_loops(%x: tensor<2xf32>) -> !onnx.unknown {
  %none = onnx.none
  %true = onnx.constant dense<true> : tensor<i1>
  // CHECK: onnx.node "Loop"
  %a = onnx.node "Loop"(%none, %true, %x) opset 13 : (none, tensor<i1>, tensor<2xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<2xf32>):
    %u = onnx.node "Neg"(%v) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
    onnx.yield %c, %u : tensor<i1>, tensor<2xf32>
  }
  return %a : !onnx.unknown
}

// Columns from the last to the first; the results are stacked as columns, in the order of the input.
// CHECK-LABEL: func.func @scan
func.func @scan(%s: tensor<2xf32>, %x: tensor<2x2xf32>) -> (!onnx.unknown, !onnx.unknown) {
  // CHECK-NOT: "Scan"
  // CHECK: %[[ONE:.*]] = onnx.constant dense<1> : tensor<i64>
  // CHECK: %[[C1:.*]] = onnx.node "Gather"(%arg1, %[[ONE]])
  // CHECK: %[[A:.*]] = onnx.node "Add"(%arg0, %[[C1]])
  // CHECK: %[[ZERO:.*]] = onnx.constant dense<0> : tensor<i64>
  // CHECK: %[[C0:.*]] = onnx.node "Gather"(%arg1, %[[ZERO]])
  // CHECK: %[[B:.*]] = onnx.node "Add"(%[[A]], %[[C0]])
  // CHECK: %[[U0:.*]] = onnx.node "Unsqueeze"(%[[B]]
  // CHECK: %[[U1:.*]] = onnx.node "Unsqueeze"(%[[A]]
  // CHECK: %[[R:.*]] = onnx.node "Concat"(%[[U0]], %[[U1]]) {{.*}}axis = 1
  // CHECK: return %[[B]], %[[R]]
  %r:2 = onnx.node "Scan"(%s, %x) opset 13 {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: 1>, scan_input_directions = array<i64: 1>, scan_output_axes = array<i64: 1>, scan_output_directions = array<i64: 1>} : (tensor<2xf32>, tensor<2x2xf32>) -> (!onnx.unknown, !onnx.unknown) graph "body" {
  ^bb0(%v: tensor<2xf32>, %c: tensor<2xf32>):
    %w = onnx.node "Add"(%v, %c) opset 13 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    onnx.yield %w, %w : tensor<2xf32>, tensor<2xf32>
  }
  return %r#0, %r#1 : !onnx.unknown, !onnx.unknown
}

// What nothing reads goes, with the constants that it read.
// CHECK-LABEL: func.func @dead
// CHECK-NEXT: %[[R:.*]] = onnx.node "Relu"
// CHECK-NEXT: return %[[R]]
func.func @dead(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = onnx.constant dense<1.0> : tensor<2xf32>
  %a = onnx.node "Add"(%x, %c) opset 13 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %b = onnx.node "Neg"(%a) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
  %r = onnx.node "Relu"(%x) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}
