// RUN: pim-opt %s --pim-quantize --split-input-file | FileCheck %s

// Models that arrive quantized (Q/DQ): integers are kept as they are.

!qx = !quant.uniform<u8:f32, 0.5:128>
!qw = !quant.uniform<i8:f32, 0.25>
!qb = !quant.uniform<i32:f32, 0.12500001>

// Unsigned activations move down by 128. The bias has the accumulator's scale, up to what a float rounds.
// CHECK-LABEL: func.func @integers_kept
// CHECK-SAME:    %[[X:.*]]: tensor<1x1x1x2xi8> {pim.quant = !quant.uniform<i8:f32, 5.000000e-01>}
// CHECK-DAG:     dense<{{.*}}-128, 127{{.*}}> : tensor<1x1x1x2xi8>
// CHECK-DAG:     %[[B:.*]] = "tosa.const"() <{values = dense<123456789> : tensor<1xi32>}>
// CHECK:         tosa.conv2d %[[X]], %{{.*}}, %[[B]]
func.func @integers_kept(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x1xf32> {
  %w = "tosa.const"() {values = dense<[[[[-128, 127]]]]> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %b = "tosa.const"() {values = dense<123456789> : tensor<1xi32>} : () -> tensor<1xi32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qx>
  %xd = quant.dcast %xq : tensor<1x1x1x2x!qx> to tensor<1x1x1x2xf32>
  %ws = quant.scast %w : tensor<1x1x1x2xi8> to tensor<1x1x1x2x!qw>
  %wd = quant.dcast %ws : tensor<1x1x1x2x!qw> to tensor<1x1x1x2xf32>
  %bs = quant.scast %b : tensor<1xi32> to tensor<1x!qb>
  %bd = quant.dcast %bs : tensor<1x!qb> to tensor<1xf32>
  %c = tosa.conv2d %xd, %wd, %bd, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
  %cd = quant.dcast %cq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
  return %cd : tensor<1x1x1x1xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5:5>
!qw = !quant.uniform<u8:f32, 0.25:100>

// Unsigned weights: what fits i8 less the zero point has none; the rest keeps one.
// CHECK-LABEL: func.func @unsigned_weights
// CHECK-DAG:     dense<{{.*}}-90, 27{{.*}}> : tensor<1x1x1x2xi8>
// CHECK-DAG:     %[[NONE:.*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}>
// CHECK:         tosa.conv2d %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[NONE]]
// CHECK-DAG:     dense<{{.*}}-118, 127{{.*}}> : tensor<1x1x1x2xi8>
// CHECK-DAG:     %[[ZP:.*]] = "tosa.const"() <{values = dense<-28> : tensor<1xi8>}>
// CHECK:         tosa.conv2d %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[ZP]]
func.func @unsigned_weights(%x: tensor<1x1x1x2xf32>) -> (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) {
  %w1 = "tosa.const"() {values = dense<[[[[10, 127]]]]> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %w2 = "tosa.const"() {values = dense<[[[[10, -1]]]]> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qx>
  %xd = quant.dcast %xq : tensor<1x1x1x2x!qx> to tensor<1x1x1x2xf32>
  %w1s = quant.scast %w1 : tensor<1x1x1x2xi8> to tensor<1x1x1x2x!qw>
  %w1d = quant.dcast %w1s : tensor<1x1x1x2x!qw> to tensor<1x1x1x2xf32>
  %w2s = quant.scast %w2 : tensor<1x1x1x2xi8> to tensor<1x1x1x2x!qw>
  %w2d = quant.dcast %w2s : tensor<1x1x1x2x!qw> to tensor<1x1x1x2xf32>
  %c = tosa.conv2d %xd, %w1d, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
  %cd = quant.dcast %cq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
  %e = tosa.conv2d %xd, %w2d, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %eq = quant.qcast %e : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
  %ed = quant.dcast %eq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
  return %cd, %ed : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5>
!qw = !quant.uniform<i8:f32, 0.25>

// A result that nothing quantizes keeps 32 bits on its way to the float island.
// CHECK-LABEL: func.func @unquantized_result
// CHECK:         %[[ACC:.*]] = tosa.conv2d
// CHECK:         %[[I:.*]] = tosa.rescale %[[ACC]]{{.*}} -> tensor<1x1x1x1xi32>
// CHECK:         %[[Q:.*]] = quant.scast %[[I]] : tensor<1x1x1x1xi32> to tensor<1x1x1x1x!quant.uniform<i32:f32
// CHECK:         %[[D:.*]] = quant.dcast %[[Q]]
// CHECK:         tosa.sigmoid %[[D]]
func.func @unquantized_result(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x1xf32> {
  %w = "tosa.const"() {values = dense<[[[[-100, 127]]]]> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qx>
  %xd = quant.dcast %xq : tensor<1x1x1x2x!qx> to tensor<1x1x1x2xf32>
  %ws = quant.scast %w : tensor<1x1x1x2xi8> to tensor<1x1x1x2x!qw>
  %wd = quant.dcast %ws : tensor<1x1x1x2x!qw> to tensor<1x1x1x2xf32>
  %c = tosa.conv2d %xd, %wd, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %y = tosa.sigmoid %c : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.100000001490116119384765625:-3>
!qw = !quant.uniform<i8:f32:0, {0.300000011920928955078125,0.20000000298023223876953125}>
!qy = !quant.uniform<i8:f32, 0.699999988079071044921875:5>

// Sums become eight bits by factors that are floats: float(float(0.1f * 0.3f) / 0.7f) is 11504377 * 2^-28, 24 bits in a
// multiplier of 31. The sum of two values keeps 31 bits and halves that go up.
// CHECK:       module attributes {{{.*}}pim.float_rescale
// CHECK-LABEL: func.func @float_rescale
// CHECK:         tosa.conv2d
// CHECK:         "tosa.const"() <{values = dense<[1472560256, 1963413760]> : tensor<2xi32>}>
// CHECK:         tosa.rescale {{.*}}rounding_mode = INEXACT_ROUND{{.*}} -> tensor<1x1x1x2xi8>
// CHECK:         tosa.rescale {{.*}}rounding_mode = SINGLE_ROUND{{.*}} -> tensor<1x1x1x2xi32>
// CHECK:         tosa.add
// CHECK:         tosa.rescale {{.*}}rounding_mode = SINGLE_ROUND{{.*}} -> tensor<1x1x1x2xi8>
module attributes {pim.float_rescale} {
  func.func @float_rescale(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
    %w = "tosa.const"() {values = dense<[[[[1, 2]]], [[[3, 4]]]]> : tensor<2x1x1x2xi8>} : () -> tensor<2x1x1x2xi8>
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %b = "tosa.const"() {values = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %xq = quant.qcast %x : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qx>
    %xd = quant.dcast %xq : tensor<1x1x1x2x!qx> to tensor<1x1x1x2xf32>
    %ws = quant.scast %w : tensor<2x1x1x2xi8> to tensor<2x1x1x2x!qw>
    %wd = quant.dcast %ws : tensor<2x1x1x2x!qw> to tensor<2x1x1x2xf32>
    %c = tosa.conv2d %xd, %wd, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
    %cq = quant.qcast %c : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qy>
    %cd = quant.dcast %cq : tensor<1x1x1x2x!qy> to tensor<1x1x1x2xf32>
    %s = tosa.add %xd, %cd : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
    %sq = quant.qcast %s : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qy>
    %sd = quant.dcast %sq : tensor<1x1x1x2x!qy> to tensor<1x1x1x2xf32>
    return %sd : tensor<1x1x1x2xf32>
  }
}

// -----

!qx = !quant.uniform<i8:f32, 0.1:-3>

// So do means: halves go to the even integer, where TOSA's own rounding takes them up.
// CHECK-LABEL: func.func @float_mean
// CHECK:         tosa.rescale {{.*}}rounding_mode = SINGLE_ROUND{{.*}} -> tensor<1x2x2x1xi16>
// CHECK:         tosa.avg_pool2d
// CHECK:         tosa.rescale {{.*}}rounding_mode = INEXACT_ROUND{{.*}} -> tensor<1x1x1x1xi8>
module attributes {pim.float_rescale} {
  func.func @float_mean(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %xq = quant.qcast %x : tensor<1x2x2x1xf32> to tensor<1x2x2x1x!qx>
    %xd = quant.dcast %xq : tensor<1x2x2x1x!qx> to tensor<1x2x2x1xf32>
    %m = tosa.avg_pool2d %xd, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
    %mq = quant.qcast %m : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
    %md = quant.dcast %mq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
    return %md : tensor<1x1x1x1xf32>
  }
}
