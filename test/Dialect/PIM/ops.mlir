// RUN: pim-opt %s | pim-opt | FileCheck %s

// CHECK-LABEL: @unmapped
func.func @unmapped(%x: tensor<1x6x6x4xi8>) -> tensor<1x6x6x8xi32> {
  // CHECK: pim.layer "conv1" matrix(%{{.*}}) : (tensor<1x6x6x4xi8>) -> tensor<1x6x6x8xi32> {
  %y = pim.layer "conv1" matrix(%x) : (tensor<1x6x6x4xi8>) -> tensor<1x6x6x8xi32> {
  ^bb0(%a: tensor<1x6x6x4xi8>):
    // CHECK: pim.conv2d %{{.*}} weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
    %acc = pim.conv2d %a weights(dense<1> : tensor<8x3x3x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = -3 : i64, weight_bits = 8 : i64}
      : tensor<1x6x6x4xi8> -> tensor<1x6x6x8xi32>
    pim.yield %acc : tensor<1x6x6x8xi32>
  }
  return %y : tensor<1x6x6x8xi32>
}

// CHECK-LABEL: @mapped
func.func @mapped(%x: tensor<1x1x1x4xi8>) -> tensor<1x1x1x8xi32> {
  // CHECK: placement = #pim.placement<[<core = 2, output_begin = 0, output_end = 8, first_array = 5, arrays = 1>]>
  // CHECK-SAME: schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 8, ring_rows = 1,
  // CHECK-SAME: buffers = [<name = "input0", address = 0, bytes = 4, copies = 1>,
  %y = pim.layer "fc" matrix(%x) {
    placement = #pim.placement<[<core = 2, output_begin = 0, output_end = 8, first_array = 5, arrays = 1>]>,
    schedule = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 8, ring_rows = 1,
      scratchpad_bytes = 1024, result_address = 64, buffers = [
      <name = "input0", address = 0, bytes = 4, copies = 1>,
      <name = "accumulator", address = 64, bytes = 32, copies = 1>,
      <name = "scaled", address = 128, bytes = 32, copies = 1>]>
  } : (tensor<1x1x1x4xi8>) -> tensor<1x1x1x8xi32> {
  ^bb0(%a: tensor<1x1x1x4xi8>):
    // CHECK: slicing = #pim.slicing<weight_bits = 4, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = twos_complement, layout = columns>
    // CHECK-SAME: tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 16, tile_cols = 8, groups_per_array = 1, planes = 1>
    %acc = pim.conv2d %a weights(dense<1> : tensor<8x1x1x4xi8>) bias(dense<0> : tensor<8xi32>)
      {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64,
       slicing = #pim.slicing<weight_bits = 4, cell_bits = 1, input_bits = 8, input_offset = 128,
                              dac_bits = 1, scheme = twos_complement, layout = columns>,
       tiling = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 16, tile_cols = 8,
                            groups_per_array = 1, planes = 1>}
      : tensor<1x1x1x4xi8> -> tensor<1x1x1x8xi32>
    pim.yield %acc : tensor<1x1x1x8xi32>
  }
  return %y : tensor<1x1x1x8xi32>
}

// CHECK-LABEL: @no_buffers
func.func @no_buffers(%x: tensor<1x4xi8>) -> tensor<1x8xi8> {
  // CHECK: pim.layer "join" movement(%{{.*}}) {schedule = #pim.schedule<{{.*}}, buffers = []>}
  %y = pim.layer "join" movement(%x) {
    schedule = #pim.schedule<block_rows = 0, block_cols = 0, block_channels = 0, ring_rows = 0,
      scratchpad_bytes = 1024, result_address = 64, buffers = []>
  } : (tensor<1x4xi8>) -> tensor<1x8xi8> {
  ^bb0(%a: tensor<1x4xi8>):
    %c = tosa.concat %a, %a {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8>
    pim.yield %c : tensor<1x8xi8>
  }
  return %y : tensor<1x8xi8>
}
