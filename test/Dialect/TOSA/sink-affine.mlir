// RUN: pim-opt %s --pim-sink-affine --split-input-file | FileCheck %s

// A batch norm behind an activation: mean(relu(x) * [2, -3] + [4, 5]) is mean(relu(x)) * [2, -3] + [4, 5].
// CHECK-LABEL: func.func @batch_norm
// CHECK-SAME: %[[X:.*]]: tensor<1x4x4x2xf32>
func.func @batch_norm(%x: tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %a = "tosa.const"() <{values = dense<[[[[2.0, -3.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %b = "tosa.const"() <{values = dense<[[[[4.0, 5.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // CHECK-DAG: %[[A:.*]] = "tosa.const"() <{values = dense<{{.*}}2.000000e+00, -3.000000e+00{{.*}}>
  // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<{{.*}}4.000000e+00, 5.000000e+00{{.*}}>
  // CHECK: %[[R:.*]] = tosa.clamp %[[X]]
  // CHECK: %[[MEAN:.*]] = tosa.avg_pool2d %[[R]]
  // CHECK: %[[M:.*]] = tosa.mul %[[MEAN]], %[[A]], {{.*}} -> tensor<1x1x1x2xf32>
  // CHECK: %[[S:.*]] = tosa.add %[[M]], %[[B]] : {{.*}} -> tensor<1x1x1x2xf32>
  // CHECK: return %[[S]]
  %0 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = tosa.mul %0, %a, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %2 = tosa.add %1, %b : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %3 = tosa.avg_pool2d %2, %z, %z {acc_type = f32, kernel = array<i64: 4, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %3 : tensor<1x1x1x2xf32>
}

// -----

// The padding of tosa.avg_pool2d does not count; the order of a difference stays.
// CHECK-LABEL: func.func @padding
// CHECK-SAME: %[[X:.*]]: tensor<1x4x4x2xf32>
func.func @padding(%x: tensor<1x4x4x2xf32>) -> tensor<1x3x3x2xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %b = "tosa.const"() <{values = dense<[[[[4.0, 5.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  // CHECK: %[[MEAN:.*]] = tosa.avg_pool2d %[[X]]
  // CHECK: tosa.sub %[[MEAN]], %{{.*}} -> tensor<1x3x3x2xf32>
  %0 = tosa.sub %x, %b : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = tosa.avg_pool2d %0, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x2xf32>
  return %1 : tensor<1x3x3x2xf32>
}

// -----

// Sums over both axes of three times four tokens: sum(x * a + b) is sum(x) * a + 12 * b.
// CHECK-LABEL: func.func @sums
// CHECK-SAME: %[[X:.*]]: tensor<3x4x2xf32>
func.func @sums(%x: tensor<3x4x2xf32>) -> tensor<1x1x2xf32> {
  %a = "tosa.const"() <{values = dense<[[[2.0, -3.0]]]> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %b = "tosa.const"() <{values = dense<[[[4.0, 5.0]]]> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // CHECK-DAG: %[[A:.*]] = "tosa.const"() <{values = dense<{{.*}}2.000000e+00, -3.000000e+00
  // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<{{.*}}4.800000e+01, 6.000000e+01
  // CHECK: %[[ROWS:.*]] = tosa.reduce_sum %[[X]]
  // CHECK: %[[ALL:.*]] = tosa.reduce_sum %[[ROWS]]
  // CHECK: %[[M:.*]] = tosa.mul %[[ALL]], %[[A]], {{.*}} -> tensor<1x1x2xf32>
  // CHECK: tosa.add %[[M]], %[[B]]
  %0 = tosa.mul %x, %a, %shift : (tensor<3x4x2xf32>, tensor<1x1x2xf32>, tensor<1xi8>) -> tensor<3x4x2xf32>
  %1 = tosa.add %0, %b : (tensor<3x4x2xf32>, tensor<1x1x2xf32>) -> tensor<3x4x2xf32>
  %2 = tosa.reduce_sum %1 {axis = 1 : i32} : (tensor<3x4x2xf32>) -> tensor<3x1x2xf32>
  %3 = tosa.reduce_sum %2 {axis = 0 : i32} : (tensor<3x1x2xf32>) -> tensor<1x1x2xf32>
  return %3 : tensor<1x1x2xf32>
}

// -----

// Zeros that count: the product moves, the sum, which would be padded with zeros too, does not.
// CHECK-LABEL: func.func @padding_counts
// CHECK-SAME: %[[X:.*]]: tensor<1x4x4x2xf32>
func.func @padding_counts(%x: tensor<1x4x4x2xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %a = "tosa.const"() <{values = dense<[[[[2.0, -3.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[PAD:.*]] = tosa.pad %[[X]]
  // CHECK: %[[MEAN:.*]] = tosa.avg_pool2d %[[PAD]]
  // CHECK: tosa.mul %[[MEAN]]
  %0 = tosa.mul %x, %a, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %1 = tosa.pad %0, %amounts, %z : (tensor<1x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
  %2 = tosa.avg_pool2d %1, %z, %z {acc_type = f32, kernel = array<i64: 6, 6>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // CHECK: %[[SUM:.*]] = tosa.add %[[X]]
  // CHECK: tosa.pad %[[SUM]]
  %3 = tosa.add %x, %a : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %4 = tosa.pad %3, %amounts, %z : (tensor<1x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
  %5 = tosa.avg_pool2d %4, %z, %z {acc_type = f32, kernel = array<i64: 6, 6>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %2, %5 : tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}

// -----

// Padding with something else than zeros, and padding that something else reads, stay below.
// CHECK-LABEL: func.func @other_padding
func.func @other_padding(%x: tensor<1x4x4x2xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x6x6x2xf32>) {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %one = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %a = "tosa.const"() <{values = dense<2.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[M:.*]] = tosa.mul
  // CHECK: tosa.pad %[[M]]
  %0 = tosa.mul %x, %a, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %1 = tosa.pad %0, %amounts, %one : (tensor<1x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
  %2 = tosa.avg_pool2d %1, %z, %z {acc_type = f32, kernel = array<i64: 6, 6>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // CHECK: %[[N:.*]] = tosa.mul
  // CHECK: tosa.pad %[[N]]
  %3 = tosa.mul %x, %a, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %4 = tosa.pad %3, %amounts, %z : (tensor<1x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
  return %2, %4 : tensor<1x1x1x2xf32>, tensor<1x6x6x2xf32>
}

// -----

// What others read too, constants that differ from pixel to pixel, factors that are computed, and a constant less a value stay.
// CHECK-LABEL: func.func @stays
func.func @stays(%x: tensor<1x2x2x2xf32>, %f: tensor<1x1x1x2xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %c = "tosa.const"() <{values = dense<1.0> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %rows = "tosa.const"() <{values = dense<1.0> : tensor<1x2x1x2xf32>}> : () -> tensor<1x2x1x2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // CHECK: %[[A:.*]] = tosa.add
  // CHECK: tosa.avg_pool2d %[[A]]
  %0 = tosa.add %x, %c : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x2xf32>
  %1 = tosa.avg_pool2d %0, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // CHECK: %[[B:.*]] = tosa.mul
  // CHECK: tosa.avg_pool2d %[[B]]
  %2 = tosa.mul %x, %rows, %shift : (tensor<1x2x2x2xf32>, tensor<1x2x1x2xf32>, tensor<1xi8>) -> tensor<1x2x2x2xf32>
  %3 = tosa.avg_pool2d %2, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // CHECK: %[[C:.*]] = tosa.mul
  // CHECK: tosa.avg_pool2d %[[C]]
  %4 = tosa.mul %x, %f, %shift : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x2x2x2xf32>
  %5 = tosa.avg_pool2d %4, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // CHECK: %[[D:.*]] = tosa.sub
  // CHECK: tosa.avg_pool2d %[[D]]
  %6 = tosa.sub %c, %x : (tensor<1x1x1x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %7 = tosa.avg_pool2d %6, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %0, %1, %3, %5, %7 : tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}

// -----

// A constant alike along one axis of the two that are summed moves behind that one alone.
// CHECK-LABEL: func.func @one_axis
// CHECK-SAME: %[[X:.*]]: tensor<3x4x2xf32>
func.func @one_axis(%x: tensor<3x4x2xf32>) -> tensor<1x1x2xf32> {
  %c = "tosa.const"() <{values = dense<1.5> : tensor<3x1x2xf32>}> : () -> tensor<3x1x2xf32>
  // CHECK: %[[C:.*]] = "tosa.const"() <{values = dense<6.000000e+00> : tensor<3x1x2xf32>}>
  // CHECK: %[[ROWS:.*]] = tosa.reduce_sum %[[X]] {axis = 1
  // CHECK: %[[S:.*]] = tosa.add %[[ROWS]], %[[C]]
  // CHECK: tosa.reduce_sum %[[S]] {axis = 0
  %0 = tosa.add %x, %c : (tensor<3x4x2xf32>, tensor<3x1x2xf32>) -> tensor<3x4x2xf32>
  %1 = tosa.reduce_sum %0 {axis = 1 : i32} : (tensor<3x4x2xf32>) -> tensor<3x1x2xf32>
  %2 = tosa.reduce_sum %1 {axis = 0 : i32} : (tensor<3x1x2xf32>) -> tensor<1x1x2xf32>
  return %2 : tensor<1x1x2xf32>
}

// -----

// What a convolution above takes in stays next to it, and what makes a tensor larger stays.
// CHECK-LABEL: func.func @merged_above
func.func @merged_above(%x: tensor<1x2x2x1xf32>, %y: tensor<1x2x2x1xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  %w = "tosa.const"() <{values = dense<1.0> : tensor<2x1x1x1xf32>}> : () -> tensor<2x1x1x1xf32>
  %b = "tosa.const"() <{values = dense<5.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %c = "tosa.const"() <{values = dense<1.5> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // CHECK: tosa.conv2d
  // CHECK-NEXT: tosa.mul
  // CHECK-NEXT: tosa.add
  // CHECK-NEXT: tosa.avg_pool2d
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %1 = tosa.mul %0, %c, %shift : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x2x2x2xf32>
  %2 = tosa.add %1, %c : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x2xf32>
  %3 = tosa.avg_pool2d %2, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  // CHECK: %[[WIDE:.*]] = tosa.add %{{.*}} -> tensor<1x2x2x2xf32>
  // CHECK: tosa.avg_pool2d %[[WIDE]]
  %4 = tosa.add %y, %c : (tensor<1x2x2x1xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x2xf32>
  %5 = tosa.avg_pool2d %4, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %3, %5 : tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}

// -----

// Casts round: nothing moves across them.
// CHECK-LABEL: func.func @quantized
func.func @quantized(%x: tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %c = "tosa.const"() <{values = dense<1.0> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  // CHECK: %[[S:.*]] = tosa.add
  // CHECK: %[[Q:.*]] = quant.qcast %[[S]]
  // CHECK: %[[D:.*]] = quant.dcast %[[Q]]
  // CHECK: tosa.avg_pool2d %[[D]]
  %0 = tosa.add %x, %c : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x2xf32>
  %1 = quant.qcast %0 : tensor<1x2x2x2xf32> to tensor<1x2x2x2x!quant.uniform<i8:f32, 0.5>>
  %2 = quant.dcast %1 : tensor<1x2x2x2x!quant.uniform<i8:f32, 0.5>> to tensor<1x2x2x2xf32>
  %3 = tosa.avg_pool2d %2, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  return %3 : tensor<1x1x1x2xf32>
}
