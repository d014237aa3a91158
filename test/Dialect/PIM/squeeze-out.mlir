// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-squeeze-out=planes=1 --split-input-file | FileCheck %s
// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-squeeze-out="planes=1 auto budget=0" --split-input-file | FileCheck %s --check-prefix=EXACT

// Arrays of 4 rows; 4-bit weights have planes worth 1, 2 and 4.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "arrays",
  global_memory.size_mib = "1"}} {
  // Row 0 needs the top plane: 6 is stored as 3 and comes a step late, the 1 beside it is lost.
  // CHECK-LABEL: @delayed
  // EXACT-LABEL: @delayed
  func.func @delayed(%x: tensor<1x1x1x2xi8>) {
    // CHECK: pim.conv2d %arg0 weights(dense<{{\[\[\[\[}}6, 3]]], {{\[\[\[}}0, 1]]]]>
    // CHECK-SAME: pim.squeeze = {blocks = 1 : i64, delayed_rows = 1 : i64, error = 0.0212765957446808{{[0-9]*}} : f64}
    // CHECK-SAME: slice_begin = 0, slice_count = 1, delay = 1, delayed = [0, 1]>
    // CHECK-SAME: slice_begin = 1, slice_count = 1, delay = 1, delayed = [0, 1]>
    // CHECK-NOT: slice_begin = 2
    // EXACT-NOT: pim.squeeze
    %0 = pim.conv2d %x weights(dense<[[[[6,3]]],[[[1,1]]]]> : tensor<2x1x1x2xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x2xi8> -> tensor<1x1x1x2xi32>
    return
  }
  // Both rows move: nothing comes late, the block counts double. What is lost is over any budget of 0.
  // CHECK-LABEL: @shifted
  // EXACT-LABEL: @shifted
  func.func @shifted(%x: tensor<1x1x1x2xi8>) {
    // CHECK: weights(dense<{{\[\[\[\[}}6, 4]]]]>
    // CHECK-SAME: pim.squeeze = {blocks = 1 : i64, delayed_rows = 0 : i64, error = 0.027027{{[0-9]*}} : f64}
    // CHECK-SAME: slice_begin = 0, slice_count = 1, shift = 1>
    // EXACT-NOT: pim.squeeze
    %0 = pim.conv2d %x weights(dense<[[[[7,5]]]]> : tensor<1x1x1x2xi8>) bias(dense<0> : tensor<1xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x2xi8> -> tensor<1x1x1x1xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "16",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "4", array.cols = "8",
  cell.bits = "1", dac.bits = "1", mapping.sign = "twos-complement", mapping.slicing = "arrays",
  global_memory.size_mib = "1"}} {
  // 6 and -6 need all of 4 bits, 3 does not: the sign of three bits is worth -4, slice 4.
  // CHECK-LABEL: @sign
  // EXACT-LABEL: @sign
  func.func @sign(%x: tensor<1x1x1x2xi8>) {
    // CHECK: slicing = #pim.slicing<{{.*}}squeeze = 1>
    // CHECK-SAME: slice_begin = 4, slice_count = 1, delay = 1, delayed = [0, 1]>
    // EXACT: pim.squeeze
    %0 = pim.conv2d %x weights(dense<[[[[6,3]]],[[[-6,1]]]]> : tensor<2x1x1x2xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
      : tensor<1x1x1x2xi8> -> tensor<1x1x1x2xi32>
    return
  }
}
