//===- ElementTypes.h - element types in IR and in programs ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_TRANSLATE_ELEMENTTYPES_H
#define PIM_LIB_TRANSLATE_ELEMENTTYPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "pim/Program/Program_generated.h"

namespace mlir::pim {

/// REQUIRES: a type that the isa dialect's verifier lets pass.
inline ::pim::fb::ElementType elementTypeOf(Type type) {
  using ::pim::fb::ElementType;
  if (type.isF32())
    return ElementType::F32;
  switch (type.getIntOrFloatBitWidth()) {
  case 1:
    return ElementType::I1;
  case 8:
    return ElementType::I8;
  case 16:
    return ElementType::I16;
  case 32:
    return ElementType::I32;
  default:
    return ElementType::I64;
  }
}

/// REQUIRES: an element type of a verified program.
inline Type typeOf(MLIRContext *context, ::pim::fb::ElementType element) {
  using ::pim::fb::ElementType;
  switch (element) {
  case ElementType::I1:
    return IntegerType::get(context, 1);
  case ElementType::I8:
    return IntegerType::get(context, 8);
  case ElementType::I16:
    return IntegerType::get(context, 16);
  case ElementType::I32:
    return IntegerType::get(context, 32);
  case ElementType::I64:
    return IntegerType::get(context, 64);
  case ElementType::F32:
    return Float32Type::get(context);
  default:
    return Type();
  }
}

} // namespace mlir::pim

#endif // PIM_LIB_TRANSLATE_ELEMENTTYPES_H
