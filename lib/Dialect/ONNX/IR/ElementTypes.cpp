//===- ElementTypes.cpp - element types as types of MLIR ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/ONNX/IR/ElementTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"

using namespace mlir;
using ::pim::ElementType;

Type mlir::pim::onnx::typeOf(MLIRContext *context, ElementType element) {
  auto bits = unsigned(::pim::elementBits(element));
  switch (element) {
  case ElementType::I1:
  case ElementType::I8:
  case ElementType::I16:
  case ElementType::I32:
  case ElementType::I64:
  case ElementType::I4:
  case ElementType::I2:
    return IntegerType::get(context, bits);
  case ElementType::U8:
  case ElementType::U16:
  case ElementType::U32:
  case ElementType::U64:
  case ElementType::U4:
  case ElementType::U2:
    return IntegerType::get(context, bits, IntegerType::Unsigned);
  case ElementType::F32:
    return Float32Type::get(context);
  case ElementType::F16:
    return Float16Type::get(context);
  case ElementType::BF16:
    return BFloat16Type::get(context);
  case ElementType::F64:
    return Float64Type::get(context);
  case ElementType::F8E4M3FN:
    return Float8E4M3FNType::get(context);
  case ElementType::F8E4M3FNUZ:
    return Float8E4M3FNUZType::get(context);
  case ElementType::F8E5M2:
    return Float8E5M2Type::get(context);
  case ElementType::F8E5M2FNUZ:
    return Float8E5M2FNUZType::get(context);
  case ElementType::STRING:
    return StringType::get(context);
  case ElementType::F8E8M0:
    return Float8E8M0FNUType::get(context);
  case ElementType::F4E2M1:
    return Float4E2M1FNType::get(context);
  }
  llvm_unreachable("elementBits refuses what is no element type");
}

Type mlir::pim::onnx::elementTypeOf(MLIRContext *context, int64_t dataType) {
  std::optional<ElementType> element = ::pim::elementOfDataType(dataType);
  return element ? typeOf(context, *element) : Type();
}
