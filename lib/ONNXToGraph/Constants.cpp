//===- Constants.cpp - constants of onnx as a graph's tensors -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constants.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Elements/Elements.h"

#include <cstring>

using namespace mlir;
using namespace mlir::pim;
using ::pim::ElementType;

static std::optional<ElementType> integerElementType(IntegerType type) {
  bool isUnsigned = type.isUnsigned();
  switch (type.getWidth()) {
  case 1:
    return ElementType::I1;
  case 4:
    return isUnsigned ? ElementType::U4 : ElementType::I4;
  case 8:
    return isUnsigned ? ElementType::U8 : ElementType::I8;
  case 16:
    return isUnsigned ? ElementType::U16 : ElementType::I16;
  case 32:
    return isUnsigned ? ElementType::U32 : ElementType::I32;
  case 64:
    return isUnsigned ? ElementType::U64 : ElementType::I64;
  default:
    return std::nullopt;
  }
}

std::optional<ElementType> mlir::pim::onnxElementType(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type))
    return integerElementType(integer);
  if (isa<onnx::StringType>(type))
    return ElementType::STRING;
  if (type.isF32())
    return ElementType::F32;
  if (type.isF64())
    return ElementType::F64;
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (isa<Float8E4M3FNType>(type))
    return ElementType::F8E4M3FN;
  if (isa<Float8E4M3FNUZType>(type))
    return ElementType::F8E4M3FNUZ;
  if (isa<Float8E5M2Type>(type))
    return ElementType::F8E5M2;
  if (isa<Float8E5M2FNUZType>(type))
    return ElementType::F8E5M2FNUZ;
  return std::nullopt;
}

/// Makes `bytes` the tensor's own.
static void setStorage(::pim::graph::Tensor &tensor, std::vector<std::byte> bytes) {
  tensor.storage = std::make_shared<std::vector<std::byte>>(std::move(bytes));
  tensor.data = *tensor.storage;
}

/// Each text as four bytes of length and its own.
static std::vector<std::byte> textBytes(DenseStringElementsAttr values) {
  std::vector<std::byte> bytes;
  auto append = [&](const void *data, size_t size) {
    auto *begin = static_cast<const std::byte *>(data);
    bytes.insert(bytes.end(), begin, begin + size);
  };
  // A splat holds its text once.
  for (StringRef text : values.getValues<StringRef>()) {
    uint32_t length = uint32_t(text.size());
    append(&length, sizeof length);
    append(text.data(), text.size());
  }
  return bytes;
}

std::optional<::pim::graph::Tensor> mlir::pim::onnxConstant(ElementsAttr values) {
  auto type = dyn_cast<RankedTensorType>(values.getShapedType());
  auto element = type ? onnxElementType(type.getElementType()) : std::nullopt;
  if (!element)
    return std::nullopt;
  ::pim::graph::Tensor tensor;
  tensor.element = *element;
  tensor.shape.assign(type.getShape().begin(), type.getShape().end());
  if (auto texts = dyn_cast<DenseStringElementsAttr>(values)) {
    setStorage(tensor, textBytes(texts));
    return tensor;
  }
  std::optional<Elements> elements = Elements::get(values);
  if (!elements)
    return std::nullopt;
  ArrayRef<char> bytes = elements->getBytes();
  std::span<const std::byte> data = std::as_bytes(std::span(bytes.data(), bytes.size()));
  // Bools that MLIR packs are unpacked into a buffer of the view's own.
  if (!elements->isSplat() && *element != ElementType::I1) {
    tensor.data = data;
    return tensor;
  }
  std::vector<std::byte> copy;
  copy.reserve(size_t(elements->getCount()) * ::pim::elementBytes(*element));
  for (int64_t n = 0, count = elements->isSplat() ? elements->getCount() : 1; n < count; ++n)
    copy.insert(copy.end(), data.begin(), data.end());
  setStorage(tensor, std::move(copy));
  return tensor;
}
