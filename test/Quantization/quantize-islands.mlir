// RUN: pim-opt %s --pim-quantize --split-input-file | FileCheck %s

!qa = !quant.uniform<i8:f32, 0.5:-3>

// Softmax stays in floats, behind one dequantization; the reshape before it moves bytes.
// CHECK-LABEL: func.func @softmax
// CHECK-SAME:    -> tensor<4x1xf32>
// CHECK:         tosa.reshape {{.*}} -> tensor<4x1xi8>
// CHECK:         quant.scast
// CHECK-NEXT:    %[[D:.*]] = quant.dcast
// CHECK-NEXT:    %[[M:.*]] = tosa.reduce_max %[[D]]
// CHECK-NEXT:    %[[S:.*]] = tosa.sub %[[D]], %[[M]]
// CHECK-NEXT:    tosa.exp %[[S]]
// CHECK-NOT:     quant
func.func @softmax(%x: tensor<1x4xf32>) -> tensor<4x1xf32> {
  %shape = tosa.const_shape {values = dense<[4, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %xq = quant.qcast %x : tensor<1x4xf32> to tensor<1x4x!qa>
  %xd = quant.dcast %xq : tensor<1x4x!qa> to tensor<1x4xf32>
  %r = tosa.reshape %xd, %shape : (tensor<1x4xf32>, !tosa.shape<2>) -> tensor<4x1xf32>
  %m = tosa.reduce_max %r {axis = 0 : i32} : (tensor<4x1xf32>) -> tensor<1x1xf32>
  %s = tosa.sub %r, %m : (tensor<4x1xf32>, tensor<1x1xf32>) -> tensor<4x1xf32>
  %e = tosa.exp %s : (tensor<4x1xf32>) -> tensor<4x1xf32>
  return %e : tensor<4x1xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// An island in the middle ends in a quantization, which the integer ops go on from.
// CHECK-LABEL: func.func @island_in_the_middle
// CHECK:         %[[T:.*]] = tosa.tanh
// CHECK-NEXT:    %[[Q:.*]] = quant.qcast %[[T]]
// CHECK-NEXT:    %[[I:.*]] = quant.scast %[[Q]]
// CHECK-NEXT:    tosa.max_pool2d %[[I]]
func.func @island_in_the_middle(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
  %xq = quant.qcast %x : tensor<1x2x2x1xf32> to tensor<1x2x2x1x!qa>
  %xd = quant.dcast %xq : tensor<1x2x2x1x!qa> to tensor<1x2x2x1xf32>
  %t = tosa.tanh %xd : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %tq = quant.qcast %t : tensor<1x2x2x1xf32> to tensor<1x2x2x1x!qa>
  %td = quant.dcast %tq : tensor<1x2x2x1x!qa> to tensor<1x2x2x1xf32>
  %m = tosa.max_pool2d %td {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  return %m : tensor<1x1x1x1xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// An argument that is used as a float too stays one.
// CHECK-LABEL: func.func @argument_used_both_ways
// CHECK-SAME:    %[[X:.*]]: tensor<1x4xf32>)
// CHECK-SAME:    -> (tensor<1x4xi8> {pim.quant = {{.*}}}, tensor<1x4xf32>)
// CHECK-DAG:     quant.qcast %[[X]]
// CHECK-DAG:     tosa.sigmoid %[[X]]
func.func @argument_used_both_ways(%x: tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>) {
  %xq = quant.qcast %x : tensor<1x4xf32> to tensor<1x4x!qa>
  %xd = quant.dcast %xq : tensor<1x4x!qa> to tensor<1x4xf32>
  %r = tosa.clamp %xd {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %s = tosa.sigmoid %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %r, %s : tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

// A module without casts is left alone.
// CHECK-LABEL: func.func @no_casts
// CHECK-NEXT:    tosa.abs %{{.*}} : (tensor<1x4xf32>)
func.func @no_casts(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %s = tosa.abs %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %s : tensor<1x4xf32>
}
