// RUN: pim-opt %s --pim-form-analog --split-input-file --mlir-print-debuginfo 2>/dev/null | FileCheck %s
// RUN: pim-opt %s --pim-form-analog --split-input-file --verify-diagnostics
// RUN: pim-opt %s --pim-form-analog --convert-tosa-to-pim --split-input-file 2>/dev/null | FileCheck %s --check-prefix=PIM

// Two layers behind a sign become one chain; cells hold the opposite of what the model says, and where the model negates the sums,
// as the model says.
module attributes {pim.target = {array.kind = "imac", adc.bits = "3"}} {
  // CHECK-LABEL: @chain
  // CHECK: %[[SIGN:.*]] = tosa.custom %arg0 {{.*}}operator_name = "Sign"
  // CHECK: %[[IN:.*]] = tosa.cast %[[SIGN]] : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x3xi8>
  // CHECK-DAG: %[[W1:.*]] = "tosa.const"() <{values = dense<{{\[\[}}-1, 1, 0], [0, 0, -1]]> : tensor<2x3xi8>}>
  // CHECK-DAG: %[[B1:.*]] = "tosa.const"() <{values = dense<[-1, 0]> : tensor<2xi8>}>
  // CHECK-DAG: %[[W2:.*]] = "tosa.const"() <{values = dense<{{\[\[}}1, -1]]> : tensor<1x2xi8>}>
  // CHECK-DAG: %[[B2:.*]] = "tosa.const"() <{values = dense<-1> : tensor<1xi8>}>
  // CHECK: %[[CODE:.*]] = tosa.custom %[[IN]], %[[W1]], %[[B1]], %[[W2]], %[[B2]] {domain_name = "pim", {{.*}}operator_name = "analog_layers", pim.levels = 7 : i64, pim.slopes = array<f64: 5.000000e-01, 2.000000e+00>}
  // CHECK-SAME: -> tensor<1x1x1x1xi32> loc(#[[LOC:.*]])
  // CHECK: tosa.cast %[[CODE]] : (tensor<1x1x1x1xi32>) -> tensor<1x1x1x1xf32>
  // CHECK: tosa.mul
  // CHECK-NOT: tosa.sigmoid
  // CHECK: #[[LOC]] = loc("fc1+fc2")
  // PIM-LABEL: @chain
  // PIM: pim.analog_layers %{{.*}} weights([dense<{{\[\[}}-1, 1, 0], [0, 0, -1]]> : tensor<2x3xi8>, dense<{{\[\[}}1, -1]]> : tensor<1x2xi8>])
  // PIM-SAME: biases([dense<[-1, 0]> : tensor<2xi8>, dense<-1> : tensor<1xi8>])
  // PIM-SAME: {levels = 7 : i64, slopes = array<f64: 5.000000e-01, 2.000000e+00>} : tensor<1x1x1x3xi8> -> tensor<1x1x1x1xi32>
  func.func @chain(%x: tensor<1x1x1x3xf32>) -> tensor<1x1x1x1xf32> {
    %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %w1 = "tosa.const"() <{values = dense<[[[[0.5, -0.5, 0.0]]], [[[0.0, 0.0, 0.5]]]]> : tensor<2x1x1x3xf32>}> : () -> tensor<2x1x1x3xf32>
    %b1 = "tosa.const"() <{values = dense<[0.5, 0.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
    %w2 = "tosa.const"() <{values = dense<[[[[2.0, -2.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
    %b2 = "tosa.const"() <{values = dense<-2.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %s = tosa.custom %x {domain_name = "onnx", implementation_attrs = "{}", operator_name = "Sign"} : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x3xf32>
    %0 = tosa.conv2d %s, %w1, %b1, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x1x1x3xf32>, tensor<2x1x1x3xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32> loc("fc1")
    %1 = tosa.sigmoid %0 : (tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
    %2 = tosa.conv2d %1, %w2, %b2, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32> loc("fc2")
    %3 = tosa.negate %2, %z, %z : (tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
    %4 = tosa.sigmoid %3 : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    return %4 : tensor<1x1x1x1xf32>
  }
}

// -----

// What does not qualify stays, with a warning that says why.
module attributes {pim.target = {array.kind = "imac", adc.bits = "3"}} {
  // CHECK-LABEL: @others
  // CHECK-NOT: analog_layers
  func.func @others(%x: tensor<1x1x1x2xf32>) -> (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) {
    %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %w1 = "tosa.const"() <{values = dense<[[[[0.5, 0.25]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
    %w2 = "tosa.const"() <{values = dense<[[[[0.5, -0.5]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
    %s = tosa.custom %x {domain_name = "onnx", implementation_attrs = "{}", operator_name = "Sign"} : (tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
    // expected-warning@+1 {{'' stays on the host: its weights and biases are not one number times -1, 0 and 1}}
    %0 = tosa.conv2d %s, %w1, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
    %1 = tosa.sigmoid %0 : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    // expected-warning@+1 {{'' stays on the host: its inputs are neither the result of a Sign nor neurons before it}}
    %2 = tosa.conv2d %x, %w2, %z, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
      : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
    %3 = tosa.sigmoid %2 : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    return %1, %3 : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
  }
}
