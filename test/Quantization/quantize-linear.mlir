// RUN: pim-opt %s --pim-quantize --split-input-file | FileCheck %s

!qx = !quant.uniform<i8:f32, 0.5:-3>
!qy = !quant.uniform<i8:f32, 0.03125:-128>
!qw = !quant.uniform<i8<-127:127>:f32:0, {0.0078125, 0.00390625}>

// Bias, scale of each channel and clamp become the bias, the rescale and its bounds. The lower bound is the end of the range.
// CHECK: module attributes {pim.activation_bits = 8 : i32, pim.weight_bits = 8 : i32}
// CHECK-LABEL: func.func @conv2d
// CHECK-SAME:    %[[X:.*]]: tensor<1x4x4x2xi8> {pim.name = "x", pim.quant = !quant.uniform<i8:f32, 5.000000e-01:-3>}
// CHECK-SAME:    -> (tensor<1x4x4x2xi8> {pim.name = "y", pim.quant = !quant.uniform<i8:f32, 3.125000e-02:-128>})
// CHECK-DAG:     %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}127, -64]]], {{\[\[\[}}64, 127]]]]>
// CHECK-DAG:     %[[B:.*]] = "tosa.const"() <{values = dense<[128, -128]> : tensor<2xi32>}>
// CHECK-DAG:     %[[ZP:.*]] = "tosa.const"() <{values = dense<-3> : tensor<1xi8>}>
// CHECK:         %[[ACC:.*]] = tosa.conv2d %[[X]], %[[W]], %[[B]], %[[ZP]], %{{.*}} {acc_type = i32, {{.*}}pim.weight_bits = 8 : i32
// CHECK-DAG:     %[[M:.*]] = "tosa.const"() <{values = dense<1073741824> : tensor<2xi32>}>
// CHECK-DAG:     %[[S:.*]] = "tosa.const"() <{values = dense<[33, 34]> : tensor<2xi8>}>
// CHECK:         %[[Q:.*]] = tosa.rescale %[[ACC]], %[[M]], %[[S]], {{.*}}per_channel = true, rounding_mode = SINGLE_ROUND, scale32 = true
// CHECK-NEXT:    %[[Y:.*]] = tosa.clamp %[[Q]] {max_val = 64 : i8, min_val = -128 : i8}
// CHECK-NEXT:    return %[[Y]]
func.func @conv2d(%x: tensor<1x4x4x2xf32> {pim.name = "x"}) -> (tensor<1x4x4x2xf32> {pim.name = "y"}) {
  %w = "tosa.const"() {values = dense<[[[[1.0, -0.5]]], [[[0.25, 0.5]]]]> : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() {values = dense<[0.5, -0.25]> : tensor<2xf32>} : () -> tensor<2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x4x4x2xf32> to tensor<1x4x4x2x!qx>
  %xd = quant.dcast %xq : tensor<1x4x4x2x!qx> to tensor<1x4x4x2xf32>
  %wq = quant.qcast %w : tensor<2x1x1x2xf32> to tensor<2x1x1x2x!qw>
  %wd = quant.dcast %wq : tensor<2x1x1x2x!qw> to tensor<2x1x1x2xf32>
  %c = tosa.conv2d %xd, %wd, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %r = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %rq = quant.qcast %r : tensor<1x4x4x2xf32> to tensor<1x4x4x2x!qy>
  %rd = quant.dcast %rq : tensor<1x4x4x2x!qy> to tensor<1x4x4x2xf32>
  return %rd : tensor<1x4x4x2xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5:0>
!qw = !quant.uniform<i8<-127:127>:f32:2, {0.5, 0.25}>

// A product with a constant is a 1x1 convolution over rows; the constant added behind a reshape is its bias.
// CHECK-LABEL: func.func @matmul
// CHECK-SAME:    %[[X:.*]]: tensor<1x1x3xi8>
// CHECK:         %[[R:.*]] = tosa.reshape %[[X]], {{.*}} -> tensor<1x1x1x3xi8>
// CHECK-DAG:     %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}2, 4, -2]]], {{\[\[\[}}4, 8, 0]]]]> : tensor<2x1x1x3xi8>}>
// CHECK-DAG:     %[[B:.*]] = "tosa.const"() <{values = dense<[4, 16]> : tensor<2xi32>}>
// CHECK:         tosa.conv2d %[[R]], %[[W]], %[[B]]
// CHECK:         %[[Q:.*]] = tosa.rescale
// CHECK-NOT:     tosa.add
// CHECK:         %[[Y:.*]] = tosa.reshape %[[Q]], {{.*}} -> tensor<1x2xi8>
// CHECK-NEXT:    return %[[Y]]
func.func @matmul(%x: tensor<1x1x3xf32>) -> tensor<1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[1.0, 1.0], [2.0, 2.0], [-1.0, 0.0]]]> : tensor<1x3x2xf32>} : () -> tensor<1x3x2xf32>
  %b = "tosa.const"() {values = dense<[[1.0, 2.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %shape = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %xq = quant.qcast %x : tensor<1x1x3xf32> to tensor<1x1x3x!qx>
  %xd = quant.dcast %xq : tensor<1x1x3x!qx> to tensor<1x1x3xf32>
  %wq = quant.qcast %w : tensor<1x3x2xf32> to tensor<1x3x2x!qw>
  %wd = quant.dcast %wq : tensor<1x3x2x!qw> to tensor<1x3x2xf32>
  %m = tosa.matmul %xd, %wd, %z, %z : (tensor<1x1x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %r = tosa.reshape %m, %shape : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  %y = tosa.add %r, %b : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %yq = quant.qcast %y : tensor<1x2xf32> to tensor<1x2x!qx>
  %yd = quant.dcast %yq : tensor<1x2x!qx> to tensor<1x2xf32>
  return %yd : tensor<1x2xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5:0>
!qw = !quant.uniform<i8<-127:127>:f32:2, {0.5, 0.25}>

// A batch normalization that was not folded: its factor joins the scales, its offset the bias. Weights have scales 0.5 and 0.25;
// factors of 1 and 4 make that 0.5 and 1.
// CHECK-LABEL: func.func @depthwise_normalized
// CHECK-DAG:     %[[B:.*]] = "tosa.const"() <{values = dense<[4, -2]> : tensor<2xi32>}>
// CHECK:         tosa.depthwise_conv2d %{{.*}}, %{{.*}}, %[[B]]
// CHECK-SAME:      -> tensor<1x4x4x2xi32>
// CHECK-DAG:     dense<[31, 30]> : tensor<2xi8>
// CHECK:         tosa.rescale
// CHECK-NOT:     tosa.{{mul|add}}
// CHECK:         return
func.func @depthwise_normalized(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "tosa.const"() {values = dense<[[[[1.0], [0.5]]]]> : tensor<1x1x2x1xf32>} : () -> tensor<1x1x2x1xf32>
  %b = "tosa.const"() {values = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %f = "tosa.const"() {values = dense<[[[[1.0, 4.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
  %o = "tosa.const"() {values = dense<[[[[1.0, -1.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
  %xq = quant.qcast %x : tensor<1x4x4x2xf32> to tensor<1x4x4x2x!qx>
  %xd = quant.dcast %xq : tensor<1x4x4x2x!qx> to tensor<1x4x4x2xf32>
  %wq = quant.qcast %w : tensor<1x1x2x1xf32> to tensor<1x1x2x1x!qw>
  %wd = quant.dcast %wq : tensor<1x1x2x1x!qw> to tensor<1x1x2x1xf32>
  %c = tosa.depthwise_conv2d %xd, %wd, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %m = tosa.mul %c, %f, %s : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
  %a = tosa.add %m, %o : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %aq = quant.qcast %a : tensor<1x4x4x2xf32> to tensor<1x4x4x2x!qx>
  %ad = quant.dcast %aq : tensor<1x4x4x2x!qx> to tensor<1x4x4x2xf32>
  return %ad : tensor<1x4x4x2xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5:0>
!qw = !quant.uniform<i8<-127:127>:f32:0, {0.5}>

// What two ops go on from is computed once.
// CHECK-LABEL: func.func @two_consumers
// CHECK:         %[[ACC:.*]] = tosa.conv2d
// CHECK-NOT:     tosa.conv2d
// CHECK-COUNT-2: tosa.rescale %[[ACC]]
// CHECK-NOT:     tosa.conv2d
// CHECK:         return
func.func @two_consumers(%x: tensor<1x4x4x1xf32>) -> (tensor<1x4x4x1xf32>, tensor<1x4x4x1xf32>) {
  %w = "tosa.const"() {values = dense<3.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %b = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x4x4x1xf32> to tensor<1x4x4x1x!qx>
  %xd = quant.dcast %xq : tensor<1x4x4x1x!qx> to tensor<1x4x4x1xf32>
  %wq = quant.qcast %w : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qw>
  %wd = quant.dcast %wq : tensor<1x1x1x1x!qw> to tensor<1x1x1x1xf32>
  %c = tosa.conv2d %xd, %wd, %b, %b, %b {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %r = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
  %cq = quant.qcast %c : tensor<1x4x4x1xf32> to tensor<1x4x4x1x!qx>
  %cd = quant.dcast %cq : tensor<1x4x4x1x!qx> to tensor<1x4x4x1xf32>
  %rq = quant.qcast %r : tensor<1x4x4x1xf32> to tensor<1x4x4x1x!qx>
  %rd = quant.dcast %rq : tensor<1x4x4x1x!qx> to tensor<1x4x4x1xf32>
  return %cd, %rd : tensor<1x4x4x1xf32>, tensor<1x4x4x1xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5:0>
!qw = !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.5, 0.5}>

// Negative factors turn the signs of weights and bias; a factor of zero leaves the offset alone.
// CHECK-LABEL: func.func @factor_signs
// CHECK-DAG:     dense<{{\[\[\[\[}}-2]]], {{\[\[\[}}0]]], {{\[\[\[}}2]]]]> : tensor<3x1x1x1xi8>
// CHECK-DAG:     dense<[-3, 20, 3]> : tensor<3xi32>
// CHECK:         tosa.conv2d
// CHECK-NOT:     tosa.{{mul|add}}
// CHECK:         return
func.func @factor_signs(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x3xf32> {
  %w = "tosa.const"() {values = dense<1.0> : tensor<3x1x1x1xf32>} : () -> tensor<3x1x1x1xf32>
  %b = "tosa.const"() {values = dense<0.75> : tensor<3xf32>} : () -> tensor<3xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %f = "tosa.const"() {values = dense<[[[[-1.0, 0.0, 1.0]]]]> : tensor<1x1x1x3xf32>} : () -> tensor<1x1x1x3xf32>
  %o = "tosa.const"() {values = dense<[[[[0.0, 5.0, 0.0]]]]> : tensor<1x1x1x3xf32>} : () -> tensor<1x1x1x3xf32>
  %xq = quant.qcast %x : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
  %xd = quant.dcast %xq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
  %wq = quant.qcast %w : tensor<3x1x1x1xf32> to tensor<3x1x1x1x!qw>
  %wd = quant.dcast %wq : tensor<3x1x1x1x!qw> to tensor<3x1x1x1xf32>
  %c = tosa.conv2d %xd, %wd, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<3x1x1x1xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x3xf32>
  %m = tosa.mul %c, %f, %s : (tensor<1x1x1x3xf32>, tensor<1x1x1x3xf32>, tensor<1xi8>) -> tensor<1x1x1x3xf32>
  %a = tosa.add %m, %o : (tensor<1x1x1x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x1x1x3xf32>
  %aq = quant.qcast %a : tensor<1x1x1x3xf32> to tensor<1x1x1x3x!qx>
  %ad = quant.dcast %aq : tensor<1x1x1x3x!qx> to tensor<1x1x1x3xf32>
  return %ad : tensor<1x1x1x3xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5:0>
!qw = !quant.uniform<i8<-1:1>:f32:0, {0.5, 1.0e-12}>

// A bias beside which the weights of its output are nothing makes them coarser. Weights of one bit keep their signs then:
// they have no zero.
// CHECK-LABEL: func.func @one_bit
// CHECK-DAG:     dense<{{\[\[\[\[}}1, -1]]], {{\[\[\[}}1, -1]]]]> : tensor<2x1x1x2xi8>
// CHECK-DAG:     dense<[0, 1073741824]> : tensor<2xi32>
// CHECK:         tosa.conv2d {{.*}}pim.weight_bits = 1 : i32
func.func @one_bit(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "tosa.const"() {values = dense<[[[[0.5, -0.5]]], [[[1.0e-12, -1.0e-12]]]]> : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
  %b = "tosa.const"() {values = dense<[0.0, 1.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x4x4x2xf32> to tensor<1x4x4x2x!qx>
  %xd = quant.dcast %xq : tensor<1x4x4x2x!qx> to tensor<1x4x4x2xf32>
  %wq = quant.qcast %w : tensor<2x1x1x2xf32> to tensor<2x1x1x2x!qw>
  %wd = quant.dcast %wq : tensor<2x1x1x2x!qw> to tensor<2x1x1x2xf32>
  %c = tosa.conv2d %xd, %wd, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, pim.weight_bits = 1 : i32, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %rq = quant.qcast %c : tensor<1x4x4x2xf32> to tensor<1x4x4x2x!qx>
  %rd = quant.dcast %rq : tensor<1x4x4x2x!qx> to tensor<1x4x4x2xf32>
  return %rd : tensor<1x4x4x2xf32>
}
