// What the code of a core refuses; each case is named after the constraint, code_cN or MNEMONIC_cN.
// RUN: pim-opt %s --split-input-file --verify-diagnostics

// register_has_5_bits
isa.program model = <name = "register_has_5_bits">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{attribute 'rd' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0 whose maximum value is 31}}
      isa.li rd = 32, imm = 0
      isa.halt
    }
  }
}

// -----

// imm_has_32_bits
isa.program model = <name = "imm_has_32_bits">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{attribute 'imm' failed to satisfy constraint}}
      isa.li rd = 0, imm = 2147483648
      isa.halt
    }
  }
}

// -----

// loop_count_has_a_minimum
isa.program model = <name = "loop_count_has_a_minimum">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{attribute 'count' failed to satisfy constraint}}
      isa.loop count = 0, length = 1
      isa.halt
    }
  }
}

// -----

// code_c1
isa.program model = <name = "code_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{is not an instruction}}
      builtin.module {}
      isa.halt
    }
  }
}

// -----

// code_c2
isa.program model = <name = "code_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{'dst' is tensor 1, but there are 1}}
      isa.dma.fill dst = 1, rd = 0, value = 0
      isa.halt
    }
  }
}

// -----

// code_c2
isa.program model = <name = "code_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{'window' is window 0, but there are 0}}
      isa.vmaxpool dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// code_c2
isa.program model = <name = "code_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 3, kernel_cols = 3, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.code {
      // expected-error @+1 {{'group' is array group 0, but there are 0}}
      isa.mvm group = 0, dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// code_c2
isa.program model = <name = "code_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.requantize bias = [0], multiplier = [1], shift = [31]
    isa.code {
      // expected-error @+1 {{'params' is requantize table 3, but there are 1}}
      isa.vrequant dst = 0, rd = 0, src = 0, rs = 0, params = 3
      isa.halt
    }
  }
}

// -----

// code_c2
isa.program model = <name = "code_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1]
    isa.code {
      // expected-error @+1 {{'lookup' is lookup table 0, but there are 0}}
      isa.vlookup dst = 0, rd = 0, src = 0, rs = 0, lookup = 0
      isa.halt
    }
  }
}

// -----

// wait_c1
isa.program model = <name = "wait_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{'semaphore' is semaphore 2, but there are 2}}
      isa.wait semaphore = 2, rs = 0, imm = 1
      isa.halt
    }
  }
}

// -----

// signal_c1
isa.program model = <name = "signal_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{'semaphore' is semaphore 2, but there are 2}}
      isa.signal semaphore = 2, amount = 1
      isa.halt
    }
  }
}

// -----

// host_c1
isa.program model = <name = "host_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{'call' is host call 0, but there are 0}}
      isa.host call = 0
      isa.halt
    }
  }
}

// -----

// loop_c1
isa.program model = <name = "loop_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      // expected-error @+1 {{repeats 2 instructions, but only 1 follow}}
      isa.loop count = 2, length = 2
      isa.halt
    }
  }
}

// -----

// loop_c2
isa.program model = <name = "loop_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      isa.loop count = 2, length = 2
      // expected-error @+1 {{ends 1 instructions behind the loop around it}}
      isa.loop count = 2, length = 2
      isa.nop
      isa.nop
      isa.halt
    }
  }
}

// -----

// loop_c3
isa.program model = <name = "loop_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      isa.loop count = 2, length = 9
      isa.loop count = 2, length = 8
      isa.loop count = 2, length = 7
      isa.loop count = 2, length = 6
      isa.loop count = 2, length = 5
      isa.loop count = 2, length = 4
      isa.loop count = 2, length = 3
      isa.loop count = 2, length = 2
      // expected-error @+1 {{is nested deeper than 8 loops}}
      isa.loop count = 2, length = 1
      isa.nop
      isa.halt
    }
  }
}

// -----

// halt_c1
isa.program model = <name = "halt_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      isa.loop count = 2, length = 1
      // expected-error @+1 {{is inside a loop}}
      isa.halt
      isa.halt
    }
  }
}

// -----

// code_c5
isa.program model = <name = "code_c5">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{does not end in 'isa.halt'}}
    isa.code {
      isa.nop
    }
  }
}

// -----

// tensor_of_an_absent_core
isa.program model = <name = "tensor_of_an_absent_core">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{lies in the scratchpad of core 1, but the program has 1}}
    isa.tensor space = scratchpad, element = i8, base = 0, sizes = [1, 2, 2, 1], strides = [4, 2, 1, 1] {core = 1}
    isa.code {
      isa.halt
    }
  }
}

// -----

// restore_c1
isa.program model = <name = "restore_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code {
      isa.restore
      isa.commit
      // expected-error @+1 {{is not the first instruction of its core}}
      isa.restore
      isa.halt
    }
  }
}

// -----

// reprogram_c1
isa.program model = <name = "reprogram_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 2, scratchpad_bytes = 1024 attributes {rounds = array<i64: 0, 1>} {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 1, 1, 2], strides = [8, 8, 8, 4]
    isa.window element = i8, base = 64, out_rows = 1, out_cols = 1, kernel_rows = 1, kernel_cols = 1, channels = 4,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 1, cols = 1,
               ring_rows = 1, row_pitch = 4, col_pitch = 4
    isa.array_group matrix_rows = 4, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 1, row_offset = 0, row_count = 4, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      // expected-error @+1 {{programs a round of a core with 2}}
      isa.reprogram round = 2
      isa.halt
    }
  }
}

// -----

// reprogram_c1
isa.program model = <name = "reprogram_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 2, scratchpad_bytes = 1024 {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 1, 1, 2], strides = [8, 8, 8, 4]
    isa.window element = i8, base = 64, out_rows = 1, out_cols = 1, kernel_rows = 1, kernel_cols = 1, channels = 4,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 1, cols = 1,
               ring_rows = 1, row_pitch = 4, col_pitch = 4
    isa.array_group matrix_rows = 4, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 1, row_offset = 0, row_count = 4, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      // expected-error @+1 {{programs a round of a core with 0}}
      isa.reprogram round = 0
      isa.halt
    }
  }
}

// -----

// reprogram_c2
isa.program model = <name = "reprogram_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 2, scratchpad_bytes = 1024 attributes {rounds = array<i64: 0, 1>} {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 1, 1, 2], strides = [8, 8, 8, 4]
    isa.window element = i8, base = 64, out_rows = 1, out_cols = 1, kernel_rows = 1, kernel_cols = 1, channels = 4,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 1, cols = 1,
               ring_rows = 1, row_pitch = 4, col_pitch = 4
    isa.array_group matrix_rows = 4, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 1, row_offset = 0, row_count = 4, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      isa.loop count = 2, length = 1
      // expected-error @+1 {{is inside a loop}}
      isa.reprogram round = 0
      isa.halt
    }
  }
}

// -----

// reprogram_c3
isa.program model = <name = "reprogram_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 2, scratchpad_bytes = 1024 attributes {rounds = array<i64: 0, 1>} {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 1, 1, 2], strides = [8, 8, 8, 4]
    isa.window element = i8, base = 64, out_rows = 1, out_cols = 1, kernel_rows = 1, kernel_cols = 1, channels = 4,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 1, cols = 1,
               ring_rows = 1, row_pitch = 4, col_pitch = 4
    isa.array_group matrix_rows = 4, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 1, row_offset = 0, row_count = 4, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      // expected-error @+1 {{drives arrays before any 'isa.reprogram'}}
      isa.mvm group = 0, dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}

// -----

// reprogram_c3
isa.program model = <name = "reprogram_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 2, scratchpad_bytes = 1024 attributes {rounds = array<i64: 0, 1>} {
    isa.tensor space = scratchpad, element = i32, base = 0, sizes = [1, 1, 1, 2], strides = [8, 8, 8, 4]
    isa.window element = i8, base = 64, out_rows = 1, out_cols = 1, kernel_rows = 1, kernel_cols = 1, channels = 4,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 1, cols = 1,
               ring_rows = 1, row_pitch = 4, col_pitch = 4
    isa.array_group matrix_rows = 4, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      isa.tile array = 1, row_offset = 0, row_count = 4, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code {
      isa.reprogram round = 0
      // expected-error @+1 {{drives image 1, round 0 holds 0 to 0}}
      isa.mvm group = 0, dst = 0, rd = 0, window = 0, rv = 0
      isa.halt
    }
  }
}
