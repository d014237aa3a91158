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

/// Whether elements come several to a byte, the first in the lowest bits.
static bool isPacked(ElementType element) {
  return element != ElementType::I1 && elementBits(element) < 8;
}

/// Each element in a byte of its own.
static std::vector<std::byte> unpack(std::span<const std::byte> packed, size_t count,
                                     ElementType element) {
  size_t bits = elementBits(element), perByte = 8 / bits;
  bool isSigned = element == ElementType::I4 || element == ElementType::I2;
  int sign = isSigned ? 1 << (bits - 1) : 0;
  std::vector<std::byte> bytes(count);
  for (size_t i = 0; i < count; ++i) {
    int code = static_cast<int>(packed[i / perByte]) >> (i % perByte * bits) & ((1 << bits) - 1);
    bytes[i] = static_cast<std::byte>((code ^ sign) - sign);
  }
  return bytes;
}

/// The elements as the file has them: by their bits, several to a byte where they are small.
static std::vector<std::byte> tensorBytes(const onnx::TensorProto &tensor, ElementType element) {
  std::vector<std::byte> bytes;
  if (tensor.has_raw_data()) {
    auto raw = std::as_bytes(std::span(tensor.raw_data()));
    bytes.assign(raw.begin(), raw.end());
    return bytes;
  }
  switch (element) {
  case ElementType::F32:
    copyField<float>(tensor.float_data(), bytes);
    break;
  case ElementType::F64:
    copyField<double>(tensor.double_data(), bytes);
    break;
  case ElementType::I64:
    copyField<int64_t>(tensor.int64_data(), bytes);
    break;
  case ElementType::U64:
    copyField<uint64_t>(tensor.uint64_data(), bytes);
    break;
  case ElementType::U32:
    copyField<uint32_t>(tensor.uint64_data(), bytes);
    break;
  case ElementType::I32:
    copyField<int32_t>(tensor.int32_data(), bytes);
    break;
  case ElementType::I16:
  case ElementType::U16:
  case ElementType::F16: // their bits
  case ElementType::BF16:
    copyField<uint16_t>(tensor.int32_data(), bytes);
    break;
  default:
    copyField<uint8_t>(tensor.int32_data(), bytes);
  }
  return bytes;
}

/// `count` elements as arrays have them. Throws pim::Error if the tensor has more or fewer.
static std::vector<std::byte> unpackedBytes(const onnx::TensorProto &tensor, ElementType element,
                                            size_t count, const std::string &path) {
  std::vector<std::byte> bytes = tensorBytes(tensor, element);
  size_t expected =
      isPacked(element) ? (count * elementBits(element) + 7) / 8 : count * elementBytes(element);
  if (bytes.size() != expected)
    fail(path, ": tensor has ", bytes.size(), " bytes of data, expected ", expected, " for ", count,
         " elements of type ", elementName(element));
  if (isPacked(element))
    bytes = unpack(bytes, count, element);
  return isWidened(element) ? widen(bytes, element) : bytes;
}

std::optional<NamedArray> pim::data::parseTensorProto(Bytes content, const std::string &path) {
  onnx::TensorProto tensor;
  if (content.size() > INT_MAX ||
      !tensor.ParseFromArray(content.data(), static_cast<int>(content.size())) ||
      !isDataType(tensor.data_type()))
    return std::nullopt;
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL)
    fail(path, ": tensor keeps its data elsewhere, which is not supported");
  // The field of segments, which nobody writes, is that of the tensors of a SequenceProto.
  if (tensor.has_segment())
    fail(path, ": holds a sequence or an optional of ONNX, expected a tensor");
  std::optional<ElementType> element = elementOfDataType(tensor.data_type());
  if (!element)
    fail(path, ": tensor has elements of ONNX type ", tensor.data_type(),
         ", expected integers, floats or texts");
  NamedArray result;
  result.name = tensor.name();
  Array &array = result.array;
  array.type = arrayType(*element);
  array.shape.assign(tensor.dims().begin(), tensor.dims().end());
  auto count = static_cast<size_t>(
      checkedElementCount(array.shape, typeBytes(array.type), maxArrayBytes, path));
  if (array.type != Type::Text) {
    array.bytes = unpackedBytes(tensor, *element, count, path);
    return result;
  }
  array.texts.assign(tensor.string_data().begin(), tensor.string_data().end());
  if (array.texts.size() != count)
    fail(path, ": tensor has ", array.texts.size(), " texts, expected ", count, " for shape ",
         shapeText(array.shape));
  return result;
}
