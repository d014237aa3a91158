// RUN: pim-opt %s --pim-onnx-simplify | FileCheck %s

// Parts of equal size, the last one smaller; one of them is read, and their number.
// CHECK-LABEL: func.func @split
func.func @split(%x: tensor<5x4xf32>) -> (!onnx.unknown, !onnx.unknown) {
  %two = onnx.constant dense<2> : tensor<i64>
  %last = onnx.constant dense<-1> : tensor<i64>
  // CHECK-DAG: %[[FOUR:.*]] = onnx.constant dense<4> : tensor<1xi64>
  // CHECK-DAG: %[[FIVE:.*]] = onnx.constant dense<5> : tensor<1xi64>
  // CHECK-NOT: Sequence
  // CHECK: %[[LAST:.*]] = onnx.node "Slice"(%arg0, %[[FOUR]], %[[FIVE]], %{{.*}}) opset 13 : {{.*}} -> tensor<1x4xf32>
  // CHECK: onnx.constant dense<3> : tensor<i64>
  // CHECK: return %[[LAST]]
  %s = onnx.node "SplitToSequence"(%x, %two) opset 13 : (tensor<5x4xf32>, tensor<i64>) -> !onnx.unknown
  %a = onnx.node "SequenceAt"(%s, %last) opset 13 : (!onnx.unknown, tensor<i64>) -> !onnx.unknown
  %n = onnx.node "SequenceLength"(%s) opset 13 : (!onnx.unknown) -> !onnx.unknown
  return %a, %n : !onnx.unknown, !onnx.unknown
}

// Without sizes each part has one element, whose dimension may go.
// CHECK-LABEL: func.func @split_elements
func.func @split_elements(%x: tensor<2x3xf32>) -> !onnx.unknown {
  // CHECK: %[[P:.*]] = onnx.node "Slice"(%arg0, {{.*}} -> tensor<1x3xf32>
  // CHECK: %[[Q:.*]] = onnx.node "Slice"(%arg0, {{.*}} -> tensor<1x3xf32>
  // CHECK: %[[A:.*]] = onnx.node "Squeeze"(%[[P]]) opset 11 {axes = array<i64: 0>}
  // CHECK: %[[B:.*]] = onnx.node "Squeeze"(%[[Q]])
  // CHECK: %[[JOINED:.*]] = onnx.node "Concat"(%[[A]], %[[B]]) opset 11 {axis = 0 : i64} : {{.*}} -> tensor<6xf32>
  // CHECK: return %[[JOINED]]
  %s = onnx.node "SplitToSequence"(%x) opset 11 {keepdims = 0 : i64} : (tensor<2x3xf32>) -> !onnx.unknown
  %y = onnx.node "ConcatFromSequence"(%s) opset 11 {axis = 0 : i64} : (!onnx.unknown) -> !onnx.unknown
  return %y : !onnx.unknown
}

// As even as the number of results allows, before opset 13 by an attribute.
// CHECK-LABEL: func.func @split_into_results
func.func @split_into_results(%x: tensor<1x5xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown) {
  // CHECK-NOT: "Split"
  // CHECK: %[[A:.*]] = onnx.node "Slice"({{.*}} -> tensor<1x3xf32>
  // CHECK: %[[B:.*]] = onnx.node "Slice"({{.*}} -> tensor<1x2xf32>
  // CHECK: %[[C:.*]] = onnx.node "Slice"(%arg0) opset 2 {axes = array<i64: 1>, ends = array<i64: 5>, starts = array<i64: 4>}
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %p:2 = onnx.node "Split"(%x) opset 18 {axis = -1 : i64, num_outputs = 2 : i64} : (tensor<1x5xf32>) -> (!onnx.unknown, !onnx.unknown)
  %q:2 = onnx.node "Split"(%x) opset 2 {axis = 1 : i64, split = array<i64: 4, 1>} : (tensor<1x5xf32>) -> (!onnx.unknown, !onnx.unknown)
  return %p#0, %p#1, %q#1 : !onnx.unknown, !onnx.unknown, !onnx.unknown
}

// CHECK-LABEL: func.func @build
func.func @build(%x: tensor<2xf32>, %y: tensor<2xf32>) -> !onnx.unknown {
  %zero = onnx.constant dense<0> : tensor<i64>
  // CHECK-NOT: Sequence
  // CHECK: %[[Y:.*]] = onnx.node "Unsqueeze"(%arg1
  // CHECK: %[[X:.*]] = onnx.node "Unsqueeze"(%arg0
  // CHECK: onnx.node "Concat"(%[[Y]], %[[X]]) {{.*}} -> tensor<2x2xf32>
  %e = onnx.node "SequenceEmpty"() opset 13 : () -> !onnx.unknown
  %s = onnx.node "SequenceInsert"(%e, %x) opset 13 : (!onnx.unknown, tensor<2xf32>) -> !onnx.unknown
  %t = onnx.node "SequenceInsert"(%s, %y, %zero) opset 13 : (!onnx.unknown, tensor<2xf32>, tensor<i64>) -> !onnx.unknown
  %u = onnx.node "SequenceInsert"(%t, %y) opset 13 : (!onnx.unknown, tensor<2xf32>) -> !onnx.unknown
  %v = onnx.node "SequenceErase"(%u) opset 13 : (!onnx.unknown) -> !onnx.unknown
  %w = onnx.node "Identity"(%v) opset 14 : (!onnx.unknown) -> !onnx.unknown
  %r = onnx.node "ConcatFromSequence"(%w) opset 13 {axis = 0 : i64, new_axis = 1 : i64} : (!onnx.unknown) -> !onnx.unknown
  return %r : !onnx.unknown
}

// A loop that carries a sequence.
// CHECK-LABEL: func.func @loop
func.func @loop(%x: tensor<2xf32>) -> !onnx.unknown {
  %count = onnx.constant dense<2> : tensor<i64>
  %true = onnx.constant dense<true> : tensor<i1>
  // CHECK-NOT: {{Loop|Sequence}}
  // CHECK: onnx.node "Concat"(%arg0, %arg0) {{.*}} -> tensor<4xf32>
  %e = onnx.node "SequenceEmpty"() opset 13 : () -> !onnx.unknown
  %s = onnx.node "Loop"(%count, %true, %e) opset 13 : (tensor<i64>, tensor<i1>, !onnx.unknown) -> !onnx.unknown graph "body" {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: !onnx.unknown):
    %n = onnx.node "SequenceInsert"(%v, %x) opset 13 : (!onnx.unknown, tensor<2xf32>) -> !onnx.unknown
    onnx.yield %c, %n : tensor<i1>, !onnx.unknown
  }
  %r = onnx.node "ConcatFromSequence"(%s) opset 13 {axis = 0 : i64} : (!onnx.unknown) -> !onnx.unknown
  return %r : !onnx.unknown
}

// The body for each position, with an operand that is the same for all.
// CHECK-LABEL: func.func @map
func.func @map(%x: tensor<2xf32>, %y: tensor<3xf32>, %k: tensor<1xf32>) -> !onnx.unknown {
  // CHECK: %[[A:.*]] = onnx.node "Mul"(%arg0, %arg2)
  // CHECK: %[[B:.*]] = onnx.node "Mul"(%arg1, %arg2)
  // CHECK: onnx.node "Concat"(%[[A]], %[[B]]) {{.*}} -> tensor<5xf32>
  %s = onnx.node "SequenceConstruct"(%x, %y) opset 17 : (tensor<2xf32>, tensor<3xf32>) -> !onnx.unknown
  %m = onnx.node "SequenceMap"(%s, %k) opset 17 : (!onnx.unknown, tensor<1xf32>) -> !onnx.unknown graph "body" {
  ^bb0(%a: !onnx.unknown, %b: !onnx.unknown):
    %p = onnx.node "Mul"(%a, %b) opset 17 : (!onnx.unknown, !onnx.unknown) -> !onnx.unknown
    onnx.yield %p : !onnx.unknown
  }
  %r = onnx.node "ConcatFromSequence"(%m) opset 17 {axis = 0 : i64} : (!onnx.unknown) -> !onnx.unknown
  return %r : !onnx.unknown
}

// CHECK-LABEL: func.func @optionals
func.func @optionals(%x: tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown) {
  // CHECK-NOT: Optional
  // CHECK-DAG: %[[TRUE:.*]] = onnx.constant dense<true> : tensor<i1>
  // CHECK-DAG: %[[FALSE:.*]] = onnx.constant dense<false> : tensor<i1>
  // CHECK: return %arg0, %[[TRUE]], %[[FALSE]]
  %o = onnx.node "Optional"(%x) opset 18 : (tensor<2xf32>) -> !onnx.unknown
  %n = onnx.node "Optional"() opset 18 : () -> !onnx.unknown
  %g = onnx.node "OptionalGetElement"(%o) opset 18 : (!onnx.unknown) -> !onnx.unknown
  %h = onnx.node "OptionalHasElement"(%o) opset 18 : (!onnx.unknown) -> !onnx.unknown
  %i = onnx.node "OptionalHasElement"(%n) opset 18 : (!onnx.unknown) -> !onnx.unknown
  return %g, %h, %i : !onnx.unknown, !onnx.unknown, !onnx.unknown
}

// A position that is not known, one that is not there, a sequence from outside, sizes that do not fit: the nodes stay.
// CHECK-LABEL: func.func @keeps
func.func @keeps(%x: tensor<2xf32>, %p: tensor<i64>, %q: !onnx.unknown, %n: tensor<2xi64>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown) {
  %five = onnx.constant dense<5> : tensor<i64>
  // CHECK-COUNT-2: onnx.node "SequenceAt"
  // CHECK: onnx.node "SequenceLength"(%arg2)
  %s = onnx.node "SequenceConstruct"(%x, %x) opset 13 : (tensor<2xf32>, tensor<2xf32>) -> !onnx.unknown
  %a = onnx.node "SequenceAt"(%s, %p) opset 13 : (!onnx.unknown, tensor<i64>) -> !onnx.unknown
  %b = onnx.node "SequenceAt"(%s, %five) opset 13 : (!onnx.unknown, tensor<i64>) -> !onnx.unknown
  // CHECK: onnx.node "Split"
  %c = onnx.node "SequenceLength"(%q) opset 13 : (!onnx.unknown) -> !onnx.unknown
  %d:2 = onnx.node "Split"(%x, %n) opset 13 : (tensor<2xf32>, tensor<2xi64>) -> (!onnx.unknown, !onnx.unknown)
  return %a, %b, %c, %d#0 : !onnx.unknown, !onnx.unknown, !onnx.unknown, !onnx.unknown
}

// Operands that are missing, and more results than there are: the nodes stay.
// CHECK-LABEL: func.func @keeps_malformed
func.func @keeps_malformed(%x: tensor<2xf32>) -> (!onnx.unknown, !onnx.unknown, !onnx.unknown) {
  // CHECK: onnx.node "Split"()
  // CHECK: onnx.node "SequenceLength"
  %s = onnx.node "SequenceConstruct"(%x, %x) opset 13 : (tensor<2xf32>, tensor<2xf32>) -> !onnx.unknown
  %a = onnx.node "Split"() opset 13 : () -> !onnx.unknown
  %b:2 = onnx.node "SequenceLength"(%s) opset 13 : (!onnx.unknown) -> (!onnx.unknown, !onnx.unknown)
  return %a, %b#0, %b#1 : !onnx.unknown, !onnx.unknown, !onnx.unknown
}
