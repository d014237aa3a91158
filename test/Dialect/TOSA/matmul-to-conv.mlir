// RUN: pim-opt %s --pim-matmul-to-conv | FileCheck %s

// Weights lie [outputs, 1, 1, inputs]; the sums' constant becomes the bias, and what follows keeps the image's shape.
// CHECK-LABEL: func.func @biased
func.func @biased(%x: tensor<1x3x2xi8>, %m: tensor<1xi32>, %s: tensor<1xi8>) -> tensor<1x3x4xi8> {
  %w = "tosa.const"() {values = dense<[[[1, 2, 3, 4], [5, 6, 7, 8]]]> : tensor<1x2x4xi8>} : () -> tensor<1x2x4xi8>
  %b = "tosa.const"() {values = dense<[[[10, 20, 30, 40]]]> : tensor<1x1x4xi32>} : () -> tensor<1x1x4xi32>
  %zx = "tosa.const"() {values = dense<-5> : tensor<1xi8>} : () -> tensor<1xi8>
  %zw = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi32>} : () -> tensor<1xi32>
  // CHECK-DAG: %[[ZX:.*]] = "tosa.const"() <{values = dense<-5>
  // CHECK-DAG: %[[ZW:.*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}>
  // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[10, 20, 30, 40]> : tensor<4xi32>}>
  // CHECK-DAG: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[1, 5\]\]\], \[\[\[2, 6\]\]\], \[\[\[3, 7\]\]\], \[\[\[4, 8\]\]\]\]}}> : tensor<4x1x1x2xi8>}>
  // CHECK: %[[X:.*]] = tosa.reshape %arg0{{.*}} -> tensor<1x3x1x2xi8>
  // CHECK: %[[C:.*]] = tosa.conv2d %[[X]], %[[W]], %[[B]], %[[ZX]], %[[ZW]] {acc_type = i32{{.*}} -> tensor<1x3x1x4xi32>
  // CHECK: %[[R:.*]] = tosa.rescale %[[C]]{{.*}} -> tensor<1x3x1x4xi8>
  // CHECK: %[[K:.*]] = tosa.clamp %[[R]]
  // CHECK: %[[Y:.*]] = tosa.reshape %[[K]]{{.*}} -> tensor<1x3x4xi8>
  // CHECK: return %[[Y]]
  %0 = tosa.matmul %x, %w, %zx, %zw : (tensor<1x3x2xi8>, tensor<1x2x4xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x3x4xi32>
  %1 = tosa.add %b, %0 : (tensor<1x1x4xi32>, tensor<1x3x4xi32>) -> tensor<1x3x4xi32>
  %2 = tosa.rescale %1, %m, %s, %z, %zw {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x3x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x3x4xi8>
  %3 = tosa.clamp %2 {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x3x4xi8>) -> tensor<1x3x4xi8>
  return %3 : tensor<1x3x4xi8>
}

// The sums have another use, and what is added differs from row to row: no bias.
// CHECK-LABEL: func.func @unbiased
func.func @unbiased(%x: tensor<1x2x2xi8>) -> (tensor<1x2x2xi32>, tensor<1x2x2xi32>) {
  %w = "tosa.const"() {values = dense<1> : tensor<1x2x2xi8>} : () -> tensor<1x2x2xi8>
  %b = "tosa.const"() {values = dense<[[[1, 2], [3, 4]]]> : tensor<1x2x2xi32>} : () -> tensor<1x2x2xi32>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  // CHECK: %[[B:.*]] = "tosa.const"() <{values = dense<0> : tensor<2xi32>}>
  // CHECK: tosa.conv2d {{.*}}, %[[B]], %
  // CHECK: tosa.add
  %0 = tosa.matmul %x, %w, %z, %z : (tensor<1x2x2xi8>, tensor<1x2x2xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2xi32>
  %1 = tosa.add %0, %b : (tensor<1x2x2xi32>, tensor<1x2x2xi32>) -> tensor<1x2x2xi32>
  return %0, %1 : tensor<1x2x2xi32>, tensor<1x2x2xi32>
}

// Left alone: two products in one, products of two inputs, floats.
// CHECK-LABEL: func.func @others
// CHECK-NOT: conv2d
// CHECK-COUNT-3: tosa.matmul
func.func @others(%x: tensor<2x2x2xi8>, %y: tensor<1x2x2xi8>, %f: tensor<1x2x2xf32>) -> (tensor<2x2x2xi32>, tensor<1x2x2xi32>, tensor<1x2x2xf32>) {
  %w = "tosa.const"() {values = dense<1> : tensor<2x2x2xi8>} : () -> tensor<2x2x2xi8>
  %v = "tosa.const"() {values = dense<1.0> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %zf = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = tosa.matmul %x, %w, %z, %z : (tensor<2x2x2xi8>, tensor<2x2x2xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x2x2xi32>
  %1 = tosa.matmul %y, %y, %z, %z : (tensor<1x2x2xi8>, tensor<1x2x2xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2xi32>
  %2 = tosa.matmul %f, %v, %zf, %zf : (tensor<1x2x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2xf32>
  return %0, %1, %2 : tensor<2x2x2xi32>, tensor<1x2x2xi32>, tensor<1x2x2xf32>
}
