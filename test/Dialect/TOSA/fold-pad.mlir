// RUN: pim-opt %s --pim-fold-pad | FileCheck %s

// CHECK-LABEL: func.func @convolution
func.func @convolution(%x: tensor<1x4x4x1xf32>) -> tensor<1x5x4x1xf32> {
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x3x3x1xf32>}> : () -> tensor<1x3x3x1xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 2, 1, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK-NOT: tosa.pad
  // CHECK: tosa.conv2d %arg0{{.*}}pad = array<i64: 1, 2, 1, 1>
  %0 = tosa.pad %x, %amounts, %b : (tensor<1x4x4x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x7x5x1xf32>
  %1 = tosa.conv2d %0, %w, %b, %b, %b {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 1>, stride = array<i64: 1, 1>} : (tensor<1x7x5x1xf32>, tensor<1x3x3x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x4x1xf32>
  return %1 : tensor<1x5x4x1xf32>
}

// Two pads of a depthwise convolution; the dilated window reaches 5 rows.
// CHECK-LABEL: func.func @depthwise
func.func @depthwise(%x: tensor<1x4x4x2xf32>) -> tensor<1x5x4x2xf32> {
  %w = "tosa.const"() <{values = dense<1.0> : tensor<3x1x2x1xf32>}> : () -> tensor<3x1x2x1xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %first = tosa.const_shape {values = dense<[0, 0, 2, 1, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %second = tosa.const_shape {values = dense<[0, 0, 1, 1, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK-NOT: tosa.pad
  // CHECK: tosa.depthwise_conv2d %arg0{{.*}}pad = array<i64: 3, 2, 0, 0>
  %0 = tosa.pad %x, %first, %z : (tensor<1x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x7x4x2xf32>
  %1 = tosa.pad %0, %second, %z : (tensor<1x7x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x9x4x2xf32>
  %2 = tosa.depthwise_conv2d %1, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 2, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x9x4x2xf32>, tensor<3x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x4x2xf32>
  return %2 : tensor<1x5x4x2xf32>
}

// Padding with ones, of channels, or as wide as the window stays.
// CHECK-LABEL: func.func @keeps
func.func @keeps(%x: tensor<1x2x2x1xf32>) -> (tensor<1x4x4x1xf32>, tensor<1x2x2x1xf32>, tensor<1x4x4x1xf32>) {
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
  %w2 = "tosa.const"() <{values = dense<1.0> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %one = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %around = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %channel = tosa.const_shape {values = dense<[0, 0, 0, 0, 0, 0, 0, 1]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[A:.*]] = tosa.pad
  // CHECK: tosa.conv2d %[[A]]
  %0 = tosa.pad %x, %around, %one : (tensor<1x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %1 = tosa.conv2d %0, %w, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  // CHECK: %[[B:.*]] = tosa.pad
  // CHECK: tosa.conv2d %[[B]]
  %2 = tosa.pad %x, %channel, %z : (tensor<1x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %3 = tosa.conv2d %2, %w2, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  // CHECK: %[[C:.*]] = tosa.pad
  // CHECK: tosa.conv2d %[[C]]
  %4 = tosa.pad %x, %around, %z : (tensor<1x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %5 = tosa.conv2d %4, %w, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  return %1, %3, %5 : tensor<1x4x4x1xf32>, tensor<1x2x2x1xf32>, tensor<1x4x4x1xf32>
}

// A maximum leaves padding out: zeros count as that after a ReLU, and what is below every float always.
// CHECK-LABEL: func.func @maximum
func.func @maximum(%x: tensor<1x3x3x1xf32>) -> (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %low = "tosa.const"() <{values = dense<0xFF800000> : tensor<1xf32>}> : () -> tensor<1xf32>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[R:.*]] = tosa.clamp
  %r = tosa.clamp %x {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x3x3x1xf32>) -> tensor<1x3x3x1xf32>
  // CHECK: tosa.max_pool2d %[[R]] {{.*}}pad = array<i64: 1, 0, 0, 1>
  %0 = tosa.pad %r, %amounts, %z : (tensor<1x3x3x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %1 = tosa.max_pool2d %0 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  // CHECK: tosa.max_pool2d %arg0 {{.*}}pad = array<i64: 1, 0, 0, 1>
  %2 = tosa.pad %x, %amounts, %low : (tensor<1x3x3x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %3 = tosa.max_pool2d %2 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  // Of values that may be negative, zeros are the maximum: they stay.
  // CHECK: %[[P:.*]] = tosa.pad %arg0
  // CHECK: tosa.max_pool2d %[[P]] {{.*}}pad = array<i64: 0, 0, 0, 0>
  %4 = tosa.pad %x, %amounts, %z : (tensor<1x3x3x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %5 = tosa.max_pool2d %4 {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>) -> tensor<1x2x2x1xf32>
  return %1, %3, %5 : tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>
}

// An average counts zeros that were there before, but not its own padding.
// CHECK-LABEL: func.func @average
func.func @average(%x: tensor<1x3x3x1xf32>) -> tensor<1x2x2x1xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[P:.*]] = tosa.pad
  // CHECK: tosa.avg_pool2d %[[P]]
  %0 = tosa.pad %x, %amounts, %z : (tensor<1x3x3x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %1 = tosa.avg_pool2d %0, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  return %1 : tensor<1x2x2x1xf32>
}

!q = !quant.uniform<i8:f32, 0.5:3>

// Zero keeps its value through casts.
// CHECK-LABEL: func.func @casts
func.func @casts(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %w = "tosa.const"() <{values = dense<1.0> : tensor<1x3x3x1xf32>}> : () -> tensor<1x3x3x1xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[Q:.*]] = quant.qcast %arg0
  // CHECK-NEXT: %[[D:.*]] = quant.dcast %[[Q]]
  // CHECK-NEXT: tosa.conv2d %[[D]]{{.*}}pad = array<i64: 1, 1, 1, 1>
  %0 = tosa.pad %x, %amounts, %z : (tensor<1x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x1xf32>
  %1 = quant.qcast %0 : tensor<1x4x4x1xf32> to tensor<1x4x4x1x!q>
  %2 = quant.dcast %1 : tensor<1x4x4x1x!q> to tensor<1x4x4x1xf32>
  %3 = tosa.conv2d %2, %w, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x1xf32>, tensor<1x3x3x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  return %3 : tensor<1x2x2x1xf32>
}

// Integers: padding with the zero point is the convolution's own, with anything else it is not; nothing is below -128.
// CHECK-LABEL: func.func @integers
func.func @integers(%x: tensor<1x4x4x1xi8>) -> (tensor<1x4x4x1xi32>, tensor<1x4x4x1xi32>, tensor<1x4x4x1xi8>) {
  %w = "tosa.const"() <{values = dense<1> : tensor<1x3x3x1xi8>}> : () -> tensor<1x3x3x1xi8>
  %b = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %zx = "tosa.const"() <{values = dense<-7> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %low = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}> : () -> tensor<1xi8>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: tosa.conv2d %arg0{{.*}}pad = array<i64: 1, 1, 1, 1>
  %0 = tosa.pad %x, %amounts, %zx : (tensor<1x4x4x1xi8>, !tosa.shape<8>, tensor<1xi8>) -> tensor<1x6x6x1xi8>
  %1 = tosa.conv2d %0, %w, %b, %zx, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x6x6x1xi8>, tensor<1x3x3x1xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x1xi32>
  // CHECK: %[[P:.*]] = tosa.pad %arg0
  // CHECK: tosa.conv2d %[[P]]
  %2 = tosa.pad %x, %amounts, %z : (tensor<1x4x4x1xi8>, !tosa.shape<8>, tensor<1xi8>) -> tensor<1x6x6x1xi8>
  %3 = tosa.conv2d %2, %w, %b, %zx, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x6x6x1xi8>, tensor<1x3x3x1xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x1xi32>
  // CHECK: tosa.max_pool2d %arg0{{.*}}pad = array<i64: 1, 1, 1, 1>
  %4 = tosa.pad %x, %amounts, %low : (tensor<1x4x4x1xi8>, !tosa.shape<8>, tensor<1xi8>) -> tensor<1x6x6x1xi8>
  %5 = tosa.max_pool2d %4 {kernel = array<i64: 3, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x6x6x1xi8>) -> tensor<1x4x4x1xi8>
  return %1, %3, %5 : tensor<1x4x4x1xi32>, tensor<1x4x4x1xi32>, tensor<1x4x4x1xi8>
}
