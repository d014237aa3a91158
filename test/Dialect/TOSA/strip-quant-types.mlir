// RUN: pim-opt %s --pim-strip-quant-types | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5:3>
!u = !quant.uniform<u8:f32, 0.5:128>

// Signed integers of one scale are remembered; u8 has no such form.
// CHECK-LABEL: func.func @ports
// CHECK-SAME: (%arg0: tensor<1x4x4x2xi8> {pim.quant = !quant.uniform<i8:f32, 5.000000e-01:3>}, %arg1: tensor<2xi8>)
// CHECK-SAME: -> (tensor<1x2x2x2xi8> {pim.quant = !quant.uniform<i8:f32, 5.000000e-01:3>}, tensor<2xi8>)
func.func @ports(%x: tensor<1x4x4x2x!q>, %y: tensor<2x!u>) -> (tensor<1x2x2x2x!q>, tensor<2x!u>) {
  // CHECK: %[[M:.*]] = tosa.max_pool2d %arg0 {{.*}} : (tensor<1x4x4x2xi8>) -> tensor<1x2x2x2xi8>
  // CHECK: return %[[M]], %arg1 : tensor<1x2x2x2xi8>, tensor<2xi8>
  %0 = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2x!q>) -> tensor<1x2x2x2x!q>
  return %0, %y : tensor<1x2x2x2x!q>, tensor<2x!u>
}

// Casts keep their types.
// CHECK-LABEL: func.func @casts
func.func @casts(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[Q:.*]] = quant.qcast %arg0 : tensor<4xf32> to tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>
  // CHECK: %[[S:.*]] = quant.scast %[[Q]] : {{.*}} to tensor<4xi8>
  // CHECK: %[[R:.*]] = tosa.reverse %[[S]] {{.*}} -> tensor<4xi8>
  // CHECK: %[[T:.*]] = quant.scast %[[R]] : tensor<4xi8> to tensor<4x!quant.uniform<i8:f32, 5.000000e-01:3>>
  // CHECK: quant.dcast %[[T]]
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %1 = tosa.reverse %0 {axis = 0 : i32} : (tensor<4x!q>) -> tensor<4x!q>
  %2 = quant.dcast %1 : tensor<4x!q> to tensor<4xf32>
  return %2 : tensor<4xf32>
}
