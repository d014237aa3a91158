//===- Constants.cpp - constants of onnx as a graph's tensors -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constants.h"
#include "pim/Dialect/ONNX/IR/ElementTypes.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Elements/Elements.h"

#include <cstring>

using namespace mlir;
using namespace mlir::pim;
using ::pim::ElementType;

std::optional<ElementType> mlir::pim::onnxElementType(Type type) {
  for (size_t element = 0; element < ::pim::elementTypeCount; ++element)
    if (onnx::typeOf(type.getContext(), ElementType(element)) == type)
      return ElementType(element);
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
