//===- Elements.cpp - the bytes of constant tensors -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Elements/Elements.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/Elements/Permutation.h"

#include <cstring>

using namespace mlir;
using namespace mlir::pim;

/// Constants up to this many bytes are printed in place.
static constexpr size_t maxInlineBytes = 128;

std::optional<int64_t> mlir::pim::countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t dim : shape) {
    if (dim <= 0 || dim > maxElementCount || count > maxElementCount / dim)
      return std::nullopt;
    count *= dim;
  }
  return count;
}

std::optional<unsigned> mlir::pim::elementByteWidth(Type elementType) {
  if (elementType.isIntOrFloat() && elementType.getIntOrFloatBitWidth() < 8)
    return 1; // one byte each
  if (!elementType.isIntOrFloat() || elementType.getIntOrFloatBitWidth() % 8 != 0 ||
      elementType.getIntOrFloatBitWidth() > 64)
    return std::nullopt;
  return elementType.getIntOrFloatBitWidth() / 8;
}

/// Little-endian bits of an element, sign-extended if its type is signed.
static int64_t loadBits(const char *data, unsigned width, bool isUnsigned) {
  uint64_t bits = 0;
  std::memcpy(&bits, data, width);
  unsigned unused = 64 - 8 * width;
  return isUnsigned ? int64_t(bits) : int64_t(bits << unused) >> unused;
}

static double loadReal(const char *data, FloatType type) {
  if (type.isF32()) {
    float value;
    std::memcpy(&value, data, sizeof value);
    return value;
  }
  uint64_t bits = 0;
  std::memcpy(&bits, data, *elementByteWidth(type));
  APFloat value(type.getFloatSemantics(), APInt(type.getWidth(), bits));
  bool losesInfo;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &losesInfo);
  return value.convertToDouble();
}

static void storeReal(char *data, FloatType type, double real) {
  if (type.isF32()) {
    float value = float(real);
    std::memcpy(data, &value, sizeof value);
    return;
  }
  APFloat value(real);
  bool losesInfo;
  value.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
  uint64_t bits = value.bitcastToAPInt().getZExtValue();
  std::memcpy(data, &bits, *elementByteWidth(type));
}

std::optional<Elements> Elements::get(Attribute attribute) {
  Elements result;
  auto shaped = dyn_cast_or_null<ElementsAttr>(attribute);
  if (!shaped)
    return std::nullopt;
  result.type = dyn_cast<RankedTensorType>(shaped.getShapedType());
  if (!result.type || !result.type.hasStaticShape())
    return std::nullopt;
  std::optional<unsigned> width = elementByteWidth(result.getElementType());
  if (!width)
    return std::nullopt;
  result.origin = attribute;
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute)) {
    if (result.getElementType().isInteger(1)) {
      // How MLIR packs bools is its own business.
      auto owned = std::make_shared<std::vector<char>>();
      if (dense.isSplat())
        owned->push_back(char(dense.getSplatValue<bool>()));
      else
        for (bool value : dense.getValues<bool>())
          owned->push_back(char(value));
      result.bytes = *owned;
      result.storage = std::move(owned);
    } else {
      result.bytes = dense.getRawData();
    }
    result.splatted = dense.isSplat();
    return result;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
  if (!resource || !resource.getRawHandle().getBlob())
    return std::nullopt;
  result.bytes = resource.getRawHandle().getBlob()->getData();
  if (result.bytes.size() != size_t(result.getCount()) * *width)
    return std::nullopt;
  return result;
}

Elements::Elements(RankedTensorType type, ArrayRef<char> bytes, std::shared_ptr<const void> owner)
    : type(type), storage(std::move(owner)), bytes(bytes) {
  assert(bytes.size() == size_t(getCount()) * *elementByteWidth(getElementType()));
}

Elements::Elements(RankedTensorType type, std::vector<char> owned) : type(type) {
  auto shared = std::make_shared<const std::vector<char>>(std::move(owned));
  bytes = *shared;
  storage = std::move(shared);
  assert(bytes.size() == size_t(getCount()) * *elementByteWidth(getElementType()));
}

Elements Elements::splat(RankedTensorType type, ArrayRef<char> bytes) {
  Elements result;
  result.type = type;
  auto shared = std::make_shared<const std::vector<char>>(bytes.begin(), bytes.end());
  result.bytes = *shared;
  result.storage = std::move(shared);
  result.splatted = true;
  return result;
}

Elements Elements::fromInts(RankedTensorType type, ArrayRef<int64_t> values) {
  unsigned width = *elementByteWidth(type.getElementType());
  std::vector<char> bytes(values.size() * width);
  for (auto [index, value] : llvm::enumerate(values))
    std::memcpy(bytes.data() + index * width, &value, width);
  return Elements(type, std::move(bytes));
}

Elements Elements::fromReals(RankedTensorType type, ArrayRef<double> values) {
  unsigned width = *elementByteWidth(type.getElementType());
  std::vector<char> bytes(values.size() * width);
  for (auto [index, value] : llvm::enumerate(values))
    storeReal(bytes.data() + index * width, cast<FloatType>(type.getElementType()), value);
  return Elements(type, std::move(bytes));
}

int64_t Elements::getInt(int64_t index) const {
  Type element = getElementType();
  unsigned width = *elementByteWidth(element);
  const char *data = bytes.data() + (splatted ? 0 : index * width);
  if (auto real = dyn_cast<FloatType>(element)) {
    double value = loadReal(data, real);
    if (!(value > -9.2e18))
      return INT64_MIN;
    return value < 9.2e18 ? int64_t(value) : INT64_MAX;
  }
  return loadBits(data, width, element.isUnsignedInteger() || element.isInteger(1));
}

double Elements::getReal(int64_t index) const {
  Type element = getElementType();
  unsigned width = *elementByteWidth(element);
  const char *data = bytes.data() + (splatted ? 0 : index * width);
  if (auto real = dyn_cast<FloatType>(element))
    return loadReal(data, real);
  int64_t value = getInt(index);
  return element.isUnsignedInteger(64) ? double(uint64_t(value)) : double(value);
}

SmallVector<int64_t> Elements::getInts() const {
  SmallVector<int64_t> values(getCount());
  for (int64_t index = 0; index < getCount(); ++index)
    values[index] = getInt(index);
  return values;
}

std::vector<double> Elements::getReals() const {
  std::vector<double> values(getCount());
  for (int64_t index = 0; index < getCount(); ++index)
    values[index] = getReal(index);
  return values;
}

Elements Elements::reshaped(ArrayRef<int64_t> shape) const {
  Elements result = *this;
  result.type = RankedTensorType::get(shape, getElementType());
  return result;
}

Elements Elements::permuted(ArrayRef<int64_t> permutation) const {
  SmallVector<int64_t> shape;
  for (int64_t dim : permutation)
    shape.push_back(type.getDimSize(dim));
  auto resultType = RankedTensorType::get(shape, getElementType());
  if (splatted) {
    Elements result = *this;
    result.type = resultType;
    result.origin = {};
    return result;
  }
  std::vector<char> out(bytes.size());
  permuteElements(bytes.data(), out.data(), *elementByteWidth(getElementType()), getShape(),
                  permutation);
  return Elements(resultType, std::move(out));
}

Elements Elements::gathered(RankedTensorType resultType, ArrayRef<int64_t> indices) const {
  unsigned width = *elementByteWidth(getElementType());
  std::vector<char> out(indices.size() * width);
  for (auto [to, from] : llvm::enumerate(indices))
    std::memcpy(out.data() + to * width, bytes.data() + (splatted ? 0 : from * width), width);
  return Elements(resultType, std::move(out));
}

Elements Elements::converted(Type elementType) const {
  if (elementType == getElementType())
    return *this;
  auto resultType = RankedTensorType::get(getShape(), elementType);
  unsigned width = *elementByteWidth(elementType);
  int64_t count = splatted ? 1 : getCount();
  std::vector<char> out(count * width);
  for (int64_t index = 0; index < count; ++index) {
    char *data = out.data() + index * width;
    if (auto real = dyn_cast<FloatType>(elementType)) {
      storeReal(data, real, getReal(index));
    } else if (elementType.isInteger(1)) {
      *data = getReal(index) != 0;
    } else {
      int64_t value = getInt(index);
      std::memcpy(data, &value, width);
    }
  }
  return splatted ? splat(resultType, out) : Elements(resultType, std::move(out));
}

ElementsAttr Elements::getAttribute(StringRef name) const {
  if (origin && cast<ElementsAttr>(origin).getShapedType() == type)
    return cast<ElementsAttr>(origin);
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(origin))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  if (getElementType().isInteger(1)) {
    SmallVector<bool> values(bytes.begin(), bytes.end());
    return DenseElementsAttr::get(type, values);
  }
  if (splatted || bytes.size() <= maxInlineBytes)
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  // The blob keeps the bytes alive. malloc aligns every vector of this size to 16 bytes.
  auto keep = storage;
  AsmResourceBlob blob(
      bytes, 16, [keep](void *, size_t, size_t) mutable { keep.reset(); },
      /*dataIsMutable=*/false);
  if (!keep)
    blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, 16, /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, name, std::move(blob));
}
