// TOSA from another front end compiles as ONNX does, for a chip and for the host.

// RUN: pimc %s -o %t.chip.pimb --target sot-and --quiet 2> %t.warning
// RUN: FileCheck %s --check-prefix=WARNING < %t.warning
// RUN: pimc %s -o %t.host.pimb --target host --quiet
// RUN: pim-opt %s -o %t.mlirbc --emit-bytecode
// RUN: pimc %t.mlirbc -o %t.bytecode.pimb --target sot-and --quiet
// RUN: cmp %t.chip.pimb %t.bytecode.pimb
// RUN: pimc %s --emit pim --target sot-and --quiet 2>/dev/null | FileCheck %s

// WARNING: no calibration data
// CHECK: pim.layer "dense" matrix(
// CHECK: pim.conv2d
module @dense {
  func.func @main(%x: tensor<1x1x1x4xf32> {pim.name = "x"}) -> (tensor<1x1x1x2xf32> {pim.name = "y"}) {
    %w = "tosa.const"() <{values = dense<[[[[1.0, -2.0, 3.0, 0.5]]], [[[0.0, 1.0, -1.0, 2.0]]]]> : tensor<2x1x1x4xf32>}> : () -> tensor<2x1x1x4xf32>
    %b = "tosa.const"() <{values = dense<[0.25, -1.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
    %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x1x1x4xf32>, tensor<2x1x1x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32> loc("dense")
    return %y : tensor<1x1x1x2xf32>
  }
}
