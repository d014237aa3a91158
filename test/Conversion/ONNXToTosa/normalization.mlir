// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s
// RUN: pim-opt %s --pim-stage-tosa | FileCheck %s --check-prefix=MERGED

// gamma / sqrt(variance + epsilon) = 2 / sqrt(3 + 1) = 1; beta - mean * that = 5 - 3 = 2.
// CHECK-LABEL: func.func @batch_norm
// MERGED-LABEL: func.func @batch_norm
func.func @batch_norm(%x: tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> {
  %w = onnx.constant dense<4.0> : tensor<2x2x1x1xf32>
  %gamma = onnx.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %beta = onnx.constant dense<5.0> : tensor<2xf32>
  %mean = onnx.constant dense<3.0> : tensor<2xf32>
  %variance = onnx.constant dense<3.0> : tensor<2xf32>
  %c = onnx.node "Conv"(%x, %w) opset 13 : (tensor<1x2x3x3xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x3x3xf32>
  // CHECK: %[[SCALE:.*]] = "tosa.const"() {{.*}}[1.000000e+00]{{.*}}[2.000000e+00]{{.*}} : tensor<1x2x1x1xf32>
  // CHECK: tosa.mul %{{.*}}, %[[SCALE]]
  // CHECK: %[[SHIFT:.*]] = "tosa.const"() {{.*}}[2.000000e+00]{{.*}}[-1.000000e+00]{{.*}} : tensor<1x2x1x1xf32>
  // CHECK: tosa.add %{{.*}}, %[[SHIFT]]
  // MERGED-DAG: dense<{{.*}}[4.000000e+00, 4.000000e+00]{{.*}}[8.000000e+00, 8.000000e+00]{{.*}}> : tensor<2x1x1x2xf32>
  // MERGED-DAG: dense<[2.000000e+00, -1.000000e+00]> : tensor<2xf32>
  // MERGED: tosa.conv2d
  // MERGED-NOT: tosa.mul
  // MERGED-NOT: tosa.add
  %y = onnx.node "BatchNormalization"(%c, %gamma, %beta, %mean, %variance) opset 13 {epsilon = 1.0 : f32} : (tensor<1x2x3x3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x3x3xf32>
  return %y : tensor<1x2x3x3xf32>
}
