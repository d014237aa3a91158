// Codes that the model's metadata record mark the layers whose weights are on their levels.

// RUN: pimc %s --emit quant --target sot-and --quiet --weight-bits 2 2>/dev/null | FileCheck %s
// RUN: pimc %s --emit quant --target sot-and --quiet 2>&1 | FileCheck %s --check-prefix=BESIDE
// RUN: pimc %s --emit quant --target sot-and --quiet --weight-code fixed:3 2>/dev/null | FileCheck %s --check-prefix=ASKED
// RUN: sed 's/=ternary/=roman/' %s > %t.mlir
// RUN: not pimc %t.mlir -o %t.pimb --target sot-and --quiet 2>&1 | FileCheck %s --check-prefix=BAD

// CHECK: tosa.conv2d {{.*}}pim.weight_bits = 2 : i32, pim.weight_code = "ternary"
// BESIDE: warning: layer 'dense': keeps eight bits: its weights are not on the levels of 'ternary', which the model's metadata 'pim.codes' record
// BESIDE-NOT: pim.weight_code
// ASKED: pim.weight_code = "fixed:3"
// BAD: error: {{.*}}the model's metadata 'pim.codes': 'roman'
module @dense attributes {pim.codes = "\"dense\"=ternary"} {
  func.func @main(%x: tensor<1x1x1x4xf32> {pim.name = "x"}) -> (tensor<1x1x1x2xf32> {pim.name = "y"}) {
    %w = "tosa.const"() <{values = dense<[[[[1.0, -1.0, 1.0, 0.0]]], [[[0.0, 1.0, -0.5, 1.0]]]]> : tensor<2x1x1x4xf32>}> : () -> tensor<2x1x1x4xf32>
    %b = "tosa.const"() <{values = dense<[0.25, -1.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
    %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x1x1x4xf32>, tensor<2x1x1x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32> loc("dense")
    return %y : tensor<1x1x1x2xf32>
  }
}
