// RUN: pim-opt %s --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | FileCheck %s

// Four groups of 4 rows and one output lie along the diagonal of one array.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x2x2x4xi8>) -> tensor<1x1x1x4xi32> {
    %0 = pim.conv2d %x weights(dense<1> : tensor<4x2x2x1xi8>) bias(dense<0> : tensor<4xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 4 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x2x2x4xi8> -> tensor<1x1x1x4xi32> loc("dw")
    // CHECK: isa.layer name = "dw", op = "depthwise_conv2d"
    // CHECK: isa.array_group matrix_rows = 16, matrix_cols = 4,
    // CHECK: isa.tile array = 0, row_offset = 0, row_count = 4, col_offset = 0, output_count = 1,
    // CHECK-SAME: 0, 4, 8, 12
    // CHECK: isa.tile array = 0, row_offset = 4, row_count = 4, col_offset = 8, output_count = 1,
    // CHECK-SAME: 1, 5, 9, 13
    // CHECK: isa.tile array = 0, row_offset = 8, row_count = 4, col_offset = 16, output_count = 1,
    // CHECK: isa.tile array = 0, row_offset = 12, row_count = 4, col_offset = 24, output_count = 1,
    // CHECK-NOT: isa.tile
    return %0 : tensor<1x1x1x4xi32>
  }
}
