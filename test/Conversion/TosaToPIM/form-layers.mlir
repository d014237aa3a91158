// RUN: pim-opt %s --pim-form-layers | FileCheck %s

// A pooling takes the rescale and the clamp after it; what widens belongs to the sum; the sum takes what follows.
// CHECK-LABEL: @fuse
func.func @fuse(%x: tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> {
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  // CHECK: %[[POOL:.*]] = pim.layer "pool" pool(%arg0)
  // CHECK: tosa.max_pool2d
  // CHECK: tosa.rescale
  // CHECK: tosa.clamp
  // CHECK: pim.yield
  %p = tosa.max_pool2d %x {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> loc("pool")
  %r = tosa.rescale %p, %m, %s, %z8, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
    input_unsigned = false, output_unsigned = false}
    : (tensor<1x4x4x8xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x4x4x8xi8>
  %c = tosa.clamp %r {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  // CHECK: pim.layer "sum" elementwise(%[[POOL]], %arg0)
  // CHECK-COUNT-2: tosa.rescale
  // CHECK: tosa.add
  // CHECK: tosa.rescale
  // CHECK: pim.yield
  %a = tosa.rescale %c, %m, %s, %z8, %z32 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
    input_unsigned = false, output_unsigned = false}
    : (tensor<1x4x4x8xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x8xi32>
  %b = tosa.rescale %x, %m, %s, %z8, %z32 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
    input_unsigned = false, output_unsigned = false}
    : (tensor<1x4x4x8xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4x4x8xi32>
  %add = tosa.add %a, %b : (tensor<1x4x4x8xi32>, tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xi32> loc("sum")
  %o = tosa.rescale %add, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
    input_unsigned = false, output_unsigned = false}
    : (tensor<1x4x4x8xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x8xi8>
  return %o : tensor<1x4x4x8xi8>
}

// Layers of one name are told apart; a value used twice ends its layer.
// CHECK-LABEL: @names
func.func @names(%x: tensor<1x4xi8>) -> tensor<1x8xi8> {
  // CHECK: pim.layer "n" elementwise
  // CHECK: pim.layer "n_2" elementwise
  // CHECK: pim.layer "join" movement
  %a = tosa.clamp %x {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8> loc("n")
  %b = tosa.clamp %a {min_val = 1 : i8, max_val = 50 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8> loc("n")
  %c = tosa.concat %a, %b {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8> loc("join")
  return %c : tensor<1x8xi8>
}

// Layout changes at the border go into the ports, also two in a row.
// CHECK-LABEL: @borders
// CHECK-SAME: (%arg0: tensor<1x4x5x3xi8> {pim.permutation = array<i64: 0, 2, 3, 1>, pim.shape = array<i64: 1, 3, 4, 5>})
// CHECK-SAME: -> (tensor<1x4x5x3xi8> {pim.permutation = array<i64: 0, 3, 1, 2>, pim.shape = array<i64: 1, 5, 3, 4>})
func.func @borders(%x: tensor<1x3x4x5xi8>) -> tensor<1x5x3x4xi8> {
  // CHECK-NOT: tosa.transpose
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x3x4x5xi8>) -> tensor<1x4x5x3xi8>
  %c = tosa.clamp %t {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x4x5x3xi8>) -> tensor<1x4x5x3xi8>
  %u = tosa.transpose %c {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x4x5x3xi8>) -> tensor<1x3x4x5xi8>
  %v = tosa.transpose %u {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x3x4x5xi8>) -> tensor<1x5x3x4xi8>
  return %v : tensor<1x5x3x4xi8>
}

// A transposition that moves no element is a reshape; one that does is a layer.
// CHECK-LABEL: @transposes
func.func @transposes(%x: tensor<1x4x1x3xi8>) -> (tensor<1x3x4x1xi8>, tensor<12xi8>) {
  // CHECK: %[[CLIP:.*]] = pim.layer
  %y = tosa.clamp %x {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x4x1x3xi8>) -> tensor<1x4x1x3xi8>
  // CHECK: tosa.reshape %[[CLIP]]
  %a = tosa.transpose %y {perms = array<i32: 0, 1, 3, 2>} : (tensor<1x4x1x3xi8>) -> tensor<1x4x3x1xi8>
  // CHECK: pim.layer "transpose" movement
  %b = tosa.transpose %a {perms = array<i32: 0, 2, 1, 3>} : (tensor<1x4x3x1xi8>) -> tensor<1x3x4x1xi8>
  %shape = tosa.const_shape {values = dense<[12]> : tensor<1xindex>} : () -> !tosa.shape<1>
  %c = tosa.reshape %b, %shape : (tensor<1x3x4x1xi8>, !tosa.shape<1>) -> tensor<12xi8>
  return %b, %c : tensor<1x3x4x1xi8>, tensor<12xi8>
}

!q = !quant.uniform<i8:f32, 0.5:3>

// Float ops form one host layer with the casts around them, but not across an integer layer.
// CHECK-LABEL: @islands
func.func @islands(%x: tensor<1x4xi8>) -> tensor<1x4xf32> {
  // CHECK: pim.layer "exp" host(%arg0) : (tensor<1x4xi8>) -> tensor<1x4xi8>
  // CHECK: tosa.exp
  // CHECK: quant.qcast
  %q = quant.scast %x : tensor<1x4xi8> to tensor<1x4x!q>
  %f = quant.dcast %q : tensor<1x4x!q> to tensor<1x4xf32>
  %e = tosa.exp %f : (tensor<1x4xf32>) -> tensor<1x4xf32> loc("exp")
  %eq = quant.qcast %e : tensor<1x4xf32> to tensor<1x4x!q>
  %es = quant.scast %eq : tensor<1x4x!q> to tensor<1x4xi8> loc("cast")
  // CHECK: pim.layer "clip" elementwise
  %c = tosa.clamp %es {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8> loc("clip")
  // CHECK: pim.layer "log" host
  // CHECK: tosa.log
  %cq = quant.scast %c : tensor<1x4xi8> to tensor<1x4x!q>
  %cf = quant.dcast %cq : tensor<1x4x!q> to tensor<1x4xf32>
  %l = tosa.log %cf : (tensor<1x4xf32>) -> tensor<1x4xf32> loc("log")
  return %l : tensor<1x4xf32>
}

// Arrays hold no weights that are computed: the host convolves.
// CHECK-LABEL: @computed_weights
func.func @computed_weights(%x: tensor<1x2x2x1xi8>, %w: tensor<1x1x1x1xi8>) -> tensor<1x2x2x1xi32> {
  %b = "tosa.const"() <{values = dense<7> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // CHECK: pim.layer "conv" host(%arg0, %arg1)
  // CHECK: tosa.conv2d
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
    : (tensor<1x2x2x1xi8>, tensor<1x1x1x1xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2x1xi32> loc("conv")
  return %0 : tensor<1x2x2x1xi32>
}
