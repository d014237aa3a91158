// RUN: pim-opt %s --pim-legalize-pruning=required=filter=0.5 --split-input-file --verify-diagnostics

// The first follows what is required, the second does not.
func.func @filters(%x: tensor<1x1x1x4xi8>) {
  %0 = pim.conv2d %x weights(dense<[[[[1,7,2,3]]],[[[0,0,0,0]]]]> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
  return
}

// -----

func.func @columns(%x: tensor<1x1x1x4xi8>) {
  // expected-error @below {{has zeros that do not follow 'filter=0.5': prune with --prune, or compress with pim-compress}}
  %0 = pim.conv2d %x weights(dense<[[[[0,7,0,3]]],[[[0,1,0,5]]]]> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
  return
}

// -----

func.func @no_data(%x: tensor<1x1x1x4xi8>) {
  // expected-error @below {{'pim.conv2d' op has weights without data}}
  %0 = pim.conv2d %x weights(dense_resource<absent> : tensor<2x1x1x4xi8>) bias(dense<0> : tensor<2xi32>)
    {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
     groups = 1 : i64, input_zero_point = 0 : i64, weight_bits = 4 : i64}
    : tensor<1x1x1x4xi8> -> tensor<1x1x1x2xi32>
  return
}
