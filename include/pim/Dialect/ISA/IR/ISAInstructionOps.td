//===- ISAInstructionOps.td - one op per instruction        -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Computed from the instruction table, record by record: `dma.copy` becomes isa.dma.copy
// (DmaCopyOp), each field an attribute of its name, bounded by its width. There is nothing to add
// here for a new instruction.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISAINSTRUCTIONOPS_TD
#define PIM_DIALECT_ISA_IR_ISAINSTRUCTIONOPS_TD

include "pim/Dialect/ISA/IR/ISABase.td"
include "pim/ISA/Instructions.td"

/// The attribute that carries a field: an i64 within the field's range, or a unit attribute for a
/// flag.
class ISA_FieldAttr<FieldType type> {
  Attr attr = !if(!eq(type.kind, "Flag"), !cast<Attr>(UnitAttr),
                  !cast<Attr>(ISA_Int<type.min, type.max>));
}

/// How a field is printed: `name = value` behind a comma unless it comes first, a flag as `name`
/// where it is set.
class ISA_FieldFormat<FieldType type, string name, int index> {
  string comma = !if(!eq(index, 0), "", "`,` ");
  string format = !if(!eq(type.kind, "Flag"), "(" # comma # "`" # name # "` $" # name # "^)?",
                      comma # "`" # name # "` `=` $" # name);
}

class ISA_InstructionOp<Instruction instruction>
    : Op<ISA_Dialect, instruction.mnemonic, [HasParent<"CodeOp">]> {
  list<int> indices = !range(!size(instruction.operands));
  list<string> names = !foreach(i, indices, !getdagname(instruction.operands, i));

  let summary = instruction.summary;
  let description = instruction.description # "\n\nAssembly: `" # instruction.example # "`\n";
  let arguments = !dag(ins, !foreach(type, instruction.types, ISA_FieldAttr<type>.attr), names);
  let assemblyFormat =
      !interleave(!foreach(i, indices, ISA_FieldFormat<instruction.types[i], names[i], i>.format), " ") #
      " attr-dict";
}

foreach instruction = !instances<Instruction>() in {
  def ISA_#instruction#Op : ISA_InstructionOp<instruction>;
}

#endif // PIM_DIALECT_ISA_IR_ISAINSTRUCTIONOPS_TD
