// RUN: pim-opt %s --pim-tile --split-input-file | FileCheck %s
// RUN: pim-opt %s --pim-tile --pim-place --pim-schedule --split-input-file | FileCheck %s --check-prefix=PLACE

// The classifier of LeNet-5 in arrays of 32 x 32 weights: ceil(401/32) = 13 times ceil(120/32) = 4, 4 x 3 and 3 x 1, 67 in all.
module attributes {pim.target = {
  name = "analog", chip.mesh_rows = "1", chip.mesh_cols = "1", core.arrays = "67",
  core.scratchpad_kib = "4", array.kind = "imac", array.rows = "32", array.cols = "64",
  cell.bits = "1", cell.on_ohm = "5000", cell.on_off_ratio = "3", imac.neuron_ratio = "3",
  imac.feedback_most_ohm = "1000000", imac.zero = "low", mapping.sign = "differential",
  mapping.slicing = "columns", global_memory.size_mib = "1"}} {
  // CHECK-LABEL: @classifier
  // PLACE-LABEL: @classifier
  func.func @classifier(%x: tensor<1x1x1x400xi8>) -> tensor<1x1x1x10xi32> {
    // A slope of 1 needs 5000/(4*3*(1 - 1/3)) = 625 ohm for each averaged array.
    // CHECK: feedback_ohm = array<f64: 8.125000e+03, 5.000000e+03, 9.375000e+02>
    // Lines: 400 inputs, the one that carries 1, 120 + 84 + 10 neurons.
    // CHECK-SAME: matrix_rows = 615, matrix_cols = 214, tile_rows = 32, tile_cols = 32
    // CHECK-SAME: <output_end = 32, arrays = 13, tiles = [<array = 0, row_offset = 0, rows = [0, 32], col_offset = 0, outputs = [0, 32], slice_begin = 0, slice_count = 2>
    // The bias of the first layer comes right behind its inputs.
    // CHECK-SAME: <array = 12, row_offset = 0, rows = [384, 401]
    // CHECK-SAME: <output_end = 120, arrays = 13
    // The second layer starts at the line of the first neuron; its bias is line 400.
    // CHECK-SAME: <output_end = 152, arrays = 4, tiles = [<array = 0, row_offset = 0, rows = [401, 433]
    // CHECK-SAME: <array = 3, row_offset = 0, rows = [497, 521, 400, 401]
    // CHECK-SAME: <output_end = 214, arrays = 3
    // PLACE: pim.layer "fc"  analog
    // PLACE-SAME: placement = #pim.placement<[<core = 0, output_begin = 0, output_end = 10, first_array = 0, arrays = 67>]>
    %y = pim.layer "fc" analog(%x) : (tensor<1x1x1x400xi8>) -> tensor<1x1x1x10xi32> {
    ^bb0(%a: tensor<1x1x1x400xi8>):
      %0 = pim.analog_layers %a weights([dense<1> : tensor<120x400xi8>, dense<-1> : tensor<84x120xi8>, dense<0> : tensor<10x84xi8>])
        biases([dense<1> : tensor<120xi8>, dense<0> : tensor<84xi8>, dense<0> : tensor<10xi8>])
        {levels = 255 : i64, slopes = array<f64: 1.0, 2.0, 0.5>} : tensor<1x1x1x400xi8> -> tensor<1x1x1x10xi32>
      pim.yield %0 : tensor<1x1x1x10xi32>
    }
    return %y : tensor<1x1x1x10xi32>
  }
}
