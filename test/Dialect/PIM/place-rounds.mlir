// RUN: pim-opt %s --split-input-file --pim-bit-slice --pim-tile --pim-place | FileCheck %s
// RUN: pim-opt %s --split-input-file --pim-bit-slice --pim-tile --pim-place="objective=throughput" | FileCheck %s
// RUN: pim-opt %s --split-input-file --pim-bit-slice --pim-tile --pim-place="share-arrays" | FileCheck %s

// Four arrays, then two, on two cores of two: both are programmed again, in turn.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "2",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", mapping.rounds = "allowed"}} {
  func.func @main(%x: tensor<1x2x2x16xi8>) -> tensor<1x2x2x8xi8> {
    // CHECK: pim.layer "a"
    // CHECK-SAME: [<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 2>,
    // CHECK-SAME: <core = 1, output_begin = 8, output_end = 16, first_array = 0, arrays = 2>]
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
    // CHECK: pim.layer "b"
    // CHECK-SAME: [<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 2, round = 1>]
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

// Writing takes long: the core that is farthest from the weight store keeps what it has, the others take turns.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "3", core.arrays = "2",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", mapping.rounds = "allowed", weight_store.bandwidth_gb_per_s = "0.001"}} {
  func.func @main(%x: tensor<1x2x2x16xi8>) -> tensor<1x2x2x8xi8> {
    // CHECK: pim.layer "a"
    // CHECK-SAME: [<core = 2, output_begin = 0, output_end = 8, first_array = 0, arrays = 2>,
    // CHECK-SAME: <core = 0, output_begin = 8, output_end = 16, first_array = 0, arrays = 2>]
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
    // CHECK: pim.layer "b"
    // CHECK-SAME: [<core = 1, output_begin = 0, output_end = 8, first_array = 0, arrays = 2>]
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
    // CHECK: pim.layer "c"
    // CHECK-SAME: [<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 2, round = 1>]
    %2 = pim.layer "c" matrix(%1) : (tensor<1x2x2x8xi8>) -> tensor<1x2x2x8xi8> {
    ^bb0(%a: tensor<1x2x2x8xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x8xi8>) bias(dense<0> : tensor<8xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x2x2x8xi8> -> tensor<1x2x2x8xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x8xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x8xi8>
      pim.yield %r : tensor<1x2x2x8xi8>
    }
    return %2 : tensor<1x2x2x8xi8>
  }
}

// -----

// A stack of five row tiles on a chip of one core: its parts follow one another and add up their sums.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "2",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", mapping.rounds = "allowed"}} {
  func.func @main(%x: tensor<1x2x2x72xi8>) -> tensor<1x2x2x4xi8> {
    // CHECK: pim.layer "tall"
    // CHECK-SAME: [<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, array_end = 2>,
    // CHECK-SAME: <core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, array_begin = 2, array_end = 4, round = 1>,
    // CHECK-SAME: <core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 1, array_begin = 4, array_end = 5, round = 2>]
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
