// RUN: pim-opt %s --pim-legalize-pruning --split-input-file | FileCheck %s

// Two of eight columns are zero, and one weight more, as quantization leaves them: 8 of 9 zeros.
// CHECK-LABEL: @columns
func.func @columns(%x: tensor<1x1x1x8xi8>) {
  // CHECK: pim.conv2d
  // CHECK-SAME: pim.pattern = {explained = 0.88888888888888883 : f64, name = "column=0.25", zeros = 2.812500e-01 : f64}
  %0 = pim.conv2d %x weights(dense<[[[[1,0,2,3,0,4,5,6]]],[[[3,0,1,1,0,2,1,1]]],[[[1,0,1,0,0,1,2,1]]],[[[2,0,3,1,0,1,1,3]]]]> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x8xi8> -> tensor<1x1x1x4xi32>
  return
}

// -----

// CHECK-LABEL: @filters
func.func @filters(%x: tensor<1x1x1x8xi8>) {
  // CHECK: pim.conv2d
  // CHECK-SAME: pim.pattern = {explained = 1.000000e+00 : f64, name = "filter=0.5", zeros = 5.000000e-01 : f64}
  %0 = pim.conv2d %x weights(dense<[[[[1,7,2,3,3,4,5,6]]],[[[0,0,0,0,0,0,0,0]]],[[[1,3,1,3,3,1,2,1]]],[[[0,0,0,0,0,0,0,0]]]]> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x8xi8> -> tensor<1x1x1x4xi32>
  return
}

// -----

// CHECK-LABEL: @no_order
func.func @no_order(%x: tensor<1x1x1x8xi8>) {
  // CHECK: pim.conv2d
  // CHECK-SAME: name = "irregular=0.25"
  %0 = pim.conv2d %x weights(dense<[[[[0,-7,2,3,0,4,5,-6]]],[[[3,1,-1,1,6,-2,1,1]]],[[[-1,0,0,0,0,0,2,1]]],[[[2,-4,3,1,2,-1,1,0]]]]> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x8xi8> -> tensor<1x1x1x4xi32>
  return
}

// -----

// The same with one sign in each output.
// CHECK-LABEL: @polarized
func.func @polarized(%x: tensor<1x1x1x8xi8>) {
  // CHECK: pim.conv2d
  // CHECK-SAME: name = "polarize=1x8"
  %0 = pim.conv2d %x weights(dense<[[[[0,7,2,3,0,4,5,6]]],[[[-3,-1,-1,-1,-6,-2,-1,-1]]],[[[1,0,0,0,0,0,2,1]]],[[[2,4,3,1,2,1,1,0]]]]> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x8xi8> -> tensor<1x1x1x4xi32>
  return
}

// -----

// CHECK-LABEL: @dense
func.func @dense(%x: tensor<1x1x1x8xi8>) {
  // CHECK-NOT: pim.pattern
  %0 = pim.conv2d %x weights(dense<[[[[1,7,-2,3,3,4,5,6]]],[[[3,1,1,1,6,2,1,1]]]]> : tensor<2x1x1x8xi8>) bias(dense<0> : tensor<2xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x8xi8> -> tensor<1x1x1x2xi32>
  return
}
