// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=energy" --pim-schedule="objective=energy" --convert-pim-to-isa \
// RUN:   | FileCheck %s

// The last layer, which moves most bytes and has core 0, reads rows 1 to 3 of what the first two compute side by side: before
// row r of its own it waits for r + 2 rows of both, and before the first of them for two. Who stores a row says so at once.
// CHECK: semaphores = 2
// CHECK-SAME: images_in_flight = 8
// CHECK: isa.layer name = "joined"{{.*}} spans = []
// CHECK: isa.core
// CHECK: isa.code
// CHECK: isa.wait semaphore = 0, rs = 0, imm = 2
// CHECK-NEXT: isa.wait semaphore = 1, rs = 0, imm = 2
// CHECK-NEXT: isa.dma.copy
// CHECK-NEXT: isa.loop count = 2,
// CHECK-NEXT: isa.mvm
// CHECK-NEXT: isa.vrequant
// CHECK-NEXT: isa.dma.copy
// CHECK-NEXT: isa.wait semaphore = 0, rs = [[ROW:[0-9]+]], imm = 2
// CHECK-NEXT: isa.wait semaphore = 1, rs = [[ROW]], imm = 2
// CHECK-NEXT: isa.dma.copy
// CHECK: isa.addi rd = [[ROW]], rs = [[ROW]], imm = 1
// CHECK-NOT: isa.signal
// CHECK: isa.halt
// CHECK: isa.core
// CHECK: isa.code
// CHECK: isa.loop count = 3,
// CHECK: isa.dma.copy
// CHECK: isa.mvm
// CHECK-NEXT: isa.vrequant
// CHECK-NEXT: isa.dma.copy
// CHECK-NEXT: isa.signal semaphore = 0, amount = 1
// CHECK: isa.core
// CHECK: isa.signal semaphore = 1, amount = 1
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "2", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x4x4x2xi8>) -> tensor<1x3x3x4xi8> {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x4xi8> {
    ^bb0(%a: tensor<1x4x4x2xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x2xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x4x4x2xi8> -> tensor<1x4x4x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x4x4x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x4xi8>
      pim.yield %r : tensor<1x4x4x4xi8>
    }
    %1 = pim.layer "b" matrix(%x) : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x4xi8> {
    ^bb0(%a: tensor<1x4x4x2xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x2xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x4x4x2xi8> -> tensor<1x4x4x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x4x4x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x4xi8>
      pim.yield %r : tensor<1x4x4x4xi8>
    }
    %2 = pim.layer "joined" movement(%0, %1) : (tensor<1x4x4x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x8xi8> {
    ^bb0(%a: tensor<1x4x4x4xi8>, %b: tensor<1x4x4x4xi8>):
      %c = tosa.concat %a, %b {axis = 3 : i32} : (tensor<1x4x4x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x8xi8>
      pim.yield %c : tensor<1x4x4x8xi8>
    }
    %3 = pim.layer "cut" movement(%2) : (tensor<1x4x4x8xi8>) -> tensor<1x3x3x8xi8> {
    ^bb0(%a: tensor<1x4x4x8xi8>):
      %start = tosa.const_shape {values = dense<[0, 1, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
      %size = tosa.const_shape {values = dense<[1, 3, 3, 8]> : tensor<4xindex>} : () -> !tosa.shape<4>
      %c = tosa.slice %a, %start, %size : (tensor<1x4x4x8xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x3x8xi8>
      pim.yield %c : tensor<1x3x3x8xi8>
    }
    %4 = pim.layer "c" matrix(%3) : (tensor<1x3x3x8xi8>) -> tensor<1x3x3x4xi8> {
    ^bb0(%a: tensor<1x3x3x8xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x3x3x8xi8> -> tensor<1x3x3x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x3x3x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x3x3x4xi8>
      pim.yield %r : tensor<1x3x3x4xi8>
    }
    return %4 : tensor<1x3x3x4xi8>
  }
}
