// Every op in every form, through the parser, the printer and the verifiers.
// RUN: pim-opt %s | pim-opt | FileCheck %s
// RUN: pim-opt %s --mlir-print-op-generic | pim-opt | FileCheck %s

// CHECK: isa.program model = <name = "toy", macs = 90, parameters = 9, opset = "ai.onnx 13", weight_bits = 8, activation_bits = 8>, semaphores = 2, global_memory_bytes = 4096, target = {array.cols = "128", array.rows = "128", chip.mesh_cols = "2", chip.mesh_rows = "2"}
// CHECK-SAME: attributes {array_counts = #isa.array_counts<dense = 1, after_pruning = 1, after_slicing = 1, after_squeeze = 1, used = 1, utilization = 5.000000e-01 : f64>
// CHECK-SAME: preprocess = #isa.preprocess<scale = 3.906250e-03 : f64, mean = [1.250000e-01], std = [5.000000e-01], layout = "nhwc">
isa.program model = <name = "toy", macs = 90, parameters = 9, opset = "ai.onnx 13", weight_bits = 8,
                     activation_bits = 8>, semaphores = 2, global_memory_bytes = 4096,
            target = {array.rows = "128", array.cols = "128", chip.mesh_rows = "2", chip.mesh_cols = "2"}
            attributes {
              preprocess = #isa.preprocess<scale = 0.00390625 : f64, mean = [0.125], std = [0.5], layout = "nhwc">,
              array_counts = #isa.array_counts<dense = 1, after_pruning = 1, after_slicing = 1, after_squeeze = 1,
                                               used = 1, utilization = 0.5 : f64>} {
  // CHECK: isa.tensor space = global, element = i8, base = 64, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  isa.tensor space = global, element = i8, base = 64, sizes = [1, 4, 4, 1], strides = [16, 4, 1, 1]
  // CHECK: isa.port kind = input, name = "x", shape = [1, 1, 4, 4], permutation = [0, 2, 3, 1], element = i8, scale = 5.000000e-01, zero_point = -3, min = -128, max = 127, tensor = 0
  isa.port kind = input, name = "x", shape = [1, 1, 4, 4], permutation = [0, 2, 3, 1], element = i8, scale = 0.5,
           zero_point = -3, min = -128, max = 127, tensor = 0
  // CHECK: isa.host_call name = "softmax", graph = dense_resource<bytes> : tensor<4xi8>, inputs = [0], outputs = [0]
  isa.host_call name = "softmax", graph = dense_resource<bytes> : tensor<4xi8>, inputs = [0], outputs = [0]
  // CHECK: isa.memory_image address = 4092, bytes = dense_resource<bytes> : tensor<4xi8>
  isa.memory_image address = 4092, bytes = dense_resource<bytes> : tensor<4xi8>
  // CHECK: isa.layer name = "conv", op = "conv2d", macs = 90, arrays = 1, weights = 9, spans = [#isa.span<core = 0, begin = 0, end = 2>] {mapping = "1x1", output = 0 : i64, reference = "y"}
  isa.layer name = "conv", op = "conv2d", macs = 90, arrays = 1, weights = 9,
            spans = [#isa.span<core = 0, begin = 0, end = 2>]
            {output = 0, reference = "y", mapping = "1x1"}
  // CHECK: isa.layer name = "silent", op = "pad", macs = 0, arrays = 0, weights = 0, spans = []{{$}}
  isa.layer name = "silent", op = "pad", macs = 0, arrays = 0, weights = 0, spans = []
  // CHECK: isa.reference graph = dense_resource<bytes> : tensor<4xi8>
  isa.reference graph = dense_resource<bytes> : tensor<4xi8>
  // CHECK: isa.core x = 0, y = 1, arrays = 1, scratchpad_bytes = 1024 attributes {cells = dense_resource<bytes> : tensor<4xi8>}
  isa.core x = 0, y = 1, arrays = 1, scratchpad_bytes = 1024 attributes {cells = dense_resource<bytes> : tensor<4xi8>} {
    // CHECK: isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i8, base = 64, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    // CHECK: isa.tensor space = scratchpad, {{.*}}, strides = [4, 2, 1, 1] {core = 0 : i64}
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1] {core = 0}
    // CHECK: isa.window element = i8, base = 128, out_rows = 2, {{.*}} col_pitch = 1 {pad_value = -3 : i64}
    isa.window element = i8, base = 128, out_rows = 2, out_cols = 2, kernel_rows = 3, kernel_cols = 3, channels = 1,
               row_step = 1, row_dilation = 1, first_col = -1, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1 {pad_value = -3}
    // CHECK: isa.window {{.*}} col_pitch = 1{{$}}
    isa.window element = i8, base = 128, out_rows = 2, out_cols = 2, kernel_rows = 2, kernel_cols = 2, channels = 1,
               row_step = 2, row_dilation = 1, first_col = 0, col_step = 2, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1 {pad_value = 0}
    // CHECK: isa.array_group matrix_rows = 9, matrix_cols = 1, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>, #isa.slice<shift = 1, negative = true>] attributes {input_offset = 128 : i64, weight_offset = -1 : i64} {
    isa.array_group matrix_rows = 9, matrix_cols = 1, input_bits = 8, cell_bits = 1,
                    slices = [#isa.slice<shift = 0>, #isa.slice<shift = 1, negative = true>]
                    attributes {weight_offset = -1, input_offset = 128} {
      // CHECK: isa.tile array = 0, row_offset = 0, row_count = 8, col_offset = 0, output_count = 1, row_begin = 0, output_begin = 0, slice_begin = 0, slice_count = 2{{$}}
      isa.tile array = 0, row_offset = 0, row_count = 8, col_offset = 0, output_count = 1, row_begin = 0,
               output_begin = 0, slice_begin = 0, slice_count = 2
      // CHECK: isa.tile {{.*}} slice_count = 2 {outputs = array<i64: 0>, rows = array<i64: 8>}
      isa.tile array = 0, row_offset = 8, row_count = 1, col_offset = 0, output_count = 1, row_begin = 0,
               output_begin = 0, slice_begin = 0, slice_count = 2 {rows = array<i64: 8>, outputs = array<i64: 0>}
    }
    // CHECK: isa.requantize bias = [5], multiplier = [1073741824], shift = [31] {double_round = true, max = 127 : i64, min = -128 : i64, output_zero_point = -1 : i64}
    isa.requantize bias = [5], multiplier = [1073741824], shift = [31] {double_round = true, output_zero_point = -1,
                   min = -128, max = 127}
    // CHECK: isa.requantize bias = [0], multiplier = [16777215], shift = [40] {float_round = true}
    isa.requantize bias = [0], multiplier = [16777215], shift = [40] {float_round = true}
    // CHECK: isa.lookup entries = [0, 0,
    isa.lookup entries = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    // CHECK: isa.code {
    isa.code {
      // CHECK-NEXT: isa.nop
      isa.nop
      // CHECK-NEXT: isa.li rd = 1, imm = -2147483648
      isa.li rd = 1, imm = -2147483648
      // CHECK-NEXT: isa.addi rd = 31, rs = 0, imm = 2147483647
      isa.addi rd = 31, rs = 0, imm = 2147483647
      // CHECK-NEXT: isa.add rd = 1, rs1 = 2, rs2 = 3
      isa.add rd = 1, rs1 = 2, rs2 = 3
      isa.sub rd = 1, rs1 = 2, rs2 = 3
      isa.mul rd = 1, rs1 = 2, rs2 = 3
      isa.min rd = 1, rs1 = 2, rs2 = 3
      isa.max rd = 1, rs1 = 2, rs2 = 3
      // CHECK: isa.wrap rd = 1, limit = 4294967295
      isa.wrap rd = 1, limit = 4294967295
      // Loops may end together.
      // CHECK-NEXT: isa.loop count = 16777215, length = 2
      isa.loop count = 16777215, length = 2
      // CHECK-NEXT: isa.loop count = 1, length = 1
      isa.loop count = 1, length = 1
      // CHECK-NEXT: isa.wait semaphore = 1, rs = 1, imm = -8388608
      isa.wait semaphore = 1, rs = 1, imm = -8388608
      // CHECK-NEXT: isa.signal semaphore = 1, amount = 65535
      isa.signal semaphore = 1, amount = 65535
      // CHECK-NEXT: isa.dma.copy dst = 1, rd = 0, src = 2, rs = 1
      isa.dma.copy dst = 1, rd = 0, src = 2, rs = 1
      // CHECK-NEXT: isa.dma.fill dst = 1, rd = 0, value = -128
      isa.dma.fill dst = 1, rd = 0, value = -128
      // CHECK-NEXT: isa.mvm group = 0, dst = 0, rd = 1, window = 0, rv = 2, accumulate
      isa.mvm group = 0, dst = 0, rd = 1, window = 0, rv = 2, accumulate
      // CHECK-NEXT: isa.mvm group = 0, dst = 0, rd = 1, window = 0, rv = 2{{$}}
      isa.mvm group = 0, dst = 0, rd = 1, window = 0, rv = 2
      // CHECK-NEXT: isa.vrequant dst = 1, rd = 0, src = 0, rs = 0, params = 0
      isa.vrequant dst = 1, rd = 0, src = 0, rs = 0, params = 0
      // CHECK-NEXT: isa.vadd dst = 0, rd = 1, a = 0, ra = 2, b = 0, rb = 3
      isa.vadd dst = 0, rd = 1, a = 0, ra = 2, b = 0, rb = 3
      isa.vsub dst = 0, rd = 1, a = 0, ra = 2, b = 0, rb = 3
      isa.vmul dst = 0, rd = 1, a = 0, ra = 2, b = 0, rb = 3
      isa.vmin dst = 1, rd = 1, a = 1, ra = 2, b = 1, rb = 3
      isa.vmax dst = 1, rd = 1, a = 1, ra = 2, b = 1, rb = 3
      // CHECK: isa.vlookup dst = 1, rd = 0, src = 1, rs = 0, lookup = 0
      isa.vlookup dst = 1, rd = 0, src = 1, rs = 0, lookup = 0
      // CHECK-NEXT: isa.vmaxpool dst = 1, rd = 0, window = 1, rv = 0
      isa.vmaxpool dst = 1, rd = 0, window = 1, rv = 0
      // CHECK-NEXT: isa.vavgpool dst = 1, rd = 0, window = 1, rv = 0, params = 0
      isa.vavgpool dst = 1, rd = 0, window = 1, rv = 0, params = 0
      // CHECK-NEXT: isa.host call = 0
      isa.host call = 0
      // CHECK-NEXT: isa.halt
      isa.halt
    }
  }
}

{-#
  dialect_resources: {
    builtin: {
      bytes: "0x0400000001020304"
    }
  }
#-}
