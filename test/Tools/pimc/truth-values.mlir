// Constants of truth values are bytes of 0 and 1 in the memory of the chip, however MLIR packs them.

// RUN: pimc %s -o %t.mlir --emit isa --target sot-and --quiet 2>/dev/null
// RUN: FileCheck %s < %t.mlir

// After four bytes of alignment: 1 1 1, and 1 0 1 0 0 0 0 0 1.
// CHECK-DAG: "0x{{[0-9]+}}010101"
// CHECK-DAG: "0x{{[0-9]+}}010001000000000001"
module @truth {
  func.func @main(%x: tensor<1x1x1x4xf32> {pim.name = "x"})
      -> (tensor<1x1x1x2xf32> {pim.name = "y"}, tensor<3xi1> {pim.name = "all"}, tensor<9xi1> {pim.name = "some"}) {
    %w = "tosa.const"() <{values = dense<[[[[1.0, -2.0, 3.0, 0.5]]], [[[0.0, 1.0, -1.0, 2.0]]]]> : tensor<2x1x1x4xf32>}> : () -> tensor<2x1x1x4xf32>
    %b = "tosa.const"() <{values = dense<[0.25, -1.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
    %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %all = "tosa.const"() <{values = dense<true> : tensor<3xi1>}> : () -> tensor<3xi1>
    %some = "tosa.const"() <{values = dense<[true, false, true, false, false, false, false, false, true]> : tensor<9xi1>}> : () -> tensor<9xi1>
    %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x1x1x4xf32>, tensor<2x1x1x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32> loc("dense")
    return %y, %all, %some : tensor<1x1x1x2xf32>, tensor<3xi1>, tensor<9xi1>
  }
}
