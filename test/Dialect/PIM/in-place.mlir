// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=energy" --pim-schedule="objective=energy" | FileCheck %s
// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=latency" --pim-schedule="objective=latency" | FileCheck %s --check-prefix=ONE
// ONE-NOT: pim.images_in_flight

// Both convolutions write the channels of the concatenation, 8 bytes a column and 32 a row; the slice begins at its second
// row. Neither copies.
// CHECK: pim.images_in_flight = 8 : i64
// CHECK: pim.layer "a"{{.*}} result_address = [[#%u,AT:]] pitch(32, 8), buffers
// CHECK: pim.layer "b"{{.*}} result_address = [[#AT+4]] pitch(32, 8), buffers
// CHECK: pim.layer "joined"{{.*}} result_address = [[#AT]] in_place(true), buffers = []
// CHECK: pim.layer "cut"{{.*}} result_address = [[#AT+32]] pitch(32, 8) in_place(true), buffers = []
// CHECK: pim.layer "c"{{.*}} result_address = [[#%u,]], buffers
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "2", chip.mesh_cols = "2", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x4x4x2xi8>) -> tensor<1x3x3x4xi8> {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x4xi8> {
    ^bb0(%a: tensor<1x4x4x2xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x2xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x4x4x2xi8> -> tensor<1x4x4x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x4x4x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x4xi8>
      pim.yield %r : tensor<1x4x4x4xi8>
    }
    %1 = pim.layer "b" matrix(%x) : (tensor<1x4x4x2xi8>) -> tensor<1x4x4x4xi8> {
    ^bb0(%a: tensor<1x4x4x2xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x2xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x4x4x2xi8> -> tensor<1x4x4x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x4x4x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x4xi8>
      pim.yield %r : tensor<1x4x4x4xi8>
    }
    %2 = pim.layer "joined" movement(%0, %1) : (tensor<1x4x4x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x8xi8> {
    ^bb0(%a: tensor<1x4x4x4xi8>, %b: tensor<1x4x4x4xi8>):
      %c = tosa.concat %a, %b {axis = 3 : i32} : (tensor<1x4x4x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x8xi8>
      pim.yield %c : tensor<1x4x4x8xi8>
    }
    %3 = pim.layer "cut" movement(%2) : (tensor<1x4x4x8xi8>) -> tensor<1x3x3x8xi8> {
    ^bb0(%a: tensor<1x4x4x8xi8>):
      %start = tosa.const_shape {values = dense<[0, 1, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
      %size = tosa.const_shape {values = dense<[1, 3, 3, 8]> : tensor<4xindex>} : () -> !tosa.shape<4>
      %c = tosa.slice %a, %start, %size : (tensor<1x4x4x8xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x3x8xi8>
      pim.yield %c : tensor<1x3x3x8xi8>
    }
    %4 = pim.layer "c" matrix(%3) : (tensor<1x3x3x8xi8>) -> tensor<1x3x3x4xi8> {
    ^bb0(%a: tensor<1x3x3x8xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x8xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x3x3x8xi8> -> tensor<1x3x3x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x3x3x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x3x3x4xi8>
      pim.yield %r : tensor<1x3x3x4xi8>
    }
    return %4 : tensor<1x3x3x4xi8>
  }
}
