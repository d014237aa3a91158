// RUN: pim-opt %s --pim-bit-slice --split-input-file | FileCheck %s

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "2", dac.bits = "1", mapping.sign = "differential", 
  mapping.slicing = "columns", global_memory.size_mib = "1"}} {
  // CHECK-LABEL: @differential
  func.func @differential(%x: tensor<1x1x1x4xi8>) {
    // Magnitudes of 8-bit weights have 7 bits, but that of -128 has 8.
    // CHECK: weights(dense<-127>
    // CHECK-SAME: slicing = #pim.slicing<weight_bits = 8, cell_bits = 2, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = differential, layout = columns>
    %0 = pim.conv2d %x weights(dense<-127> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    // CHECK: weights(dense<-128>
    // CHECK-SAME: slicing = #pim.slicing<weight_bits = 9,
    %1 = pim.conv2d %x weights(dense<-128> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "twos-complement", 
  mapping.slicing = "arrays", global_memory.size_mib = "1"}} {
  // CHECK-LABEL: @input_ranges
  func.func @input_ranges(%q: tensor<1x1x1x4xi8> {pim.quant = !quant.uniform<i8<-8:7>:f32, 0.5>},
                          %x: tensor<1x1x1x4xi8>) {
    // CHECK: input_bits = 4, input_offset = 8, dac_bits = 1, scheme = twos_complement, layout = arrays
    %0 = pim.conv2d %q weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    %c = tosa.clamp %x {min_val = 0 : i8, max_val = 100 : i8} : (tensor<1x1x1x4xi8>) -> tensor<1x1x1x4xi8>
    // CHECK: input_bits = 7, input_offset = 0,
    %1 = pim.conv2d %c weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}
