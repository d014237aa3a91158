// RUN: pim-opt %s --pim-schedule --split-input-file --verify-diagnostics

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "1", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @kernel_too_large(%x: tensor<1x20x20x4xi8>) {
    // One position of the result needs the whole map.
    // expected-error @below {{'pim.layer' op 'c' needs 1728 bytes of scratchpad for its smallest block, target 'tiny' has 1024: use a target with a larger core.scratchpad_kib}}
    %0 = pim.layer "c" matrix(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>
    } : (tensor<1x20x20x4xi8>) -> tensor<1x1x1x8xi32> {
    ^bb0(%a: tensor<1x20x20x4xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<8x20x20x4xi8>) bias(dense<0> : tensor<8xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x20x20x4xi8> -> tensor<1x1x1x8xi32>
      pim.yield %c : tensor<1x1x1x8xi32>
    }
    return
  }
}

// -----

// expected-error @below {{model needs 4194432 bytes of global memory, target 'tiny' has 1048576}}
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @too_much(%x: tensor<1x2097216xi8>) {
    %0 = pim.layer "c" elementwise(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 2097216, first_array = 0, arrays = 0>]>
    } : (tensor<1x2097216xi8>) -> tensor<1x2097216xi8> {
    ^bb0(%a: tensor<1x2097216xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x2097216xi8>) -> tensor<1x2097216xi8>
      pim.yield %c : tensor<1x2097216xi8>
    }
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @unplaced(%x: tensor<1x4xi8>) {
    // expected-error @below {{'pim.layer' op has no placement: run pim-place before pim-schedule}}
    %0 = pim.layer "c" elementwise(%x) : (tensor<1x4xi8>) -> tensor<1x4xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
      pim.yield %c : tensor<1x4xi8>
    }
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "100",
  core.scratchpad_kib = "1", array.kind = "imac", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "columns",
  imac.zero = "low", global_memory.size_mib = "1"}} {
  func.func @analog(%x: tensor<1025xi8>) {
    // expected-error @below {{'pim.layer' op 'fc' needs 1092 bytes of scratchpad, target 'tiny' has 1024}}
    %0 = pim.layer "fc" analog(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 1, first_array = 0, arrays = 0>]>
    } : (tensor<1025xi8>) -> tensor<1xi32> {
    ^bb0(%a: tensor<1025xi8>):
      %c = pim.analog_layers %a weights([dense<1> : tensor<1x1025xi8>]) biases([dense<0> : tensor<1xi8>])
        {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<1025xi8> -> tensor<1xi32>
      pim.yield %c : tensor<1xi32>
    }
    return
  }
}
