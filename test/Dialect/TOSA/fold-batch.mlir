// RUN: pim-opt %s --pim-fold-batch | FileCheck %s

// Two images of 3 rows, padded by one above and below: 4 rows each, the fourth of zeros; one more below
// the last. The ReLU stays next to the convolution.
// CHECK-LABEL: func.func @padded
func.func @padded(%x: tensor<2x3x3x1xf32>) -> tensor<2x3x3x4xf32> {
  %w = "tosa.const"() <{values = dense<1.0> : tensor<4x3x3x1xf32>}> : () -> tensor<4x3x3x1xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<4xf32>}> : () -> tensor<4xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // CHECK: %[[P:.*]] = tosa.pad %arg0{{.*}} -> tensor<2x4x3x1xf32>
  // CHECK: %[[S:.*]] = tosa.reshape %[[P]]{{.*}} -> tensor<1x8x3x1xf32>
  // CHECK: %[[C:.*]] = tosa.conv2d %[[S]]{{.*}}pad = array<i64: 1, 1, 1, 1>{{.*}} -> tensor<1x8x3x4xf32>
  // CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[C]]
  // CHECK: %[[A:.*]] = tosa.reshape %[[R]]{{.*}} -> tensor<2x4x3x4xf32>
  // CHECK: %[[Y:.*]] = tosa.slice %[[A]]{{.*}} -> tensor<2x3x3x4xf32>
  // CHECK: return %[[Y]]
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<2x3x3x1xf32>, tensor<4x3x3x1xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3x3x4xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.0 : f32} : (tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
  return %1 : tensor<2x3x3x4xf32>
}

// Kernel 1, stride 2: images of 3 rows begin every 4 rows; what is below the last result's window is cut off.
// CHECK-LABEL: func.func @strided
func.func @strided(%x: tensor<2x3x3x2xf32>) -> tensor<2x2x2x2xf32> {
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x1x2x1xf32>}> : () -> tensor<1x1x2x1xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  // CHECK: %[[S:.*]] = tosa.slice {{.*}} -> tensor<1x7x3x2xf32>
  // CHECK: %[[C:.*]] = tosa.depthwise_conv2d %[[S]]{{.*}}pad = array<i64: 0, 0, 0, 0>{{.*}} -> tensor<1x4x2x2xf32>
  // CHECK: tosa.reshape %[[C]]{{.*}} -> tensor<2x2x2x2xf32>
  // CHECK-NEXT: return
  %0 = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x3x3x2xf32>, tensor<1x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x2x2x2xf32>
  return %0 : tensor<2x2x2x2xf32>
}

// CHECK-LABEL: func.func @pool
func.func @pool(%x: tensor<2x2x2x1xf32>) -> tensor<2x1x1x1xf32> {
  // CHECK-COUNT-2: tosa.max_pool2d {{.*}} (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  // CHECK: tosa.concat {{.*}} -> tensor<2x1x1x1xf32>
  %0 = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<2x2x2x1xf32>) -> tensor<2x1x1x1xf32>
  return %0 : tensor<2x1x1x1xf32>
}

// One image stays as it is.
// CHECK-LABEL: func.func @keeps
func.func @keeps(%x: tensor<1x2x2x1xf32>, %i: tensor<1x2x2x1xi8>) -> (tensor<1x1x1x1xf32>, tensor<1x1x1x1xi8>) {
  // CHECK-NEXT: tosa.max_pool2d %arg0
  // CHECK-NEXT: tosa.max_pool2d %arg1
  // CHECK-NEXT: return
  %0 = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %1 = tosa.max_pool2d %i {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1xi8>) -> tensor<1x1x1x1xi8>
  return %0, %1 : tensor<1x1x1x1xf32>, tensor<1x1x1x1xi8>
}

// Integers: what lies between the images is the zero point, and the rescale stays next to the convolution.
// CHECK-LABEL: func.func @integers
func.func @integers(%x: tensor<2x3x3x1xi8>, %m: tensor<4xi32>, %s: tensor<4xi8>) -> tensor<2x3x3x4xi8> {
  %w = "tosa.const"() <{values = dense<1> : tensor<4x3x3x1xi8>}> : () -> tensor<4x3x3x1xi8>
  %b = "tosa.const"() <{values = dense<0> : tensor<4xi32>}> : () -> tensor<4xi32>
  %zx = "tosa.const"() <{values = dense<-7> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  // CHECK: %[[Z:.*]] = "tosa.const"() <{values = dense<-7> : tensor<1xi8>}>
  // CHECK: %[[P:.*]] = tosa.pad %arg0, %{{.*}}, %[[Z]] : {{.*}} -> tensor<2x4x3x1xi8>
  // CHECK: %[[C:.*]] = tosa.conv2d {{.*}} -> tensor<1x8x3x4xi32>
  // CHECK-NEXT: %[[R:.*]] = tosa.rescale %[[C]]{{.*}} -> tensor<1x8x3x4xi8>
  // CHECK: tosa.reshape %[[R]]{{.*}} -> tensor<2x4x3x4xi8>
  %0 = tosa.conv2d %x, %w, %b, %zx, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<2x3x3x1xi8>, tensor<4x3x3x1xi8>, tensor<4xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x3x3x4xi32>
  %1 = tosa.rescale %0, %m, %s, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = true, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x3x3x4xi32>, tensor<4xi32>, tensor<4xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<2x3x3x4xi8>
  return %1 : tensor<2x3x3x4xi8>
}
