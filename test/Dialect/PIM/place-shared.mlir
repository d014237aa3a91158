// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=arrays share-arrays" | FileCheck %s
// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=arrays" | FileCheck %s --check-prefix=APART

// An array takes 16 rows and 4 outputs. Layers of 16 x 2, 8 x 4 and 8 x 2 weights have an array each if they share none.
// APART: pim.layer "a"{{.*}}first_array = 0, arrays = 1>
// APART: pim.layer "b"{{.*}}first_array = 1, arrays = 1>
// APART: pim.layer "c"{{.*}}first_array = 2, arrays = 1>

// "a" takes half the columns of array 0; "b", cut in two, lies beside it, one half under the other, and is driven twice.
// CHECK: pim.layer "a"{{.*}}first_array = 0, arrays = 1, shared = [0]>
// CHECK: <array = 0, row_offset = 0, rows = [0, 16], col_offset = 0, outputs = [0, 2], slice_begin = 0, slice_count = 8>
// CHECK: pim.layer "b"{{.*}}first_array = 1, arrays = 0, shared = [0]>
// CHECK: <array = 0, row_offset = 0, rows = [0, 8], col_offset = 16, outputs = [0, 2], slice_begin = 0, slice_count = 8>
// CHECK-SAME: <array = 0, row_offset = 8, rows = [0, 8], col_offset = 16, outputs = [2, 4], slice_begin = 0, slice_count = 8, phase = 1>
// CHECK: pim.layer "c"{{.*}}first_array = 1, arrays = 1, shared = [1]>
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "3",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @three(%x: tensor<1x1x1x16xi8>, %y: tensor<1x1x1x8xi8>) {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x1x1x16xi8>) -> tensor<1x1x1x2xi32> {
    ^bb0(%a: tensor<1x1x1x16xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<2x1x1x16xi8>) bias(dense<0> : tensor<2xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x16xi8> -> tensor<1x1x1x2xi32>
      pim.yield %c : tensor<1x1x1x2xi32>
    }
    %1 = pim.layer "b" matrix(%y) : (tensor<1x1x1x8xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x8xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x8xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    %2 = pim.layer "c" matrix(%y) : (tensor<1x1x1x8xi8>) -> tensor<1x1x1x2xi32> {
    ^bb0(%a: tensor<1x1x1x8xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<2x1x1x8xi8>) bias(dense<0> : tensor<2xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x1x1x8xi8> -> tensor<1x1x1x2xi32>
      pim.yield %c : tensor<1x1x1x2xi32>
    }
    return
  }
}
