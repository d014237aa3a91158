// RUN: pim-opt %s --convert-pim-to-isa --split-input-file --verify-diagnostics

// expected-error @below {{module has 0 functions, expected one with a body}}
module @empty attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @unmapped(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
    // expected-error @below {{'pim.layer' op 'clip' is not mapped: run pim-bit-slice, pim-tile, pim-place and pim-schedule first}}
    %0 = pim.layer "clip" elementwise(%x) : (tensor<1x4xi8>) -> tensor<1x4xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
      pim.yield %c : tensor<1x4xi8>
    }
    return %0 : tensor<1x4xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @no_layer(%x: tensor<1x4xi8>) -> tensor<1x4xi8> {
    // expected-error @below {{'tosa.clamp' op is outside of any layer: run pim-form-layers first}}
    %c = tosa.clamp %x {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
    return %c : tensor<1x4xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @wrong_core(%x: tensor<1x4xi8> {pim.address = 0 : i64}) -> tensor<1x8xi8> {
    // expected-error @below {{'pim.layer' op 'join' is on core 2, target 'tiny' has 2}}
    %0 = pim.layer "join" movement(%x) {
      placement = #pim.placement<[<core = 2, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x8xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.concat %a, %a {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8>
      pim.yield %c : tensor<1x8xi8>
    }
    return %0 : tensor<1x8xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  // expected-error @below {{value has no 'pim.address' in global memory: run pim-schedule first}}
  func.func @no_address(%x: tensor<1x4xi8>) -> tensor<1x8xi8> {
    %0 = pim.layer "move" movement(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x8xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.concat %a, %a {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8>
      pim.yield %c : tensor<1x8xi8>
    }
    return %0 : tensor<1x8xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  // expected-error @below {{has type 'i32', expected a static tensor of 1, 8, 16, 32 or 64 bits}}
  func.func @argument_type(%x: tensor<1x4xi8> {pim.address = 0 : i64}, %n: i32) -> tensor<1x8xi8> {
    %0 = pim.layer "move" movement(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x8xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.concat %a, %a {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8>
      pim.yield %c : tensor<1x8xi8>
    }
    return %0 : tensor<1x8xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  // expected-error @below {{has type 'tensor<4xi48>', expected a static tensor of 1, 8, 16, 32 or 64 bits}}
  func.func @element_type(%x: tensor<1x4xi8> {pim.address = 0 : i64}, %n: tensor<4xi48>) -> tensor<1x8xi8> {
    %0 = pim.layer "move" movement(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x8xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %c = tosa.concat %a, %a {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8>
      pim.yield %c : tensor<1x8xi8>
    }
    return %0 : tensor<1x8xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @no_movement(%x: tensor<1x4xi8> {pim.address = 0 : i64}) -> tensor<1x4xi8> {
    %0 = pim.layer "move" movement(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x4xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      // expected-error @below {{'tosa.clamp' op is no data movement that the DMA unit can do}}
      %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
      pim.yield %c : tensor<1x4xi8>
    }
    return %0 : tensor<1x4xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @constant_operand(%x: tensor<1x4xi8> {pim.address = 0 : i64}) -> tensor<1x8xi8> {
    %0 = pim.layer "move" movement(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x8xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %k = "tosa.const"() {values = dense<1> : tensor<1x4xi8>} : () -> tensor<1x4xi8>
      // expected-error @below {{'tosa.concat' op is no data movement that the DMA unit can do}}
      %c = tosa.concat %a, %k {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8>
      pim.yield %c : tensor<1x8xi8>
    }
    return %0 : tensor<1x8xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @five_dimensions(%x: tensor<1x1x1x1x4xi8> {pim.address = 0 : i64}) -> tensor<1x1x1x1x8xi8> {
    %0 = pim.layer "move" movement(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x1x1x1x4xi8>) -> tensor<1x1x1x1x8xi8> {
    ^bb0(%a: tensor<1x1x1x1x4xi8>):
      // expected-error @below {{'tosa.concat' op is no data movement that the DMA unit can do}}
      %c = tosa.concat %a, %a {axis = 4 : i32} : (tensor<1x1x1x1x4xi8>, tensor<1x1x1x1x4xi8>) -> tensor<1x1x1x1x8xi8>
      pim.yield %c : tensor<1x1x1x1x8xi8>
    }
    return %0 : tensor<1x1x1x1x8xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @slice_start(%x: tensor<1x4xi8> {pim.address = 0 : i64}) -> tensor<1x2xi8> {
    %0 = pim.layer "move" movement(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 2, first_array = 0, arrays = 0>]>,
      schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
        scratchpad_bytes = 1024, result_address = 64, buffers = []>
    } : (tensor<1x4xi8>) -> tensor<1x2xi8> {
    ^bb0(%a: tensor<1x4xi8>):
      %start = tosa.const_shape {values = dense<[0, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
      %size = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
      // expected-error @below {{'tosa.slice' op leaves its operand in dimension 1}}
      %c = tosa.slice %a, %start, %size : (tensor<1x4xi8>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x2xi8>
      pim.yield %c : tensor<1x2xi8>
    }
    return %0 : tensor<1x2xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  // expected-error @below {{has 2 blocks, expected one}}
  func.func @blocks(%x: tensor<1x4xi8> {pim.address = 0 : i64}) -> tensor<1x4xi8> {
    cf.br ^bb1
  ^bb1:
    return %x : tensor<1x4xi8>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @arrays_of_the_core(%x: tensor<1x1x1x4xi8> {pim.address = 0 : i64}) -> tensor<1x1x1x4xi32> {
    // expected-error @below {{'pim.layer' op 'fc' has arrays on core 0 beyond the 4 of target 'tiny'}}
    %0 = pim.layer "fc" matrix(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 4, arrays = 1>]>,
      schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
        scratchpad_bytes = 1024, result_address = 64, buffers = [
        <name = "input0", address = 0, bytes = 4, copies = 1>,
        <name = "accumulator", address = 64, bytes = 16, copies = 1>,
        <name = "scaled", address = 128, bytes = 16, copies = 1>]>
    } : (tensor<1x1x1x4xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x4xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x4xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
         slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                                dac_bits = 1, scheme = offset, layout = columns>,
         tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 4, tile_rows = 1024, tile_cols = 4,
           groups_per_array = 1, planes = 1, stacks = [<output_end = 4, arrays = 1, tiles = [<array = 0,
           row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 4], slice_begin = 0, slice_count = 8>]>]>}
        : tensor<1x1x1x4xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    return %0 : tensor<1x1x1x4xi32>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @rows_of_the_array(%x: tensor<1x1x1x4xi8> {pim.address = 0 : i64}) -> tensor<1x1x1x4xi32> {
    // expected-error @below {{'pim.layer' op 'fc' has a tile outside the arrays of target 'tiny', 16x32}}
    %0 = pim.layer "fc" matrix(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 1>]>,
      schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
        scratchpad_bytes = 1024, result_address = 64, buffers = [
        <name = "input0", address = 0, bytes = 4, copies = 1>,
        <name = "accumulator", address = 64, bytes = 16, copies = 1>,
        <name = "scaled", address = 128, bytes = 16, copies = 1>]>
    } : (tensor<1x1x1x4xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x4xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x4xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
         slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                                dac_bits = 1, scheme = offset, layout = columns>,
         tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 4, tile_rows = 1024, tile_cols = 4,
           groups_per_array = 1, planes = 1, stacks = [<output_end = 4, arrays = 1, tiles = [<array = 0,
           row_offset = 13, rows = [0, 4], col_offset = 0, outputs = [0, 4], slice_begin = 0, slice_count = 8>]>]>}
        : tensor<1x1x1x4xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    return %0 : tensor<1x1x1x4xi32>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @columns_of_the_array(%x: tensor<1x1x1x4xi8> {pim.address = 0 : i64}) -> tensor<1x1x1x4xi32> {
    // expected-error @below {{'pim.layer' op 'fc' has a tile outside the arrays of target 'tiny', 16x32}}
    %0 = pim.layer "fc" matrix(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 1>]>,
      schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
        scratchpad_bytes = 1024, result_address = 64, buffers = [
        <name = "input0", address = 0, bytes = 4, copies = 1>,
        <name = "accumulator", address = 64, bytes = 16, copies = 1>,
        <name = "scaled", address = 128, bytes = 16, copies = 1>]>
    } : (tensor<1x1x1x4xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x4xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x4xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
         slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                                dac_bits = 1, scheme = offset, layout = columns>,
         tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 4, tile_rows = 1024, tile_cols = 4,
           groups_per_array = 1, planes = 1, stacks = [<output_end = 4, arrays = 1, tiles = [<array = 0,
           row_offset = 0, rows = [0, 4], col_offset = 1, outputs = [0, 4], slice_begin = 0, slice_count = 8>]>]>}
        : tensor<1x1x1x4xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    return %0 : tensor<1x1x1x4xi32>
  }
}

// -----

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @cells_of_the_array(%x: tensor<1x1x1x4xi8> {pim.address = 0 : i64}) -> tensor<1x1x1x4xi32> {
    // expected-error @below {{'pim.layer' op 'fc' stores 2 bits in a cell, those of target 'tiny' hold 1}}
    %0 = pim.layer "fc" matrix(%x) {
      placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 1>]>,
      schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
        scratchpad_bytes = 1024, result_address = 64, buffers = [
        <name = "input0", address = 0, bytes = 4, copies = 1>,
        <name = "accumulator", address = 64, bytes = 16, copies = 1>,
        <name = "scaled", address = 128, bytes = 16, copies = 1>]>
    } : (tensor<1x1x1x4xi8>) -> tensor<1x1x1x4xi32> {
    ^bb0(%a: tensor<1x1x1x4xi8>):
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x4xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
         slicing = #pim.slicing<weight_bits = 8, cell_bits = 2, input_bits = 8, input_offset = 128,
                                dac_bits = 1, scheme = offset, layout = columns>,
         tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 4, tile_rows = 1024, tile_cols = 4,
           groups_per_array = 1, planes = 1, stacks = [<output_end = 4, arrays = 1, tiles = [<array = 0,
           row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 4], slice_begin = 0, slice_count = 4>]>]>}
        : tensor<1x1x1x4xi8> -> tensor<1x1x1x4xi32>
      pim.yield %c : tensor<1x1x1x4xi32>
    }
    return %0 : tensor<1x1x1x4xi32>
  }
}
