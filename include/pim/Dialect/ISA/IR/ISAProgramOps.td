//===- ISAProgramOps.td - the program and its tables        -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISAPROGRAMOPS_TD
#define PIM_DIALECT_ISA_IR_ISAPROGRAMOPS_TD

include "pim/Dialect/ISA/IR/ISABase.td"

def ISA_ProgramOp : ISA_ContainerOp<"program",
    (ins ISA_ModelInfo:$model, ISA_Int<0, 65536>:$semaphores, ISA_ULong:$global_memory_bytes,
         DictionaryAttr:$target),
    (ins OptionalAttr<ISA_Preprocess>:$preprocess, OptionalAttr<ISA_ArrayCounts>:$array_counts,
         OptionalAttr<ISA_UInt>:$images_in_flight),
    [IsolatedFromAbove]> {
  let summary = "A compiled program";
  let description = [{
    What a `.pimb` file holds. `target` maps every key of the resolved target to its text. The body
    holds the program's tensors, ports, host calls, memory images, layers, cores and at most one
    reference, in any order. `images_in_flight` (1 if absent) inferences may be under way at a time; each has
    semaphores and global memory of its own.

    (C1) Every value of `target` is a string. (C2) The body holds only table ops of a program and
    cores. (C3) No two cores have the same place in the mesh, and all are inside it where the target
    states its size. (C4) At most one `isa.reference`.

    Example:
    ```mlir
    isa.program model = <name = "lenet", macs = 100>, semaphores = 2, global_memory_bytes = 4096,
                target = {array.rows = "128"} {
      isa.tensor space = global, element = i8, base = 0, sizes = [1, 28, 28, 1],
                 strides = [784, 28, 1, 1]
    }
    ```
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def ISA_TensorOp : ISA_EntryOp<"tensor",
    (ins ISA_Space:$space, ISA_ElementType:$element, ISA_ULong:$base, DenseI64ArrayAttr:$sizes,
         DenseI64ArrayAttr:$strides),
    (ins OptionalAttr<ISA_UShort>:$core),
    [ParentOneOf<["ProgramOp", "CoreOp"]>]> {
  let summary = "A strided box of elements in a memory";
  let description = [{
    Sizes and strides (in bytes) list the outermost dimension first. `core` names the owner of the
    scratchpad where that is not the executing core.

    (C1) Four sizes and four strides. (C2) Every size is 1 to 2^32-1. (C3) `core` stands only beside
    `space = scratchpad`. (C4) A tensor of the program lies in global memory. (C5) A box in global
    memory ends inside it, if no register moves it: that is, a tensor of the program does.
  }];
  let hasVerifier = 1;
}

def ISA_PortOp : ISA_EntryOp<"port",
    (ins ISA_PortKind:$kind, StrAttr:$name, DenseI64ArrayAttr:$shape,
         DenseI64ArrayAttr:$permutation,
         ISA_ElementType:$element, F64Attr:$scale, ISA_SInt:$zero_point, ISA_SInt:$min,
    ISA_SInt:$max,
         ISA_UInt:$tensor),
    (ins),
    [HasParent<"ProgramOp">]> {
  let summary = "How a tensor of the model gets into or out of global memory";
  let description = [{
    Dimension d of the tensor in memory is dimension `permutation[d]` of the model's. The integer q
    stands for `(q - zero_point) * scale`; `scale` is 0 where memory holds floats.

    (C1) Every size of `shape` is at least 1. (C2) `permutation` is a permutation of the dimensions
    of `shape`. (C3) `min` is at most `max`. (C4) `tensor` is one of the program's. (C5) That tensor
    has this element type and as many elements as `shape`.
  }];
  let hasVerifier = 1;
}

def ISA_HostCallOp : ISA_EntryOp<"host_call",
    (ins StrAttr:$name, ISA_Bytes:$graph, DenseI64ArrayAttr:$inputs, DenseI64ArrayAttr:$outputs),
    (ins),
    [HasParent<"ProgramOp">]> {
  let summary = "A graph that the host runs on tensors in global memory";
  let description = [{
    `graph` is a buffer of Graph.fbs; `inputs` and `outputs` are tensors of the program, in the
    order of the graph's.

    (C1) Every input and output is a tensor of the program.
  }];
}

def ISA_MemoryImageOp : ISA_EntryOp<"memory_image",
    (ins ISA_ULong:$address, ISA_Bytes:$bytes), (ins), [HasParent<"ProgramOp">]> {
  let summary = "Bytes that global memory holds before the program starts";
  let description = [{
    (C1) The image ends inside global memory.
  }];
}

def ISA_LayerOp : ISA_EntryOp<"layer",
    (ins StrAttr:$name, StrAttr:$op, ISA_ULong:$macs, ISA_UInt:$arrays, ISA_ULong:$weights,
         ISA_Spans:$spans),
    (ins DefaultValuedAttr<ISA_Int<-1, 0x7fffffff>, "-1">:$output, OptionalAttr<StrAttr>:$reference,
         OptionalAttr<StrAttr>:$mapping),
    [HasParent<"ProgramOp">]> {
  let summary = "The instructions and the result of a layer of the model";
  let description = [{
    `output` is the tensor of the program that holds the layer's result when every span has been
    left, `reference` the tensor of the reference graph that it must equal.

    (C1) Every span lies inside the code of its core. (C2) `output` is -1 or a tensor of the
    program. (C3) `output` and `reference` are both given or both absent.
  }];
  let hasVerifier = 1;
}

def ISA_ReferenceOp : ISA_EntryOp<"reference", (ins ISA_Bytes:$graph), (ins),
                                  [HasParent<"ProgramOp">]> {
  let summary = "The integer graph that the program must agree with";
  let description = "`graph` is a buffer of Graph.fbs, evaluated by `pim-run --check`.";
}

#endif // PIM_DIALECT_ISA_IR_ISAPROGRAMOPS_TD
