//===- Dpu.td - instructions of the vector unit         -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_ISA_INSTS_DPU
#define PIM_ISA_INSTS_DPU

include "pim/ISA/InstructionBase.td"

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

def Vrequant : Instruction<0x60, "vrequant",
    (fields TensorRef:$dst, Reg:$rd, TensorRef:$src, Reg:$rs, ParamsRef:$params)> {
  let summary = "adds a bias, rescales and clamps";
  let description = [{
    `dst = clamp(apply_scale_32(src - input_zero_point + bias, multiplier, shift) +
    output_zero_point, min, max)`, TOSA's apply_scale_32 to the bit, with double rounding if the
    table says so. Where bias, multiplier or shift have more than one entry, the innermost index of
    the box (the channel) selects.

    (C1) Both boxes have the same sizes. (C2) Both element types are i8, i16 or i32. (C3) Each list
    of the table has one entry, or one per channel. (C4) The destination can hold `min` and `max`.
  }];
  let unit = Dpu;
  let timing = Rescale;
  let effects = [Read<"src", "rs">, Write<"dst", "rd">];
  let example = "vrequant t3, r5, t2, r5, p0";
}

class VectorBinary<int opcode, string mnemonic> : Instruction<opcode, mnemonic,
    (fields TensorRef:$dst, Reg:$rd, TensorRef:$a, Reg:$ra, TensorRef:$b, Reg:$rb)> {
  let unit = Dpu;
  let timing = PerElement;
  let effects = [Read<"a", "ra">, Read<"b", "rb">, Write<"dst", "rd">];
  let example = mnemonic # " t4, r1, t2, r2, t3, r3";
}

def Vadd : VectorBinary<0x61, "vadd"> {
  let summary = "adds two boxes";
  let description = [{
    `dst = a + b`, wrapping around in 32 bits. A stride of 0 broadcasts an operand.

    (C1) The three boxes have the same sizes. (C2) The three element types are i32.
  }];
}

def Vsub : VectorBinary<0x62, "vsub"> {
  let summary = "subtracts two boxes";
  let description = [{
    `dst = a - b`, wrapping around in 32 bits. A stride of 0 broadcasts an operand.

    (C1) The three boxes have the same sizes. (C2) The three element types are i32.
  }];
}

def Vmul : VectorBinary<0x63, "vmul"> {
  let summary = "multiplies two boxes";
  let description = [{
    `dst =` the low 32 bits of `a * b`. A stride of 0 broadcasts an operand.

    (C1) The three boxes have the same sizes. (C2) The three element types are i32.
  }];
}

def Vmin : VectorBinary<0x64, "vmin"> {
  let summary = "takes the smaller elements of two boxes";
  let description = [{
    `dst = min(a, b)`, compared as signed numbers. A stride of 0 broadcasts an operand.

    (C1) The three boxes have the same sizes. (C2) The three element types are equal: i8, i16 or
    i32.
  }];
}

def Vmax : VectorBinary<0x65, "vmax"> {
  let summary = "takes the larger elements of two boxes";
  let description = [{
    `dst = max(a, b)`, compared as signed numbers. A stride of 0 broadcasts an operand.

    (C1) The three boxes have the same sizes. (C2) The three element types are equal: i8, i16 or
    i32.
  }];
}

def Vlookup : Instruction<0x66, "vlookup",
    (fields TensorRef:$dst, Reg:$rd, TensorRef:$src, Reg:$rs, LookupRef:$lookup)> {
  let summary = "maps a box through a table of 256 entries";
  let description = [{
    `dst = entries[src + 128]`.

    (C1) Both boxes have the same sizes. (C2) The element type of `src` is i8, that of `dst` i8, i16
    or i32. (C3) The destination can hold every entry of the table.
  }];
  let unit = Dpu;
  let timing = TableLookup;
  let effects = [Read<"src", "rs">, Write<"dst", "rd">];
  let example = "vlookup t3, r5, t2, r5, l0";
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

def Vmaxpool : Instruction<0x70, "vmaxpool",
    (fields TensorRef:$dst, Reg:$rd, WindowRef:$window, Reg:$rv)> {
  let summary = "takes the maximum over the taps of a window";
  let description = [{
    For every output position and channel: `dst[0, i, j, c] =` the largest of the window's taps that
    lie inside the feature map. Taps outside are ignored. The window's first row is `r[rv]`.

    (C1) The element types of `dst` and of the window are equal: i8, i16 or i32. (C2) The sizes of
    `dst` are `[1, out_rows, out_cols, channels]`.
  }];
  let unit = Dpu;
  let timing = Pool;
  let effects = [Read<"window", "rv">, Write<"dst", "rd">];
  let example = "vmaxpool t3, r5, w1, r6";
}

def Vavgpool : Instruction<0x71, "vavgpool",
    (fields TensorRef:$dst, Reg:$rd, WindowRef:$window, Reg:$rv, ParamsRef:$params)> {
  let summary = "averages the taps of a window";
  let description = [{
    TOSA's avg_pool2d: for every output position and channel the sum of `x - input_zero_point` over
    the window's taps that lie inside the feature map, scaled by TOSA's reciprocal of their number,
    plus `output_zero_point`, clamped to `min..max`. The window's first row is `r[rv]`. The table's
    bias, multiplier and shift are not used.

    (C1) The element types of `dst` and of the window are equal: i8 or i16. (C2) The sizes of `dst`
    are `[1, out_rows, out_cols, channels]`. (C3) The destination can hold `min` and `max`.
  }];
  let unit = Dpu;
  let timing = Pool;
  let effects = [Read<"window", "rv">, Write<"dst", "rd">];
  let example = "vavgpool t3, r5, w1, r6, p2";
}

#endif // PIM_ISA_INSTS_DPU
