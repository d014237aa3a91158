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
    I32EnumAttrCase<"TwosComplement", 2, "twos_complement">]>;

def PIM_SliceLayout : PIM_Enum<"SliceLayout", "where the slices of one weight lie", [
    I32EnumAttrCase<"Columns", 0, "columns">,
    I32EnumAttrCase<"Arrays", 1, "arrays">]>;

def PIM_LayerKind : PIM_Enum<"LayerKind", "what a layer does", [
    I32EnumAttrCase<"Matrix", 0, "matrix">,
    I32EnumAttrCase<"Pool", 1, "pool">,
    I32EnumAttrCase<"Elementwise", 2, "elementwise">,
    I32EnumAttrCase<"Movement", 3, "movement">,
    I32EnumAttrCase<"Host", 4, "host">]>;

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

    One-bit weights are -1 and +1: `offset` and `twos_complement` store (w+1)/2 with scale 2 and
    offset -1. `layout = columns` puts the slices of a weight into neighbouring columns of one
    array, `arrays` puts each slice into an array of its own. Inputs are made unsigned by adding
    `input_offset`; they then have `input_bits` bits, of which `dac_bits` are driven at a time.

    Constraints: (C1) 1 <= weight_bits <= 8, or 9 for `differential`, whose magnitude may need 8
    bits; (C2) 1 <= cell_bits <= 8; (C3) 1 <= input_bits <= 8; (C4) 1 <= dac_bits <= 8; (C5) -128 <=
    input_offset <= 128.
  }];
  let parameters = (ins
    "unsigned":$weight_bits, "unsigned":$cell_bits, "unsigned":$input_bits, "int64_t":$input_offset,
    "unsigned":$dac_bits, EnumParameter<PIM_SliceScheme>:$scheme, EnumParameter<PIM_SliceLayout>:$layout);
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
    /// The factors of the table in the description.
    int64_t getWeightScale() const;
    int64_t getWeightOffset() const;
    /// The smallest and the largest weight that the slices can hold.
    std::pair<int64_t, int64_t> getWeightRange() const;
    /// What the cell for `slice` of `weight` holds. REQUIRES: getWeightRange() contains `weight`.
    unsigned getCell(int64_t weight, const Slice &slice) const;
  }];
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

    Constraints: (C1) all sizes are at least 1; (C2) groups_per_array > 1 only if that many groups
    fit a tile; (C3) groups_per_array <= groups.
  }];
  let parameters = (ins
    "int64_t":$groups, "int64_t":$matrix_rows, "int64_t":$matrix_cols, "int64_t":$tile_rows,
    "int64_t":$tile_cols, "int64_t":$groups_per_array, "int64_t":$planes);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// Tiles along the rows and the columns of one group.
    int64_t getRowTiles() const;
    int64_t getColTiles() const;
    int64_t getStackCount() const;
    /// Arrays of one stack, and of the whole layer.
    int64_t getStackArrays() const;
    int64_t getArrays() const { return getStackCount() * getStackArrays(); }
    int64_t getOutputs() const { return getGroups() * getMatrixCols(); }
    /// The outputs [first, second) of stack `index`; an index past the end gives getOutputs().
    std::pair<int64_t, int64_t> getStackOutputs(int64_t index) const;
  }];
}

def PIM_PartAttr : PIM_Attr<"Part", "part"> {
  let summary = "the share of one core in a layer";
  let description = [{
    Core `core` computes the outputs (channels) `output_begin` to `output_end` with the `arrays`
    physical arrays from ordinal `first_array` on. Constraints: (C1) the outputs are not empty; (C2)
    nothing is negative.
  }];
  let parameters = (ins "int64_t":$core, "int64_t":$output_begin, "int64_t":$output_end,
                        "int64_t":$first_array, "int64_t":$arrays);
  let assemblyFormat = "`<` struct(params) `>`";
}

def PIM_PlacementAttr : PIM_Attr<"Placement", "placement"> {
  let summary = "which cores compute a layer";
  let description = [{
    Constraints: (C1) at least one part; (C2) the parts cover the outputs from 0 on without gap or
    overlap; (C3) no core appears twice.
  }];
  let parameters = (ins ArrayRefParameter<"PartAttr">:$parts);
  let assemblyFormat = "`<` `[` $parts `]` `>`";
  let extraClassDeclaration = [{
    int64_t getOutputs() const { return getParts().back().getOutputEnd(); }
    int64_t getArrays() const;
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

    Constraints: (C1) block sizes and addresses are not negative; (C2) every buffer ends at or below
    `scratchpad_bytes`; (C3) buffers do not overlap. `pim.layer` checks that the buffers are those
    the layer needs.
  }];
  let parameters = (ins "int64_t":$block_rows, "int64_t":$block_cols, "int64_t":$block_channels,
                        "int64_t":$ring_rows, "int64_t":$scratchpad_bytes, "int64_t":$result_address,
                        OptionalArrayRefParameter<"BufferAttr">:$buffers);
  let assemblyFormat = [{
    `<` struct($block_rows, $block_cols, $block_channels, $ring_rows, $scratchpad_bytes, $result_address) `,`
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
