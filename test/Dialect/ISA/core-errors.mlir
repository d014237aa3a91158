// What the tables of a core refuse; each case is named after the constraint.
// RUN: pim-opt %s --split-input-file --verify-diagnostics

// core_c1
isa.program model = <name = "core_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{is not part of an 'isa.core'}}
    builtin.module {}
    isa.code { isa.halt }
  }
}

// -----

// core_c1
isa.program model = <name = "core_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{has 0 'isa.code', expected one}}
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
  }
}

// -----

// core_c1
isa.program model = <name = "core_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{has 2 'isa.code', expected one}}
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code { isa.halt }
    isa.code { isa.halt }
  }
}

// -----

// core_c2
isa.program model = <name = "core_c2">, semaphores = 2, global_memory_bytes = 4096, target = {core.arrays = "0"} {
  // expected-error @+1 {{uses 1 arrays, but a core of the target has 0}}
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.code { isa.halt }
  }
}

// -----

// core_c2
isa.program model = <name = "core_c2">, semaphores = 2, global_memory_bytes = 4096, target = {core.scratchpad_kib = "1"} {
  // expected-error @+1 {{uses 1025 bytes of scratchpad, but a core of the target has 1 KiB}}
  isa.core x = 0, y = 0, arrays = 0, scratchpad_bytes = 1025 {
    isa.code { isa.halt }
  }
}

// -----

// window_c1
isa.program model = <name = "window_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has the element type 'f32', expected i8, i16 or i32}}
    isa.window element = f32, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 3, kernel_cols = 3, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1
    isa.code { isa.halt }
  }
}

// -----

// window_c2
isa.program model = <name = "window_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{'pad_value' 128 is not a value of 'i8'}}
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 3, kernel_cols = 3, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 4, row_pitch = 4, col_pitch = 1 {pad_value = 128}
    isa.code { isa.halt }
  }
}

// -----

// ring_rows_has_a_minimum
isa.program model = <name = "ring_rows_has_a_minimum">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{attribute 'ring_rows' failed to satisfy constraint}}
    isa.window element = i8, base = 0, out_rows = 2, out_cols = 2, kernel_rows = 3, kernel_cols = 3, channels = 1,
               row_step = 1, row_dilation = 1, first_col = 0, col_step = 1, col_dilation = 1, rows = 4, cols = 4,
               ring_rows = 0, row_pitch = 4, col_pitch = 1
    isa.code { isa.halt }
  }
}

// -----

// requantize_c1
isa.program model = <name = "requantize_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{'bias' is empty, expected one entry, or one per channel}}
    isa.requantize bias = [], multiplier = [1], shift = [31]
    isa.code { isa.halt }
  }
}

// -----

// requantize_c1
isa.program model = <name = "requantize_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{'multiplier' has 3 entries, another list has 2}}
    isa.requantize bias = [0, 1], multiplier = [1, 2, 3], shift = [31]
    isa.code { isa.halt }
  }
}

// -----

// requantize_c2
isa.program model = <name = "requantize_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has a bias of 2147483648, expected 32 bits}}
    isa.requantize bias = [2147483648], multiplier = [1], shift = [31]
    isa.code { isa.halt }
  }
}

// -----

// requantize_c2
isa.program model = <name = "requantize_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has a multiplier of -1, expected 0 to 2147483647}}
    isa.requantize bias = [0], multiplier = [-1], shift = [31]
    isa.code { isa.halt }
  }
}

// -----

// requantize_c2
isa.program model = <name = "requantize_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has a shift of 63, expected 2 to 62}}
    isa.requantize bias = [0], multiplier = [1], shift = [63]
    isa.code { isa.halt }
  }
}

// -----

// requantize_c3
isa.program model = <name = "requantize_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{'min' 1 is above 'max' 0}}
    isa.requantize bias = [0], multiplier = [1], shift = [31] {min = 1, max = 0}
    isa.code { isa.halt }
  }
}

// -----

// requantize_c4
isa.program model = <name = "requantize_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has both 'double_round' and 'float_round'}}
    isa.requantize bias = [0], multiplier = [1], shift = [31] {double_round = true, float_round = true}
    isa.code { isa.halt }
  }
}

// -----

// lookup_c1
isa.program model = <name = "lookup_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has 1 entries, expected 256}}
    isa.lookup entries = [1]
    isa.code { isa.halt }
  }
}

// -----

// array_group_c1
isa.program model = <name = "array_group_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has no slices}}
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [] {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// array_group_c1
isa.program model = <name = "array_group_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has no tiles}}
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
    }
    isa.code { isa.halt }
  }
}

// -----

// array_group_c1
isa.program model = <name = "array_group_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{is not part of an 'isa.array_group'}}
      builtin.module {}
    }
    isa.code { isa.halt }
  }
}

// -----

// array_group_c2
isa.program model = <name = "array_group_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has a slice with a shift of 32, expected at most 31}}
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 32>] {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c1
isa.program model = <name = "tile_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{holds matrix row 9, but the group has 9}}
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 1, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c1
isa.program model = <name = "tile_c1">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{holds matrix row -1, but the group has 9}}
      isa.tile array = 0, row_offset = 0, row_count = 1, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1 {rows = array<i64: -1>}
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c2
isa.program model = <name = "tile_c2">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{holds matrix column 2, but the group has 2}}
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 1,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c3
isa.program model = <name = "tile_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{holds slice 1, but the group has 1}}
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 1, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c4
isa.program model = <name = "tile_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{'rows' has 2 entries, expected 9}}
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1 {rows = array<i64: 0, 1>}
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c5
isa.program model = <name = "tile_c5">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{lies in array 1, but the core uses 1}}
      isa.tile array = 1, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c6
isa.program model = <name = "tile_c6">, semaphores = 2, global_memory_bytes = 4096, target = {array.rows = "8", array.cols = "2"} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{ends at row 9, column 2 of an array that is too small for it}}
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c6_and
isa.program model = <name = "tile_c6_and">, semaphores = 2, global_memory_bytes = 4096, target = {array.kind = "and", array.rows = "9", array.cols = "2"} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{ends at row 9, column 2 of an array that is too small for it}}
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// core_c3
isa.program model = <name = "core_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-note @+1 {{the other tile}}
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 1, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
      // expected-error @+1 {{overlaps another tile in array 0}}
      isa.tile array = 0, row_offset = 8, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// core_c4
isa.program model = <name = "core_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{has rounds that do not begin with image 0}}
  isa.core x = 0, y = 0, arrays = 3, scratchpad_bytes = 1024 attributes {rounds = array<i64: 1, 2>} {
    isa.code { isa.halt }
  }
}

// -----

// core_c4
isa.program model = <name = "core_c4">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  // expected-error @+1 {{has an empty round up to image 2}}
  isa.core x = 0, y = 0, arrays = 3, scratchpad_bytes = 1024 attributes {rounds = array<i64: 0, 2, 2>} {
    isa.code { isa.halt }
  }
}

// -----

// array_group_c3
isa.program model = <name = "array_group_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has 1 layers of neurons and 2 feedback resistors}}
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] attributes {neurons = array<i64: 2>, feedback_ohm = array<f64: 1.0, 1.0>} {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// array_group_c3
isa.program model = <name = "array_group_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has a layer without neurons or without a feedback resistor}}
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] attributes {neurons = array<i64: 0, 2>, feedback_ohm = array<f64: 1.0, 1.0>} {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// array_group_c3
isa.program model = <name = "array_group_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{has a layer without neurons or without a feedback resistor}}
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] attributes {neurons = array<i64: 2>, feedback_ohm = array<f64: -1.0>} {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// array_group_c3
isa.program model = <name = "array_group_c3">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    // expected-error @+1 {{ends in 3 neurons, but has 2 outputs}}
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] attributes {neurons = array<i64: 3>, feedback_ohm = array<f64: 1.0>} {
      isa.tile array = 0, row_offset = 0, row_count = 9, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c7
isa.program model = <name = "tile_c7">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{'delays' has 1 entries, expected 2}}
      isa.tile array = 0, row_offset = 0, row_count = 2, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1 {delays = array<i64: 1>}
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c7
isa.program model = <name = "tile_c7">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{has a delay or a shift that is not 0 to 8}}
      isa.tile array = 0, row_offset = 0, row_count = 2, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1 {delays = array<i64: 0, 9>}
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c7
isa.program model = <name = "tile_c7">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{has a delay or a shift that is not 0 to 8}}
      isa.tile array = 0, row_offset = 0, row_count = 2, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1 {shift = 9 : i64}
    }
    isa.code { isa.halt }
  }
}

// -----

// tile_c8
isa.program model = <name = "tile_c8">, semaphores = 2, global_memory_bytes = 4096, target = {} {
  isa.core x = 0, y = 0, arrays = 1, scratchpad_bytes = 1024 {
    isa.array_group matrix_rows = 9, matrix_cols = 2, input_bits = 8, cell_bits = 1, slices = [#isa.slice<shift = 0>] {
      // expected-error @+1 {{has 1 signs, expected 4 of 0 or 1}}
      isa.tile array = 0, row_offset = 0, row_count = 2, col_offset = 0, output_count = 2, row_begin = 0, output_begin = 0,
               slice_begin = 0, slice_count = 1 {fragment_rows = 1 : i64, signs = array<i64: 1>}
    }
    isa.code { isa.halt }
  }
}
