// RUN: pim-opt %s --pim-quantize --split-input-file | FileCheck %s

!qa = !quant.uniform<i8:f32, 0.5:-3>
!qb = !quant.uniform<i8:f32, 0.25:7>

// Both operands go to one scale, twenty bits finer than the coarser one: 0.5 * 2^-20.
// CHECK-LABEL: func.func @add
// CHECK-SAME:    %[[A:[a-z0-9]*]]: tensor<1x4xi8> {{.*}}, %[[B:[a-z0-9]*]]: tensor<1x4xi8>
// CHECK-DAG:     dense<10> : tensor<1xi8>
// CHECK-DAG:     %[[WA:.*]] = tosa.rescale %[[A]], {{.*}} -> tensor<1x4xi32>
// CHECK-DAG:     dense<11> : tensor<1xi8>
// CHECK-DAG:     %[[WB:.*]] = tosa.rescale %[[B]], {{.*}} -> tensor<1x4xi32>
// CHECK:         %[[S:.*]] = tosa.add %[[WA]], %[[WB]]
// CHECK:         %[[Y:.*]] = tosa.rescale %[[S]], {{.*}} -> tensor<1x4xi8>
// CHECK-NEXT:    return %[[Y]]
func.func @add(%a: tensor<1x4xf32>, %b: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %aq = quant.qcast %a : tensor<1x4xf32> to tensor<1x4x!qa>
  %ad = quant.dcast %aq : tensor<1x4x!qa> to tensor<1x4xf32>
  %bq = quant.qcast %b : tensor<1x4xf32> to tensor<1x4x!qb>
  %bd = quant.dcast %bq : tensor<1x4x!qb> to tensor<1x4xf32>
  %s = tosa.add %ad, %bd : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %r = tosa.clamp %s {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %yq = quant.qcast %r : tensor<1x4xf32> to tensor<1x4x!quant.uniform<i8:f32, 0.5:-128>>
  %yd = quant.dcast %yq : tensor<1x4x!quant.uniform<i8:f32, 0.5:-128>> to tensor<1x4xf32>
  return %yd : tensor<1x4xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>

// A constant minus a value: the constant rounds at the scale of the sum, 0.5 * 2^-20.
// CHECK-LABEL: func.func @constant_minus_value
// CHECK:         %[[C:.*]] = "tosa.const"() <{values = dense<{{\[\[}}2097152, -4194304]]> : tensor<1x2xi32>}>
// CHECK:         %[[X:.*]] = tosa.rescale
// CHECK:         tosa.sub %[[C]], %[[X]]
func.func @constant_minus_value(%a: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %c = "tosa.const"() {values = dense<[[1.0, -2.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %aq = quant.qcast %a : tensor<1x2xf32> to tensor<1x2x!qa>
  %ad = quant.dcast %aq : tensor<1x2x!qa> to tensor<1x2xf32>
  %s = tosa.sub %c, %ad : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %yq = quant.qcast %s : tensor<1x2xf32> to tensor<1x2x!qa>
  %yd = quant.dcast %yq : tensor<1x2x!qa> to tensor<1x2xf32>
  return %yd : tensor<1x2xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:-3>
!qb = !quant.uniform<i8:f32, 0.25:7>

// A product is exact in i32 and has the product of the scales: 0.125 / 0.5 is a multiplier of 2^30 with shift 32.
// CHECK-LABEL: func.func @mul
// CHECK:         %[[P:.*]] = tosa.mul {{.*}} : (tensor<1x4xi32>, tensor<1x4xi32>, tensor<1xi8>) -> tensor<1x4xi32>
// CHECK:         dense<32> : tensor<1xi8>
// CHECK:         tosa.rescale %[[P]]
func.func @mul(%a: tensor<1x4xf32>, %b: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %aq = quant.qcast %a : tensor<1x4xf32> to tensor<1x4x!qa>
  %ad = quant.dcast %aq : tensor<1x4x!qa> to tensor<1x4xf32>
  %bq = quant.qcast %b : tensor<1x4xf32> to tensor<1x4x!qb>
  %bd = quant.dcast %bq : tensor<1x4x!qb> to tensor<1x4xf32>
  %s = tosa.mul %ad, %bd, %shift : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1xi8>) -> tensor<1x4xf32>
  %yq = quant.qcast %s : tensor<1x4xf32> to tensor<1x4x!qa>
  %yd = quant.dcast %yq : tensor<1x4x!qa> to tensor<1x4xf32>
  return %yd : tensor<1x4xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 2.0:-3>

// A positive factor changes what the integers mean, and costs nothing.
// CHECK-LABEL: func.func @positive_factor
// CHECK-SAME:    %[[A:.*]]: tensor<1x4xi8> {pim.quant = !quant.uniform<i8:f32, 2.000000e+00:-3>})
// CHECK-SAME:    -> (tensor<1x4xi8> {pim.quant = !quant.uniform<i8:f32, 5.000000e-01:-3>})
// CHECK-NEXT:    return %[[A]]
func.func @positive_factor(%a: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %c = "tosa.const"() {values = dense<0.25> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %aq = quant.qcast %a : tensor<1x4xf32> to tensor<1x4x!qa>
  %ad = quant.dcast %aq : tensor<1x4x!qa> to tensor<1x4xf32>
  %s = tosa.mul %ad, %c, %shift : (tensor<1x4xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x4xf32>
  return %s : tensor<1x4xf32>
}

// -----

!qa = !quant.uniform<i8:f32, 0.5:0>

// Factors of both signs per channel are integers of 15 bits; positive ones alone are scales of a rescale per channel.
// CHECK-LABEL: func.func @factors_per_channel
// CHECK:         "tosa.const"() <{values = dense<{{\[\[}}32767, -16384]]> : tensor<1x2xi32>}>
// CHECK:         tosa.mul {{.*}}tensor<1x2xi32>
// CHECK-NOT:     tosa.mul
// CHECK:         tosa.rescale {{.*}}per_channel = true{{.*}} -> tensor<1x2xi8>
func.func @factors_per_channel(%a: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %both = "tosa.const"() {values = dense<[[2.0, -1.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %positive = "tosa.const"() {values = dense<[[2.0, 1.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %aq = quant.qcast %a : tensor<1x2xf32> to tensor<1x2x!qa>
  %ad = quant.dcast %aq : tensor<1x2x!qa> to tensor<1x2xf32>
  %s = tosa.mul %ad, %both, %shift : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xi8>) -> tensor<1x2xf32>
  %sq = quant.qcast %s : tensor<1x2xf32> to tensor<1x2x!qa>
  %sd = quant.dcast %sq : tensor<1x2x!qa> to tensor<1x2xf32>
  %t = tosa.mul %ad, %positive, %shift : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xi8>) -> tensor<1x2xf32>
  %tq = quant.qcast %t : tensor<1x2xf32> to tensor<1x2x!qa>
  %td = quant.dcast %tq : tensor<1x2x!qa> to tensor<1x2xf32>
  return %sd, %td : tensor<1x2xf32>, tensor<1x2xf32>
}
