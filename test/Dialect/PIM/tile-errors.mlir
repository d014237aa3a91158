// RUN: pim-opt %s --pim-tile --split-input-file --verify-diagnostics

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "6", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @narrow(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op needs 8 neighbouring columns for a weight, the arrays of target 'tiny' have 6}}
    %0 = pim.conv2d %x weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = offset, layout = columns>}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @unsliced(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op has no slicing: run pim-bit-slice before pim-tile}}
    %0 = pim.conv2d %x weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @no_data(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op has weights without data}}
    %0 = pim.conv2d %x weights(dense_resource<absent> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = offset, layout = columns>}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @fragments(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op has fragments of 17 rows, the arrays of target 'tiny' have 16}}
    %0 = pim.conv2d %x weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
         dac_bits = 1, scheme = polarized, layout = columns, fragment_rows = 17>}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}
