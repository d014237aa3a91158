// RUN: pim-opt %s --pim-fuse-activations | FileCheck %s

// min(max(x, 0), 6), as some exporters write ReLU6.
// CHECK-LABEL: func.func @relu6
func.func @relu6(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %six = "tosa.const"() <{values = dense<6.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  // CHECK-NEXT: %[[C:.*]] = tosa.clamp %arg0 {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32}
  // CHECK-NEXT: return %[[C]]
  %0 = tosa.maximum %zero, %x : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = tosa.minimum %0, %six : (tensor<1x2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// Bounds that do not meet: the outer ones win.
// CHECK-LABEL: func.func @apart
func.func @apart(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-NEXT: tosa.clamp %arg0 {max_val = 1.000000e+00 : f32, min_val = 1.000000e+00 : f32}
  %0 = tosa.clamp %x {min_val = 2.0 : f32, max_val = 3.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// Different numbers, a constant that widens the value, two tensors, and a clamp that drops NaN stay.
// CHECK-LABEL: func.func @keeps
func.func @keeps(%x: tensor<1x2xf32>, %y: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<3x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) {
  %mixed = "tosa.const"() <{values = dense<[[0.0, 1.0]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
  %wide = "tosa.const"() <{values = dense<0.0> : tensor<3x1xf32>}> : () -> tensor<3x1xf32>
  // CHECK: tosa.maximum
  %0 = tosa.maximum %x, %mixed : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  // CHECK: tosa.maximum
  %1 = tosa.maximum %x, %wide : (tensor<1x2xf32>, tensor<3x1xf32>) -> tensor<3x2xf32>
  // CHECK: tosa.minimum
  %2 = tosa.minimum %x, %y : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  // CHECK: tosa.clamp
  // CHECK: tosa.clamp
  %3 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.0 : f32, nan_mode = IGNORE} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0, %1, %2, %4 : tensor<1x2xf32>, tensor<3x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>
}

// relu(max_pool(x)): the ReLU goes to what makes x.
// CHECK-LABEL: func.func @above_pool
func.func @above_pool(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
  // CHECK: %[[E:.*]] = tosa.exp %arg0
  // CHECK-NEXT: %[[C:.*]] = tosa.clamp %[[E]]
  // CHECK-NEXT: %[[P:.*]] = tosa.max_pool2d %[[C]]
  // CHECK-NEXT: return %[[P]]
  %0 = tosa.exp %x : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = tosa.max_pool2d %0 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.0 : f32} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// A pooling that others read too, and an average, keep their place.
// CHECK-LABEL: func.func @keeps_pool
func.func @keeps_pool(%x: tensor<1x2x2x1xf32>) -> (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // CHECK: tosa.exp
  // CHECK-NEXT: tosa.max_pool2d
  %0 = tosa.exp %x : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = tosa.max_pool2d %0 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.0 : f32} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  // CHECK: %[[A:.*]] = tosa.avg_pool2d
  // CHECK: tosa.clamp %[[A]]
  %3 = tosa.avg_pool2d %0, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 3.0 : f32} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %1, %2, %4 : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
}
