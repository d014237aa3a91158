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
