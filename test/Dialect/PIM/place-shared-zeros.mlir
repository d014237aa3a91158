// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="share-arrays" | FileCheck %s
// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place | FileCheck %s --check-prefix=APART

// Four outputs weigh one quarter of the rows each: as one tile they take a whole array, in which three cells of four hold
// zeros. Cut into groups of four, with their own rows only, they leave room for another layer.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  // CHECK-DAG: rows = [0, 4], col_offset = {{[0-9]+}}, outputs = [0, 4],
  // CHECK-DAG: rows = [4, 8], col_offset = {{[0-9]+}}, outputs = [4, 8],
  // CHECK-DAG: rows = [8, 12], col_offset = {{[0-9]+}}, outputs = [8, 12],
  // CHECK-DAG: rows = [12, 16], col_offset = {{[0-9]+}}, outputs = [12, 16],
  // CHECK: pim.layer "b"
  // CHECK-SAME: arrays = 0, shared = [0]
  // APART: pim.layer "b"
  // APART-SAME: arrays = 1
  func.func @main(%x: tensor<1x1x1x16xi8>) -> (tensor<1x1x1x16xi32>, tensor<1x1x1x16xi32>) {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x1x1x16xi8>) -> tensor<1x1x1x16xi32> {
    ^bb0(%a: tensor<1x1x1x16xi8>):
      %c = pim.conv2d %a weights(dense<[[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]]]> : tensor<16x1x1x16xi8>)
        bias(dense<0> : tensor<16xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 2 : i64}
        : tensor<1x1x1x16xi8> -> tensor<1x1x1x16xi32>
      pim.yield %c : tensor<1x1x1x16xi32>
    }
    %1 = pim.layer "b" matrix(%x) : (tensor<1x1x1x16xi8>) -> tensor<1x1x1x16xi32> {
    ^bb0(%a: tensor<1x1x1x16xi8>):
      %c = pim.conv2d %a weights(dense<[[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,1,1,1,1,0,0,0,0,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]],[[[0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1]]]]> : tensor<16x1x1x16xi8>)
        bias(dense<0> : tensor<16xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 2 : i64}
        : tensor<1x1x1x16xi8> -> tensor<1x1x1x16xi32>
      pim.yield %c : tensor<1x1x1x16xi32>
    }
    return %0, %1 : tensor<1x1x1x16xi32>, tensor<1x1x1x16xi32>
  }
}
