// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place --split-input-file --verify-diagnostics

// expected-error @below {{model needs 12 arrays, target 'tiny' has 8: 4 are short; use fewer weight bits, a larger chip, or one with mapping.rounds: allowed}}
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @too_many(%x: tensor<1x1x1x64xi8>) {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x1x1x64xi8>) -> tensor<1x1x1x12xi32> {
    ^bb0(%a: tensor<1x1x1x64xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<12x1x1x64xi8>) bias(dense<0> : tensor<12xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x64xi8> -> tensor<1x1x1x12xi32>
      pim.yield %c : tensor<1x1x1x12xi32>
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
  func.func @too_tall(%x: tensor<1x1x1x80xi8>) {
    // expected-error @below {{'pim.layer' op 'tall' needs 5 more arrays, in groups of 5 on one core; the cores of target 'tiny' have 4 arrays each}}
    %0 = pim.layer "tall" matrix(%x) : (tensor<1x1x1x80xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x80xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x80xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x80xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    return
  }
}

// -----

// Two layers leave an array on each core; the third needs two on one.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @scattered(%x: tensor<1x1x1x48xi8>, %y: tensor<1x1x1x32xi8>) {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x1x1x48xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x48xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x48xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x48xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    %1 = pim.layer "b" matrix(%x) : (tensor<1x1x1x48xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x48xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x48xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x48xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    // expected-error @below {{'c' needs 2 more arrays, in groups of 2 on one core; the cores of target 'tiny' have 4 arrays each, and too few of them are left together; use fewer weight bits}}
    %2 = pim.layer "c" matrix(%y) : (tensor<1x1x1x32xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x32xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x32xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x32xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    return
  }
}
