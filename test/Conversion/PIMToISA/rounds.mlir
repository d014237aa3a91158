// RUN: pim-opt %s --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa | FileCheck %s

// The images of both rounds follow one another. Every inference begins with the first; the core that has one round is never
// programmed again.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "2",
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32",
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns",
  global_memory.size_mib = "1", mapping.rounds = "allowed"}} {
  func.func @main(%x: tensor<1x2x2x16xi8>) -> tensor<1x2x2x8xi8> {
    // CHECK: #isa.array_counts<{{.*}}used = 4
    // CHECK: isa.core x = 0, y = 0, arrays = 4,
    // CHECK-SAME: rounds = array<i64: 0, 2>
    // CHECK: isa.array_group
    // CHECK: isa.tile array = 0
    // CHECK: isa.array_group
    // CHECK: isa.tile array = 2
    // CHECK: isa.code
    // CHECK-NEXT: isa.reprogram round = 0
    // CHECK: isa.mvm group = 0
    // CHECK: isa.reprogram round = 1
    // CHECK: isa.wait
    // CHECK: isa.mvm group = 1
    // CHECK: isa.halt
    // CHECK: isa.core x = 1, y = 0, arrays = 2,
    // CHECK-NOT: rounds
    // CHECK-NOT: isa.reprogram
    // CHECK: isa.halt
    %0 = pim.layer "a" matrix(%x) : (tensor<1x2x2x16xi8>) -> tensor<1x2x2x16xi8> {
    ^bb0(%a: tensor<1x2x2x16xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<16x1x1x16xi8>) bias(dense<0> : tensor<16xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x2x2x16xi8> -> tensor<1x2x2x16xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x16xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x16xi8>
      pim.yield %r : tensor<1x2x2x16xi8>
    }
    %1 = pim.layer "b" matrix(%0) : (tensor<1x2x2x16xi8>) -> tensor<1x2x2x8xi8> {
    ^bb0(%a: tensor<1x2x2x16xi8>):
      %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
      %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z8 = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
      %c = pim.conv2d %a weights(dense<1> : tensor<8x1x1x16xi8>) bias(dense<0> : tensor<8xi32>)
        {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 8 : i64}
        : tensor<1x2x2x16xi8> -> tensor<1x2x2x8xi32>
      %r = tosa.rescale %c, %m, %s, %z32, %z8 {scale32 = true, rounding_mode = SINGLE_ROUND, per_channel = false,
        input_unsigned = false, output_unsigned = false}
        : (tensor<1x2x2x8xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x8xi8>
      pim.yield %r : tensor<1x2x2x8xi8>
    }
    return %1 : tensor<1x2x2x8xi8>
  }
}
