//===- Array.td - instructions of the arrays            -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_ISA_INSTS_ARRAY
#define PIM_ISA_INSTS_ARRAY

include "pim/ISA/InstructionBase.td"

def Mvm : Instruction<0x40, "mvm",
    (fields GroupRef:$group, TensorRef:$dst, Reg:$rd, WindowRef:$window, Reg:$rv,
            Flag:$accumulate)> {
  let summary = "multiplies the vectors of a window by the matrix of a group";
  let description = [{
    For every output position of the window, row by row: gathers the vector of the window's taps
    (kernel row, kernel column, channel: the order of the matrix rows), adds the group's
    `input_offset`, drives the arrays of the group and writes the `matrix_cols` results to `dst[0,
    i, j, :]`, or adds them to what is there if `accumulate` is set. The window's first row is
    `r[rv]`. What an array returns follows from its cells and converters, so it may differ from the
    exact product.

    (C1) The element type of `dst` is i32. (C2) The sizes of `dst` are `[1, out_rows, out_cols,
    matrix_cols]`. (C3) `kernel_rows * kernel_cols * channels` is `matrix_rows`.
  }];
  let unit = Array;
  let timing = MatrixVector;
  let effects = [Read<"group">, Read<"window", "rv">, ReadIf<"accumulate", "dst", "rd">,
                 Write<"dst", "rd">];
  let example = "mvm g0, t2, r5, w0, r6, accumulate";
}

def Reprogram : Instruction<0x41, "reprogram", (fields U<16>:$round)> {
  let summary = "writes the cells of a round into the arrays of the core";
  let description = [{
    Waits until every earlier `mvm` of the core has completed, then writes the cell images of round
    `round` of the core, which come from the weight store outside the chip, into its arrays. A `mvm`
    that follows waits until that is done; other instructions do not.

    (C1) The core has that round. (C2) `reprogram` is not inside a loop. (C3) Where a core has rounds,
    the images of the group of a `mvm` are those of the last `reprogram` before it.
  }];
  let unit = Array;
  let timing = Programming;
  let since = "0.3";
  let example = "reprogram 1";
}

#endif // PIM_ISA_INSTS_ARRAY
