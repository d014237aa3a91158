// What has no form in TOSA becomes an island that the host runs with the kernel of the ONNX operator.

// RUN: pim-opt %s --convert-onnx-to-tosa --mlir-elide-resource-strings-if-larger=4 | FileCheck %s
// Blobs that are left out of the text do not survive a round trip.
// UNSUPPORTED: roundtrip

// Without a handler; shapes come from running the kernel.
// CHECK-LABEL: func.func @no_handler
func.func @no_handler(%x: tensor<2x3xf32>) -> !onnx.unknown {
  // CHECK: tosa.custom %{{.*}} {domain_name = "onnx"{{.*}}operator_name = "Softsign", pim.graph = dense_resource<{{.*}}>{{.*}}, pim.reason = "no form in TOSA"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = onnx.node "Softsign"(%x) opset 13 : (tensor<2x3xf32>) -> !onnx.unknown
  return %y : !onnx.unknown
}

// With a handler that refuses the node; nothing of what it has begun stays, and the reason is kept.
// CHECK-LABEL: func.func @refused
func.func @refused(%x: tensor<1x1x4x4x4xf32>) -> tensor<1x1x2x2x2xf32> {
  // CHECK-NEXT: tosa.custom %{{.*}}operator_name = "MaxPool"{{.*}}pim.reason = "MaxPool: has 3 spatial dimensions, which is not supported"
  // CHECK-NEXT: return
  %y = onnx.node "MaxPool"(%x) opset 13 {kernel_shape = array<i64: 2, 2, 2>, strides = array<i64: 2, 2, 2>} : (tensor<1x1x4x4x4xf32>) -> tensor<1x1x2x2x2xf32>
  return %y : tensor<1x1x2x2x2xf32>
}

// Several results; 64-bit integers are i32 between nodes. A result that nobody reads is not made.
// CHECK-LABEL: func.func @results
func.func @results(%x: tensor<5xf32>) -> (!onnx.unknown, !onnx.unknown) {
  %one = onnx.constant dense<1> : tensor<1xi64>
  %k = onnx.constant dense<2> : tensor<1xi64>
  // CHECK: %[[TOP:.*]]:2 = tosa.custom %{{.*}}operator_name = "TopK"{{.*}} : (tensor<5xf32>) -> (tensor<2xf32>, tensor<2xi32>)
  %v, %i = onnx.node "TopK"(%x, %k) opset 11 : (tensor<5xf32>, tensor<1xi64>) -> (!onnx.unknown, !onnx.unknown)
  // CHECK: tosa.custom %[[TOP]]#0 {{.*}} : (tensor<2xf32>) -> tensor<1xf32>
  %w, %j = onnx.node "TopK"(%v, %one) opset 11 : (!onnx.unknown, tensor<1xi64>) -> (!onnx.unknown, !onnx.unknown)
  return %w, %i : !onnx.unknown, !onnx.unknown
}

// An argument that meets a constant of the file's type; that they then agree, test/e2e/run_random.py shows.
// CHECK-LABEL: func.func @argument
func.func @argument(%x: tensor<2xi64>) -> tensor<2xi1> {
  %c = onnx.constant dense<1> : tensor<2xi64>
  // CHECK: tosa.custom %arg0 {{.*}}operator_name = "Greater"{{.*}} : (tensor<2xi32>) -> tensor<2xi1>
  %y = onnx.node "Greater"(%x, %c) opset 13 : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi1>
  return %y : tensor<2xi1>
}

// A node with graphs takes what they use.
// CHECK-LABEL: func.func @branches
func.func @branches(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: tosa.custom %{{.*}}, %{{.*}}operator_name = "If"{{.*}} : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32>
  %y = onnx.node "If"(%c) opset 13 : (tensor<i1>) -> tensor<2xf32> graph "then_branch" {
    %a = onnx.node "Abs"(%x) opset 13 : (tensor<2xf32>) -> tensor<2xf32>
    onnx.yield %a : tensor<2xf32>
  } graph "else_branch" {
    onnx.yield %x : tensor<2xf32>
  }
  return %y : tensor<2xf32>
}
