// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy method=min-max rounding=nearest narrow-results" --split-input-file | FileCheck %s
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy method=min-max" --split-input-file | FileCheck %s --check-prefix=AUTO
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/ramp.npy method=min-max weight-bits=4 activation-bits=4 narrow-results" --split-input-file | FileCheck %s --check-prefix=FOUR

// The input ranges over [-1, 1.55], 255 steps of 0.01 from -128; the clamp's result has its zero point at the low end. There is no
// cast between the product, its bias and its clamp, and weights have a scale for each output (2/127, 1/127).
// CHECK: module attributes {pim.activation_bits = 8 : i32, pim.weight_bits = 8 : i32}
// CHECK-LABEL: func.func @fused
// CHECK:         quant.qcast %{{.*}} : tensor<1x1x2xf32> to tensor<1x1x2x!quant.uniform<i8:f32, {{0.00999.*}}:-28>>
// CHECK:         quant.qcast %{{.*}} : tensor<1x2x2xf32> to tensor<1x2x2x!quant.uniform<i8<-127:127>:f32:2, {0.01574803{{[0-9]*}},0.00787401{{[0-9]*}}}>>
// CHECK:         tosa.matmul
// CHECK-NEXT:    tosa.add
// CHECK-NEXT:    %[[Y:.*]] = tosa.clamp
// CHECK-NEXT:    quant.qcast %[[Y]] : {{.*}}:-128>>
// CHECK-NEXT:    %[[D:.*]] = quant.dcast
// CHECK-NEXT:    return %[[D]]

// With data, rounding is adaptive and what it adds to the mean goes into the bias.
// AUTO-LABEL: func.func @fused
// AUTO:         tosa.matmul
// AUTO-NEXT:    %[[B:.*]] = "tosa.const"() <{values = {{.*}}}> : () -> tensor<1x1x2xf32>
// AUTO-NEXT:    tosa.add %{{.*}}, %[[B]]

// FOUR: module attributes {pim.activation_bits = 4 : i32, pim.weight_bits = 4 : i32}
// FOUR-LABEL: func.func @fused
// FOUR:         !quant.uniform<i8<-8:7>:f32, {{.*}}:-2>
// FOUR:         !quant.uniform<i8<-7:7>:f32:2
func.func @fused(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %b = "tosa.const"() {values = dense<1.0> : tensor<1x1x2xf32>} : () -> tensor<1x1x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %m = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %a = tosa.add %m, %b : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %y = tosa.clamp %a {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  return %y : tensor<1x1x2xf32>
}

// -----

// Movement and maxima keep parameters; so does a positive factor. A value with two uses has its own.
// CHECK-LABEL: func.func @kept
// CHECK:         quant.qcast %{{.*}} : tensor<1x1x2xf32>
// CHECK:         tosa.reshape
// CHECK-NEXT:    tosa.mul
// CHECK-NEXT:    %[[S:.*]] = tosa.add
// CHECK-NEXT:    quant.qcast %[[S]]
// CHECK-NEXT:    %[[D:.*]] = quant.dcast
// CHECK-NEXT:    %[[C:.*]] = tosa.clamp %[[D]]
// CHECK-NEXT:    return %[[D]], %[[C]]
func.func @kept(%x: tensor<1x1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %shape = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %f = "tosa.const"() {values = dense<0.5> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %r = tosa.reshape %x, %shape : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  %m = tosa.mul %r, %f, %shift : (tensor<1x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x2xf32>
  %s = tosa.add %m, %r : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %c = tosa.clamp %s {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %s, %c : tensor<1x2xf32>, tensor<1x2xf32>
}

// -----

// A float island gets casts where integers go on from it, and none inside.
// CHECK-LABEL: func.func @island
// CHECK-NOT:     quant
// CHECK:         tosa.sigmoid
// CHECK-NEXT:    %[[E:.*]] = tosa.exp
// CHECK-NEXT:    %[[Q:.*]] = quant.qcast %[[E]]
// CHECK-NEXT:    %[[D:.*]] = quant.dcast %[[Q]]
// CHECK:         tosa.matmul %[[D]]
func.func @island(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 0.5], [-1.0, 1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = tosa.sigmoid %x : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %e = tosa.exp %s : (tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  %m = tosa.matmul %e, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  return %m : tensor<1x1x2xf32>
}
