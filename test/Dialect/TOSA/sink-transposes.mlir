// RUN: pim-opt %s --pim-sink-transposes --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @residual
// CHECK: dense<{{.*}}[1.000000e+00, 2.000000e+00]{{.*}}> : tensor<1x1x1x2xf32>
// CHECK-NOT: tosa.transpose
// CHECK: return
func.func @residual(%a: tensor<1x4x4x2xf32>, %b: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %c = "tosa.const"() <{values = dense<[[[[1.0]], [[2.0]]]]> : tensor<1x2x1x1xf32>}> : () -> tensor<1x2x1x1xf32>
  %sa = tosa.sigmoid %a : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %sb = tosa.sigmoid %b : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %ta = tosa.transpose %sa {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf32>
  %tb = tosa.transpose %sb {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf32>
  %sum = tosa.add %ta, %tb : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  %biased = tosa.add %sum, %c : (tensor<1x2x4x4xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x4x4xf32>
  %y = tosa.transpose %biased {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}

// -----

// The axis of a concatenation, the ranges of a slice and the amounts of a pad move with their dimension.
// CHECK-LABEL: func.func @movement
// CHECK-DAG: %[[START:.*]] = tosa.const_shape {values = dense<[0, 1, 2, 0]>
// CHECK-DAG: %[[PADS:.*]] = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 0]>
func.func @movement(%a: tensor<1x4x6x2xf32>) -> tensor<1x4x3x4xf32> {
  %s = tosa.sigmoid %a : (tensor<1x4x6x2xf32>) -> tensor<1x4x6x2xf32>
  %t = tosa.transpose %s {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x4x6x2xf32>) -> tensor<1x2x4x6xf32>
  // CHECK: tosa.concat %{{.*}}, %{{.*}} {axis = 3 : i32} : (tensor<1x4x6x2xf32>, tensor<1x4x6x2xf32>) -> tensor<1x4x6x4xf32>
  %c = tosa.concat %t, %t {axis = 1 : i32} : (tensor<1x2x4x6xf32>, tensor<1x2x4x6xf32>) -> tensor<1x4x4x6xf32>
  %start = tosa.const_shape {values = dense<[0, 0, 1, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 4, 3, 3]> : tensor<4xindex>} : () -> !tosa.shape<4>
  // CHECK: tosa.slice %{{.*}}, %[[START]], %{{.*}} -> tensor<1x3x3x4xf32>
  %l = tosa.slice %c, %start, %size : (tensor<1x4x4x6xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x3x3xf32>
  %pads = tosa.const_shape {values = dense<[0, 0, 0, 0, 1, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // CHECK: tosa.pad %{{.*}}, %[[PADS]], %{{.*}} -> tensor<1x4x3x4xf32>
  %p = tosa.pad %l, %pads, %zero : (tensor<1x4x3x3xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x3xf32>
  // CHECK-NOT: tosa.transpose
  %y = tosa.transpose %p {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x4x4x3xf32>) -> tensor<1x4x3x4xf32>
  return %y : tensor<1x4x3x4xf32>
}

// -----

// A flattened image in front of a fully connected layer: the weights are permuted, through casts and elementwise ops.
// CHECK-LABEL: func.func @classifier
func.func @classifier(%a: tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32> {
  %s = tosa.sigmoid %a : (tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  %t = tosa.transpose %s {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x1x2x2xf32>) -> tensor<1x2x1x2xf32>
  %shape = tosa.const_shape {values = dense<[1, 1, 1, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %f = tosa.reshape %t, %shape : (tensor<1x2x1x2xf32>, !tosa.shape<4>) -> tensor<1x1x1x4xf32>
  %q = quant.qcast %f : tensor<1x1x1x4xf32> to tensor<1x1x1x4x!quant.uniform<i8:f32, 0.5>>
  %d = quant.dcast %q : tensor<1x1x1x4x!quant.uniform<i8:f32, 0.5>> to tensor<1x1x1x4xf32>
  %w = "tosa.const"() <{values = dense<[[[[1.0, 2.0, 3.0, 4.0]]]]> : tensor<1x1x1x4xf32>}> : () -> tensor<1x1x1x4xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // CHECK: dense<{{.*}}[1.000000e+00, 3.000000e+00, 2.000000e+00, 4.000000e+00]{{.*}}> : tensor<1x1x1x4xf32>
  // CHECK-NOT: tosa.transpose
  %y = tosa.conv2d %d, %w, %b, %b, %b {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x4xf32>, tensor<1x1x1x4xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// -----

// Below an argument the transposition moves up; it is a matter of the argument's layout from there on.
// CHECK-LABEL: func.func @argument
func.func @argument(%a: tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32> {
  // CHECK: %[[T:.*]] = tosa.transpose %arg0
  // CHECK: %[[Q:.*]] = quant.qcast %[[T]]
  // CHECK: quant.dcast %[[Q]]
  // CHECK-NOT: tosa.transpose
  %q = quant.qcast %a : tensor<1x2x4x4xf32> to tensor<1x2x4x4x!quant.uniform<i8:f32, 0.5>>
  %d = quant.dcast %q : tensor<1x2x4x4x!quant.uniform<i8:f32, 0.5>> to tensor<1x2x4x4xf32>
  %t = tosa.transpose %d {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %y = tosa.tanh %t : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}

// -----

// A sum with something that is in another order stays below the transposition.
// CHECK-LABEL: func.func @mixed
func.func @mixed(%a: tensor<1x4x4x2xf32>, %b: tensor<1x2x16xf32>) -> tensor<1x2x4x4xf32> {
  %s = tosa.sigmoid %a : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  %t = tosa.transpose %s {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf32>
  %shape = tosa.const_shape {values = dense<[1, 2, 4, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %r = tosa.reshape %b, %shape : (tensor<1x2x16xf32>, !tosa.shape<4>) -> tensor<1x2x4x4xf32>
  // CHECK: %[[T:.*]] = tosa.transpose
  // CHECK: %[[S:.*]] = tosa.sigmoid %[[T]]
  // CHECK: tosa.add %[[S]]
  %y = tosa.add %t, %r : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  return %y : tensor<1x2x4x4xf32>
}
