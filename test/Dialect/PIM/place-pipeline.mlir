// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=energy" | FileCheck %s
// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=throughput array-budget=2x" | FileCheck %s --check-prefix=COPIES
// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=latency array-budget=4" | FileCheck %s --check-prefix=LATENCY
// RUN: not pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=latency array-budget=2" 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: not pim-opt %s --pim-bit-slice --pim-tile --pim-place="objective=latency array-budget=some" 2>&1 | FileCheck %s --check-prefix=TEXT
// SMALL: array-budget '2' is 2 arrays, the model needs 3
// TEXT: array-budget 'some' is neither a number of arrays nor a multiple of the fewest such as 2x

// Every layer has a core of its own; the first moves most bytes and is next to the memory port.
// CHECK: pim.routes = {byte_hops = {{[0-9.e+]+}} : f64, byte_hops_in_order = {{[0-9.e+]+}} : f64}
// CHECK: pim.layer "a"{{.*}}[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 1>]
// CHECK: pim.layer "b"{{.*}}[<core = 1, output_begin = 0, output_end = 4, first_array = 0, arrays = 1>]
// CHECK: pim.layer "c"{{.*}}[<core = 3, output_begin = 0, output_end = 4, first_array = 0, arrays = 1>]

// The first layer has four times the positions of the second, sixteen times those of the third: three arrays more are three
// copies more of it, which share its eight columns.
// COPIES: pim.layer "a"
// COPIES-SAME: output_end = 4, first_array = 0, arrays = 1, col_end = 2>
// COPIES-SAME: output_end = 4, first_array = 0, arrays = 1, col_begin = 2, col_end = 4>
// COPIES-SAME: output_end = 4, first_array = 0, arrays = 1, col_begin = 4, col_end = 6>
// COPIES-SAME: output_end = 4, first_array = 0, arrays = 1, col_begin = 6, col_end = 8>
// COPIES: pim.layer "b"{{.*}}[<core = {{[0-9]+}}, output_begin = 0, output_end = 4, first_array = 0, arrays = 1>]

// LATENCY: pim.layer "a"
// LATENCY-SAME: col_end = 4>
// LATENCY-SAME: col_begin = 4, col_end = 8>
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "3", chip.mesh_cols = "3", core.arrays = "4",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x8x8x2xi8>) -> tensor<1x2x2x4xi8> {
    %0 = pim.layer "a" matrix(%x) : (tensor<1x8x8x2xi8>) -> tensor<1x8x8x4xi8> {
    ^bb0(%a: tensor<1x8x8x2xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x1x1x2xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x8x8x2xi8> -> tensor<1x8x8x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x8x8x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x8x8x4xi8>
      pim.yield %r : tensor<1x8x8x4xi8>
    }
    %1 = pim.layer "b" matrix(%0) : (tensor<1x8x8x4xi8>) -> tensor<1x4x4x4xi8> {
    ^bb0(%a: tensor<1x8x8x4xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x2x2x4xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x8x8x4xi8> -> tensor<1x4x4x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x4x4x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x4xi8>
      pim.yield %r : tensor<1x4x4x4xi8>
    }
    %2 = pim.layer "c" matrix(%1) : (tensor<1x4x4x4xi8>) -> tensor<1x2x2x4xi8> {
    ^bb0(%a: tensor<1x4x4x4xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<4x2x2x4xi8>) bias(dense<0> : tensor<4xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x4x4x4xi8> -> tensor<1x2x2x4xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x4xi8>
      pim.yield %r : tensor<1x2x2x4xi8>
    }
    return %2 : tensor<1x2x2x4xi8>
  }
}
