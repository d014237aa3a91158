//===- ISADialect.td - the isa dialect                     -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISADIALECT_TD
#define PIM_DIALECT_ISA_IR_ISADIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/DialectBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def ISA_Dialect : Dialect {
  let name = "isa";
  let cppNamespace = "::mlir::pim::isa";
  let summary = "The program of a chip, one op per table entry and per machine instruction";
  let description = [{
    `isa` is the compiled program as IR: what a `.pimb` file holds, op by op. Translation to the
    file and back takes no decision. An `isa.program` holds the tables of the program and its cores;
    an `isa.core` the tables that its instructions index, and one `isa.code` with the instructions.

    - Ops and attributes are named as in `include/pim/Program/Program.fbs`, which defines what they
    mean.
    - The index of a table entry is its position among the ops of its kind in the program or core.
    - An instruction op has no operands and no results: its fields are attributes, its effects those
    of the instruction table. The ops are computed from `include/pim/ISA/Instructions.td`.
    - The location of an instruction op names the layer that it belongs to.

    There are no canonicalisations and no transformations: whoever wants to optimise does so in
    `pim`.
  }];
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    /// Adds the attributes; the definitions live with their generated code.
    void registerAttributes();
  }];
}

#endif // PIM_DIALECT_ISA_IR_ISADIALECT_TD
