// `pimc --prune` projects the weights of each layer to a pattern: what has the largest squares stays.

// RUN: pimc %s --emit tosa --target sot-and --quiet --prune filter=0.5 2>/dev/null | FileCheck %s --check-prefix=FILTER
// RUN: pimc %s --emit tosa --target sot-and --quiet --prune column=0.5 2>/dev/null | FileCheck %s --check-prefix=COLUMN
// RUN: pimc %s --emit tosa --target sot-and --quiet --prune 'dense:nm=1:2' 2>/dev/null | FileCheck %s --check-prefix=NM
// RUN: pimc %s --emit tosa --target sot-and --quiet --prune 'dense:pattern=4/9' 2>&1 >/dev/null | FileCheck %s --check-prefix=MISFIT
// RUN: not pimc %s --emit tosa --target sot-and --quiet --prune 'sparse:nm=1:2' 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not pimc %s --emit tosa --target sot-and --quiet --prune 'filter=2' 2>&1 | FileCheck %s --check-prefix=SHARE

// FILTER: dense<{{\[\[\[\[}}2.500000e-01, -2.000000e+00, 3.000000e+00, 5.000000e-01]]], {{\[\[\[}}0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00]]]]>
// FILTER: pim.pruned = "filter=0.5"
// COLUMN: dense<{{\[\[\[\[}}0.000000e+00, -2.000000e+00, 3.000000e+00, 0.000000e+00]]], {{\[\[\[}}0.000000e+00, 1.500000e+00, -1.000000e+00, 0.000000e+00]]]]>
// COLUMN: pim.pruned = "column=0.5"
// NM: dense<{{\[\[\[\[}}0.000000e+00, -2.000000e+00, 3.000000e+00, 0.000000e+00]]], {{\[\[\[}}0.000000e+00, 1.500000e+00, -1.000000e+00, 0.000000e+00]]]]>
// MISFIT: warning: layer 'dense': is not pruned by 'pattern=4/9': kernel patterns are for 3x3 kernels, this one is 1x1
// NAME: no layer with weights is 'sparse'; there are 1, the first is 'dense'
// SHARE: 'filter': '2' is not a number from 0 to 1
module @dense {
  func.func @main(%x: tensor<1x1x1x4xf32> {pim.name = "x"}) -> (tensor<1x1x1x2xf32> {pim.name = "y"}) {
    %w = "tosa.const"() <{values = dense<[[[[0.25, -2.0, 3.0, 0.5]]], [[[0.125, 1.5, -1.0, 0.25]]]]> : tensor<2x1x1x4xf32>}> : () -> tensor<2x1x1x4xf32>
    %b = "tosa.const"() <{values = dense<[0.25, -1.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
    %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
      : (tensor<1x1x1x4xf32>, tensor<2x1x1x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32> loc("dense")
    return %y : tensor<1x1x1x2xf32>
  }
}
