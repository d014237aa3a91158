// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/bytes.npy scale=0.01 mean=0.3033 samples=128" | FileCheck %s
// RUN: pim-opt %s --pim-insert-quantization="data=%S/Inputs/bytes.npy scale=0.01 mean=0.3033 samples=128 rounding=nearest" | FileCheck %s --check-prefix=NEAREST

// The bytes 0 to 255 become -0.3033 to 2.2467 in steps of 0.01, and zero lies 30.33 steps from the lowest: as integers all are
// too large by 0.33 steps, 0.0033. The product of the first output's weights, 2 and 2, with it is taken off its bias: 1 - 0.0132. Those
// of the second, 1 and -1, cancel. The weights are all at the ends of their range, so that rounding adds nothing.
// CHECK-LABEL: func.func @main
// CHECK:         quant.qcast %{{.*}} : {{.*}}!quant.uniform<i8:f32, {{0.00999|0.01000}}{{[0-9]*}}:-98>>
// CHECK:         "tosa.const"() <{values = dense<{{\[\[\[}}0.9868{{[0-9]*}}, {{1.000|0.9999}}{{.*}}]]]>
// NEAREST-LABEL: func.func @main
// NEAREST-NOT:   0.9868
func.func @main(%x: tensor<1x1x2xf32>) -> tensor<1x1x2xf32> {
  %w = "tosa.const"() {values = dense<[[[2.0, 1.0], [2.0, -1.0]]]> : tensor<1x2x2xf32>} : () -> tensor<1x2x2xf32>
  %b = "tosa.const"() {values = dense<1.0> : tensor<1x1x2xf32>} : () -> tensor<1x1x2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %m = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %a = tosa.add %m, %b : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
  return %a : tensor<1x1x2xf32>
}
