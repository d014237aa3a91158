// RUN: pim-opt %s --pim-attach-reference --pim-form-layers | FileCheck %s

// The layer names the tensor of the graph that it must equal: the one its last op makes.
// CHECK: module attributes {pim.reference = dense_resource<reference> : tensor<{{[0-9]+}}xi8>}
// CHECK: pim.layer "bound" elementwise(%arg0) {pim.reference = ["bound"]}
// CHECK-NOT: pim.reference
func.func @main(%x: tensor<1x4xi8>) -> tensor<1x8xi8> {
  %t = "tosa.const"() <{values = dense<1> : tensor<256xi8>}> : () -> tensor<256xi8>
  %a = tosa.table %x, %t : (tensor<1x4xi8>, tensor<256xi8>) -> tensor<1x4xi8> loc("act")
  %b = tosa.clamp %a {min_val = 1 : i8, max_val = 50 : i8} : (tensor<1x4xi8>) -> tensor<1x4xi8> loc("bound")
  // CHECK: pim.layer "join"
  // CHECK-SAME: pim.reference = ["join"]
  %c = tosa.concat %b, %b {axis = 1 : i32} : (tensor<1x4xi8>, tensor<1x4xi8>) -> tensor<1x8xi8> loc("join")
  %d = tosa.clamp %c {min_val = 1 : i8, max_val = 50 : i8} : (tensor<1x8xi8>) -> tensor<1x8xi8> loc("last")
  return %d : tensor<1x8xi8>
}
