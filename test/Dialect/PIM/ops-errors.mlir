// RUN: pim-opt %s --split-input-file --verify-diagnostics

func.func @conv2d_c1(%x: tensor<2x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op takes 1xHxWxC of i8 and gives 1xHxWxC of i32, found 'tensor<2x6x6x4xi8>' and 'tensor<2x6x6x8xi32>'}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
    : tensor<2x6x6x4xi8> -> tensor<2x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c2(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has weights of type 'tensor<8x3x3x2xi8>', expected O x rows x cols x 4 of i8}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x2xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c3(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has a bias of type 'tensor<4xi32>', expected tensor<8xi32>}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<4xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c4(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op expects 4 paddings of at least 0, and 2 strides and 2 dilations of at least 1}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 0, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c5(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has 3 groups, which do not divide 4 channels}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 3 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c6(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op gives 'tensor<1x6x6x8xi32>', but its window gives 1x4x6x8}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 0, 0, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c7(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has weights of 9 bits, expected 1 to 8}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 9 : i64}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c8(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has the input zero point 128, expected -128 to 127}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 128 : i64, weight_bits = 8 : i64}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c9(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op slices weights of 4 bits, but has weights of 8}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
     slicing = #pim.slicing<weight_bits = 4, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c10(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op tiles 1 matrices of 30x8, but has 1 of 36x8}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
     slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
     tiling = #pim.tiling<groups = 1, matrix_rows = 30, matrix_cols = 8, tile_rows = 16, tile_cols = 8,
                          groups_per_array = 1, planes = 1>}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @conv2d_c10_planes(%x: tensor<1x6x6x4xi8>) {
  // expected-error @below {{'pim.conv2d' op tiles 1 planes, but the slicing has 8}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
     slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = arrays>,
     tiling = #pim.tiling<groups = 1, matrix_rows = 36, matrix_cols = 8, tile_rows = 16, tile_cols = 8,
                          groups_per_array = 1, planes = 1>}
    : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @layer_c1(%x: tensor<1x4xi8>) -> tensor<1x8xi8> {
  // expected-error @below {{'pim.layer' op has block arguments or yielded values of other types than its inputs and results}}
  %y = pim.layer "join" movement(%x) : (tensor<1x4xi8>) -> tensor<1x8xi8> {
  ^bb0(%a: tensor<1x5xi8>):
    pim.yield %a : tensor<1x5xi8>
  }
  return %y : tensor<1x8xi8>
}

// -----

func.func @layer_c2(%x: tensor<1x4xi8>) {
  // expected-error @below {{'pim.layer' op has 2 results, expected one}}
  %y:2 = pim.layer "two" elementwise(%x) : (tensor<1x4xi8>) -> (tensor<1x4xi8>, tensor<1x4xi8>) {
  ^bb0(%a: tensor<1x4xi8>):
    pim.yield %a, %a : tensor<1x4xi8>, tensor<1x4xi8>
  }
  return
}

// -----

func.func @layer_c3(%x: tensor<1x4xi8>) {
  // expected-error @below {{'pim.layer' op of kind 'matrix' has 0 pim.conv2d}}
  %y = pim.layer "none" matrix(%x) : (tensor<1x4xi8>) -> tensor<1x4xi8> {
  ^bb0(%a: tensor<1x4xi8>):
    pim.yield %a : tensor<1x4xi8>
  }
  return
}

// -----

func.func @layer_c4(%x: tensor<1x4xi8>) {
  // expected-error @below {{'pim.layer' op places 3 outputs, but has 4}}
  %y = pim.layer "clip" elementwise(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 3, first_array = 0, arrays = 0>]>
  } : (tensor<1x4xi8>) -> tensor<1x4xi8> {
  ^bb0(%a: tensor<1x4xi8>):
    %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
    pim.yield %c : tensor<1x4xi8>
  }
  return
}

// -----

func.func @layer_c5(%x: tensor<1x4xi8>) {
  // expected-error @below {{'pim.layer' op needs 1 x 4 bytes of scratchpad for 'temporary0', the schedule has 0 x 0}}
  %y = pim.layer "clip" elementwise(%x) {
    schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
      scratchpad_bytes = 1024, result_address = 64, buffers = [
      <name = "input0", address = 0, bytes = 4, copies = 1>]>
  } : (tensor<1x4xi8>) -> tensor<1x4xi8> {
  ^bb0(%a: tensor<1x4xi8>):
    %c = tosa.clamp %a {min_val = 0 : i8, max_val = 9 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8>
    pim.yield %c : tensor<1x4xi8>
  }
  return
}

// -----

func.func @conv2d_c5_outputs(%x: tensor<1x1x4x8xi8>) {
  // expected-error @below {{'pim.conv2d' op has 2 groups, which do not divide 3 outputs}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<3x1x1x4xi8>) bias(dense<0> : tensor<3xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 2 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
    : tensor<1x1x4x8xi8> -> tensor<1x1x4x3xi32>
  return
}

// -----

func.func @conv2d_c10_slicing(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has a tiling but no slicing}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
     tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 16, tile_cols = 4,
                        groups_per_array = 1, planes = 1>}
    : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
  return
}

// -----

func.func @conv2d_c10_slices(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has a tile with 8 slices from slice 1 on, but the slicing has 8}}
  %0 = pim.conv2d %x weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
     slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                          dac_bits = 1, scheme = offset, layout = columns>,
     tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 16, tile_cols = 4,
                        groups_per_array = 1, planes = 1,
       stacks = [<output_end = 8, arrays = 1, tiles = [<array = 0, row_offset = 0, rows = [0, 4],
         col_offset = 0, outputs = [0, 8], slice_begin = 1, slice_count = 8>]>]>}
    : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
  return
}

// -----

func.func @layer_c4_arrays(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op places 3 arrays, but its tiling has 2}}
  %y = pim.layer "conv" matrix(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 3>]>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c4_columns(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op places copies of 3 columns, but has 4}}
  %y = pim.layer "conv" matrix(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 2, col_begin = 0, col_end = 3>]>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c4_stacks(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op places outputs 0 to 3 on core 0, which are not those of whole stacks}}
  %y = pim.layer "conv" matrix(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 3, first_array = 0, arrays = 1>,
      <core = 1, output_begin = 3, output_end = 8, first_array = 0, arrays = 1>]>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c4_part(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op places 2 arrays on core 0, its stacks there have 1}}
  %y = pim.layer "conv" matrix(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2>,
      <core = 1, output_begin = 4, output_end = 8, first_array = 0, arrays = 0>]>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c4_divided(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op divides outputs 0 to 8, which are not those of one stack}}
  %y = pim.layer "conv" matrix(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 8, first_array = 0, arrays = 1, array_begin = 0, array_end = 1>,
      <core = 1, output_begin = 0, output_end = 8, first_array = 0, arrays = 1, array_begin = 1, array_end = 2>]>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c4_chain(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op places arrays up to 1 of a stack on core 0, but the stack has 2}}
  %y = pim.layer "conv" matrix(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, array_begin = 0, array_end = 1>,
      <core = 1, output_begin = 4, output_end = 8, first_array = 0, arrays = 2>]>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 2, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c4_share(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op places 0 arrays on core 0, its share of a stack there has 1}}
  %y = pim.layer "conv" matrix(%x) {
    placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 0, array_begin = 0, array_end = 1>,
      <core = 1, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, array_begin = 1, array_end = 2>,
      <core = 2, output_begin = 4, output_end = 8, first_array = 0, arrays = 2>]>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 2, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c5_blocks(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op is scheduled in empty blocks}}
  %y = pim.layer "conv" matrix(%x) {
    schedule = #pim.schedule<block_rows = 0, block_cols = 4, block_channels = 8, ring_rows = 1,
      scratchpad_bytes = 1024, result_address = 64 , buffers = []>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_c6(%x: tensor<1x1x4x4xi8>) {
  // expected-error @below {{'pim.layer' op is in place, but neither slices a map nor joins maps by their channels}}
  %y = pim.layer "conv" matrix(%x) {
    schedule = #pim.schedule<block_rows = 1, block_cols = 4, block_channels = 8, ring_rows = 1,
      scratchpad_bytes = 1024, result_address = 64 in_place(true), buffers = []>
  } : (tensor<1x1x4x4xi8>) -> tensor<1x1x4x8xi32> {
  ^bb0(%a: tensor<1x1x4x4xi8>):
    %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64,
       slicing = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128,
                            dac_bits = 1, scheme = offset, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 4,
                          groups_per_array = 1, planes = 1>}
      : tensor<1x1x4x4xi8> -> tensor<1x1x4x8xi32>
    pim.yield %c : tensor<1x1x4x8xi32>
  }
  return
}

// -----

func.func @layer_pool_input() {
  %y = pim.layer "pool" pool() {
    schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
      scratchpad_bytes = 1024, result_address = 64, buffers = []>
  } : () -> tensor<1x1x1x4xi8> {
    %x = "tosa.const"() {values = dense<1> : tensor<1x2x2x4xi8>} : () -> tensor<1x2x2x4xi8>
    // expected-error @below {{'tosa.max_pool2d' op reads a value that is neither an input of the layer nor made by a step}}
    %p = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x2x2x4xi8>) -> tensor<1x1x1x4xi8>
    pim.yield %p : tensor<1x1x1x4xi8>
  }
  return
}

// -----

func.func @layer_window_input(%x: tensor<1x2x2x4xi8>, %y: tensor<1x2x2x4xi8>) {
  %z = pim.layer "pool" pool(%x, %y) {
    schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
      scratchpad_bytes = 1024, result_address = 64, buffers = []>
  } : (tensor<1x2x2x4xi8>, tensor<1x2x2x4xi8>) -> tensor<1x1x1x4xi8> {
  ^bb0(%a: tensor<1x2x2x4xi8>, %b: tensor<1x2x2x4xi8>):
    // expected-error @below {{'tosa.max_pool2d' op slides over another value than the first input of the layer}}
    %p = tosa.max_pool2d %b {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x2x2x4xi8>) -> tensor<1x1x1x4xi8>
    pim.yield %p : tensor<1x1x1x4xi8>
  }
  return
}

// -----

func.func @layer_result(%x: tensor<1x4xi8>) {
  // expected-error @below {{'pim.layer' op yields a value that no step computes}}
  %y = pim.layer "none" elementwise(%x) {
    schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 4, ring_rows = 1,
      scratchpad_bytes = 1024, result_address = 64, buffers = []>
  } : (tensor<1x4xi8>) -> tensor<1x4xi8> {
  ^bb0(%a: tensor<1x4xi8>):
    pim.yield %a : tensor<1x4xi8>
  }
  return
}

// -----

func.func @layer_shape(%x: tensor<1x?xi8>) {
  // expected-error @below {{'pim.layer' op gives 'tensor<1x?xi8>', expected a static shape}}
  %y = pim.layer "none" movement(%x) : (tensor<1x?xi8>) -> tensor<1x?xi8> {
  ^bb0(%a: tensor<1x?xi8>):
    pim.yield %a : tensor<1x?xi8>
  }
  return
}
