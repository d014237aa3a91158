// RUN: pim-opt %s --pim-bit-slice --pim-tile --split-input-file | FileCheck %s

// What zeros leave out. Arrays of 4 rows; 4-bit weights.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  // Row 1 and output 1 are zero: 6 rows of 8 inputs by 3 outputs, 2 to an array.
  // CHECK-LABEL: @rows_and_outputs
  func.func @rows_and_outputs(%x: tensor<1x1x1x6xi8>) {
    // CHECK-SAME: tensor<1x1x1x6xi8>
    // CHECK: pim.arrays = {ordered = 0 : i64, pruned = 6 : i64, sliced = 4 : i64, squeezed = 4 : i64}
    // CHECK-SAME: stacks = [<output_end = 3, arrays = 2, tiles = [<array = 0, row_offset = 0, rows = [0, 1, 2, 5], col_offset = 0, outputs = [0, 1, 2, 3], slice_begin = 0, slice_count = 4>, <array = 1, row_offset = 0, rows = [5, 6], col_offset = 0, outputs = [0, 1, 2, 3], slice_begin = 0, slice_count = 4>]>
    // CHECK-SAME: <output_end = 4, arrays = 2, tiles
    %0 = pim.conv2d %x weights(dense<[[[[1,0,1,1,1,1]]],[[[0,0,0,0,0,0]]],[[[2,0,2,2,2,2]]],[[[3,0,3,3,3,3]]]]> : tensor<4x1x1x6xi8>) bias(dense<0> : tensor<4xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x6xi8> -> tensor<1x1x1x4xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "arrays",
  global_memory.size_mib = "1"}} {
  // Weights of 1 and 4: of three planes of either sign, the second and all negative ones are empty.
  // The third has ones in row 4 alone, so one array has room for it, while the first takes two.
  // CHECK-LABEL: @planes
  func.func @planes(%x: tensor<1x1x1x5xi8>) {
    // CHECK: stacks = [<output_end = 1, arrays = 3, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 1], slice_begin = 0, slice_count = 1>, <array = 1, row_offset = 0, rows = [4, 5], col_offset = 0, outputs = [0, 1], slice_begin = 0, slice_count = 1>, <array = 2, row_offset = 0, rows = [0, 1, 4, 5], col_offset = 0, outputs = [0, 1], slice_begin = 2, slice_count = 1>]>]
    %0 = pim.conv2d %x weights(dense<[[[[5,1,1,1,5]]]]> : tensor<1x1x1x5xi8>) bias(dense<0> : tensor<1xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x5xi8> -> tensor<1x1x1x1xi32>
    return
  }
  // One array at least, so that there is something to drive.
  // CHECK-LABEL: @nothing
  func.func @nothing(%x: tensor<1x1x1x5xi8>) {
    // CHECK: stacks = [<output_end = 1, arrays = 1, tiles = [<array = 0, row_offset = 0, rows = [0, 1], col_offset = 0, outputs = [0, 1], slice_begin = 0, slice_count = 1>]>]
    %0 = pim.conv2d %x weights(dense<0> : tensor<1x1x1x5xi8>) bias(dense<0> : tensor<1xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x5xi8> -> tensor<1x1x1x1xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  // Outputs 0 and 2 weigh one half of the rows, 1 and 3 the other: side by side they take 2 arrays
  // instead of 4.
  // CHECK-LABEL: @clustered
  func.func @clustered(%x: tensor<1x1x1x8xi8>) {
    // CHECK: pim.arrays = {ordered = 2 : i64,
    // CHECK-SAME: stacks = [<output_end = 4, arrays = 2, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 1, 2, 3], slice_begin = 0, slice_count = 4>, <array = 1, row_offset = 0, rows = [4, 8], col_offset = 0, outputs = [1, 2, 3, 4], slice_begin = 0, slice_count = 4>]>]
    %0 = pim.conv2d %x weights(dense<[[[[1,1,1,1,0,0,0,0]]],[[[0,0,0,0,1,1,1,1]]],[[[1,1,1,1,0,0,0,0]]],[[[0,0,0,0,1,1,1,1]]]]> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x8xi8> -> tensor<1x1x1x4xi32>
    return
  }
}
