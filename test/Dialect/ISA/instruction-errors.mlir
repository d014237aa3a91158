// What single instructions refuse beyond the bounds of their fields; each case is named MNEMONIC_cN.
// RUN: pim-opt %s --split-input-file --verify-diagnostics

// dma_copy_c1
isa.program model = <name = "dma_copy_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has boxes of different sizes: [1, 2, 2, 1] of tensor 0 and [1, 2, 2, 2] of tensor 1}}
      isa.dma.copy dst = 0, rd = 0, src = 1, rs = 0
      isa.halt
    }
  }
}

// -----

// dma_copy_c2
isa.program model = <name = "dma_copy_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.code {
      // expected-error @+1 {{copies elements of type 'i32' to elements of type 'i8'}}
      isa.dma.copy dst = 0, rd = 0, src = 1, rs = 0
      isa.halt
    }
  }
}

// -----

// dma_fill_c1
isa.program model = <name = "dma_fill_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{writes values from 128 to 128 to tensor 0 with elements of type 'i8'}}
      isa.dma.fill dst = 0, rd = 0, value = 128
      isa.halt
    }
  }
}

// -----

// dma_fill_c1
isa.program model = <name = "dma_fill_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = f32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'f32' in tensor 0, expected i8 or i16 or i32}}
      isa.dma.fill dst = 0, rd = 0, value = 0
      isa.halt
    }
  }
}

// -----

// mvm_c1
isa.program model = <name = "mvm_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 3, kernel_cols = 3, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.array_group matrix_rows = 9, matrix_cols = 1, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 1, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i8' in tensor 0, expected i32}}
      isa.mvm group = 0, dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// mvm_c2
isa.program model = <name = "mvm_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 3, kernel_cols = 3, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.array_group matrix_rows = 9, matrix_cols = 1, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 1, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      // expected-error @+1 {{writes a box of sizes [1, 2, 2, 2] in tensor 0, expected [1, 2, 2, 1]}}
      isa.mvm group = 0, dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// mvm_c3
isa.program model = <name = "mvm_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 2, kernel_cols = 2, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.array_group matrix_rows = 9, matrix_cols = 1, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 1, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      // expected-error @+1 {{gathers vectors of 2 x 2 x 1 values, but the matrix of the group has 9 rows}}
      isa.mvm group = 0, dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// vrequant_c1
isa.program model = <name = "vrequant_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.requantize bias = [0], multiplier = [1], shift = [31] {min = -128, max = 127}
    isa.code {
      // expected-error @+1 {{has boxes of different sizes}}
      isa.vrequant dst = 0, rd = 0, src = 1, rs = 0, params = 0
      isa.halt
    }
  }
}

// -----

// vrequant_c2
isa.program model = <name = "vrequant_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = f32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.requantize bias = [0], multiplier = [1], shift = [31] {min = -128, max = 127}
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'f32' in tensor 1}}
      isa.vrequant dst = 0, rd = 0, src = 1, rs = 0, params = 0
      isa.halt
    }
  }
}

// -----

// vrequant_c3
isa.program model = <name = "vrequant_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.requantize bias = [0, 1], multiplier = [1], shift = [31] {min = -128, max = 127}
    isa.code {
      // expected-error @+1 {{takes a requantize table with 2 entries for 1 channels}}
      isa.vrequant dst = 0, rd = 0, src = 1, rs = 0, params = 0
      isa.halt
    }
  }
}

// -----

// vrequant_c4
isa.program model = <name = "vrequant_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.requantize bias = [0], multiplier = [1], shift = [31]
    isa.code {
      // expected-error @+1 {{writes values from -2147483648 to 2147483647 to tensor 0 with elements of type 'i8'}}
      isa.vrequant dst = 0, rd = 0, src = 1, rs = 0, params = 0
      isa.halt
    }
  }
}

// -----

// vadd_c1
isa.program model = <name = "vadd_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has boxes of different sizes}}
      isa.vadd dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vadd_c2
isa.program model = <name = "vadd_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i8' in tensor 1, expected i32}}
      isa.vadd dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vsub_c1
isa.program model = <name = "vsub_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has boxes of different sizes}}
      isa.vsub dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vsub_c2
isa.program model = <name = "vsub_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i8' in tensor 1, expected i32}}
      isa.vsub dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vmul_c1
isa.program model = <name = "vmul_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has boxes of different sizes}}
      isa.vmul dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vmul_c2
isa.program model = <name = "vmul_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i8' in tensor 1, expected i32}}
      isa.vmul dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vmin_c1
isa.program model = <name = "vmin_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has boxes of different sizes}}
      isa.vmin dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vmin_c2
isa.program model = <name = "vmin_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i32' in tensor 1, expected i8}}
      isa.vmin dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vmax_c1
isa.program model = <name = "vmax_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{has boxes of different sizes}}
      isa.vmax dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vmax_c2
isa.program model = <name = "vmax_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i32' in tensor 1, expected i8}}
      isa.vmax dst = 0, rd = 0, a = 0, ra = 0, b = 1, rb = 0
      isa.halt
    }
  }
}

// -----

// vlookup_c1
isa.program model = <name = "vlookup_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.lookup entries = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128]
    isa.code {
      // expected-error @+1 {{has boxes of different sizes}}
      isa.vlookup dst = 0, rd = 0, src = 1, rs = 0, lookup = 0
      isa.halt
    }
  }
}

// -----

// vlookup_c2
isa.program model = <name = "vlookup_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.lookup entries = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128]
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i32' in tensor 1, expected i8}}
      isa.vlookup dst = 0, rd = 0, src = 1, rs = 0, lookup = 0
      isa.halt
    }
  }
}

// -----

// vlookup_c3
isa.program model = <name = "vlookup_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.lookup entries = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128]
    isa.code {
      // expected-error @+1 {{writes values from 0 to 128 to tensor 0 with elements of type 'i8'}}
      isa.vlookup dst = 0, rd = 0, src = 1, rs = 0, lookup = 0
      isa.halt
    }
  }
}

// -----

// vmaxpool_c1
isa.program model = <name = "vmaxpool_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 2, 2, 1], strides = [16, 8, 4, 4]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 2, kernel_cols = 2, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.code {
      // expected-error @+1 {{has a box with elements of type 'i32' in tensor 0, expected i8}}
      isa.vmaxpool dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// vmaxpool_c2
isa.program model = <name = "vmaxpool_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 2, kernel_cols = 2, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.code {
      // expected-error @+1 {{writes a box of sizes [1, 2, 2, 2] in tensor 0, expected [1, 2, 2, 1]}}
      isa.vmaxpool dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// vavgpool_c1
isa.program model = <name = "vavgpool_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.window element = i16, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 2, kernel_cols = 2, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.requantize bias = [0], multiplier = [1], shift = [31] {min = -128, max = 127}
    isa.code {
      // expected-error @+1 {{averages elements of type 'i16', expected 'i8'}}
      isa.vavgpool dst = 0, rd = 0, window = 0, rv = 0, params = 0
      isa.halt
    }
  }
}

// -----

// vavgpool_c2
isa.program model = <name = "vavgpool_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 2], strides = [4, 2, 1, 1]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 2, kernel_cols = 2, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.requantize bias = [0], multiplier = [1], shift = [31] {min = -128, max = 127}
    isa.code {
      // expected-error @+1 {{writes a box of sizes [1, 2, 2, 2] in tensor 0, expected [1, 2, 2, 1]}}
      isa.vavgpool dst = 0, rd = 0, window = 0, rv = 0, params = 0
      isa.halt
    }
  }
}

// -----

// vavgpool_c3
isa.program model = <name = "vavgpool_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 2, kernel_cols = 2, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.requantize bias = [0], multiplier = [1], shift = [31]
    isa.code {
      // expected-error @+1 {{writes values from -2147483648 to 2147483647 to tensor 0}}
      isa.vavgpool dst = 0, rd = 0, window = 0, rv = 0, params = 0
      isa.halt
    }
  }
}
