// RUN: pim-opt %s --pim-quantize=wide-averages=false --split-input-file | FileCheck %s
// RUN: pim-opt %s --pim-quantize --split-input-file | FileCheck %s --check-prefix=WIDE

!qa = !quant.uniform<i8:f32, 0.5:-3>
!qb = !quant.uniform<i8:f32, 0.25:7>

// The maximum of integers stands for the maximum of reals; another scale is reached after it, on fewer elements.
// CHECK-LABEL: func.func @max_pool2d
// CHECK-SAME:    %[[A:.*]]: tensor<1x4x4x1xi8>
// CHECK-NEXT:    %[[M:.*]] = tosa.max_pool2d %[[A]] {{.*}} -> tensor<1x2x2x1xi8>
// CHECK:         tosa.rescale %[[M]]
func.func @max_pool2d(%a: tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32> {
  %aq = quant.qcast %a : tensor<1x4x4x1xf32> to tensor<1x4x4x1x!qa>
  %ad = quant.dcast %aq : tensor<1x4x4x1x!qa> to tensor<1x4x4x1xf32>
  %m = tosa.max_pool2d %ad {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  %mq = quant.qcast %m : tensor<1x2x2x1xf32> to tensor<1x2x2x1x!qb>
  %md = quant.dcast %mq : tensor<1x2x2x1x!qb> to tensor<1x2x2x1xf32>
  return %md : tensor<1x2x2x1xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// The mean of integers has their zero point and scale.
// CHECK-LABEL: func.func @avg_pool2d
// CHECK:         %[[ZP:.*]] = "tosa.const"() <{values = dense<-3> : tensor<1xi8>}>
// CHECK-NEXT:    %[[M:.*]] = tosa.avg_pool2d %{{.*}}, %[[ZP]], %[[ZP]] {acc_type = i32
// CHECK-NEXT:    return %[[M]]
func.func @avg_pool2d(%a: tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x4x4x1xf32> to tensor<1x4x4x1x!qa>
  %ad = quant.dcast %aq : tensor<1x4x4x1x!qa> to tensor<1x4x4x1xf32>
  %m = tosa.avg_pool2d %ad, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %mq = quant.qcast %m : tensor<1x2x2x1xf32> to tensor<1x2x2x1x!qa>
  %md = quant.dcast %mq : tensor<1x2x2x1x!qa> to tensor<1x2x2x1xf32>
  return %md : tensor<1x2x2x1xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// Sums over rows and columns, times one over their number, are one mean.
// CHECK-LABEL: func.func @mean_of_sums
// CHECK:         %[[M:.*]] = tosa.avg_pool2d {{.*}}kernel = array<i64: 4, 2>{{.*}} -> tensor<1x1x1x3xi8>
// CHECK-NOT:     tosa.{{mul|rescale|reduce_sum}}
// CHECK:         return %[[M]]
func.func @mean_of_sums(%a: tensor<1x4x2x3xf32>) -> tensor<1x1x1x3xf32> {
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %c = "tosa.const"() {values = dense<0.125> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %aq = quant.qcast %a : tensor<1x4x2x3xf32> to tensor<1x4x2x3x!qa>
  %ad = quant.dcast %aq : tensor<1x4x2x3x!qa> to tensor<1x4x2x3xf32>
  %r = tosa.reduce_sum %ad {axis = 1 : i32} : (tensor<1x4x2x3xf32>) -> tensor<1x1x2x3xf32>
  %s = tosa.reduce_sum %r {axis = 2 : i32} : (tensor<1x1x2x3xf32>) -> tensor<1x1x1x3xf32>
  %m = tosa.mul %s, %c, %shift : (tensor<1x1x1x3xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x1x1x3xf32>
  %mq = quant.qcast %m : tensor<1x1x1x3xf32> to tensor<1x1x1x3x!qa>
  %md = quant.dcast %mq : tensor<1x1x1x3x!qa> to tensor<1x1x1x3xf32>
  return %md : tensor<1x1x1x3xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// One sum over the tokens of a sequence: a mean over the rows of an image, at a scale that counts them.
// CHECK-LABEL: func.func @sum_over_tokens
// CHECK:         %[[I:.*]] = tosa.reshape {{.*}} -> tensor<1x16x1x3xi8>
// CHECK:         tosa.avg_pool2d %[[I]], {{.*}}kernel = array<i64: 16, 1>
// CHECK:         dense<26> : tensor<1xi8>
// CHECK:         %[[Q:.*]] = tosa.rescale
// CHECK:         tosa.reshape %[[Q]], {{.*}} -> tensor<1x1x3xi8>
func.func @sum_over_tokens(%a: tensor<1x16x3xf32>) -> tensor<1x1x3xf32> {
  %aq = quant.qcast %a : tensor<1x16x3xf32> to tensor<1x16x3x!qa>
  %ad = quant.dcast %aq : tensor<1x16x3x!qa> to tensor<1x16x3xf32>
  %s = tosa.reduce_sum %ad {axis = 1 : i32} : (tensor<1x16x3xf32>) -> tensor<1x1x3xf32>
  %sq = quant.qcast %s : tensor<1x1x3xf32> to tensor<1x1x3x!qa>
  %sd = quant.dcast %sq : tensor<1x1x3x!qa> to tensor<1x1x3xf32>
  return %sd : tensor<1x1x3xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// Means in 16 bits round once, at the scale of the result.
// WIDE-LABEL: func.func @wide_average
// WIDE:         %[[W:.*]] = tosa.rescale {{.*}} -> tensor<1x2x2x1xi16>
// WIDE:         %[[M:.*]] = tosa.avg_pool2d %[[W]], {{.*}} -> tensor<1x1x1x1xi16>
// WIDE:         tosa.rescale %[[M]], {{.*}} -> tensor<1x1x1x1xi8>
func.func @wide_average(%a: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x2x2x1xf32> to tensor<1x2x2x1x!qa>
  %ad = quant.dcast %aq : tensor<1x2x2x1x!qa> to tensor<1x2x2x1xf32>
  %m = tosa.avg_pool2d %ad, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %mq = quant.qcast %m : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!quant.uniform<i8:f32, 0.125:0>>
  %md = quant.dcast %mq : tensor<1x1x1x1x!quant.uniform<i8:f32, 0.125:0>> to tensor<1x1x1x1xf32>
  return %md : tensor<1x1x1x1xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// The mean of 49 integers is exact if their steps are a multiple of 49 finer: 98 here, as 98 * 2^24.
// WIDE-LABEL: func.func @exact_average
// WIDE-DAG:     dense<1644167168> : tensor<1xi32>
// WIDE-DAG:     dense<24> : tensor<1xi8>
// WIDE:         tosa.avg_pool2d {{.*}}kernel = array<i64: 7, 7>{{.*}} -> tensor<1x1x1x1xi16>
func.func @exact_average(%a: tensor<1x7x7x1xf32>) -> tensor<1x1x1x1xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %aq = quant.qcast %a : tensor<1x7x7x1xf32> to tensor<1x7x7x1x!qa>
  %ad = quant.dcast %aq : tensor<1x7x7x1x!qa> to tensor<1x7x7x1xf32>
  %m = tosa.avg_pool2d %ad, %z, %z {acc_type = f32, kernel = array<i64: 7, 7>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 7, 7>} : (tensor<1x7x7x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %mq = quant.qcast %m : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!quant.uniform<i8:f32, 0.125:0>>
  %md = quant.dcast %mq : tensor<1x1x1x1x!quant.uniform<i8:f32, 0.125:0>> to tensor<1x1x1x1xf32>
  return %md : tensor<1x1x1x1xf32>
}

// -----

// Integers that are read with another scale and zero point than they were made with keep their bits.
// CHECK-LABEL: func.func @read_otherwise
// CHECK-SAME: (%[[A:.*]]: tensor<4xi8> {pim.quant = !quant.uniform<i8:f32, 1.000000e+00:-128>}) -> (tensor<4xi8> {pim.quant = !quant.uniform<i8:f32, 5.000000e-01:-3>})
// CHECK-NEXT: return %[[A]]
func.func @read_otherwise(%a: tensor<4xf32>) -> tensor<4xf32> {
  %q = quant.qcast %a : tensor<4xf32> to tensor<4x!quant.uniform<i8:f32, 1.0:-128>>
  %i = quant.scast %q : tensor<4x!quant.uniform<i8:f32, 1.0:-128>> to tensor<4xi8>
  %r = quant.scast %i : tensor<4xi8> to tensor<4x!quant.uniform<i8:f32, 0.5:-3>>
  %d = quant.dcast %r : tensor<4x!quant.uniform<i8:f32, 0.5:-3>> to tensor<4xf32>
  return %d : tensor<4xf32>
}
