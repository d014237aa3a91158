// RUN: pim-opt %s --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | FileCheck %s

// Concatenation, padding, transposition: strided copies in global memory. The slice is read where its operand lies.
module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "16", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1x2x3x4xi8>) -> tensor<1x4x3x5xi8> {
    %pads = tosa.const_shape {values = dense<[0, 0, 1, 1, 0, 0, 0, 1]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %value = "tosa.const"() <{values = dense<-7> : tensor<1xi8>}> : () -> tensor<1xi8>
    %0 = tosa.concat %x, %x {axis = 3 : i32} : (tensor<1x2x3x4xi8>, tensor<1x2x3x4xi8>) -> tensor<1x2x3x8xi8>
    %start = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %size = tosa.const_shape {values = dense<[1, 2, 3, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %1 = tosa.slice %0, %start, %size
      : (tensor<1x2x3x8xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x2x3x4xi8>
    %2 = tosa.pad %1, %pads, %value
      : (tensor<1x2x3x4xi8>, !tosa.shape<8>, tensor<1xi8>) -> tensor<1x4x3x5xi8>
    // CHECK: isa.tensor space = global, element = i8, base = 64, sizes = [1, 2, 3, 4], strides = [48, 24, 8, 1]
    // CHECK: isa.tensor space = global, element = i8, base = 68, sizes = [1, 2, 3, 4], strides = [48, 24, 8, 1]
    // CHECK: isa.tensor space = global, element = i8, base = 66, sizes = [1, 2, 3, 4], strides = [48, 24, 8, 1]
    // CHECK: isa.code
    // CHECK-NEXT: isa.dma.copy dst = 0, rd = 0, src = 1, rs = 0
    // CHECK-NEXT: isa.dma.copy dst = 2, rd = 0, src = 1, rs = 0
    // CHECK-NEXT: isa.dma.fill dst = 3, rd = 0, value = -7
    // CHECK-NEXT: isa.dma.copy dst = 4, rd = 0, src = 5, rs = 0
    // CHECK-NEXT: isa.halt
    return %2 : tensor<1x4x3x5xi8>
  }
}
