//===- Constants.cpp - bytes of MLIR constants ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constants.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>

using namespace mlir;
using namespace mlir::pim;
using ::pim::ElementType;

std::optional<ElementType> mlir::pim::graphElementType(Type type) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type))
    type = quantized.getStorageType();
  if (type.isF32())
    return ElementType::F32;
  if (type.isIndex())
    return ElementType::I64;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return std::nullopt;
  switch (integer.getWidth()) {
  case 1:
    return ElementType::I1;
  case 8:
    return ElementType::I8;
  case 16:
    return ElementType::I16;
  case 32:
    return ElementType::I32;
  case 48:
  case 64:
    return ElementType::I64;
  default:
    return std::nullopt;
  }
}

namespace {

std::span<const std::byte> asBytes(ArrayRef<char> data) {
  return {reinterpret_cast<const std::byte *>(data.data()), data.size()};
}

std::optional<std::string> setResource(::pim::graph::Tensor &tensor,
                                       DenseResourceElementsAttr values) {
  AsmResourceBlob *blob = values.getRawHandle().getBlob();
  if (!blob)
    return "resource '" + values.getRawHandle().getKey().str() + "' has no data";
  size_t expected = tensor.elementCount() * ::pim::elementBytes(tensor.element);
  if (blob->getData().size() != expected)
    return "resource '" + values.getRawHandle().getKey().str() + "' has " +
           std::to_string(blob->getData().size()) + " bytes, expected " + std::to_string(expected);
  tensor.data = asBytes(blob->getData());
  return std::nullopt;
}

/// Copies element by element: splats, and widths that MLIR packs otherwise than the graph.
void copyElements(::pim::graph::Tensor &tensor, DenseElementsAttr values) {
  size_t width = ::pim::elementBytes(tensor.element);
  auto storage = std::make_shared<std::vector<std::byte>>(tensor.elementCount() * width);
  std::byte *out = storage->data();
  auto put = [&](const APInt &bits) {
    int64_t value =
        tensor.element == ElementType::I1 ? int64_t(bits.getZExtValue()) : bits.getSExtValue();
    std::memcpy(out, &value, width); // little-endian hosts only, as the graph's bytes are
    out += width;
  };
  const bool isReal = isa<FloatType>(values.getElementType());
  auto bitsOf = [&](auto position) {
    return isReal ? (*(values.value_begin<APFloat>() + position)).bitcastToAPInt()
                  : *(values.value_begin<APInt>() + position);
  };
  const int64_t count = values.getNumElements();
  for (int64_t i = 0; i < count && (i == 0 || !values.isSplat()); ++i)
    put(bitsOf(i));
  if (values.isSplat())
    for (int64_t i = 1; i < count; ++i, out += width)
      std::memcpy(out, storage->data(), width);
  tensor.storage = std::move(storage);
  tensor.data = *tensor.storage;
}

} // namespace

std::optional<std::string> mlir::pim::setConstantData(::pim::graph::Tensor &tensor,
                                                      ElementsAttr values) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(values))
    return setResource(tensor, resource);
  auto dense = dyn_cast<DenseElementsAttr>(values);
  if (!dense)
    return std::string("constant is neither a dense nor a resource attribute");
  unsigned bits = 0;
  Type element = dense.getElementType();
  if (element.isIndex())
    bits = 64;
  else
    bits = element.getIntOrFloatBitWidth();
  if (!dense.isSplat() && bits == 8 * ::pim::elementBytes(tensor.element))
    tensor.data = asBytes(dense.getRawData());
  else
    copyElements(tensor, dense);
  return std::nullopt;
}
