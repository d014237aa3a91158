// Code does not grow with the image: the same instructions but for their immediates.
// RUN: sed 's/HEIGHT/40/g' %s | pim-opt --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | grep -o 'isa\.\(li\|addi\|wrap\|loop\|mvm\|v[a-z]*\|dma\.copy\|halt\) ' > %t.small
// RUN: sed 's/HEIGHT/400/g' %s | pim-opt --pim-form-layers --pim-bit-slice --pim-tile --pim-place --pim-schedule --convert-pim-to-isa \
// RUN:   | grep -o 'isa\.\(li\|addi\|wrap\|loop\|mvm\|v[a-z]*\|dma\.copy\|halt\) ' > %t.large
// RUN: diff %t.small %t.large

module attributes {pim.target = {
  name = "tiny", chip.mesh_rows = "1", chip.mesh_cols = "2", core.arrays = "4", 
  core.scratchpad_kib = "1024", array.kind = "xbar", array.rows = "16", array.cols = "32", 
  cell.bits = "1", dac.bits = "1", mapping.sign = "offset", mapping.slicing = "columns", 
  global_memory.size_mib = "1"}} {
  func.func @main(%x: tensor<1xHEIGHTx20x1xi8>) -> tensor<1xHEIGHTx20x4xi32> {
    %0 = pim.conv2d %x weights(dense<1> : tensor<4x3x3x1xi8>) bias(dense<5> : tensor<4xi32>)
      {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
       groups = 1 : i64, input_zero_point = -3 : i64, weight_bits = 8 : i64}
      : tensor<1xHEIGHTx20x1xi8> -> tensor<1xHEIGHTx20x4xi32>
    return %0 : tensor<1xHEIGHTx20x4xi32>
  }
}
