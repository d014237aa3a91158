// RUN: pim-opt %s --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | FileCheck %s

// A 3x3 convolution of a 64x64 map in blocks of 8 rows: the loop loads the chunk that the next block needs, the tail
// computes what needs no more loads. A rescale follows every mvm, here for the bias alone:
// 5 - (-3 + 128) * (the sum of 9 weights of 1) = -1120.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "64", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  // CHECK: isa.program
  // CHECK-SAME: semaphores = 0
  // CHECK: isa.port kind = input, name = "image", {{.*}} scale = 5.000000e-01, zero_point = 3,
  // CHECK: isa.port kind = output, name = "output0"
  // CHECK: isa.layer name = "conv", op = "conv2d", macs = 147456, arrays = 1, weights = 36,
  // CHECK-SAME: spans = [#isa.span<core = 0, begin = 0, end = [[END:[0-9]+]]>]
  // CHECK: isa.core x = 0, y = 0, arrays = 1,
  // CHECK: isa.window {{.*}} out_rows = 8, out_cols = 64, kernel_rows = 3, kernel_cols = 3, channels = 1,
  // CHECK-SAME: first_col = -1,
  // CHECK-SAME: rows = 64, cols = 64, ring_rows = 32, row_pitch = 64, col_pitch = 1
  // CHECK-SAME: pad_value = -3
  // CHECK: isa.array_group matrix_rows = 9, matrix_cols = 4, input_bits = 8, cell_bits = 1,
  // CHECK-SAME: input_offset = 128
  // CHECK: isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 4,
  // CHECK: isa.requantize bias = [-1120], multiplier = [1073741824], shift = [30]
  func.func @main(%x: tensor<1x64x64x1xi8> {pim.name = "image", pim.quant = !quant.uniform<i8:f32, 0.5:3>})
      -> tensor<1x64x64x4xi32> {
    %0 = pim.conv2d %x weights(dense<1> : tensor<4x3x3x1xi8>) bias(dense<5> : tensor<4xi32>)
      {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = -3 : i64, weight_bits = 8 : i64}
      : tensor<1x64x64x1xi8> -> tensor<1x64x64x4xi32> loc("conv")
    // CHECK: isa.code
    // CHECK: isa.li rd = 3, imm = -1
    // CHECK: isa.dma.copy
    // CHECK-NEXT: isa.loop count = 6,
    // CHECK-NEXT: isa.dma.copy
    // CHECK-NEXT: isa.mvm
    // CHECK-NEXT: isa.vrequant
    // CHECK-NEXT: isa.dma.copy
    // CHECK: isa.loop count = 2,
    // CHECK-NEXT: isa.mvm
    // CHECK-NOT: isa.mvm
    // CHECK: isa.halt
    return %0 : tensor<1x64x64x4xi32>
  }
}
