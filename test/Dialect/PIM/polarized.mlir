// RUN: pim-opt %s --pim-bit-slice="fragment-rows=4" --pim-tile | FileCheck %s
// RUN: pim-opt %s --pim-bit-slice="fragment-rows=9" --pim-tile | FileCheck %s --check-prefix=MIXED
// RUN: pim-opt %s --pim-bit-slice --pim-tile | FileCheck %s --check-prefix=MIXED

// Ten rows in fragments of four, four and two, the second of which is empty: each of the other two has one sign for each of
// the two outputs. A fragment of nine would have both signs.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x1x1x10xi8>) -> tensor<1x1x1x2xi32> {
    // CHECK: scheme = polarized
    // CHECK-SAME: fragment_rows = 4
    // CHECK: rows = [0, 4, 8, 10]
    // CHECK-SAME: slice_count = 3
    // CHECK-SAME: fragment_rows = 4, signs = [0, 1, 1, 0]
    // MIXED: scheme = differential
    // MIXED-NOT: fragment_rows
    %0 = pim.layer "a" matrix(%x) : (tensor<1x1x1x10xi8>) -> tensor<1x1x1x2xi32> {
    ^bb0(%a: tensor<1x1x1x10xi8>):
      %c = pim.conv2d %a weights(dense<[[[[5, 0, 2, 1, 0, 0, 0, 0, -4, -7]]], [[[-3, -3, 0, -1, 0, 0, 0, 0, 1, 2]]]]> : tensor<2x1x1x10xi8>)
        bias(dense<0> : tensor<2xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
        : tensor<1x1x1x10xi8> -> tensor<1x1x1x2xi32>
      pim.yield %c : tensor<1x1x1x2xi32>
    }
    return %0 : tensor<1x1x1x2xi32>
  }
}
