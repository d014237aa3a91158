// RUN: pim-opt %s --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5:3>

// A float island is a call of the host; its float result leaves through a port without a scale.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  // CHECK: isa.tensor space = global, element = i8, base = 0, sizes = [1, 1, 1, 4]
  // CHECK: isa.tensor space = global, element = f32, base = 64, sizes = [1, 1, 1, 4]
  // CHECK: isa.port kind = output, name = "p", {{.*}} element = f32, scale = 0.000000e+00
  // CHECK: isa.host_call name = "softmax", graph = {{.*}}, inputs = [0], outputs = [1]
  // CHECK: isa.layer name = "softmax", op = "host"
  func.func @main(%x: tensor<1x4xi8> {pim.quant = !q}) -> (tensor<1x4xf32> {pim.name = "p"}) {
    %q = quant.scast %x : tensor<1x4xi8> to tensor<1x4x!q>
    %f = quant.dcast %q : tensor<1x4x!q> to tensor<1x4xf32>
    %e = tosa.exp %f : (tensor<1x4xf32>) -> tensor<1x4xf32> loc("softmax")
    // CHECK: isa.code
    // CHECK-NEXT: isa.host call = 0
    // CHECK-NEXT: isa.halt
    return %e : tensor<1x4xf32>
  }
}
