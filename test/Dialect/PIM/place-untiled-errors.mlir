// RUN: pim-opt %s --pim-place --split-input-file --verify-diagnostics

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @matrix(%x: tensor<1x1x1x4xi8>) {
    // expected-error @below {{'pim.conv2d' op has no tiling: run pim-tile before pim-place}}
    %0 = pim.conv2d %x weights(dense<1> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
    return
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "imac", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "differential", mapping.slicing = "columns",
  imac.zero = "low", global_memory.size_mib = "1"}} {
  func.func @analog(%x: tensor<2xi8>) {
    // expected-error @below {{'pim.analog_layers' op has no tiling: run pim-tile before pim-place}}
    %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
      {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<2xi8> -> tensor<1xi32>
    return
  }
}
