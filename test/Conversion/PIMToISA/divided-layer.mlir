// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=energy" --pim-schedule="objective=energy" --convert-pim-to-isa \
// RUN:   | FileCheck %s

// A stack of five row tiles on three cores. Each adds what the one before has summed to what its own arrays return; the first
// adds nothing, the last alone rescales. All have the window of the whole matrix and their share of its rows.
// CHECK: semaphores = 2
// CHECK: isa.core
// CHECK: isa.array_group matrix_rows = 72
// CHECK-NEXT: isa.tile array = 0, row_offset = 0, row_count = 16, {{.*}} row_begin = 0,
// CHECK-NEXT: isa.tile array = 1, row_offset = 0, row_count = 16, {{.*}} row_begin = 16,
// CHECK-NEXT: }
// CHECK: isa.code
// CHECK: isa.mvm
// CHECK-NEXT: isa.dma.copy
// CHECK-NEXT: isa.signal semaphore = 0, amount = 1
// CHECK-NOT: isa.vrequant
// CHECK: isa.halt
// CHECK: isa.core
// CHECK: isa.tile array = 0, {{.*}} row_begin = 32,
// CHECK: isa.code
// CHECK: isa.mvm
// CHECK-NEXT: isa.wait semaphore = 0, rs = [[ROW:[0-9]+]], imm = 1
// CHECK-NEXT: isa.dma.copy
// CHECK-NEXT: isa.vadd
// CHECK-NEXT: isa.dma.copy
// CHECK-NEXT: isa.signal semaphore = 1, amount = 1
// CHECK-NOT: isa.vrequant
// CHECK: isa.halt
// CHECK: isa.core
// CHECK: isa.tile array = 0, row_offset = 0, row_count = 8, {{.*}} row_begin = 64,
// CHECK: isa.code
// CHECK: isa.mvm
// CHECK-NEXT: isa.wait semaphore = 1,
// CHECK-NEXT: isa.dma.copy
// CHECK-NEXT: isa.vadd
// CHECK-NEXT: isa.vrequant
// CHECK-NOT: isa.signal
// CHECK: isa.halt
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "2", chip.mesh_cols = "2", core.arrays = "2",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x2x2x72xi8>) -> tensor<1x2x2x4xi8> {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x2x2x72xi8>) -> tensor<1x2x2x4xi8> {
    ^bb0(%a: tensor<1x2x2x72xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x72xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x2x2x72xi8> -> tensor<1x2x2x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x4xi8>
      pim.yield %r : tensor<1x2x2x4xi8>
    }
    return %0 : tensor<1x2x2x4xi8>
  }
}
