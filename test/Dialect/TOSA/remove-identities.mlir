// RUN: pim-opt %s --pim-remove-identities | FileCheck %s

// CHECK-LABEL: func.func @arithmetic
// CHECK-NEXT: return %arg0
func.func @arithmetic(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %one = "tosa.const"() <{values = dense<1.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %0 = tosa.add %zero, %x : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = tosa.sub %0, %zero : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = tosa.mul %1, %one, %shift : (tensor<1x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x2xf32>
  %3 = tosa.pow %2, %one : (tensor<1x2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}

// 0 - x is no identity, x + 1 none, and a product of integers with a shift divides.
// CHECK-LABEL: func.func @keeps_arithmetic
func.func @keeps_arithmetic(%x: tensor<2xf32>, %i: tensor<2xi32>) -> (tensor<2xf32>, tensor<2xi32>) {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %mixed = "tosa.const"() <{values = dense<[0.0, 1.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
  %one = "tosa.const"() <{values = dense<1> : tensor<2xi32>}> : () -> tensor<2xi32>
  %shift = "tosa.const"() <{values = dense<1> : tensor<1xi8>}> : () -> tensor<1xi8>
  // CHECK: tosa.sub
  %0 = tosa.sub %zero, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK: tosa.add
  %1 = tosa.add %0, %mixed : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK: tosa.mul
  %2 = tosa.mul %i, %one, %shift : (tensor<2xi32>, tensor<2xi32>, tensor<1xi8>) -> tensor<2xi32>
  return %1, %2 : tensor<2xf32>, tensor<2xi32>
}

// A sum that also broadcasts stays.
// CHECK-LABEL: func.func @broadcast
func.func @broadcast(%x: tensor<1x2xf32>) -> tensor<3x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<3x2xf32>}> : () -> tensor<3x2xf32>
  // CHECK: tosa.add
  %0 = tosa.add %x, %zero : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @movement
// CHECK-NEXT: return %arg0
func.func @movement(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %none = tosa.const_shape {values = dense<0> : tensor<8xindex>} : () -> !tosa.shape<8>
  %start = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 2, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %fill = "tosa.const"() <{values = dense<3.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %0 = tosa.pad %x, %none, %fill : (tensor<1x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %1 = tosa.slice %0, %start, %size : (tensor<1x2x2x1xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x2x2x1xf32>
  %2 = tosa.concat %1 {axis = 0 : i32} : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %3 = tosa.reshape %2, %size : (tensor<1x2x2x1xf32>, !tosa.shape<4>) -> tensor<1x2x2x1xf32>
  %4 = tosa.transpose %3 {perms = array<i32: 0, 2, 1, 3>} : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %5 = tosa.transpose %4 {perms = array<i32: 0, 2, 1, 3>} : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %6 = tosa.max_pool2d %5 {kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %7 = tosa.reduce_sum %6 {axis = 3 : i32} : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %8 = tosa.identity %7 : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  return %8 : tensor<1x2x2x1xf32>
}

// A pooling with a stride, a sum of two, a concatenation of two.
// CHECK-LABEL: func.func @keeps_movement
func.func @keeps_movement(%x: tensor<1x3x3x2xf32>) -> tensor<1x2x2x2xf32> {
  // CHECK: tosa.max_pool2d
  %0 = tosa.max_pool2d %x {kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x3x3x2xf32>) -> tensor<1x2x2x2xf32>
  // CHECK: tosa.reduce_sum
  %1 = tosa.reduce_sum %0 {axis = 3 : i32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x1xf32>
  // CHECK: tosa.concat
  %2 = tosa.concat %1, %1 {axis = 3 : i32} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32>
  return %2 : tensor<1x2x2x2xf32>
}

// CHECK-LABEL: func.func @bounds
func.func @bounds(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-NEXT: %[[C:.*]] = tosa.clamp %arg0 {max_val = 6.000000e+00 : f32
  // CHECK-NEXT: return %[[C]]
  %0 = tosa.clamp %x {min_val = -3.40282347E+38 : f32, max_val = 3.40282347E+38 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tosa.clamp %0 {min_val = -3.40282347E+38 : f32, max_val = 6.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// A cast that changes the type and one that does not.
// CHECK-LABEL: func.func @casts
func.func @casts(%x: tensor<2xi32>) -> tensor<2xf32> {
  // CHECK-NEXT: %[[C:.*]] = tosa.cast %arg0 : (tensor<2xi32>) -> tensor<2xf32>
  // CHECK-NEXT: return %[[C]]
  %0 = tosa.cast %x : (tensor<2xi32>) -> tensor<2xi32>
  %1 = tosa.cast %0 : (tensor<2xi32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}
