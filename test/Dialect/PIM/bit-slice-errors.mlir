// RUN: pim-opt %s --pim-bit-slice --split-input-file --verify-diagnostics
// RUN: not pim-opt %s --pim-bit-slice=weight-bits=9 --split-input-file 2>&1 | FileCheck %s --check-prefix=BITS

// BITS: error: weight-bits is 9, expected 1 to 8

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

// expected-error @below {{target has core.arrays = 'many', expected an integer from 1 to 65536}}
module @arrays attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "many", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {}

// -----

// expected-error @below {{target has mapping.slicing = 'rows', expected columns or arrays}}
module @slicing attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "rows",
  global_memory.size_mib = "1"}} {}

// -----

// expected-error @below {{target has chip.mesh_rows = '65', expected an integer from 1 to 64}}
module @mesh attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "65", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {}

// -----

// expected-error @below {{target has dpu.lanes = '0.5', expected an integer from 1 to 4096}}
module @lanes attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", dpu.lanes = "0.5"}} {}

// -----

// expected-error @below {{target has chip.clock_mhz = '-1', expected a positive number}}
module @clock attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", chip.clock_mhz = "-1"}} {}

// -----

// expected-error @below {{target has host.call_latency_us = '-1', expected a number of at least 0}}
module @latency attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", host.call_latency_us = "-1"}} {}

// -----

// expected-error @below {{target has arrays of 16 rows, expected more than the 16 that the inputs occupy}}
module @plane_rows attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "and", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", and.input_rows = "16"}} {}

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
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "imac", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", imac.zero = "low"}} {
  func.func @cells(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op is an integer layer, and the arrays of target 'tiny' hold ternary layers with sigmoid neurons: compile a float model, whose other layers run on the host}}
    %0 = pim.conv2d %x weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}
