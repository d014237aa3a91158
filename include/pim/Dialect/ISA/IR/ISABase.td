//===- ISABase.td - the op classes of the isa dialect      -*- tablegen -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_ISA_IR_ISABASE_TD
#define PIM_DIALECT_ISA_IR_ISABASE_TD

include "pim/Dialect/ISA/IR/ISAAttrs.td"

/// A table entry. Required attributes are printed as `name = value` in this order, optional ones in
/// the dictionary behind them, where they differ from their default.
class ISA_EntryOp<string mnemonic, dag required, dag optional, list<Trait> traits>
    : Op<ISA_Dialect, mnemonic, traits> {
  let arguments = !con(required, optional);

  list<string> requiredNames = !foreach(i, !range(!size(required)), !getdagname(required, i));
  string requiredFormat =
      !interleave(!foreach(name, requiredNames, "`" # name # "` `=` $" # name), " `,` ");
  let assemblyFormat = requiredFormat # " attr-dict";
}

/// A table entry that holds others.
class ISA_ContainerOp<string mnemonic, dag required, dag optional, list<Trait> traits>
    : ISA_EntryOp<mnemonic, required, optional, !listconcat(traits, [NoTerminator, SingleBlock])> {
  let regions = (region MaxSizedRegion<1>:$bodyRegion);
  let assemblyFormat = requiredFormat # " attr-dict-with-keyword $bodyRegion";
  let extraClassDeclaration = [{
    /// The block of the body; made if there is none yet.
    ::mlir::Block &ensureBody() {
      return getBodyRegion().empty() ? getBodyRegion().emplaceBlock() : getBodyRegion().front();
    }
  }];
}

#endif // PIM_DIALECT_ISA_IR_ISABASE_TD
