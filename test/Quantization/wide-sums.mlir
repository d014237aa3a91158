// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy rounding=nearest wide-sums" --split-input-file | FileCheck %s
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy rounding=nearest wide-sums" --pim-quantize --split-input-file | FileCheck %s --check-prefix=INT
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy rounding=nearest" --split-input-file | FileCheck %s --check-prefix=USUAL

// What a product gives a sum has no cast, and is added in 32 bits. The other term has one since a product reads it, too; so has the
// sum, which is read by the last product.
// CHECK-LABEL: func.func @residual
// CHECK:         %[[L:.*]] = tosa.matmul
// CHECK-NEXT:    quant.qcast %[[L]]
// CHECK-NEXT:    %[[D:.*]] = quant.dcast
// CHECK:         %[[M:.*]] = tosa.matmul %[[D]]
// CHECK-NEXT:    %[[S:.*]] = tosa.add %[[M]], %[[D]]
// CHECK-NEXT:    quant.qcast %[[S]]
// USUAL-LABEL: func.func @residual
// USUAL-COUNT-2: tosa.matmul
// USUAL-NEXT:    quant.qcast
// INT-LABEL:   func.func @residual
// INT:           tosa.conv2d
// INT:           %[[I:.*]] = tosa.conv2d
// INT:           %[[R:.*]] = tosa.rescale %{{.*}} -> tensor<1x1x2xi32>
// INT:           tosa.add %{{.*}} : (tensor<1x1x2xi32>, tensor<1x1x2xi32>) -> tensor<1x1x2xi32>
// INT-NOT:       quant
func.func @residual(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %l = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %m = tosa.matmul %l, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %s = tosa.add %m, %l : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %y = tosa.matmul %s, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}

// -----

// A float island reads reals: what it adds up ends where it begins.
// CHECK-LABEL: func.func @island
// CHECK:         %[[M:.*]] = tosa.matmul
// CHECK-NEXT:    %[[E:.*]] = tosa.exp
// CHECK-NEXT:    %[[S:.*]] = tosa.add %[[M]], %[[E]]
// INT-LABEL:   func.func @island
// INT:           tosa.add %{{.*}} : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
// USUAL-LABEL: func.func @island
func.func @island(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %m = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %e = tosa.exp %x : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %s = tosa.add %m, %e : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  return %s : tensor<1x1x2xf32>
}
