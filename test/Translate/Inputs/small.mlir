// A program with one of everything: what programToIsa() makes of unittests/Program/SmallProgram.cpp.
module {
  isa.program model = <name = "small \\ model", macs = 8, parameters = 10, opset = "ai.onnx 13", weight_bits = 2, activation_bits = 8>, semaphores = 1, global_memory_bytes = 64, target = {adc.area_um2_by_bits = "[1, 2, 3, 4]", adc.bits = "4", adc.conversion_ns = "1", adc.energy_pj_by_bits = "[0.5, 0.6, 0.7, 0.8]", adc.lsb = "0", adc.per_array = "1", array.active_rows = "8", array.area_um2 = "1", array.cols = "8", array.kind = "xbar", array.read_energy_pj = "1", array.read_latency_ns = "1", array.rows = "8", cell.bits = "1", cell.write_energy_pj = "1", cell.write_latency_ns = "1", chip.clock_mhz = "500", chip.mesh_cols = "2", chip.mesh_rows = "2", core.arrays = "4", core.queue_depth = "1", core.scratchpad_kib = "1", dac.area_um2 = "1", dac.bits = "1", dac.energy_pj = "1", dac.per_array = "1", description = "a chip for \22tests\22", dma.area_um2 = "1", dma.bytes_per_cycle = "1", dma.energy_pj_per_byte = "1", dma.setup_cycles = "1", dpu.area_um2 = "1", dpu.lanes = "1", dpu.latency_cycles = "1", dpu.op_energy_pj = "1", global_memory.area_um2_per_mib = "1", global_memory.bandwidth_gb_per_s = "1", global_memory.energy_pj_per_byte = "1", global_memory.latency_ns = "1", global_memory.size_mib = "1", host.call_latency_us = "1", host.gflops = "1", host.memory_gb_per_s = "1", host.power_w = "1", leakage.array_uw = "1", leakage.core_mw = "1", mapping.sign = "twos-complement", mapping.slicing = "columns", name = "small", noc.energy_pj_per_byte_hop = "1", noc.hop_ns = "1", noc.link_gb_per_s = "1", noc.router_area_um2 = "1", scratchpad.area_um2_per_kib = "1", scratchpad.bytes_per_cycle = "1", scratchpad.energy_pj_per_byte = "1", sequencer.area_um2 = "1", sequencer.energy_pj = "1", shift_add.area_um2 = "1", shift_add.energy_pj = "1"} attributes {array_counts = #isa.array_counts<dense = 2, after_pruning = 0, after_slicing = 0, after_squeeze = 0, used = 2, utilization = 0.33333333333333331 : f64>, isa.generator = "a test", preprocess = #isa.preprocess<scale = 0.0039215686274509803 : f64, mean = [4.850000e-01, 4.560000e-01], std = [2.290000e-01, 2.240000e-01], layout = "nhwc">} {
    isa.tensor space = global, element = i8, base = 0, sizes = [1, 1, 1, 4], strides = [4, 4, 4, 1]
    isa.tensor space = global, element = i8, base = 8, sizes = [1, 1, 1, 2], strides = [2, 2, 2, 1]
    isa.tensor space = global, element = i8, base = 16, sizes = [1, 1, 1, 2], strides = [2, 2, 2, 1]
    isa.port kind = input, name = "image", shape = [1, 4], permutation = [0, 1], element = i8, scale = 1.000000e-01, zero_point = -3, min = -128, max = 127, tensor = 0
    isa.port kind = output, name = "scores", shape = [1, 2], permutation = [0, 1], element = i8, scale = 1.000000e-01, zero_point = -3, min = -128, max = 127, tensor = 2
    isa.host_call name = "copy", graph = dense_resource<host_call0> : tensor<368xi8>, inputs = [1], outputs = [2]
    isa.memory_image address = 40, bytes = dense_resource<memory_image0> : tensor<3xi8>
    isa.layer name = "fc", op = "conv2d", macs = 8, arrays = 1, weights = 8, spans = [#isa.span<core = 0, begin = 0, end = 8>] {mapping = "two slices", output = 1 : i64, reference = "sum"}
    isa.core x = 1, y = 0, arrays = 2, scratchpad_bytes = 64 attributes {cells = dense_resource<cells0> : tensor<128xi8>} {
      isa.tensor space = global, element = i8, base = 0, sizes = [1, 1, 1, 4], strides = [4, 4, 4, 1]
      isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 1, 1, 4], strides = [4, 4, 4, 1]
      isa.tensor space = scratchpad, element = i32, base = 16, sizes = [1, 1, 1, 2], strides = [8, 8, 8, 4]
      isa.tensor space = scratchpad, element = i8, base = 32, sizes = [1, 1, 1, 2], strides = [2, 2, 2, 1]
      isa.tensor space = global, element = i8, base = 8, sizes = [1, 1, 1, 2], strides = [2, 2, 2, 1]
      isa.window element = i8, base = 0, out_rows = 1, out_cols = 1, kernel_rows = 1, kernel_cols = 1, channels = 4, row_step = 0, row_dilation = 0, first_col = 0, col_step = 0, col_dilation = 0, rows = 1, cols = 1, ring_rows = 1, row_pitch = 4, col_pitch = 4 {pad_value = -3 : i64}
      isa.array_group matrix_rows = 4, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>, #isa.slice<shift = 1, negative = true>] attributes {input_offset = 128 : i64} {
        isa.tile array = 1, row_offset = 2, row_count = 4, col_offset = 1, output_count = 2, row_begin = 0, output_begin = 0, slice_begin = 0, slice_count = 2 {rows = array<i64: 3, 1, 0, 2>}
      }
      isa.requantize bias = [7, -7], multiplier = [1073741824, 536870912], shift = [31, 32] {max = 127 : i64, min = -128 : i64, output_zero_point = -3 : i64}
      isa.lookup entries = [-128, -91, -54, -17, 20, 57, 94, -125, -88, -51, -14, 23, 60, 97, -122, -85, -48, -11, 26, 63, 100, -119, -82, -45, -8, 29, 66, 103, -116, -79, -42, -5, 32, 69, 106, -113, -76, -39, -2, 35, 72, 109, -110, -73, -36, 1, 38, 75, 112, -107, -70, -33, 4, 41, 78, 115, -104, -67, -30, 7, 44, 81, 118, -101, -64, -27, 10, 47, 84, 121, -98, -61, -24, 13, 50, 87, 124, -95, -58, -21, 16, 53, 90, 127, -92, -55, -18, 19, 56, 93, -126, -89, -52, -15, 22, 59, 96, -123, -86, -49, -12, 25, 62, 99, -120, -83, -46, -9, 28, 65, 102, -117, -80, -43, -6, 31, 68, 105, -114, -77, -40, -3, 34, 71, 108, -111, -74, -37, 0, 37, 74, 111, -108, -71, -34, 3, 40, 77, 114, -105, -68, -31, 6, 43, 80, 117, -102, -65, -28, 9, 46, 83, 120, -99, -62, -25, 12, 49, 86, 123, -96, -59, -22, 15, 52, 89, 126, -93, -56, -19, 18, 55, 92, -127, -90, -53, -16, 21, 58, 95, -124, -87, -50, -13, 24, 61, 98, -121, -84, -47, -10, 27, 64, 101, -118, -81, -44, -7, 30, 67, 104, -115, -78, -41, -4, 33, 70, 107, -112, -75, -38, -1, 36, 73, 110, -109, -72, -35, 2, 39, 76, 113, -106, -69, -32, 5, 42, 79, 116, -103, -66, -29, 8, 45, 82, 119, -100, -63, -26, 11, 48, 85, 122, -97, -60, -23, 14, 51, 88, 125, -94, -57, -20, 17, 54, 91]
      isa.code {
        isa.li rd = 1, imm = 0
        isa.loop count = 2, length = 6
        isa.dma.copy dst = 1, rd = 1, src = 0, rs = 0
        isa.mvm group = 0, dst = 2, rd = 0, window = 0, rv = 0
        isa.vrequant dst = 3, rd = 0, src = 2, rs = 0, params = 0
        isa.vlookup dst = 3, rd = 0, src = 3, rs = 0, lookup = 0
        isa.dma.copy dst = 4, rd = 0, src = 3, rs = 0
        isa.addi rd = 1, rs = 1, imm = 4
        isa.signal semaphore = 0, amount = 1
        isa.host call = 0
        isa.halt
      }
    }
    isa.core x = 0, y = 1, arrays = 0, scratchpad_bytes = 0 {
      isa.code {
        isa.wait semaphore = 0, rs = 0, imm = 1
        isa.halt
      }
    }
    isa.reference graph = dense_resource<reference> : tensor<368xi8>
  }
}

{-#
  dialect_resources: {
    builtin: {
      host_call0: "0x100000000800000050494D47B6FFFFFF38000000280000001C000000100000000400000001000000010000000100000000000000010000002C0000000200000008010000CC000000080000006964656E7469747900000E001800040008000C00100014000E00000038000000280000001C000000100000000400000001000000400000000100000001000000010000000000000004000000636F7079000000000D000000746F73612E6964656E746974790000000C001400040008000C0010000C00000040000000280000001400000004000000040000007465787400000000010000009A9999999999B93F00000000020000000100000000000000FEFFFFFFFFFFFFFF040000006E6F746500000000D2FFFFFF000000011C0000000400000002000000010000000000000002000000000000000300000073756D0000000A001000080007000C000A000000000000011C00000004000000020000000100000000000000020000000000000002000000696E0000",
      memory_image0: "0x100000000102FF",
      cells0: "0x1000000005000000000000004E000000000000009700000000000000E00000000000000029000000000000007200000000000000BB0000000000000004000000000000004D000000000000009600000000000000DF0000000000000028000000000000007100000000000000BA0000000000000003000000000000004C00000000000000",
      reference: "0x100000000800000050494D47B6FFFFFF38000000280000001C000000100000000400000001000000010000000100000000000000010000002C0000000200000008010000CC000000080000006964656E7469747900000E001800040008000C00100014000E00000038000000280000001C000000100000000400000001000000400000000100000001000000010000000000000004000000636F7079000000000D000000746F73612E6964656E746974790000000C001400040008000C0010000C00000040000000280000001400000004000000040000007465787400000000010000009A9999999999B93F00000000020000000100000000000000FEFFFFFFFFFFFFFF040000006E6F746500000000D2FFFFFF000000011C0000000400000002000000010000000000000002000000000000000300000073756D0000000A001000080007000C000A000000000000011C00000004000000020000000100000000000000020000000000000002000000696E0000"
    }
  }
#-}
