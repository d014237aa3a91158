//===- TensorProto.cpp - ONNX tensors -----------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "pim/Program/SmallFloats.h"
#include "pim/Support/Error.h"

#include <climits>
#include <onnx/onnx_pb.h>

using namespace pim;
using namespace pim::data;

// Element types that the installed onnx.proto may not know yet.
static constexpr int float8E4M3FNNumber = 17, float8E4M3FNUZNumber = 18, float8E5M2Number = 19,
                     float8E5M2FNUZNumber = 20, uint4Number = 21, int4Number = 22, lastNumber = 26;

/// What the numbers of an ONNX type that is widened to f32 are; nothing for other types.
static std::optional<ElementType> smallFloat(int type) {
  switch (type) {
  case onnx::TensorProto::BFLOAT16:
    return ElementType::BF16;
  case float8E4M3FNNumber:
    return ElementType::F8E4M3FN;
  case float8E4M3FNUZNumber:
    return ElementType::F8E4M3FNUZ;
  case float8E5M2Number:
    return ElementType::F8E5M2;
  case float8E5M2FNUZNumber:
    return ElementType::F8E5M2FNUZ;
  default:
    return std::nullopt;
  }
}

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
  case onnx::TensorProto::UINT32:
    return Type::U32;
  case onnx::TensorProto::UINT64:
    return Type::U64;
  case onnx::TensorProto::STRING:
    return Type::Text;
  case onnx::TensorProto::BFLOAT16: // widened, exactly
  case float8E4M3FNNumber:
  case float8E4M3FNUZNumber:
  case float8E5M2Number:
  case float8E5M2FNUZNumber:
    return Type::F32;
  case uint4Number: // a byte each
    return Type::U8;
  case int4Number:
    return Type::I8;
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

/// Small floats, given by their bits, as f32.
static std::vector<std::byte> widen(std::span<const std::byte> bits, ElementType element) {
  size_t width = elementBytes(element), count = bits.size() / width;
  std::vector<std::byte> bytes(count * sizeof(float));
  for (size_t i = 0; i < count; ++i) {
    uint16_t code = 0;
    std::memcpy(&code, bits.data() + i * width, width);
    float value = decodeFloat(element, code);
    std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
  }
  return bytes;
}

/// Two numbers of 4 bits to a byte, the first in the low half.
static std::vector<std::byte> unpackNibbles(std::span<const std::byte> packed, size_t count,
                                            bool isSigned) {
  std::vector<std::byte> bytes;
  for (size_t i = 0; i < count && i / 2 < packed.size(); ++i) {
    int value = static_cast<int>(packed[i / 2]) >> (i % 2 * 4) & 15;
    bytes.push_back(static_cast<std::byte>(isSigned && value >= 8 ? value - 16 : value));
  }
  return bytes;
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
  case Type::U64:
    copyField<uint64_t>(tensor.uint64_data(), bytes);
    break;
  case Type::U32:
    copyField<uint32_t>(tensor.uint64_data(), bytes);
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
      !tensor.has_data_type() || tensor.data_type() < 1 || tensor.data_type() > lastNumber)
    return std::nullopt;
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL)
    fail(path, ": tensor keeps its data elsewhere, which is not supported");
  // The field of segments, which nobody writes, is that of the tensors of a SequenceProto.
  if (tensor.has_segment())
    fail(path, ": holds a sequence or an optional of ONNX, expected a tensor");
  std::optional<Type> type = onnxType(tensor.data_type());
  if (!type)
    fail(path, ": tensor has elements of ONNX type ", tensor.data_type(),
         ", expected integers of 4 to 64 bits, floats of 8 to 64 bits, or texts");
  NamedArray result;
  result.name = tensor.name();
  Array &array = result.array;
  array.type = *type;
  array.shape.assign(tensor.dims().begin(), tensor.dims().end());
  uint64_t expected = static_cast<uint64_t>(
                          checkedElementCount(array.shape, typeBytes(*type), maxArrayBytes, path)) *
                      typeBytes(*type);
  if (*type == Type::Text) {
    array.texts.assign(tensor.string_data().begin(), tensor.string_data().end());
    if (array.texts.size() != expected)
      fail(path, ": tensor has ", array.texts.size(), " texts, expected ", expected, " for shape ",
           shapeText(array.shape));
    return result;
  }
  int number = tensor.data_type();
  bool isNibble = number == uint4Number || number == int4Number;
  std::optional<ElementType> small = smallFloat(number);
  Type stored = !small ? *type : elementBytes(*small) == 1 ? Type::U8 : Type::U16;
  array.bytes = tensorBytes(tensor, stored);
  if (small)
    array.bytes = widen(array.bytes, *small);
  if (isNibble)
    array.bytes = unpackNibbles(array.bytes, expected, number == int4Number);
  if (array.bytes.size() != expected)
    fail(path, ": tensor has ", array.bytes.size(), " bytes of data, expected ", expected,
         " for shape ", shapeText(array.shape));
  return result;
}
