//===- InstructionConversion.cpp - instruction ops to and from instructions *- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See InstructionConversion.h. Tested by unittests/ISA/InstructionConversionTest.cpp.
//
//===----------------------------------------------------------------------===//
#include "pim/Dialect/ISA/IR/InstructionConversion.h"

#include "pim/Dialect/ISA/IR/ISADialect.h"

using namespace mlir;
namespace codec = ::pim::isa;

const codec::InstructionInfo *mlir::pim::isa::getInstructionInfo(Operation *op) {
  if (!llvm::isa_and_nonnull<mlir::pim::isa::ISADialect>(op->getDialect()))
    return nullptr;
  return codec::findMnemonic(op->getName().stripDialect());
}

codec::Instruction mlir::pim::isa::toInstruction(Operation *op) {
  const codec::InstructionInfo *info = getInstructionInfo(op);
  assert(info && "not an instruction op");
  codec::Operands values;
  for (const codec::FieldInfo &field : info->fields) {
    Attribute attribute = op->getAttr(field.name);
    auto integer = llvm::dyn_cast_or_null<IntegerAttr>(attribute);
    values.push(integer ? integer.getInt() : attribute ? 1 : 0); // a flag is there or not
  }
  return codec::makeInstruction(info->opcode, {values.begin(), values.size()});
}

Operation *mlir::pim::isa::createInstructionOp(OpBuilder &builder, Location loc,
                                               const codec::Instruction &instruction) {
  const codec::InstructionInfo &info = codec::info(instruction.opcode());
  OperationState state(loc, ("isa." + llvm::Twine(info.mnemonic)).str());
  codec::Operands values = codec::operands(instruction);
  for (auto [field, value] : llvm::zip_equal(info.fields, values)) {
    if (field.kind != codec::FieldKind::Flag)
      state.addAttribute(field.name, builder.getI64IntegerAttr(value));
    else if (value)
      state.addAttribute(field.name, builder.getUnitAttr());
  }
  return builder.create(state);
}
