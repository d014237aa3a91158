//===- Dma.td - instructions of the DMA engine          -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PIM_ISA_INSTS_DMA
#define PIM_ISA_INSTS_DMA

include "pim/ISA/InstructionBase.td"

def DmaCopy : Instruction<0x20, "dma.copy",
    (fields TensorRef:$dst, Reg:$rd, TensorRef:$src, Reg:$rs)> {
  let summary = "copies a box of elements";
  let description = [{
    For every index of the box: `dst[index] = src[index]`. The address of each box is its
    descriptor's base plus the register. Source and destination may lie in global memory, in this
    core's scratchpad or in another's. What lies in the overlap of two different boxes afterwards is
    unspecified.

    (C1) Both boxes have the same sizes. (C2) Both have the same element type.
  }];
  let unit = Dma;
  let timing = Transfer;
  let effects = [Read<"src", "rs">, Write<"dst", "rd">];
  let example = "dma.copy t1, r4, t0, r3";
}

def DmaFill : Instruction<0x21, "dma.fill", (fields TensorRef:$dst, Reg:$rd, S<32>:$value)> {
  let summary = "fills a box of elements with a value";
  let description = [{
    For every index of the box: `dst[index] = value`.

    (C1) The element type is an integer of at most 32 bits that can hold the value.
  }];
  let unit = Dma;
  let timing = Transfer;
  let effects = [Write<"dst", "rd">];
  let example = "dma.fill t1, r0, -128";
}

#endif // PIM_ISA_INSTS_DMA
