// RUN: pim-opt %s --convert-onnx-to-tosa | FileCheck %s

// The model quantizes values, so its sums are to be rescaled as onnxruntime rescales them.
// CHECK: module attributes {pim.float_rescale}

// Unsigned storage is described as signed, 128 lower: zero point 130 becomes 2.
// CHECK-LABEL: func.func @activation
func.func @activation(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %scale = onnx.constant dense<0.5> : tensor<f32>
  %zero = onnx.constant dense<130> : tensor<ui8>
  // CHECK: %[[Q:.*]] = quant.qcast %{{.*}} : tensor<1x4xf32> to tensor<1x4x!quant.uniform<i8:f32, 5.000000e-01:2>>
  %q = onnx.node "QuantizeLinear"(%x, %scale, %zero) opset 13 : (tensor<1x4xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x4xui8>
  // CHECK: quant.dcast %[[Q]]
  %y = onnx.node "DequantizeLinear"(%q, %scale, %zero) opset 13 : (tensor<1x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// Weights stay integers, transposed with the axis of their scales; the bias has scales of its own.
// CHECK-LABEL: func.func @layer
func.func @layer(%x: tensor<1x1x3x3xf32>) -> tensor<1x2x3x3xi8> {
  %scale = onnx.constant dense<0.5> : tensor<f32>
  %q = onnx.node "QuantizeLinear"(%x, %scale) opset 13 : (tensor<1x1x3x3xf32>, tensor<f32>) -> tensor<1x1x3x3xui8>
  %d = onnx.node "DequantizeLinear"(%q, %scale) opset 13 : (tensor<1x1x3x3xui8>, tensor<f32>) -> tensor<1x1x3x3xf32>
  %wq = onnx.constant dense<[[[[3]]], [[[-4]]]]> : tensor<2x1x1x1xi8>
  %ws = onnx.constant dense<[0.25, 0.125]> : tensor<2xf32>
  // CHECK-DAG: quant.dcast %{{.*}} : tensor<2x1x1x1x!quant.uniform<i8:f32:0, {2.500000e-01,1.250000e-01}>> to tensor<2x1x1x1xf32>
  %w = onnx.node "DequantizeLinear"(%wq, %ws) opset 13 {axis = 0 : i64} : (tensor<2x1x1x1xi8>, tensor<2xf32>) -> tensor<2x1x1x1xf32>
  %bq = onnx.constant dense<[7, 8]> : tensor<2xi32>
  %bs = onnx.constant dense<[0.125, 0.0625]> : tensor<2xf32>
  // CHECK-DAG: quant.dcast %{{.*}} : tensor<2x!quant.uniform<i32:f32:0, {1.250000e-01,6.250000e-02}>> to tensor<2xf32>
  %b = onnx.node "DequantizeLinear"(%bq, %bs) opset 13 {axis = 0 : i64} : (tensor<2xi32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK: tosa.conv2d
  %c = onnx.node "Conv"(%d, %w, %b) opset 13 : (tensor<1x1x3x3xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x3x3xf32>
  %y = onnx.node "Relu"(%c) opset 13 : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  %zero = onnx.constant dense<0> : tensor<i8>
  // CHECK: quant.qcast
  // CHECK: quant.scast %{{.*}} to tensor<1x2x3x3xi8>
  %r = onnx.node "QuantizeLinear"(%y, %scale, %zero) opset 13 : (tensor<1x2x3x3xf32>, tensor<f32>, tensor<i8>) -> tensor<1x2x3x3xi8>
  return %r : tensor<1x2x3x3xi8>
}

// Unsigned weights: 131 and 125 about 128 are 3 and -3 about 0.
// CHECK-LABEL: func.func @unsigned_weights
func.func @unsigned_weights(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %scale = onnx.constant dense<0.5> : tensor<f32>
  %zero = onnx.constant dense<128> : tensor<ui8>
  %q = onnx.node "QuantizeLinear"(%x, %scale, %zero) opset 13 : (tensor<1x2xf32>, tensor<f32>, tensor<ui8>) -> tensor<1x2xui8>
  %d = onnx.node "DequantizeLinear"(%q, %scale, %zero) opset 13 : (tensor<1x2xui8>, tensor<f32>, tensor<ui8>) -> tensor<1x2xf32>
  %wq = onnx.constant dense<[[131], [125]]> : tensor<2x1xui8>
  // CHECK: dense<{{.*}}[3, -3]{{.*}}> : tensor<1x1x1x2xi8>
  // CHECK: !quant.uniform<i8:f32, 5.000000e-01>
  %w = onnx.node "DequantizeLinear"(%wq, %scale, %zero) opset 13 : (tensor<2x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<2x1xf32>
  %y = onnx.node "MatMul"(%d, %w) opset 13 : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

// Activations are not quantized per channel: the host does both.
// CHECK-LABEL: func.func @activations_per_channel
func.func @activations_per_channel(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %scales = onnx.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %zeros = onnx.constant dense<[1, 2]> : tensor<2xi8>
  // CHECK: tosa.custom {{.*}}operator_name = "QuantizeLinear"{{.*}} -> tensor<2x3xi8>
  // CHECK: tosa.custom {{.*}}operator_name = "DequantizeLinear"{{.*}} : (tensor<2x3xi8>) -> tensor<2x3xf32>
  %q = onnx.node "QuantizeLinear"(%x, %scales, %zeros) opset 13 {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x3xi8>
  %d = onnx.node "DequantizeLinear"(%q, %scales, %zeros) opset 13 {axis = 0 : i64} : (tensor<2x3xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x3xf32>
  return %d : tensor<2x3xf32>
}

// Unsigned integers of the host are i32 there.
// CHECK-LABEL: func.func @unsigned_on_host
func.func @unsigned_on_host(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %scales = onnx.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %zeros = onnx.constant dense<[1, 2]> : tensor<2xui8>
  // CHECK: tosa.custom {{.*}}operator_name = "QuantizeLinear"{{.*}} -> tensor<2x3xi32>
  // CHECK: tosa.custom {{.*}}operator_name = "DequantizeLinear"{{.*}} : (tensor<2x3xi32>) -> tensor<2x3xf32>
  %q = onnx.node "QuantizeLinear"(%x, %scales, %zeros) opset 13 {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2xf32>, tensor<2xui8>) -> tensor<2x3xui8>
  %d = onnx.node "DequantizeLinear"(%q, %scales, %zeros) opset 13 {axis = 0 : i64} : (tensor<2x3xui8>, tensor<2xf32>, tensor<2xui8>) -> tensor<2x3xf32>
  return %d : tensor<2x3xf32>
}
