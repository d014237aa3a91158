// RUN: pim-opt %s --pim-quantize --split-input-file | FileCheck %s

!qa = !quant.uniform<i8:f32, 0.5:-3>
!qb = !quant.uniform<i8:f32, 0.25:7>

// Operands of another scale go to that of the concatenation; a constant is rounded to it.
// CHECK-LABEL: func.func @concat
// CHECK-SAME:    %[[A:[a-z0-9]*]]: tensor<1x2xi8> {{.*}}, %[[B:[a-z0-9]*]]: tensor<1x2xi8>
// CHECK:         %[[R:.*]] = tosa.rescale %[[B]]
// CHECK:         %[[C:.*]] = "tosa.const"() <{values = dense<{{\[\[}}-1, -5]]> : tensor<1x2xi8>}>
// CHECK:         tosa.concat %[[A]], %[[R]], %[[C]] {axis = 1 : i32}
// CHECK-SAME:      -> tensor<1x6xi8>
func.func @concat(%a: tensor<1x2xf32>, %b: tensor<1x2xf32>) -> tensor<1x6xf32> {
  %c = "tosa.const"() {values = dense<[[1.0, -1.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %aq = quant.qcast %a : tensor<1x2xf32> to tensor<1x2x!qa>
  %ad = quant.dcast %aq : tensor<1x2x!qa> to tensor<1x2xf32>
  %bq = quant.qcast %b : tensor<1x2xf32> to tensor<1x2x!qb>
  %bd = quant.dcast %bq : tensor<1x2x!qb> to tensor<1x2xf32>
  %y = tosa.concat %ad, %bd, %c {axis = 1 : i32} : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
  %yq = quant.qcast %y : tensor<1x6xf32> to tensor<1x6x!qa>
  %yd = quant.dcast %yq : tensor<1x6x!qa> to tensor<1x6xf32>
  return %yd : tensor<1x6xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// Zeros are the zero point.
// CHECK-LABEL: func.func @pad
// CHECK:         %[[Z:.*]] = "tosa.const"() <{values = dense<-3> : tensor<1xi8>}>
// CHECK:         tosa.pad %{{.*}}, %{{.*}}, %[[Z]] : (tensor<1x2xi8>, !tosa.shape<4>, tensor<1xi8>) -> tensor<1x4xi8>
func.func @pad(%a: tensor<1x2xf32>) -> tensor<1x4xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %p = tosa.const_shape {values = dense<[0, 0, 1, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %aq = quant.qcast %a : tensor<1x2xf32> to tensor<1x2x!qa>
  %ad = quant.dcast %aq : tensor<1x2x!qa> to tensor<1x2xf32>
  %y = tosa.pad %ad, %p, %z : (tensor<1x2xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// The casts may stand after a movement of the argument, which then moves bytes; and no dequantization is left.
// CHECK-LABEL: func.func @moves_bytes
// CHECK-SAME:    %[[A:.*]]: tensor<1x2x4x4xi8> {pim.quant
// CHECK:         %[[T:.*]] = tosa.transpose %[[A]] {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x4x4xi8>) -> tensor<1x4x4x2xi8>
// CHECK:         %[[S:.*]] = tosa.slice %[[T]], {{.*}} -> tensor<1x2x4x2xi8>
// CHECK:         %[[R:.*]] = tosa.reshape %[[S]], {{.*}} -> tensor<1x16xi8>
// CHECK-NEXT:    return %[[R]]
func.func @moves_bytes(%a: tensor<1x2x4x4xf32>) -> tensor<1x16xf32> {
  %start = tosa.const_shape {values = dense<[0, 1, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %flat = tosa.const_shape {values = dense<[1, 16]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %t = tosa.transpose %a {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %tq = quant.qcast %t : tensor<1x4x4x2xf32> to tensor<1x4x4x2x!qa>
  %td = quant.dcast %tq : tensor<1x4x4x2x!qa> to tensor<1x4x4x2xf32>
  %s = tosa.slice %td, %start, %size : (tensor<1x4x4x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x2x4x2xf32>
  %r = tosa.reshape %s, %flat : (tensor<1x2x4x2xf32>, !tosa.shape<2>) -> tensor<1x16xf32>
  return %r : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:3>

// A bound for each channel is a maximum of integers with the bound's own, 1/0.5 + 3 and -1/0.5 + 3.
// CHECK-LABEL: func.func @channel_bound
func.func @channel_bound(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %c = "tosa.const"() {values = dense<[[[[1.0, -1.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
  // CHECK: %[[C:.*]] = "tosa.const"() <{values = dense<{{.*}}5, 1{{.*}}> : tensor<1x1x1x2xi8>
  // CHECK: tosa.maximum %arg0, %[[C]] : (tensor<1x1x2x2xi8>, tensor<1x1x1x2xi8>) -> tensor<1x1x2x2xi8>
  %xq = quant.qcast %x : tensor<1x1x2x2xf32> to tensor<1x1x2x2x!q>
  %xd = quant.dcast %xq : tensor<1x1x2x2x!q> to tensor<1x1x2x2xf32>
  %m = tosa.maximum %xd, %c : (tensor<1x1x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x2x2xf32>
  %mq = quant.qcast %m : tensor<1x1x2x2xf32> to tensor<1x1x2x2x!q>
  %md = quant.dcast %mq : tensor<1x1x2x2x!q> to tensor<1x1x2x2xf32>
  return %md : tensor<1x1x2x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:3>

// A bound for each column is none for each channel: it stays in floats.
// CHECK-LABEL: func.func @column_bound
func.func @column_bound(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %c = "tosa.const"() {values = dense<[[[[1.0], [-1.0]]]]> : tensor<1x1x2x1xf32>} : () -> tensor<1x1x2x1xf32>
  // CHECK: tosa.maximum {{.*}} (tensor<1x1x2x2xf32>, tensor<1x1x2x1xf32>)
  %xq = quant.qcast %x : tensor<1x1x2x2xf32> to tensor<1x1x2x2x!q>
  %xd = quant.dcast %xq : tensor<1x1x2x2x!q> to tensor<1x1x2x2xf32>
  %m = tosa.maximum %xd, %c : (tensor<1x1x2x2xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x2x2xf32>
  %mq = quant.qcast %m : tensor<1x1x2x2xf32> to tensor<1x1x2x2x!q>
  %md = quant.dcast %mq : tensor<1x1x2x2x!q> to tensor<1x1x2x2xf32>
  return %md : tensor<1x1x2x2xf32>
}
