// RUN: pim-opt %s --convert-pim-to-isa --split-input-file --verify-diagnostics

// expected-error @below {{module has 0 functions, expected one with a body}}
module @empty attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @unmapped(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
    // expected-error @below {{'pim.layer' op 'clip' is not mapped: run pim-bit-slice, pim-tile, pim-place and pim-schedule first}}
    %0 = pim.layer "clip" elementwise(%x) : (tensor<1x4xi8>) -> tensor<1x4xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
      pim.yield %c : tensor<1x4xi8>
    }
    return %0 : tensor<1x4xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @no_layer(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
    // expected-error @below {{'tosa.clamp' op is outside of any layer: run pim-form-layers first}}
    %c = tosa.clamp %x {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
    return %c : tensor<1x4xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @wrong_core(%x: tensor<1x4xi8> {pim.address = 0 : i64}) -> tensor<1x8xi8> {
    // expected-error @below {{'pim.layer' op 'join' is on core 2, target 'tiny' has 2}}
    %0 = pim.layer "join" movement(%x) {
      placement = #pim.placement<[<core = 2, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x8xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.concat %a, %a {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8>
      pim.yield %c : tensor<1x8xi8>
    }
    return %0 : tensor<1x8xi8>
  }
}
