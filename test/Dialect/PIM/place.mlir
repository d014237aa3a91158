// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place | FileCheck %s

// Two cores of 4 arrays; an array takes 16 rows and 4 outputs.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @first_fit(%x: tensor<1x1x1x16xi8>, %y: tensor<1x1x1x32xi8>) {
    // CHECK: pim.layer "a" matrix({{.*}}) {placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 12, first_array = 0, arrays = 3>]>}
    %0 = pim.layer "a" matrix(%x) : (tensor<1x1x1x16xi8>) -> tensor<1x1x1x12xi32> {
    ^bb0(%a: tensor<1x1x1x16xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<12x1x1x16xi8>) bias(dense<0> : tensor<12xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x16xi8> -> tensor<1x1x1x12xi32>
      pim.yield %c : tensor<1x1x1x12xi32>
    }
    // A stack of two arrays has no room on core 0.
    // CHECK: pim.layer "b" matrix({{.*}}) {placement = #pim.placement<[<core = 1, output_begin = 0, output_end = 3, first_array = 0, arrays = 2>]>}
    %1 = pim.layer "b" matrix(%y) : (tensor<1x1x1x32xi8>) -> tensor<1x1x1x3xi32> {
    ^bb0(%a: tensor<1x1x1x32xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<3x1x1x32xi8>) bias(dense<0> : tensor<3xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x32xi8> -> tensor<1x1x1x3xi32>
      pim.yield %c : tensor<1x1x1x3xi32>
    }
    // What fits no core whole is split between stacks.
    // CHECK: pim.layer "c" matrix({{.*}}) {placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 3, arrays = 1>, <core = 1, output_begin = 4, output_end = 10, first_array = 2, arrays = 2>]>}
    %2 = pim.layer "c" matrix(%x) : (tensor<1x1x1x16xi8>) -> tensor<1x1x1x10xi32> {
    ^bb0(%a: tensor<1x1x1x16xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<10x1x1x16xi8>) bias(dense<0> : tensor<10xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x16xi8> -> tensor<1x1x1x10xi32>
      pim.yield %c : tensor<1x1x1x10xi32>
    }
    // Other layers go where their first input was made.
    // CHECK: pim.layer "d" elementwise({{.*}}) {placement = #pim.placement<[<core = 1, output_begin = 0, output_end = 3, first_array = 0, arrays = 0>]>}
    %3 = pim.layer "d" elementwise(%1) : (tensor<1x1x1x3xi32>) -> tensor<1x1x1x3xi32> {
    ^bb0(%a: tensor<1x1x1x3xi32>):
      %c = tosa.clamp %a {min_val = 0 : i32, max_val = 9 : i32} : (tensor<1x1x1x3xi32>) -> tensor<1x1x1x3xi32>
      pim.yield %c : tensor<1x1x1x3xi32>
    }
    return
  }
}
