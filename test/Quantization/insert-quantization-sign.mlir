// RUN: pim-opt %s --pim-stage-tosa --pim-insert-quantization="data=%S/Inputs/ramp.npy method=min-max narrow-results" | FileCheck %s

// Of the sums only the sign is read, behind a reshape: their steps are 2^-24 of the largest one, so that no small sum becomes
// a 0, whose sign is another. The product afterwards is quantized by its range, as is everything else.
// CHECK-LABEL: func.func @signs
// CHECK: tosa.conv2d
// CHECK: quant.qcast {{.*}}!quant.uniform<i8:f32, {{[0-9.]+}}E-7:-1>>
// CHECK: operator_name = "BipolarQuant"
// CHECK: quant.qcast {{.*}}!quant.uniform<i8:f32, 0.0078{{[0-9]*}}:-1>>
// CHECK: tosa.conv2d
// CHECK: quant.qcast {{.*}}!quant.uniform<i8:f32, 0.0{{[0-9]+}}:
func.func @signs(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = onnx.constant dense<[[2.0, 0.5], [-1.0, 1.0]]> : tensor<2x2xf32>
  %one = onnx.constant dense<1.0> : tensor<f32>
  %s = onnx.node "MatMul"(%x, %w) opset 13 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %b = onnx.node "BipolarQuant"(%s, %one) domain "qonnx.custom_op.general" opset 1 : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %y = onnx.node "MatMul"(%b, %w) opset 13 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}
