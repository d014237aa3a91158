// Open dimensions are closed: the batch by 1, others as the user says; calls are inlined.

// RUN: not pimc %s --target host --emit tosa --quiet 2>&1 | FileCheck %s --check-prefix=OPEN
// RUN: pimc %s --target host --emit tosa --quiet --input-shape x=1x5x8 | FileCheck %s --check-prefix=ONE
// RUN: pimc %s --target host --emit tosa --quiet --input-shape x=3x5x8 | FileCheck %s --check-prefix=THREE
// RUN: not pimc %s --target host --emit tosa --quiet --input-shape x=3x5x9 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not pimc %s --target host --emit tosa --quiet --input-shape image=3x5x8 2>&1 | FileCheck %s --check-prefix=NAME

// OPEN: pimc: error: {{.*}}shapes.mlir:{{.*}}: input 'x' has open dimensions; give them with --input-shape x=1x?x8
// OTHER: pimc: error: {{.*}}: input 'x' has the shape ?x?x8, but [3, 5, 9] is given
// NAME: pimc: error: {{.*}}: a shape is given for input 'image', which the model does not have; its inputs are 'x', 'input1'

func.func private @twice(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %0 = tosa.add %x, %x : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  return %0 : tensor<?x?x8xf32>
}

// ONE: func.func @main(%arg0: tensor<1x5x8xf32> {pim.name = "x"}, %arg1: tensor<1x8x4xf32>) -> tensor<1x5x4xf32>
// ONE-NOT: call
// THREE: func.func @main(%arg0: tensor<3x5x8xf32> {pim.name = "x"}, %arg1: tensor<1x8x4xf32>) -> tensor<1x15x4xf32>
// THREE: tosa.add {{.*}} -> tensor<3x5x8xf32>
// THREE: tosa.reshape {{.*}} -> tensor<1x15x8xf32>
func.func @main(%x: tensor<?x?x8xf32> {pim.name = "x"}, %w: tensor<1x8x4xf32>) -> tensor<?x?x4xf32> {
  %0 = func.call @twice(%x) : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %s = tosa.const_shape {values = dense<[1, -1, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %1 = tosa.reshape %0, %s : (tensor<?x?x8xf32>, !tosa.shape<3>) -> tensor<1x?x8xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %2 = tosa.matmul %1, %w, %z, %z : (tensor<1x?x8xf32>, tensor<1x8x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x?x4xf32>
  return %2 : tensor<?x?x4xf32>
}
