// RUN: pim-opt %s --convert-tosa-to-pim --split-input-file --verify-diagnostics

func.func @computed_zero_point(%x: tensor<1x6x6x4xi8>, %z: tensor<1xi8>) {
  %w = "tosa.const"() <{values = dense<1> : tensor<8x1x1x4xi8>}> : () -> tensor<8x1x1x4xi8>
  %b = "tosa.const"() <{values = dense<7> : tensor<8xi32>}> : () -> tensor<8xi32>
  // expected-error @below {{'tosa.conv2d' op has zero points that are not constant}}
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
    stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
    : (tensor<1x6x6x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1xi8>, tensor<1xi8>)
    -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @no_data(%x: tensor<1x6x6x4xi8>) {
  %w = "tosa.const"() <{values = dense_resource<absent> : tensor<8x1x1x4xi8>}> : () -> tensor<8x1x1x4xi8>
  %b = "tosa.const"() <{values = dense<7> : tensor<8xi32>}> : () -> tensor<8xi32>
  %z = "tosa.const"() <{values = dense<1> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @below {{'tosa.conv2d' op has weights without data}}
  %0 = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>,
    stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
    : (tensor<1x6x6x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1xi8>, tensor<1xi8>)
    -> tensor<1x6x6x8xi32>
  return
}

// -----

func.func @analog_attributes(%x: tensor<2xi8>) {
  // expected-error @below {{'tosa.custom' op of domain 'pim' needs 'pim.slopes', 'pim.levels', one result, and weights and biases of each layer}}
  %0 = tosa.custom %x {operator_name = "analog_layers", domain_name = "pim", implementation_attrs = ""}
    : (tensor<2xi8>) -> tensor<1xi32>
  return
}

// -----

func.func @analog_weights(%x: tensor<2xi8>, %w: tensor<1x2xi8>, %b: tensor<1xi8>) {
  // expected-error @below {{'tosa.custom' op has weights that are not constant, which arrays cannot hold}}
  %0 = tosa.custom %x, %w, %b {operator_name = "analog_layers", domain_name = "pim", implementation_attrs = "",
    pim.slopes = array<f64: 1.0>, pim.levels = 3 : i64}
    : (tensor<2xi8>, tensor<1x2xi8>, tensor<1xi8>) -> tensor<1xi32>
  return
}
