//===- PIMAttrs.td - mapping attributes of the pim dialect -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_IR_PIMATTRS_TD
#define PIM_DIALECT_PIM_IR_PIMATTRS_TD

include "pim/Dialect/PIM/IR/PIMDialect.td"

class PIM_Enum<string name, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::mlir::pim";
  let genSpecializedAttr = 0;
}

def PIM_SliceScheme : PIM_Enum<"SliceScheme", "how cells, which hold no sign, make signed weights", [
    I32EnumAttrCase<"Offset", 0, "offset">,
    I32EnumAttrCase<"Differential", 1, "differential">,
    I32EnumAttrCase<"TwosComplement", 2, "twos_complement">,
    I32EnumAttrCase<"Polarized", 3, "polarized">]>;

def PIM_SliceLayout : PIM_Enum<"SliceLayout", "where the slices of one weight lie", [
    I32EnumAttrCase<"Columns", 0, "columns">,
    I32EnumAttrCase<"Arrays", 1, "arrays">]>;

def PIM_LayerKind : PIM_Enum<"LayerKind", "what a layer does", [
    I32EnumAttrCase<"Matrix", 0, "matrix">,
    I32EnumAttrCase<"Pool", 1, "pool">,
    I32EnumAttrCase<"Elementwise", 2, "elementwise">,
    I32EnumAttrCase<"Movement", 3, "movement">,
    I32EnumAttrCase<"Host", 4, "host">,
    I32EnumAttrCase<"Analog", 5, "analog">]>;

def PIM_LayerKindAttr : EnumAttr<PIM_Dialect, PIM_LayerKind, "kind">;

class PIM_Attr<string name, string attrMnemonic> : AttrDef<PIM_Dialect, name> {
  let mnemonic = attrMnemonic;
  let genVerifyDecl = 1;
}

def PIM_SlicingAttr : PIM_Attr<"Slicing", "slicing"> {
  let summary = "which cells hold which bits of a weight";
  let description = [{
    A weight w of `weight_bits` bits is stored as unsigned digits in cells of `cell_bits` bits, so
    that `w = scale * sum_s (+-2^shift_s * cell_s) + offset`:

    | scheme            | slices                                               | scale | offset           |
    |-------------------|------------------------------------------------------|-------|------------------|
    | `offset`          | digits of w + 2^(b-1)                                | 1     | -2^(b-1)         |
    | `twos_complement` | digits of the low b-1 bits; the sign bit, negative   | 1     | 0                |
    | `differential`    | digits of max(w, 0); digits of max(-w, 0), negative  | 1     | 0                |
    | `polarized`       | digits of the magnitude of w                         | 1     | 0                |

    One-bit weights are -1 and +1: `offset` and `twos_complement` store (w+1)/2 with scale 2 and
    offset -1. `layout = columns` puts the slices of a weight into neighbouring columns of one
    array, `arrays` puts each slice into an array of its own. Inputs are made unsigned by adding
    `input_offset`; they then have `input_bits` bits, of which `dac_bits` are driven at a time.

    With `polarized`, all weights of an output in `fragment_rows` rows of the matrix, counted from its
    first, have one sign, which tiles keep.

    Constraints: (C1) 1 <= weight_bits <= 8, or 9 for `differential` and `polarized`, whose magnitude
    may need 8 bits; (C2) 1 <= cell_bits <= 8; (C3) 1 <= input_bits <= 8; (C4) 1 <= dac_bits <= 8; (C5) -128 <=
    input_offset <= 128; (C6) squeeze < weight_bits, and 0 for `offset`, `polarized` and for `twos_complement`
    with cells of several bits; (C7) fragment_rows is at least 1 for `polarized`, else 0.

    With `squeeze` = x, tiles may hold weights of up to x bits less. Where that moves the sign bit of
    `twos_complement`, the slices end with one sign bit for each of the x widths.
  }];
  let parameters = (ins
    "unsigned":$weight_bits, "unsigned":$cell_bits, "unsigned":$input_bits, "int64_t":$input_offset,
    "unsigned":$dac_bits, EnumParameter<PIM_SliceScheme>:$scheme, EnumParameter<PIM_SliceLayout>:$layout,
    DefaultValuedParameter<"unsigned", "0">:$squeeze,
    DefaultValuedParameter<"int64_t", "0">:$fragment_rows);
  let builders = [AttrBuilder<(ins "unsigned":$weightBits, "unsigned":$cellBits, "unsigned":$inputBits,
      "int64_t":$inputOffset, "unsigned":$dacBits, "SliceScheme":$scheme, "SliceLayout":$layout,
      CArg<"int64_t", "0">:$fragmentRows), [{
    return $_get($_ctxt, weightBits, cellBits, inputBits, inputOffset, dacBits, scheme, layout, 0u,
                 fragmentRows);
  }]>];
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// One digit of a weight: `bits` bits worth 2^shift each, counted negative if so marked.
    struct Slice {
      unsigned shift;
      unsigned bits;
      bool negative;
    };
    /// The slices of a weight, in the order in which they lie in neighbouring columns or arrays.
    llvm::SmallVector<Slice> getSlices() const;
    unsigned getSliceCount() const { return getSlices().size(); }
    bool holdsMagnitudes() const {
      return getScheme() == SliceScheme::Differential || getScheme() == SliceScheme::Polarized;
    }
    /// The factors of the table in the description.
    int64_t getWeightScale() const;
    int64_t getWeightOffset() const;
    /// The smallest and the largest weight that the slices can hold.
    std::pair<int64_t, int64_t> getWeightRange() const;
    /// The slices, by index, that hold weights of `squeezed` bits less.
    llvm::SmallVector<unsigned> getSliceIndices(unsigned squeezed) const;
    /// What the cell for `slice` of `weight` holds. REQUIRES: getWeightRange() contains `weight`.
    unsigned getCell(int64_t weight, const Slice &slice) const;
  }];
}

def PIM_TileAttr : PIM_Attr<"Tile", "tile"> {
  let summary = "a rectangle of cells with a part of a layer's matrix";
  let description = [{
    Lies in array `array` of its stack, from row `row_offset` and column `col_offset` on, and holds
    the slices `slice_begin` to `slice_begin + slice_count` of the weights between `rows`, rows of a
    group's matrix, and `outputs`, outputs of the layer. Both are lists of ranges `[begin, end,
    begin, end, ...]`, in the order in which they lie in the array.

    The rows `delayed`, ranges of rows of the matrix, hold weights divided by 2^delay, and their
    inputs come `delay` bit-steps late; all cells are worth 2^shift of what their slices say. Tiles
    of different `phase` in one array are driven one after the other. With `fragment_rows`, cells
    hold magnitudes, and `signs` has a 1 for each fragment of so many rows and each output that is
    negative.

    Constraints: (C1) nothing is negative, `slice_count` at least 1; (C2) `rows` and `outputs` are
    not empty, all ranges ascend; (C3) `delay` is there with `delayed`; (C4) `signs` has an entry for
    every fragment and output; (C5) `shift` and `delay` are at most 8.
  }];
  let parameters = (ins "int64_t":$array, "int64_t":$row_offset, "::mlir::DenseI64ArrayAttr":$rows,
                        "int64_t":$col_offset, "::mlir::DenseI64ArrayAttr":$outputs,
                        "int64_t":$slice_begin, "int64_t":$slice_count,
                        DefaultValuedParameter<"int64_t", "0">:$shift,
                        DefaultValuedParameter<"int64_t", "0">:$phase,
                        DefaultValuedParameter<"int64_t", "0">:$delay,
                        OptionalParameter<"::mlir::DenseI64ArrayAttr">:$delayed,
                        DefaultValuedParameter<"int64_t", "0">:$fragment_rows,
                        OptionalParameter<"::mlir::DenseI64ArrayAttr">:$signs);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    int64_t getRowCount() const;
    int64_t getOutputCount() const;
    /// The rows, the outputs and the delay of each row, one by one.
    llvm::SmallVector<int64_t> listRows() const;
    llvm::SmallVector<int64_t> listOutputs() const;
    llvm::SmallVector<int64_t> listDelays() const;
  }];
}

def PIM_StackAttr : PIM_Attr<"Stack", "stack"> {
  let summary = "arrays that compute some outputs completely";
  let description = [{
    The outputs up to `output_end` from where the stack before ends, in `arrays` arrays. Outputs that
    no tile holds have no weights: they are their bias. Constraints: (C1) at least one array and one
    tile; (C2) every tile lies in one of the arrays.
  }];
  let parameters = (ins "int64_t":$output_end, "int64_t":$arrays, ArrayRefParameter<"TileAttr">:$tiles);
  let assemblyFormat = "`<` struct($output_end, $arrays) `,` `tiles` `=` `[` $tiles `]` `>`";
}

def PIM_TilingAttr : PIM_Attr<"Tiling", "tiling"> {
  let summary = "how the matrix of a layer is cut into arrays";
  let description = [{
    Each of `groups` groups is a matrix of `matrix_rows` inputs and `matrix_cols` outputs. An array
    takes `tile_rows` rows and `tile_cols` outputs at most; the tiles at the lower and right edge
    are smaller. With `groups_per_array` > 1 that many whole groups lie along the diagonal of one
    array. `planes` arrays stand for one tile where each slice of the weights has an array of its
    own.

    A *stack* is the smallest set of arrays that computes outputs completely: all row tiles and
    planes of one column of tiles. Stacks cover the outputs in order and are what placement
    distributes.

    This grid is what a dense matrix takes. Where zeros leave rows, outputs, planes or whole tiles
    out, `stacks` says instead what each stack holds.

    Constraints: (C1) all sizes are at least 1; (C2) groups_per_array > 1 only if that many groups
    fit a tile; (C3) groups_per_array <= groups; (C4) `stacks`, if there, cover the outputs, and their
    tiles lie inside the matrix and inside arrays.
  }];
  let parameters = (ins
    "int64_t":$groups, "int64_t":$matrix_rows, "int64_t":$matrix_cols, "int64_t":$tile_rows,
    "int64_t":$tile_cols, "int64_t":$groups_per_array, "int64_t":$planes,
    OptionalArrayRefParameter<"StackAttr">:$stacks);
  let assemblyFormat = [{
    `<` struct($groups, $matrix_rows, $matrix_cols, $tile_rows, $tile_cols, $groups_per_array, $planes)
    (`,` `stacks` `=` `[` $stacks^ `]`)? `>`
  }];
  let builders = [AttrBuilder<(ins "int64_t":$groups, "int64_t":$matrixRows, "int64_t":$matrixCols,
      "int64_t":$tileRows, "int64_t":$tileCols, "int64_t":$groupsPerArray, "int64_t":$planes), [{
    return $_get($_ctxt, groups, matrixRows, matrixCols, tileRows, tileCols, groupsPerArray, planes,
                 ::llvm::ArrayRef<StackAttr>());
  }]>];
  let extraClassDeclaration = [{
    /// Tiles along the rows and the columns of one group, in the grid.
    int64_t getRowTiles() const;
    int64_t getColTiles() const;
    int64_t getStackCount() const;
    /// Arrays of the stacks [begin, end), and of the whole layer.
    int64_t getStackArrays(int64_t begin, int64_t end) const;
    int64_t getStackArrays(int64_t index) const { return getStackArrays(index, index + 1); }
    int64_t getArrays() const { return getStackArrays(0, getStackCount()); }
    /// The tiles of one stack, those of the grid included. `slices` is the number of slices of a
    /// weight.
    llvm::SmallVector<TileAttr> getStackTiles(int64_t index, int64_t slices) const;
    /// Whether the stacks are listed rather than those of the grid.
    bool hasStacks() const { return !getStacks().empty(); }
    int64_t getOutputs() const { return getGroups() * getMatrixCols(); }
    /// The outputs [first, second) of stack `index`; an index past the end gives getOutputs().
    std::pair<int64_t, int64_t> getStackOutputs(int64_t index) const;
    /// The stack of exactly the outputs [begin, end); -1 if there is none.
    int64_t findStack(int64_t begin, int64_t end) const;
  }];
}

def PIM_PartAttr : PIM_Attr<"Part", "part"> {
  let summary = "the share of one core in a layer";
  let description = [{
    Core `core` computes the outputs (channels) `output_begin` to `output_end` with the `arrays`
    physical arrays from ordinal `first_array` on. Of a layer that is there in several copies it
    computes the columns `col_begin` to `col_end` of the result (0, 0 where there is one copy: all of
    them). Of a stack that is divided among cores it has the arrays `array_begin` to `array_end` of
    the stack (0, 0: all of them).

    Layers may share arrays. Then a part has one stack, and `shared` lists the ordinals of the arrays
    that it lies in; `arrays` counts those among them that no part before it in the program uses.

    Where arrays are programmed several times in an inference, `round` says when the part's are there:
    a core holds those of round 0 first.

    Constraints: (C1) the outputs are not empty, nor are columns and arrays unless both of their bounds
    are 0; (C2) nothing is negative; (C3) `shared` has no array twice and at least as many as `arrays`.
  }];
  let parameters = (ins "int64_t":$core, "int64_t":$output_begin, "int64_t":$output_end,
                        "int64_t":$first_array, "int64_t":$arrays,
                        DefaultValuedParameter<"int64_t", "0">:$col_begin,
                        DefaultValuedParameter<"int64_t", "0">:$col_end,
                        DefaultValuedParameter<"int64_t", "0">:$array_begin,
                        DefaultValuedParameter<"int64_t", "0">:$array_end,
                        OptionalParameter<"::mlir::DenseI64ArrayAttr">:$shared,
                        DefaultValuedParameter<"int64_t", "0">:$round);
  let builders = [AttrBuilder<(ins "int64_t":$core, "int64_t":$outputBegin, "int64_t":$outputEnd,
      "int64_t":$firstArray, "int64_t":$arrays, "int64_t":$colBegin, "int64_t":$colEnd,
      "int64_t":$arrayBegin, "int64_t":$arrayEnd, CArg<"int64_t", "0">:$round), [{
    return $_get($_ctxt, core, outputBegin, outputEnd, firstArray, arrays, colBegin, colEnd, arrayBegin,
                 arrayEnd, ::mlir::DenseI64ArrayAttr(), round);
  }]>];
  let extraClassDeclaration = [{
    /// Arrays of the part's stacks, shared ones included.
    int64_t getTiledArrays() const { return getShared() ? getShared().size() : getArrays(); }
    /// The columns [first, second) of a result that has `cols`.
    std::pair<int64_t, int64_t> getCols(int64_t cols) const {
      return getColEnd() ? std::pair(getColBegin(), getColEnd()) : std::pair(int64_t(0), cols);
    }
    /// Whether it has not all arrays of its stack.
    bool isDivided() const { return getArrayEnd() != 0; }
    /// The arrays [first, second) of a stack that has `arrays`.
    std::pair<int64_t, int64_t> getStackArrays(int64_t arrays) const {
      return isDivided() ? std::pair(getArrayBegin(), getArrayEnd()) : std::pair(int64_t(0), arrays);
    }
  }];
  let assemblyFormat = "`<` struct(params) `>`";
}

def PIM_PlacementAttr : PIM_Attr<"Placement", "placement"> {
  let summary = "which cores compute a layer";
  let description = [{
    Parts are listed by columns, those of equal columns by outputs, those of equal outputs by the
    arrays of their stack. The parts of a *copy* have the same columns and are the whole matrix. Parts of the same
    outputs form a *chain*: each adds what its arrays contribute to the sums of the one before, and
    the last makes the result.

    Constraints: (C1) at least one part; (C2) copies cover the columns from 0 on, and within a copy
    parts cover the outputs, and within outputs the arrays of the stack, without gap or overlap; (C3) no core
    appears twice in one round; (C4) all copies have the same outputs.
  }];
  let parameters = (ins ArrayRefParameter<"PartAttr">:$parts);
  let assemblyFormat = "`<` `[` $parts `]` `>`";
  let extraClassDeclaration = [{
    int64_t getOutputs() const { return getParts().back().getOutputEnd(); }
    /// Arrays that no layer before uses, and all that the parts lie in.
    int64_t getArrays() const;
    int64_t getTiledArrays() const;
    /// Whether any array may be another layer's too.
    bool sharesArrays() const;
    /// How often the matrix is there.
    int64_t getCopies() const;
    /// Columns of the result that the copies cover, 0 where there is one copy.
    int64_t getCols() const { return getParts().back().getColEnd(); }
    /// Whether any stack is divided among cores.
    bool hasChains() const;
    /// Whether part `index` makes results rather than sums for the next of its chain.
    bool endsChain(size_t index) const;
  }];
}

def PIM_BufferAttr : PIM_Attr<"Buffer", "buffer"> {
  let summary = "a range of the scratchpad";
  let description = [{
    `copies` equal buffers of `bytes` bytes, one after the other from `address` on, used in turn.
    Constraints: (C1) address >= 0, bytes >= 1, copies >= 1.
  }];
  let parameters = (ins StringRefParameter<"what it holds">:$name, "int64_t":$address, "int64_t":$bytes, "int64_t":$copies);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    int64_t getEnd() const { return getAddress() + getBytes() * getCopies(); }
  }];
}

def PIM_ScheduleAttr : PIM_Attr<"Schedule", "schedule"> {
  let summary = "how a layer goes through the scratchpad";
  let description = [{
    The result is made in blocks of `block_rows` rows, `block_cols` columns and `block_channels`
    channels. Input rows pass through rings of `ring_rows` rows. `result_address` is the place of
    the result in global memory. Layers that do not use the scratchpad have blocks of 0 and no
    buffers.

    The result is dense where both pitches are 0. Otherwise it is part of a larger value: its rows lie
    `row_pitch`, its columns `col_pitch` bytes apart. A layer that is `in_place` does nothing: its
    inputs are computed where its result lies (concatenation), or its result is part of its input
    (slice). The parts of a chain pass their sums on through `partial_address` in global memory, dense
    and in 32 bits.

    Constraints: (C1) block sizes and addresses are not negative; (C4) both pitches are 0 or none; (C2) every buffer ends at or below
    `scratchpad_bytes`; (C3) buffers do not overlap. `pim.layer` checks that the buffers are those
    the layer needs.
  }];
  let parameters = (ins "int64_t":$block_rows, "int64_t":$block_cols, "int64_t":$block_channels,
                        "int64_t":$ring_rows, "int64_t":$scratchpad_bytes, "int64_t":$result_address,
                        DefaultValuedParameter<"int64_t", "0">:$row_pitch,
                        DefaultValuedParameter<"int64_t", "0">:$col_pitch,
                        DefaultValuedParameter<"bool", "false">:$in_place,
                        DefaultValuedParameter<"int64_t", "0">:$partial_address,
                        OptionalArrayRefParameter<"BufferAttr">:$buffers);
  let assemblyFormat = [{
    `<` struct($block_rows, $block_cols, $block_channels, $ring_rows, $scratchpad_bytes, $result_address)
    (`pitch` `(` $row_pitch^ `,` $col_pitch `)`)? (`in_place` `(` $in_place^ `)`)?
    (`partial` `(` $partial_address^ `)`)? `,`
    `buffers` `=` `[` (`]`) : ($buffers^ `]`)? `>`
  }];
  let extraClassDeclaration = [{
    /// The buffer of that name, null if there is none.
    BufferAttr lookup(llvm::StringRef name) const;
    /// Highest scratchpad address in use.
    int64_t getUsedBytes() const;
  }];
}

#endif // PIM_DIALECT_PIM_IR_PIMATTRS_TD
