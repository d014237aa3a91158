// RUN: pim-opt %s --pim-quantize --split-input-file --verify-diagnostics

!q = !quant.uniform<i16:f32, 0.5>

func.func @sixteen_bits(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{activations have type '!quant.uniform<i16:f32, 5.000000e-01>', expected 8-bit storage; export the model with 8-bit activations}}
  %xq = quant.qcast %x : tensor<1x4xf32> to tensor<1x4x!q>
  %xd = quant.dcast %xq : tensor<1x4x!q> to tensor<1x4xf32>
  return %xd : tensor<1x4xf32>
}

// -----

// What is greater than zero, but less than a float can hold in full.
!q = !quant.uniform<i8:f32, 1.0e-40>

func.func @denormal(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{scale 1e-40 is not usable, expected a normal float greater than zero}}
  %xq = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!q>
  %xd = quant.dcast %xq : tensor<1x2x!q> to tensor<1x2xf32>
  return %xd : tensor<1x2xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5>
!qw = !quant.uniform<i8:f32, 1.0e-40>

func.func @denormal_weights(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x1xf32> {
  %w = "tosa.const"() {values = dense<1> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qx>
  %xd = quant.dcast %xq : tensor<1x1x1x2x!qx> to tensor<1x1x1x2xf32>
  %ws = quant.scast %w : tensor<1x1x1x2xi8> to tensor<1x1x1x2x!qw>
  %wd = quant.dcast %ws : tensor<1x1x1x2x!qw> to tensor<1x1x1x2xf32>
  // expected-error @+1 {{weight scale 1e-40 is not usable, expected a normal float greater than zero}}
  %c = tosa.conv2d %xd, %wd, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
  %cd = quant.dcast %cq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
  return %cd : tensor<1x1x1x1xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>

func.func @long_sum(%x: tensor<1x1x1x200000xf32>) -> tensor<1x1x1x1xf32> {
  %w = "tosa.const"() {values = dense<100> : tensor<1x1x1x200000xi8>} : () -> tensor<1x1x1x200000xi8>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x200000xf32> to tensor<1x1x1x200000x!q>
  %xd = quant.dcast %xq : tensor<1x1x1x200000x!q> to tensor<1x1x1x200000xf32>
  %ws = quant.scast %w : tensor<1x1x1x200000xi8> to tensor<1x1x1x200000x!q>
  %wd = quant.dcast %ws : tensor<1x1x1x200000x!q> to tensor<1x1x1x200000xf32>
  // expected-error @+1 {{sum of output 0 can reach 2.56e+09, expected less than 2^31; use fewer weight or activation bits}}
  %c = tosa.conv2d %xd, %wd, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x200000xf32>, tensor<1x1x1x200000xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!q>
  %cd = quant.dcast %cq : tensor<1x1x1x1x!q> to tensor<1x1x1x1xf32>
  return %cd : tensor<1x1x1x1xf32>
}

// -----

// Data that a printer has left out.
!q = !quant.uniform<i8:f32, 0.5>

func.func @constant_without_data(%x: tensor<1x2xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{constant cannot be read; its data must be in the file}}
  %c = "tosa.const"() {values = dense_resource<gone> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %xq = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!q>
  %xd = quant.dcast %xq : tensor<1x2x!q> to tensor<1x2xf32>
  %y = tosa.concat %xd, %c {axis = 0 : i32} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %yq = quant.qcast %y : tensor<2x2xf32> to tensor<2x2x!q>
  %yd = quant.dcast %yq : tensor<2x2x!q> to tensor<2x2xf32>
  return %yd : tensor<2x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>

func.func @factor_without_data(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  // expected-error @+1 {{constant cannot be read; its data must be in the file}}
  %c = "tosa.const"() {values = dense_resource<gone> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %xq = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!q>
  %xd = quant.dcast %xq : tensor<1x2x!q> to tensor<1x2xf32>
  %y = tosa.mul %xd, %c, %shift : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xi8>) -> tensor<1x2xf32>
  %yq = quant.qcast %y : tensor<1x2xf32> to tensor<1x2x!q>
  %yd = quant.dcast %yq : tensor<1x2x!q> to tensor<1x2xf32>
  return %yd : tensor<1x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>

func.func @bias_without_data(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x1xf32> {
  %w = "tosa.const"() {values = dense<1> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %b = "tosa.const"() {values = dense_resource<gone> : tensor<1xf32>} : () -> tensor<1xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!q>
  %xd = quant.dcast %xq : tensor<1x1x1x2x!q> to tensor<1x1x1x2xf32>
  %ws = quant.scast %w : tensor<1x1x1x2xi8> to tensor<1x1x1x2x!q>
  %wd = quant.dcast %ws : tensor<1x1x1x2x!q> to tensor<1x1x1x2xf32>
  // expected-error @+1 {{bias cannot be read; its data must be in the file}}
  %c = tosa.conv2d %xd, %wd, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!q>
  %cd = quant.dcast %cq : tensor<1x1x1x1x!q> to tensor<1x1x1x1xf32>
  return %cd : tensor<1x1x1x1xf32>
}

// -----

!q = !quant.uniform<i8:f32:1, {0.5, 0.25}>

func.func @activations_per_channel(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // expected-error @+1 {{expected one scale per tensor; quantize activations per tensor}}
  %xq = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!q>
  %xd = quant.dcast %xq : tensor<1x2x!q> to tensor<1x2xf32>
  return %xd : tensor<1x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>

func.func @no_quantization(%x: tensor<1x2x!q>) -> tensor<1x2xf32> {
  // expected-error @+1 {{dequantizes a value that no quant.qcast makes, expected a pair of casts}}
  %xd = quant.dcast %x : tensor<1x2x!q> to tensor<1x2xf32>
  return %xd : tensor<1x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>

func.func @dynamic_shape(%x: tensor<1x?xf32>) -> tensor<1x?xf32> {
  // expected-error @+1 {{makes a 'tensor<1x?x!quant.uniform<i8:f32, 5.000000e-01>>', expected a static shape; give the model's input shapes}}
  %xq = quant.qcast %x : tensor<1x?xf32> to tensor<1x?x!q>
  %xd = quant.dcast %xq : tensor<1x?x!q> to tensor<1x?xf32>
  return %xd : tensor<1x?xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 1.0e+10>
!qy = !quant.uniform<i8:f32, 1.0e-10>

func.func @factor_out_of_range(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %xq = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!qx>
  // expected-error @+1 {{rescaling by 1e+20 is not possible, expected a factor greater than zero and less than 2^29; check the scales of the layer}}
  %xd = quant.dcast %xq : tensor<1x2x!qx> to tensor<1x2xf32>
  %yq = quant.qcast %xd : tensor<1x2xf32> to tensor<1x2x!qy>
  %yd = quant.dcast %yq : tensor<1x2x!qy> to tensor<1x2xf32>
  return %yd : tensor<1x2xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5>

func.func @zero_points_per_channel(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[[-1]]], [[[0]]]]> : tensor<2x1x1x1xi8>} : () -> tensor<2x1x1x1xi8>
  %b = "tosa.const"() {values = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
  %xd = quant.dcast %xq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
  %ws = quant.scast %w : tensor<2x1x1x1xi8> to tensor<2x1x1x1x!quant.uniform<u8:f32:0, {0.25:0, 0.25:255}>>
  %wd = quant.dcast %ws : tensor<2x1x1x1x!quant.uniform<u8:f32:0, {0.25:0, 0.25:255}>> to tensor<2x1x1x1xf32>
  // expected-error @+1 {{weights minus their zero points lie in -255..255, expected 8 bits or one zero point for all; quantize weights symmetrically}}
  %c = tosa.conv2d %xd, %wd, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
  %cq = quant.qcast %c : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qx>
  %cd = quant.dcast %cq : tensor<1x1x1x2x!qx> to tensor<1x1x1x2xf32>
  return %cd : tensor<1x1x1x2xf32>
}

// -----

!qx = !quant.uniform<i8:f32, 0.5>

func.func @scales_of_inputs(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x1xf32> {
  %w = "tosa.const"() {values = dense<1> : tensor<1x1x1x2xi8>} : () -> tensor<1x1x1x2xi8>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %xq = quant.qcast %x : tensor<1x1x1x2xf32> to tensor<1x1x1x2x!qx>
  %xd = quant.dcast %xq : tensor<1x1x1x2x!qx> to tensor<1x1x1x2xf32>
  %ws = quant.scast %w : tensor<1x1x1x2xi8> to tensor<1x1x1x2x!quant.uniform<i8:f32:3, {0.25, 0.5}>>
  %wd = quant.dcast %ws : tensor<1x1x1x2x!quant.uniform<i8:f32:3, {0.25, 0.5}>> to tensor<1x1x1x2xf32>
  // expected-error @+1 {{weights have one scale per element of dimension 3, expected one per output channel (dimension 0) or one for all}}
  %c = tosa.conv2d %xd, %wd, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %cq = quant.qcast %c : tensor<1x1x1x1xf32> to tensor<1x1x1x1x!qx>
  %cd = quant.dcast %cq : tensor<1x1x1x1x!qx> to tensor<1x1x1x1xf32>
  return %cd : tensor<1x1x1x1xf32>
}

// -----

// expected-error @+1 {{attribute 'pim.weight_bits' is 9 : i32, expected an integer from 1 to 8}}
module attributes {pim.weight_bits = 9 : i32} {
}
