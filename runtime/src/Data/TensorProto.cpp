//===- TensorProto.cpp - ONNX tensors -----------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "pim/Support/Error.h"

#include <climits>
#include <onnx/onnx_pb.h>

using namespace pim;
using namespace pim::data;

static std::optional<Type> onnxType(int type) {
  switch (type) {
  case onnx::TensorProto::FLOAT:
    return Type::F32;
  case onnx::TensorProto::UINT8:
    return Type::U8;
  case onnx::TensorProto::INT8:
    return Type::I8;
  case onnx::TensorProto::UINT16:
    return Type::U16;
  case onnx::TensorProto::INT16:
    return Type::I16;
  case onnx::TensorProto::INT32:
    return Type::I32;
  case onnx::TensorProto::INT64:
    return Type::I64;
  case onnx::TensorProto::BOOL:
    return Type::Bool;
  case onnx::TensorProto::FLOAT16:
    return Type::F16;
  case onnx::TensorProto::DOUBLE:
    return Type::F64;
  default:
    return std::nullopt;
  }
}

/// Copies the numbers of a repeated field, each cut to the size of an element.
template <typename Stored, typename Field>
static void copyField(const Field &field, std::vector<std::byte> &bytes) {
  for (auto value : field) {
    Stored stored = static_cast<Stored>(value);
    auto raw = std::as_bytes(std::span(&stored, 1));
    bytes.insert(bytes.end(), raw.begin(), raw.end());
  }
}

static std::vector<std::byte> tensorBytes(const onnx::TensorProto &tensor, Type type) {
  std::vector<std::byte> bytes;
  if (tensor.has_raw_data()) {
    auto raw = std::as_bytes(std::span(tensor.raw_data()));
    bytes.assign(raw.begin(), raw.end());
    return bytes;
  }
  switch (type) {
  case Type::F32:
    copyField<float>(tensor.float_data(), bytes);
    break;
  case Type::F64:
    copyField<double>(tensor.double_data(), bytes);
    break;
  case Type::I64:
    copyField<int64_t>(tensor.int64_data(), bytes);
    break;
  case Type::I32:
    copyField<int32_t>(tensor.int32_data(), bytes);
    break;
  case Type::I16:
  case Type::U16:
  case Type::F16: // its bits
    copyField<uint16_t>(tensor.int32_data(), bytes);
    break;
  default:
    copyField<uint8_t>(tensor.int32_data(), bytes);
  }
  return bytes;
}

std::optional<NamedArray> pim::data::parseTensorProto(Bytes content, const std::string &path) {
  onnx::TensorProto tensor;
  if (content.size() > INT_MAX ||
      !tensor.ParseFromArray(content.data(), static_cast<int>(content.size())) ||
      !tensor.has_data_type() || !onnx::TensorProto::DataType_IsValid(tensor.data_type()) ||
      tensor.data_type() == onnx::TensorProto::UNDEFINED)
    return std::nullopt;
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL || tensor.has_segment())
    fail(path, ": tensor keeps its data elsewhere, which is not supported");
  std::optional<Type> type = onnxType(tensor.data_type());
  if (!type)
    fail(path, ": tensor has elements of ONNX type ",
         onnx::TensorProto::DataType_Name(
             static_cast<onnx::TensorProto::DataType>(tensor.data_type())),
         ", expected numbers of 8 to 64 bits");
  NamedArray result;
  result.name = tensor.name();
  Array &array = result.array;
  array.type = *type;
  array.shape.assign(tensor.dims().begin(), tensor.dims().end());
  uint64_t expected = static_cast<uint64_t>(
                          checkedElementCount(array.shape, typeBytes(*type), maxArrayBytes, path)) *
                      typeBytes(*type);
  array.bytes = tensorBytes(tensor, *type);
  if (array.bytes.size() != expected)
    fail(path, ": tensor has ", array.bytes.size(), " bytes of data, expected ", expected,
         " for shape ", shapeText(array.shape));
  return result;
}
