// What `pimc --explain` draws of a layer of which half of the columns are pruned, and what it says of
// one that is not there.

// RUN: pimc %s -o %t.pimb --target reram-xbar --quiet --weight-bits 4 --prune column=0.5 --explain=dense 2>/dev/null | FileCheck %s
// RUN: not pimc %s -o %t.pimb --target reram-xbar --quiet --explain=sparse 2>&1 | FileCheck %s --check-prefix=ERROR

// CHECK:      dense: matmul, 4 rows x 2 outputs, weights of 4 bits, offset in columns, inputs of 8 bits
// CHECK-NEXT:   zeros     50.0 %, pattern column=0.5 (100.0 % of them)
// CHECK-NEXT:   arrays    1 dense of 16 bits, 1 of 8 bits, 1 without zeros, 1 sliced, 1 squeezed, 1 packed
// CHECK-NEXT:   planes    2^0 2^1 2^2 2^3 (# stored, - stored and negative, . empty)
// CHECK-NEXT:   stack 0   outputs 0..1, 1 arrays
// CHECK-NEXT:     |= | 2 rows from 1 x 2 outputs from 0 ####
// CHECK-NEXT:   core {{[0-9]+}} outputs 0..1 in arrays 0..0

// ERROR: no layer with weights is called 'sparse'; there are 1, the first is 'dense'
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
