//===- ISACoreOps.td - a core and its tables                -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISACOREOPS_TD
#define PIM_DIALECT_ISA_IR_ISACOREOPS_TD

include "pim/Dialect/ISA/IR/ISABase.td"

def ISA_CoreOp : ISA_ContainerOp<"core",
    (ins ISA_UShort:$x, ISA_UShort:$y, ISA_UInt:$arrays, ISA_UInt:$scratchpad_bytes),
    (ins OptionalAttr<ISA_Bytes>:$cells, OptionalAttr<DenseI64ArrayAttr>:$rounds),
    [HasParent<"ProgramOp">]> {
  let summary = "A core: its tables, its cells and its code";
  let description = [{
    `arrays` is the number of cell images, `cells` the images, one after the other: of the physical
    arrays in use, or, where the arrays are programmed in `rounds`, of those of each round, which lists
    the first image of each. The body holds the tensors, windows, array groups, requantize and lookup tables that the
    instructions index, and one `isa.code`.

    (C1) The body holds only table ops of a core and one `isa.code`. (C2) `arrays` and
    `scratchpad_bytes` are not more than the target has, `arrays` in each round. (C4) `rounds` begin with 0
    and ascend. (C3) Tiles of one array do not overlap.
  }];
  let hasRegionVerifier = 1;
}

def ISA_WindowOp : ISA_EntryOp<"window",
    (ins ISA_ElementType:$element, ISA_ULong:$base, ISA_Size:$out_rows, ISA_Size:$out_cols,
         ISA_Size:$kernel_rows,
         ISA_Size:$kernel_cols, ISA_Size:$channels, ISA_UInt:$row_step, ISA_UInt:$row_dilation,
    ISA_SInt:$first_col,
         ISA_UInt:$col_step, ISA_UInt:$col_dilation, ISA_Size:$rows, ISA_Size:$cols,
    ISA_Size:$ring_rows,
         ISA_UInt:$row_pitch, ISA_UInt:$col_pitch),
    (ins DefaultValuedAttr<ISA_SInt, "0">:$pad_value),
    [HasParent<"CoreOp">]> {
  let summary = "The windows that a convolution or a pooling slides over a feature map";
  let description = [{
    Output (i, j), tap (a, b), channel c reads row `v = v0 + i*row_step + a*row_dilation`, where v0
    is the register operand, and column `u = first_col + j*col_step + b*col_dilation`: `pad_value`
    outside `0 <= v < rows`, `0 <= u < cols`, else the element at `base + (v mod
    ring_rows)*row_pitch + u*col_pitch + c*(element size)`.

    (C1) The element type is i8, i16 or i32. (C2) `pad_value` is a value of the element type.
  }];
  let hasVerifier = 1;
}

def ISA_ArrayGroupOp : ISA_ContainerOp<"array_group",
    (ins ISA_Size:$matrix_rows, ISA_Size:$matrix_cols, ISA_Int<1, 16>:$input_bits,
         ISA_Int<1, 8>:$cell_bits, ISA_Slices:$slices),
    (ins DefaultValuedAttr<ISA_SInt, "1">:$weight_scale,
         DefaultValuedAttr<ISA_SInt, "0">:$weight_offset,
         DefaultValuedAttr<ISA_SInt, "0">:$input_offset,
         OptionalAttr<DenseI64ArrayAttr>:$neurons, OptionalAttr<DenseF64ArrayAttr>:$feedback_ohm),
    [HasParent<"CoreOp">]> {
  let summary = "Arrays that one mvm drives together";
  let description = [{
    A matrix of `matrix_rows` inputs and `matrix_cols` outputs, spread over the tiles in the body.
    `result[o] = weight_scale * sum over tiles, rows, slices of (+-2^shift * cell * input) +
    weight_offset * sum of the inputs over the rows of the tiles that hold slice 0 of column o`.

    With `neurons` the group is a chain of analog layers of so many neurons each, whose amplifiers
    have the feedback resistors `feedback_ohm`. Rows of tiles are then lines: the inputs, the line
    `matrix_rows` that carries 1, and line `matrix_rows + 1 + n` driven by neuron n; columns of tiles
    are neurons, counted through all layers, and the result is what converters read at the last
    layer (docs/imac.md).

    (C1) At least one slice and one tile, and nothing but tiles. (C2) Shifts are below 32. (C3)
    `neurons` and `feedback_ohm` are equally long, all above 0, and the last of `neurons` is
    `matrix_cols`.
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def ISA_TileOp : ISA_EntryOp<"tile",
    (ins ISA_UInt:$array, ISA_UShort:$row_offset, ISA_Int<1, 0xffff>:$row_count,
         ISA_UShort:$col_offset,
         ISA_Int<1, 0xffff>:$output_count, ISA_UInt:$row_begin, ISA_UInt:$output_begin,
    ISA_Byte:$slice_begin,
         ISA_Int<1, 0xff>:$slice_count),
    (ins OptionalAttr<DenseI64ArrayAttr>:$rows, OptionalAttr<DenseI64ArrayAttr>:$outputs,
         OptionalAttr<DenseI64ArrayAttr>:$delays, DefaultValuedAttr<ISA_Byte, "0">:$shift,
         DefaultValuedAttr<ISA_Byte, "0">:$phase,
         DefaultValuedAttr<ISA_UShort, "0">:$fragment_rows,
         OptionalAttr<DenseI64ArrayAttr>:$signs),
    [HasParent<"ArrayGroupOp">]> {
  let summary = "A rectangle of cells that holds part of a group's matrix";
  let description = [{
    Row `row_offset + r` of the array is driven by matrix row `rows[r]`, or `row_begin + r` where
    `rows` is absent; column `col_offset + o*slice_count + s` holds slice `slice_begin + s` of
    matrix column `outputs[o]`, or `output_begin + o`. The input of tile row r enters `delays[r]`
    bit-steps late and counts 2^delays[r] times; cells are worth 2^shift of what their slice says,
    and are negative where `signs[f*output_count + o]` of their fragment f of `fragment_rows` rows is
    1. Tiles of one array with different phases are driven one phase after the other.

    (C1) The matrix rows are rows of the group. (C2) The matrix columns are columns of the group.
    (C3) The slices are slices of the group. (C4) `rows` has `row_count` entries, `outputs` has
    `output_count`. (C5) `array` is one of the core's. (C6) The rectangle lies inside the array,
    where the target states the array's size. (C7) `delays` has `row_count` entries from 0 to 8,
    `shift` is at most 8. (C8) `signs` has an entry of 0 or 1 for every fragment and output.
  }];
}

def ISA_RequantizeOp : ISA_EntryOp<"requantize",
    (ins DenseI64ArrayAttr:$bias, DenseI64ArrayAttr:$multiplier, DenseI64ArrayAttr:$shift),
    (ins DefaultValuedAttr<BoolAttr, "false">:$double_round,
         DefaultValuedAttr<ISA_SInt, "0">:$input_zero_point,
         DefaultValuedAttr<ISA_SInt, "0">:$output_zero_point,
         DefaultValuedAttr<ISA_SInt, "-2147483648">:$min,
         DefaultValuedAttr<ISA_SInt, "2147483647">:$max,
         DefaultValuedAttr<BoolAttr, "false">:$float_round),
    [HasParent<"CoreOp">]> {
  let summary = "Bias, rescale and clamp of the vector unit";
  let description = [{
    Lists have one entry, or one per channel. `double_round` and `float_round` are TOSA's rounding
    modes DOUBLE_ROUND and, as docs/numerics.md defines it, INEXACT_ROUND.

    (C1) No list is empty, and lists of more than one entry are equally long. (C2) Biases have 32
    bits, multipliers are 0 to 2^31-1, shifts 2 to 62: what TOSA allows. (C3) `min` is at most
    `max`. (C4) One of `double_round` and `float_round` at most is true.
  }];
  let hasVerifier = 1;
}

def ISA_LookupOp : ISA_EntryOp<"lookup", (ins DenseI64ArrayAttr:$entries), (ins),
                               [HasParent<"CoreOp">]> {
  let summary = "A table of 256 values, indexed by an i8 plus 128";
  let description = "(C1) 256 entries of 32 bits.";
  let hasVerifier = 1;
}

def ISA_CodeOp : Op<ISA_Dialect, "code", [HasParent<"CoreOp">, NoTerminator, SingleBlock]> {
  let summary = "The instructions of a core";
  let description = [{
    (C1) The body holds only instruction ops. (C2) Every index is in the range of its table. (C3)
    Every loop ends inside the code and inside the loops around it. (C4) At most 8 loops are open at
    a time. (C5) The last instruction is `isa.halt`, and no other is inside a loop. The constraints
    of the single instructions are in their descriptions.
  }];
  let regions = (region MaxSizedRegion<1>:$bodyRegion);
  let assemblyFormat = "attr-dict-with-keyword $bodyRegion";
  let extraClassDeclaration = [{
    /// The block of the body; made if there is none yet.
    ::mlir::Block &ensureBody() {
      return getBodyRegion().empty() ? getBodyRegion().emplaceBlock() : getBodyRegion().front();
    }
  }];
}

#endif // PIM_DIALECT_ISA_IR_ISACOREOPS_TD
