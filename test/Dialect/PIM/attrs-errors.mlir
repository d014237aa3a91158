// RUN: pim-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{weight_bits is 9, expected 1 to 8}}
module @slicing_c1 attributes {pim.test = #pim.slicing<weight_bits = 9, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = offset, layout = columns>} {}

// -----

// expected-error @below {{cell_bits is 0, expected 1 to 8}}
module @slicing_c2 attributes {pim.test = #pim.slicing<weight_bits = 8, cell_bits = 0, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = offset, layout = columns>} {}

// -----

// expected-error @below {{input_bits is 9, expected 1 to 8}}
module @slicing_c3 attributes {pim.test = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 9, input_offset = 128, dac_bits = 1, scheme = offset, layout = columns>} {}

// -----

// expected-error @below {{dac_bits is 12, expected 1 to 8}}
module @slicing_c4 attributes {pim.test = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 12, scheme = offset, layout = columns>} {}

// -----

// expected-error @below {{input_offset is 129, expected -128 to 128}}
module @slicing_c5 attributes {pim.test = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 129, dac_bits = 1, scheme = offset, layout = columns>} {}

// -----

// expected-error @below {{tile_rows is 0, expected at least 1}}
module @tiling_c1 attributes {pim.test = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 0, tile_cols = 8, groups_per_array = 1, planes = 1>} {}

// -----

// expected-error @below {{3 groups of 9x1 do not fit a tile of 16x8}}
module @tiling_c2 attributes {pim.test = #pim.tiling<groups = 4, matrix_rows = 9, matrix_cols = 1, tile_rows = 16, tile_cols = 8, groups_per_array = 3, planes = 1>} {}

// -----

// expected-error @below {{3 groups in an array, but there are only 2}}
module @tiling_c3 attributes {pim.test = #pim.tiling<groups = 2, matrix_rows = 1, matrix_cols = 1, tile_rows = 16, tile_cols = 8, groups_per_array = 3, planes = 1>} {}

// -----

// expected-error @below {{outputs 4 to 4 are empty}}
module @part_c1 attributes {pim.test = #pim.part<core = 0, output_begin = 4, output_end = 4, first_array = 0, arrays = 0>} {}

// -----

// expected-error @below {{core is -1, expected at least 0}}
module @part_c2 attributes {pim.test = #pim.part<core = -1, output_begin = 0, output_end = 4, first_array = 0, arrays = 0>} {}

// -----

// expected-error @below {{part of core 1 begins at output 5, expected 4}}
module @placement_c2 attributes {pim.test = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 0>, <core = 1, output_begin = 5, output_end = 6, first_array = 0, arrays = 0>]>} {}

// -----

// expected-error @below {{core 0 has two parts of one layer}}
module @placement_c3 attributes {pim.test = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 0>, <core = 0, output_begin = 4, output_end = 6, first_array = 0, arrays = 0>]>} {}

// -----

// expected-error @below {{buffer 'a' has address 0, 0 bytes and 1 copies, expected at least 0, 1 and 1}}
module @buffer_c1 attributes {pim.test = #pim.buffer<name = "a", address = 0, bytes = 0, copies = 1>} {}

// -----

// expected-error @below {{block_rows is -1, expected at least 0}}
module @schedule_c1 attributes {pim.test = #pim.schedule<block_rows = -1, block_cols = 1, block_channels = 1, ring_rows = 1, scratchpad_bytes = 64, result_address = 0, buffers = []>} {}

// -----

// expected-error @below {{buffer 'a' ends at 128, the scratchpad has 64 bytes}}
module @schedule_c2 attributes {pim.test = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 1, ring_rows = 1, scratchpad_bytes = 64, result_address = 0, buffers = [<name = "a", address = 0, bytes = 64, copies = 2>]>} {}

// -----

// expected-error @below {{buffers 'a' and 'b' overlap}}
module @schedule_c3 attributes {pim.test = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 1, ring_rows = 1, scratchpad_bytes = 64, result_address = 0, buffers = [<name = "b", address = 8, bytes = 16, copies = 1>, <name = "a", address = 0, bytes = 16, copies = 1>]>} {}

// -----

// expected-error @below {{squeezes slices of scheme offset in cells of 1 bits, which have no slice to give up; use differential}}
module @slicing_c6 attributes {pim.test = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = offset, layout = arrays, squeeze = 1>} {}

// -----

// expected-error @below {{slice_count is 0, expected at least 1}}
module @tile_c1 attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 0>} {}

// -----

// expected-error @below {{rows, outputs and delayed rows are lists of ranges begin, end with begin < end}}
module @tile_c2 attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [4, 0], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>} {}

// -----

// expected-error @below {{delay is 1, but no delayed rows}}
module @tile_c3 attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1, delay = 1>} {}

// -----

// expected-error @below {{has 0 signs, expected 16}}
module @tile_c4 attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1, fragment_rows = 2>} {}

// -----

// expected-error @below {{a stack needs at least one array and one tile, found 0 and 1}}
module @stack_c1 attributes {pim.test = #pim.stack<output_end = 8, arrays = 0, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>} {}

// -----

// expected-error @below {{a tile lies in array 1 of 1}}
module @stack_c2 attributes {pim.test = #pim.stack<output_end = 8, arrays = 1, tiles = [<array = 1, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>} {}

// -----

// expected-error @below {{the stacks end at output 8 of 9}}
module @tiling_c4 attributes {pim.test = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 9, tile_rows = 4, tile_cols = 8, groups_per_array = 1, planes = 1, stacks = [<output_end = 8, arrays = 1, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>]>} {}

// -----

// expected-error @below {{a tile holds rows up to 4 of a matrix with 3}}
module @tiling_c4 attributes {pim.test = #pim.tiling<groups = 1, matrix_rows = 3, matrix_cols = 8, tile_rows = 4, tile_cols = 8, groups_per_array = 1, planes = 1, stacks = [<output_end = 8, arrays = 1, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>]>} {}

// -----

// expected-error @below {{weight_bits is 10, expected 1 to 9}}
module @slicing_c1_magnitudes attributes {pim.test = #pim.slicing<weight_bits = 10, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = differential, layout = arrays>} {}

// -----

// expected-error @below {{squeeze is 4, expected less than the 4 bits of a weight}}
module @slicing_c6_width attributes {pim.test = #pim.slicing<weight_bits = 4, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = differential, layout = arrays, squeeze = 4>} {}

// -----

// expected-error @below {{fragment_rows is 0 for scheme polarized}}
module @slicing_c7 attributes {pim.test = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = polarized, layout = arrays>} {}

// -----

// expected-error @below {{fragment_rows is 4 for scheme offset}}
module @slicing_c7_without_fragments attributes {pim.test = #pim.slicing<weight_bits = 8, cell_bits = 1, input_bits = 8, input_offset = 128, dac_bits = 1, scheme = offset, layout = arrays, fragment_rows = 4>} {}

// -----

// expected-error @below {{shift is -1, expected at least 0}}
module @tile_c1_shift attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1, shift = -1>} {}

// -----

// expected-error @below {{rows, outputs and delayed rows are lists of ranges begin, end with begin < end}}
module @tile_c2_delayed attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1, delay = 1, delayed = [2]>} {}

// -----

// expected-error @below {{delay is 0, but there are delayed rows}}
module @tile_c3_without_delay attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1, delayed = [0, 1]>} {}

// -----

// expected-error @below {{shift is 9, expected at most 8}}
module @tile_c5 attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1, shift = 9>} {}

// -----

// expected-error @below {{delay is 9, expected at most 8}}
module @tile_c5_delay attributes {pim.test = #pim.tile<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1, delay = 9, delayed = [0, 1]>} {}

// -----

// expected-error @below {{a stack ends at output 8, where the one before does, or earlier}}
module @tiling_c4_order attributes {pim.test = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 8, groups_per_array = 1, planes = 1, stacks = [<output_end = 8, arrays = 1, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>, <output_end = 8, arrays = 1, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>]>} {}

// -----

// expected-error @below {{a tile holds outputs 0 to 8, its stack 0 to 4}}
module @tiling_c4_outputs attributes {pim.test = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 8, groups_per_array = 1, planes = 1, stacks = [<output_end = 4, arrays = 1, tiles = [<array = 0, row_offset = 0, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>]>} {}

// -----

// expected-error @below {{a tile ends at row 5 of an array with 4}}
module @tiling_c4_array attributes {pim.test = #pim.tiling<groups = 1, matrix_rows = 4, matrix_cols = 8, tile_rows = 4, tile_cols = 8, groups_per_array = 1, planes = 1, stacks = [<output_end = 8, arrays = 1, tiles = [<array = 0, row_offset = 1, rows = [0, 4], col_offset = 0, outputs = [0, 8], slice_begin = 0, slice_count = 1>]>]>} {}

// -----

// expected-error @below {{columns 3 to 3 are empty}}
module @part_c1_columns attributes {pim.test = #pim.part<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, col_begin = 3, col_end = 3>} {}

// -----

// expected-error @below {{shared lists array 1 twice}}
module @part_c3_twice attributes {pim.test = #pim.part<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, shared = [1, 1]>} {}

// -----

// expected-error @below {{shared lists array -1, expected at least 0}}
module @part_c3_negative attributes {pim.test = #pim.part<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, shared = [0, -1]>} {}

// -----

// expected-error @below {{shared lists 1 arrays, of which 2 are its own}}
module @part_c3_own attributes {pim.test = #pim.part<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, shared = [0]>} {}

// -----

// expected-error @below {{part of core 1 begins at array 2, expected 1}}
module @placement_c2_arrays attributes {pim.test = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, array_begin = 0, array_end = 1>, <core = 1, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, array_begin = 2, array_end = 3>]>} {}

// -----

// expected-error @below {{part of core 1 begins at column 5, expected 4}}
module @placement_c2_columns attributes {pim.test = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, col_begin = 0, col_end = 4>, <core = 1, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, col_begin = 5, col_end = 8>]>} {}

// -----

// expected-error @below {{copies of 4 and of 5 outputs}}
module @placement_c4 attributes {pim.test = #pim.placement<[<core = 0, output_begin = 0, output_end = 4, first_array = 0, arrays = 2, col_begin = 0, col_end = 4>, <core = 1, output_begin = 0, output_end = 5, first_array = 0, arrays = 2, col_begin = 4, col_end = 8>]>} {}

// -----

// expected-error @below {{row_pitch is 16 and col_pitch 0, expected both or none to be 0}}
module @schedule_c4 attributes {pim.test = #pim.schedule<block_rows = 1, block_cols = 1, block_channels = 1, ring_rows = 1, scratchpad_bytes = 64, result_address = 0 pitch(16, 0), buffers = []>} {}
