// RUN: pim-opt %s --pim-squeeze-out=planes=1 --split-input-file --verify-diagnostics
// RUN: not pim-opt %s --split-input-file --pim-squeeze-out=planes=8 2>&1 | FileCheck %s --check-prefix=PLANES
// RUN: not pim-opt %s --split-input-file --pim-squeeze-out="planes=1 budget=2" 2>&1 | FileCheck %s --check-prefix=BUDGET

// PLANES: error: planes is 8, expected 0 to 7
// BUDGET: error: budget is 2.000000e+00, expected 0 to 1

// expected-error @below {{target 'tiny' has mapping.slicing = 'columns', where no plane leaves an array empty: squeeze out with 'arrays'}}
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
}

// -----

// expected-error @below {{target 'tiny' has mapping.sign = 'offset' and 1 bits in a cell, whose planes cannot be given up: squeeze out with 'differential', or with 'twos-complement' and one bit in a cell}}
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "arrays",
  global_memory.size_mib = "1"}} {
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "arrays",
  global_memory.size_mib = "1"}} {
  func.func @untiled(%x: tensor<1x1x1x2xi8>) {
    // expected-error @below {{'pim.conv2d' op has no tiling: run pim-tile before pim-squeeze-out}}
    %0 = pim.conv2d %x weights(dense<1> : tensor<1x1x1x2xi8>) bias(dense<0> : tensor<1xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x2xi8> -> tensor<1x1x1x1xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "arrays",
  global_memory.size_mib = "1"}} {
  func.func @no_data(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op has weights without data}}
    %0 = pim.conv2d %x weights(dense_resource<absent> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = differential, layout = arrays>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 2, tile_rows = 16, tile_cols = 32,
         groups_per_array = 1, planes = 14>}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "arrays",
  global_memory.size_mib = "1"}} {
  func.func @scheme(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op cannot be squeezed: squeezes slices of scheme offset in cells of 1 bits, which have no slice to give up; use differential}}
    %0 = pim.conv2d %x weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = offset, layout = arrays>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 2, tile_rows = 16, tile_cols = 32,
         groups_per_array = 1, planes = 8>}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}
