// RUN: pim-opt %s --pim-schedule --split-input-file | FileCheck %s

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  // Blocks of 16/8 rows; four chunks of 2 rows: one before, two under the kernel, one under way.
  // CHECK-LABEL: @rows
  func.func @rows(%x: tensor<1x16x16x4xi8>) -> tensor<1x16x16x8xi32> {
    // CHECK: schedule = #pim.schedule<block_rows = 2, block_cols = 16, block_channels = 8, ring_rows = 8, scratchpad_bytes = 16384,
    // CHECK-SAME: buffers = [<name = "input0", address = 0, bytes = 512, copies = 1>,
    // CHECK-SAME: <name = "accumulator", address = 512, bytes = 1024, copies = 2>,
    // CHECK-SAME: <name = "scaled", address = 2560, bytes = 1024, copies = 2>]>
    %0 = pim.layer "c" matrix(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>
    } : (tensor<1x16x16x4xi8>) -> tensor<1x16x16x8xi32> {
    ^bb0(%a: tensor<1x16x16x4xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
        {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x16x16x4xi8> -> tensor<1x16x16x8xi32>
      pim.yield %c : tensor<1x16x16x8xi32>
    }
    return %0 : tensor<1x16x16x8xi32>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "1", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  // A row of 16 columns does not fit; the sums run over all channels, so columns are split.
  // CHECK-LABEL: @cols
  func.func @cols(%x: tensor<1x16x16x4xi8>) -> tensor<1x16x16x8xi32> {
    // CHECK: schedule = #pim.schedule<block_rows = 1, block_cols = 4, block_channels = 8, ring_rows = 4,
    %0 = pim.layer "c" matrix(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>
    } : (tensor<1x16x16x4xi8>) -> tensor<1x16x16x8xi32> {
    ^bb0(%a: tensor<1x16x16x4xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
        {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x16x16x4xi8> -> tensor<1x16x16x8xi32>
      pim.yield %c : tensor<1x16x16x8xi32>
    }
    return %0 : tensor<1x16x16x8xi32>
  }
  // CHECK-LABEL: @channels
  func.func @channels(%x: tensor<1x1000xi8>) -> tensor<1x1000xi8> {
    // CHECK: schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 500,
    %0 = pim.layer "c" elementwise(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 1000, first_array = 0, arrays = 0>]>
    } : (tensor<1x1000xi8>) -> tensor<1x1000xi8> {
    ^bb0(%a: tensor<1x1000xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x1000xi8>) -> tensor<1x1000xi8>
      pim.yield %c : tensor<1x1000xi8>
    }
    return %0 : tensor<1x1000xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  // Each layer's input is dead after it, so two ranges suffice; the result of the function stays.
  // CHECK-LABEL: @liveness
  // CHECK-SAME: pim.address = 0 : i64
  func.func @liveness(%x: tensor<1x100xi8>) -> (tensor<1x100xi8>, tensor<10x10xi8>) {
    // CHECK: pim.layer "a"
    // CHECK-SAME: result_address = 128
    %0 = pim.layer "a" elementwise(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 100, first_array = 0, arrays = 0>]>
    } : (tensor<1x100xi8>) -> tensor<1x100xi8> {
    ^bb0(%a: tensor<1x100xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x100xi8>) -> tensor<1x100xi8>
      pim.yield %c : tensor<1x100xi8>
    }
    // CHECK: pim.layer "b"
    // CHECK-SAME: result_address = 0
    %1 = pim.layer "b" elementwise(%0) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 100, first_array = 0, arrays = 0>]>
    } : (tensor<1x100xi8>) -> tensor<1x100xi8> {
    ^bb0(%a: tensor<1x100xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x100xi8>) -> tensor<1x100xi8>
      pim.yield %c : tensor<1x100xi8>
    }
    // A reshape is another name for the same memory.
    %shape = tosa.const_shape {values = dense<[10, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %2 = tosa.reshape %1, %shape : (tensor<1x100xi8>, !tosa.shape<2>) -> tensor<10x10xi8>
    // CHECK: pim.layer "c"
    // CHECK-SAME: result_address = 128
    %3 = pim.layer "c" elementwise(%1) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 100, first_array = 0, arrays = 0>]>
    } : (tensor<1x100xi8>) -> tensor<1x100xi8> {
    ^bb0(%a: tensor<1x100xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x100xi8>) -> tensor<1x100xi8>
      pim.yield %c : tensor<1x100xi8>
    }
    // CHECK: pim.layer "d"
    // CHECK-SAME: result_address = 256
    %4 = pim.layer "d" elementwise(%3) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 100, first_array = 0, arrays = 0>]>
    } : (tensor<1x100xi8>) -> tensor<1x100xi8> {
    ^bb0(%a: tensor<1x100xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x100xi8>) -> tensor<1x100xi8>
      pim.yield %c : tensor<1x100xi8>
    }
    return %4, %2 : tensor<1x100xi8>, tensor<10x10xi8>
  }
}
