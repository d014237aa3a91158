//===- ElementTypes.cpp - element types by their numbers ------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/ONNX/IR/ElementTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"

using namespace mlir;
using namespace mlir::pim;

namespace {
struct DataType {
  StringLiteral name;
  Type (*make)(MLIRContext *); ///< null where there is no form
};
} // namespace

template <unsigned width> static Type makeSigned(MLIRContext *context) {
  return IntegerType::get(context, width);
}
template <unsigned width> static Type makeUnsigned(MLIRContext *context) {
  return IntegerType::get(context, width, IntegerType::Unsigned);
}
template <typename T> static Type makeType(MLIRContext *context) { return T::get(context); }

/// In the order of their numbers, from 1 on.
static constexpr DataType dataTypes[] = {
    {"FLOAT", makeType<Float32Type>},
    {"UINT8", makeUnsigned<8>},
    {"INT8", makeSigned<8>},
    {"UINT16", makeUnsigned<16>},
    {"INT16", makeSigned<16>},
    {"INT32", makeSigned<32>},
    {"INT64", makeSigned<64>},
    {"STRING", makeType<onnx::StringType>},
    {"BOOL", makeSigned<1>},
    {"FLOAT16", makeType<Float16Type>},
    {"DOUBLE", makeType<Float64Type>},
    {"UINT32", makeUnsigned<32>},
    {"UINT64", makeUnsigned<64>},
    {"COMPLEX64", nullptr},
    {"COMPLEX128", nullptr},
    {"BFLOAT16", makeType<BFloat16Type>},
    {"FLOAT8E4M3FN", makeType<Float8E4M3FNType>},
    {"FLOAT8E4M3FNUZ", makeType<Float8E4M3FNUZType>},
    {"FLOAT8E5M2", makeType<Float8E5M2Type>},
    {"FLOAT8E5M2FNUZ", makeType<Float8E5M2FNUZType>},
    {"UINT4", makeUnsigned<4>},
    {"INT4", makeSigned<4>},
    {"FLOAT4E2M1", makeType<Float4E2M1FNType>},
    {"FLOAT8E8M0", makeType<Float8E8M0FNUType>},
    {"UINT2", makeUnsigned<2>},
    {"INT2", makeSigned<2>},
};

static const DataType *findDataType(int64_t number) {
  bool isKnown = number >= 1 && number <= int64_t(std::size(dataTypes));
  return isKnown ? &dataTypes[number - 1] : nullptr;
}

Type mlir::pim::onnx::elementTypeOf(MLIRContext *context, int64_t dataType) {
  const DataType *found = findDataType(dataType);
  return found && found->make ? found->make(context) : Type();
}

std::string mlir::pim::onnx::dataTypeName(int64_t dataType) {
  const DataType *found = findDataType(dataType);
  return found ? found->name.str() : std::to_string(dataType);
}
