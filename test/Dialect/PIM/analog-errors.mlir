// RUN: pim-opt %s --pim-tile --pim-place --split-input-file --verify-diagnostics

// analog_layers_c2
func.func @four(%x: tensor<2xi8>) {
  // expected-error@+1 {{has weights or biases that are not outputs x inputs and outputs of -1, 0 and 1 in i8}}
  %0 = pim.analog_layers %x weights([dense<4> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// analog_layers_c3
func.func @chain(%x: tensor<2xi8>) {
  // expected-error@+1 {{has 3 inputs in layer 1, the layer before has 1 outputs}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>, dense<1> : tensor<1x3xi8>])
    biases([dense<0> : tensor<1xi8>, dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 1.0, 1.0>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// analog_layers_c1
func.func @result(%x: tensor<2xi8>) {
  // expected-error@+1 {{needs 2 inputs of i8 and gives 1 results of i32}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<2xi8> -> tensor<2xi32>
  return
}

// -----

// analog_layers_c4
func.func @slope(%x: tensor<2xi8>) {
  // expected-error@+1 {{has 1 slopes, expected 1 above 0}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 0.0>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// layer_c3
func.func @kind(%x: tensor<2xi8>) -> tensor<1xi32> {
  // expected-error@+1 {{of kind 'elementwise' has 1 pim.analog_layers}}
  %y = pim.layer "fc" elementwise(%x) : (tensor<2xi8>) -> tensor<1xi32> {
  ^bb0(%a: tensor<2xi8>):
    %0 = pim.analog_layers %a weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
      {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<2xi8> -> tensor<1xi32>
    pim.yield %0 : tensor<1xi32>
  }
  return %y : tensor<1xi32>
}

// -----

// analog_layers_c1
func.func @counts(%x: tensor<2xi8>) {
  // expected-error@+1 {{has weights of 1 layers and biases of 2}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>, dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// analog_layers_c4
func.func @levels(%x: tensor<2xi8>) {
  // expected-error@+1 {{is read in 0 steps, expected 1 to 16777215}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
    {levels = 0 : i64, slopes = array<f64: 1.0>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// analog_layers_c5
func.func @resistors(%x: tensor<2xi8>) {
  // expected-error@+1 {{has 2 feedback resistors, expected 1 above 0}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 1.0>, feedback_ohm = array<f64: 1.0, 2.0>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// analog_layers_c5
func.func @tiling(%x: tensor<2xi8>) {
  // expected-error@+1 {{is not tiled as 4 lines and 1 neurons}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 1.0>,
     tiling = #pim.tiling<groups = 1, matrix_rows = 3, matrix_cols = 1, tile_rows = 4, tile_cols = 4,
       groups_per_array = 1, planes = 1>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// analog_layers_c5
func.func @lines(%x: tensor<2xi8>) {
  // expected-error@+1 {{has a tile of neurons that are not neighbours in one layer, or with lines that do not drive them}}
  %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
    {levels = 3 : i64, slopes = array<f64: 1.0>, feedback_ohm = array<f64: 1.0>,
     tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 1, tile_rows = 4, tile_cols = 4,
       groups_per_array = 1, planes = 1, stacks = [<output_end = 1, arrays = 1, tiles = [<array = 0,
       row_offset = 0, rows = [3, 4], col_offset = 0, outputs = [0, 1], slice_begin = 0, slice_count = 2>]>]>} : tensor<2xi8> -> tensor<1xi32>
  return
}

// -----

// Other arrays have no neurons.
module attributes {pim.target = {
  name = "digital", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "xbar", array.rows = "32", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @arrays(%x: tensor<2xi8>) {
    // expected-error@+1 {{needs arrays of kind 'imac', target 'digital' has others}}
    %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
      {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<2xi8> -> tensor<1xi32>
    return
  }
}

// -----

// 5000/8 ohm for a slope of 1, times 4.
module attributes {pim.target = {
  name = "analog", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "4",
  core.scratchpad_kib = "4", array.kind = "imac", array.rows = "32", array.cols = "64",
  cell.bits = "1", cell.on_ohm = "5000", cell.on_off_ratio = "3", imac.neuron_ratio = "3",
  imac.feedback_most_ohm = "2000", imac.zero = "low", mapping.sign = "differential",
  mapping.slicing = "columns", global_memory.size_mib = "1"}} {
  func.func @amplifier(%x: tensor<2xi8>) {
    // expected-error@+1 {{needs a feedback resistor of 2500 ohm for the slope 4.000000e+00 of layer 0, the amplifiers of target 'analog' have at most 2000 ohm: use smaller weights or larger arrays}}
    %0 = pim.analog_layers %x weights([dense<1> : tensor<1x2xi8>]) biases([dense<0> : tensor<1xi8>])
      {levels = 3 : i64, slopes = array<f64: 4.0>} : tensor<2xi8> -> tensor<1xi32>
    return
  }
}

// -----

// A chain does not leave its core.
module attributes {pim.target = {
  name = "analog", chip.mesh_rows = "2", chip.mesh_cols = "2", core.arrays = "2",
  core.scratchpad_kib = "4", array.kind = "imac", array.rows = "32", array.cols = "64",
  cell.bits = "1", cell.on_ohm = "5000", cell.on_off_ratio = "3", imac.neuron_ratio = "3",
  imac.feedback_most_ohm = "10000", imac.zero = "low", mapping.sign = "differential",
  mapping.slicing = "columns", global_memory.size_mib = "1"}} {
  func.func @core(%x: tensor<70xi8>) -> tensor<1xi32> {
    // expected-error@+1 {{'fc' needs 3 arrays on one core, those of target 'analog' have 2 each: use a target with a larger core.arrays}}
    %y = pim.layer "fc" analog(%x) : (tensor<70xi8>) -> tensor<1xi32> {
    ^bb0(%a: tensor<70xi8>):
      %0 = pim.analog_layers %a weights([dense<1> : tensor<1x70xi8>]) biases([dense<0> : tensor<1xi8>])
        {levels = 3 : i64, slopes = array<f64: 1.0>} : tensor<70xi8> -> tensor<1xi32>
      pim.yield %0 : tensor<1xi32>
    }
    return %y : tensor<1xi32>
  }
}
