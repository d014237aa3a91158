// RUN: pim-opt %s --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | FileCheck %s

// A sum with a constant per channel: the constant lies in global memory, is loaded once and broadcast by strides of 0.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x16x4x2xi32>) -> tensor<1x16x4x2xi32> {
    // CHECK: isa.memory_image address = 0,
    // CHECK: isa.tensor space = scratchpad, element = i32, {{.*}} sizes = [1, 2, 4, 2], strides = [{{[0-9]+}}, 0, 0, 4]
    %c = "tosa.const"() <{values = dense<[[[[1, 2]]]]> : tensor<1x1x1x2xi32>}> : () -> tensor<1x1x1x2xi32>
    %0 = tosa.add %x, %c : (tensor<1x16x4x2xi32>, tensor<1x1x1x2xi32>) -> tensor<1x16x4x2xi32> loc("sum")
    // CHECK: isa.code
    // CHECK: isa.dma.copy
    // CHECK-NEXT: isa.dma.copy
    // CHECK-NEXT: isa.loop count = 7,
    // CHECK-NEXT: isa.dma.copy
    // CHECK-NEXT: isa.vadd
    // CHECK-NEXT: isa.dma.copy
    // CHECK-NOT: isa.loop
    // CHECK: isa.halt
    return %0 : tensor<1x16x4x2xi32>
  }
}
