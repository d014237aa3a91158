// RUN: pim-opt %s --pim-tile --split-input-file | FileCheck %s

// Arrays of 32 rows and 32 columns.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "32", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  // CHECK-LABEL: @grid
  func.func @grid(%x: tensor<1x1x1x40xi8>) {
    // Two tiles of rows; 32 columns hold 4 outputs of 8 slices.
    // CHECK: tiling = #pim.tiling<groups = 1, matrix_rows = 40, matrix_cols = 10, tile_rows = 32, tile_cols = 4, groups_per_array = 1, planes = 1>
    %0 = pim.conv2d %x weights(dense<1> : tensor<10x1x1x40xi8>) bias(dense<0> : tensor<10xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = offset, layout = columns>}
      : tensor<1x1x1x40xi8> -> tensor<1x1x1x10xi32>
    return
  }
  // CHECK-LABEL: @planes
  func.func @planes(%x: tensor<1x1x1x40xi8>) {
    // 128 + 127 has ones in every plane.
    // CHECK: tile_rows = 32, tile_cols = 32, groups_per_array = 1, planes = 8>
    %0 = pim.conv2d %x weights(dense<127> : tensor<10x1x1x40xi8>) bias(dense<0> : tensor<10xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = offset, layout = arrays>}
      : tensor<1x1x1x40xi8> -> tensor<1x1x1x10xi32>
    return
  }
  // CHECK-LABEL: @diagonal
  func.func @diagonal(%x: tensor<1x6x6x16xi8>) {
    // Three matrices of 9x1 lie in 32 rows.
    // CHECK: tiling = #pim.tiling<groups = 16, matrix_rows = 9, matrix_cols = 1, tile_rows = 32, tile_cols = 8, groups_per_array = 3, planes = 1>
    %0 = pim.conv2d %x weights(dense<1> : tensor<16x3x3x1xi8>) bias(dense<0> : tensor<16xi32>)
      {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 16 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64,
       slicing = #pim.slicing<weight_bits = 4, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = offset, layout = columns>}
      : tensor<1x6x6x16xi8> -> tensor<1x6x6x16xi32>
    return
  }
}
