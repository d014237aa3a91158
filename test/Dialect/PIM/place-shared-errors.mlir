// RUN: pim-opt %s --split-input-file --pim-bit-slice --pim-tile --pim-place="share-arrays" --verify-diagnostics

// Six arrays full to the last cell, a chip of two.
// expected-error @below {{model needs 6 arrays, target 'tiny' has 2: 4 are short where layers share them; use fewer weight bits, a larger chip, or one with mapping.rounds: allowed}}
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "2",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x2x2x16xi8>) -> tensor<1x2x2x8xi8> {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x2x2x16xi8>) -> tensor<1x2x2x16xi8> {
    ^bb0(%a: tensor<1x2x2x16xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<16x1x1x16xi8>) bias(dense<0> : tensor<16xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x2x2x16xi8> -> tensor<1x2x2x16xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x16xi8>
      pim.yield %r : tensor<1x2x2x16xi8>
    }
    %1 = pim.layer "b" matrix(%0) : (tensor<1x2x2x16xi8>) -> tensor<1x2x2x8xi8> {
    ^bb0(%a: tensor<1x2x2x16xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x16xi8>) bias(dense<0> : tensor<8xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x2x2x16xi8> -> tensor<1x2x2x8xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x8xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x8xi8>
      pim.yield %r : tensor<1x2x2x8xi8>
    }
    return %1 : tensor<1x2x2x8xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "2",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x2x2x72xi8>) -> tensor<1x2x2x4xi8> {
    // expected-error @below {{'tall' finds no room: its outputs take more arrays than a core of target 'tiny' has, 2; use}}
    %0 = pim.layer "tall" matrix(%x) : (tensor<1x2x2x72xi8>) -> tensor<1x2x2x4xi8> {
    ^bb0(%a: tensor<1x2x2x72xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x72xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x2x2x72xi8> -> tensor<1x2x2x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x4xi8>
      pim.yield %r : tensor<1x2x2x4xi8>
    }
    return %0 : tensor<1x2x2x4xi8>
  }
}
