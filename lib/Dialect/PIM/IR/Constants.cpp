//===- Constants.cpp - integers of constant attributes ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/Constants.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

#include <cstring>

using namespace mlir;
using namespace mlir::pim;

static unsigned elementBytes(Type element) {
  if (element.isIndex())
    return 8;
  return element.isIntOrFloat() ? llvm::divideCeil(element.getIntOrFloatBitWidth(), 8) : 0;
}

std::optional<ConstantBytes> mlir::pim::readBytes(ElementsAttr elements) {
  unsigned width = elementBytes(elements.getElementType());
  size_t size = size_t(elements.getNumElements()) * width;
  if (auto dense = dyn_cast<DenseIntElementsAttr>(elements);
      dense && dense.getElementType().isInteger(1)) {
    // How MLIR packs truth values is its own business; here they are bytes of 0 and 1.
    auto values = dense.getValues<bool>();
    return ConstantBytes(std::vector<char>(values.begin(), values.end()));
  }
  ArrayRef<char> raw;
  bool splat = false;
  if (auto dense = dyn_cast<DenseIntOrFPElementsAttr>(elements)) {
    raw = dense.getRawData();
    splat = dense.isSplat();
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    const AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return std::nullopt;
    raw = blob->getData();
  } else {
    return std::nullopt;
  }
  if (width == 0 || raw.size() < (splat ? width : size))
    return std::nullopt;
  if (!splat)
    return ConstantBytes(raw.take_front(size));
  std::vector<char> bytes(size);
  for (size_t at = 0; at < size; at += width)
    std::memcpy(bytes.data() + at, raw.data(), width);
  return ConstantBytes(std::move(bytes));
}

std::optional<SmallVector<int64_t>> mlir::pim::readIntegers(ElementsAttr elements) {
  Type element = elements.getElementType();
  if (!element.isIndex() && !element.isInteger())
    return std::nullopt;
  std::optional<ConstantBytes> bytes = readBytes(elements);
  if (!bytes)
    return std::nullopt;
  SmallVector<int64_t> values(elements.getNumElements());
  auto widen = [&](auto sample) {
    for (size_t i = 0; i < values.size(); ++i) {
      std::memcpy(&sample, bytes->data() + i * sizeof(sample), sizeof(sample));
      values[i] = sample;
    }
  };
  switch (elementBytes(element)) {
  case 1:
    widen(int8_t());
    break;
  case 2:
    widen(int16_t());
    break;
  case 4:
    widen(int32_t());
    break;
  case 8:
    widen(int64_t());
    break;
  default:
    return std::nullopt;
  }
  return values;
}

std::optional<SmallVector<int64_t>> mlir::pim::readIntegers(Value value) {
  Operation *def = value.getDefiningOp();
  if (!def)
    return std::nullopt;
  auto elements = def->getAttrOfType<ElementsAttr>("values");
  if (!elements)
    return std::nullopt;
  return readIntegers(elements);
}

std::optional<int64_t> mlir::pim::readScalar(Value value) {
  std::optional<SmallVector<int64_t>> values = readIntegers(value);
  if (!values || values->size() != 1)
    return std::nullopt;
  return values->front();
}

ElementsAttr mlir::pim::makeElements(ShapedType type, ArrayRef<char> data, StringRef name) {
  if (data.size() <= 64)
    return DenseElementsAttr::getFromRawBuffer(type, data);
  return DenseResourceElementsAttr::get(type, name,
                                        HeapAsmResourceBlob::allocateAndCopyWithAlign(data, 64));
}
