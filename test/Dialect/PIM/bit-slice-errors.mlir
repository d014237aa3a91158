// RUN: pim-opt %s --pim-bit-slice --split-input-file --verify-diagnostics

// expected-error @below {{module has no 'pim.target', the dictionary of the target's keys}}
module @no_target {}

// -----

// expected-error @below {{target has mapping.sign = 'magic', expected offset, differential or twos-complement}}
module @sign attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "magic", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {}

// -----

// expected-error @below {{target has core.arrays = 'many', expected a number of at least 0}}
module @arrays attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "many", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {}

// -----

// expected-error @below {{target has no 'and.input_rows', which the mapping needs}}
module @input_rows attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "and", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @too_large(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op has the weight 9, which is no weight of 4 bits}}
    %0 = pim.conv2d %x weights(dense<9> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
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
  func.func @zero(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op has the weight 0, which is no weight of 1 bit (-1 or 1)}}
    %0 = pim.conv2d %x weights(dense<0> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 1 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}
