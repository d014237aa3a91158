// RUN: pim-opt %s --pim-fold-constants | FileCheck %s
// RUN: pim-opt %s --pim-stage-tosa | FileCheck %s --check-prefix=STAGE

// Weights that a front end transposes and scales are constants, one op after the other.
// CHECK-LABEL: @weights
// CHECK-NOT: tosa.transpose
// CHECK-NOT: tosa.mul
// CHECK: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}2.000000e+00, 4.000000e+00]]], [{{\[\[}}3.000000e+00, 6.000000e+00]]]]> : tensor<2x1x1x2xf32>}>
// CHECK: tosa.conv2d %arg0, %[[W]]
// STAGE-LABEL: @weights
// STAGE-NOT: tosa.transpose
// STAGE: tosa.conv2d
func.func @weights(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "tosa.const"() {values = dense<[[[[1.0, 3.0]]], [[[2.0, 6.0]]]]> : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
  %t = tosa.transpose %w {perms = array<i32: 3, 1, 2, 0>} : (tensor<2x1x1x2xf32>) -> tensor<2x1x1x2xf32>
  %k = "tosa.const"() {values = dense<[[[[2.0]]], [[[1.0]]]]> : tensor<2x1x1x1xf32>} : () -> tensor<2x1x1x1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %m = tosa.mul %t, %k, %s : (tensor<2x1x1x2xf32>, tensor<2x1x1x1xf32>, tensor<1xi8>) -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() {values = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %m, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}

// Integers and their shapes too; what reads an argument stays.
// CHECK-LABEL: @integers
// CHECK: "tosa.const"() <{values = dense<{{\[\[}}3, 5]]> : tensor<1x2xi32>}>
// CHECK: tosa.add %arg0
func.func @integers(%x: tensor<1x2xi32>) -> tensor<1x2xi32> {
  %a = "tosa.const"() {values = dense<[1, 2]> : tensor<2xi32>} : () -> tensor<2xi32>
  %b = "tosa.const"() {values = dense<[2, 3]> : tensor<2xi32>} : () -> tensor<2xi32>
  %c = tosa.add %a, %b : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %shape = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %d = tosa.reshape %c, %shape : (tensor<2xi32>, !tosa.shape<2>) -> tensor<1x2xi32>
  %y = tosa.add %x, %d : (tensor<1x2xi32>, tensor<1x2xi32>) -> tensor<1x2xi32>
  return %y : tensor<1x2xi32>
}
