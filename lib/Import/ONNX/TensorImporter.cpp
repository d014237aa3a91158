//===- TensorImporter.cpp - contents of ONNX tensors -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/IR/ElementTypes.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlir::pim;

/// The most elements that a sparse tensor is written out to.
static constexpr int64_t maxDenseCount = int64_t(1) << 28;

std::string mlir::pim::quoted(StringRef name) {
  std::string text = "'";
  llvm::raw_string_ostream stream(text);
  llvm::printEscapedString(name, stream);
  return text + "'";
}

FailureOr<RankedTensorType> TensorImporter::importType(const ::onnx::TensorProto &tensor,
                                                       Location location, const Twine &what) {
  Type element = onnx::elementTypeOf(context, tensor.data_type());
  if (!element)
    return emitError(location) << what << " has elements of type "
                               << ::pim::dataTypeName(tensor.data_type())
                               << ", which is not supported";
  int64_t count = 1;
  for (int64_t dim : tensor.dims()) {
    if (dim < 0)
      return emitError(location) << what << " has a dimension of " << dim;
    if (dim > maxElementCount || (dim != 0 && count > maxElementCount / dim))
      return emitError(location) << what << " has dimensions whose product is too large";
    count *= dim;
  }
  return RankedTensorType::get(ArrayRef<int64_t>(tensor.dims().data(), tensor.dims_size()),
                               element);
}

/// Elements that are given one by one; null after an error.
template <typename Field>
static std::shared_ptr<std::vector<char>> packField(const Field &field, RankedTensorType type,
                                                    Location location, const Twine &what) {
  if (field.size() != type.getNumElements()) {
    emitError(location) << what << " has " << field.size() << " values, expected "
                        << type.getNumElements();
    return nullptr;
  }
  unsigned width = *elementByteWidth(type.getElementType());
  auto bytes = std::make_shared<std::vector<char>>(size_t(field.size()) * width);
  char *out = bytes->data();
  for (auto value : field) {
    std::memcpy(out, &value, std::min<size_t>(width, sizeof value));
    out += width;
  }
  return bytes;
}

static bool isPacked(Type elementType) {
  return elementType.isIntOrFloat() && !elementType.isInteger(1) &&
         elementType.getIntOrFloatBitWidth() < 8;
}

/// Elements of 4 or 2 bits come several to a byte, the first in the lowest bits; each gets a byte
/// of its own, sign-extended if it is a signed integer. Null after an error.
static std::shared_ptr<std::vector<char>> unpackBits(ArrayRef<char> packed, RankedTensorType type,
                                                     Location location, const Twine &what) {
  unsigned width = type.getElementTypeBitWidth(), perByte = 8 / width;
  bool isSigned = type.getElementType().isSignlessInteger();
  int64_t count = type.getNumElements();
  if (int64_t(packed.size()) != (count + perByte - 1) / perByte) {
    emitError(location) << what << " has " << packed.size() << " bytes of data, expected "
                        << (count + perByte - 1) / perByte << " for " << type;
    return nullptr;
  }
  auto bytes = std::make_shared<std::vector<char>>(size_t(count));
  for (int64_t index = 0; index < count; ++index) {
    int value = uint8_t(packed[index / perByte]) >> (index % perByte * width) & ((1 << width) - 1);
    bool isNegative = isSigned && value >> (width - 1);
    (*bytes)[index] = char(isNegative ? value - (1 << width) : value);
  }
  return bytes;
}

/// True if every number in int32_data fits the narrower type it stands for.
static bool fitsElements(const ::onnx::TensorProto &tensor, Type elementType) {
  if (isa<FloatType>(elementType)) // floats of 16 and 8 bits travel as their bits
    return llvm::all_of(tensor.int32_data(), [&](int32_t bits) {
      return bits >= 0 && llvm::isUIntN(elementType.getIntOrFloatBitWidth(), uint64_t(bits));
    });
  unsigned width = elementType.getIntOrFloatBitWidth();
  bool isUnsigned = elementType.isUnsignedInteger() || width == 1;
  return llvm::all_of(tensor.int32_data(), [&](int32_t value) {
    return isUnsigned ? llvm::isUIntN(width, uint64_t(int64_t(value))) : llvm::isIntN(width, value);
  });
}

static std::shared_ptr<std::vector<char>> packFields(const ::onnx::TensorProto &tensor,
                                                     RankedTensorType type, Location location,
                                                     const Twine &what) {
  Type element = type.getElementType();
  if (element.isF32())
    return packField(tensor.float_data(), type, location, what);
  if (element.isF64())
    return packField(tensor.double_data(), type, location, what);
  if (element.isUnsignedInteger(32) || element.isUnsignedInteger(64))
    return packField(tensor.uint64_data(), type, location, what);
  if (element.isInteger(64))
    return packField(tensor.int64_data(), type, location, what);
  if (isPacked(element)) {
    SmallVector<char> packed;
    for (int32_t value : tensor.int32_data())
      packed.push_back(char(value));
    return unpackBits(packed, type, location, what);
  }
  if (!fitsElements(tensor, element)) {
    emitError(location) << what << " has values outside its element type "
                        << ::pim::dataTypeName(tensor.data_type());
    return nullptr;
  }
  return packField(tensor.int32_data(), type, location, what);
}

/// Whether no exponent is all ones.
static bool areFiniteFloats(ArrayRef<char> bytes) {
  constexpr uint32_t exponent = 0x7F800000;
  bool isFinite = true;
  for (size_t at = 0; at + sizeof(uint32_t) <= bytes.size(); at += sizeof(uint32_t)) {
    uint32_t bits;
    std::memcpy(&bits, bytes.data() + at, sizeof bits);
    isFinite &= (bits & exponent) != exponent;
  }
  return isFinite;
}

static LogicalResult checkFinite(const Elements &elements, Location location, const Twine &what,
                                 Infinities allowed) {
  if (!isa<FloatType>(elements.getElementType()) ||
      (elements.getElementType().isF32() && areFiniteFloats(elements.getBytes())))
    return success();
  for (int64_t index = 0; index < elements.getCount(); ++index) {
    double value = elements.getReal(index);
    bool isAllowed = std::isinf(value) && (allowed == Infinities::Both ||
                                           (allowed == Infinities::Negative && value < 0));
    if (std::isfinite(value) || isAllowed)
      continue;
    return emitError(location) << what << ": element " << index << " is "
                               << (std::isnan(value) ? "NaN" : "infinite")
                               << ", expected finite numbers";
  }
  return success();
}

FailureOr<Elements> TensorImporter::import(::onnx::TensorProto &tensor, Location location,
                                           const Twine &what, Infinities allowed) {
  FailureOr<RankedTensorType> type = importType(tensor, location, what);
  if (failed(type))
    return failure();
  if (isa<onnx::StringType>(type->getElementType()))
    return emitError(location) << what << " has elements of type STRING, expected numbers";
  if (tensor.has_segment())
    return emitError(location) << what << " is split into segments, which is not supported";
  std::shared_ptr<const void> owner;
  ArrayRef<char> bytes;
  bool isRaw = true;
  if (tensor.data_location() == ::onnx::TensorProto::EXTERNAL) {
    auto buffer = readExternalData(tensor, modelPath, location, what);
    if (failed(buffer))
      return failure();
    bytes = ArrayRef<char>((*buffer)->getBufferStart(), (*buffer)->getBufferSize());
    owner = *buffer;
  } else if (tensor.has_raw_data()) {
    std::shared_ptr<std::string> raw(tensor.release_raw_data());
    bytes = ArrayRef<char>(raw->data(), raw->size());
    owner = raw;
  } else {
    auto packed = packFields(tensor, *type, location, what);
    if (!packed)
      return failure();
    bytes = *packed;
    owner = packed;
    isRaw = false;
  }
  if (isRaw && isPacked(type->getElementType())) {
    auto unpacked = unpackBits(bytes, *type, location, what);
    if (!unpacked)
      return failure();
    bytes = *unpacked;
    owner = unpacked;
  }
  size_t expected = size_t(type->getNumElements()) * *elementByteWidth(type->getElementType());
  if (isRaw && bytes.size() != expected)
    return emitError(location) << what << " has " << bytes.size() << " bytes of data, expected "
                               << expected << " for " << *type;
  if (type->getElementType().isInteger(1) && llvm::any_of(bytes, [](char c) { return c & ~1; }))
    return emitError(location) << what << " has values other than 0 and 1, expected bools";
  // Resources promise an alignment that a slice of a file need not have.
  if (reinterpret_cast<uintptr_t>(bytes.data()) % 8 != 0) {
    auto copy = std::make_shared<std::vector<char>>(bytes.begin(), bytes.end());
    bytes = *copy;
    owner = copy;
  }
  Elements elements(*type, bytes, std::move(owner));
  bool isChecked = !keepsNonFinite && allowed != Infinities::Any;
  if (isChecked && failed(checkFinite(elements, location, what, allowed)))
    return failure();
  return elements;
}

FailureOr<ElementsAttr> TensorImporter::importAttribute(::onnx::TensorProto &tensor,
                                                        Location location, const Twine &what,
                                                        Infinities allowed, StringRef name) {
  FailureOr<RankedTensorType> type = importType(tensor, location, what);
  if (failed(type))
    return failure();
  if (!isa<onnx::StringType>(type->getElementType())) {
    FailureOr<Elements> elements = import(tensor, location, what, allowed);
    if (failed(elements))
      return failure();
    return elements->getAttribute(name);
  }
  if (tensor.string_data_size() != type->getNumElements())
    return emitError(location) << what << " has " << tensor.string_data_size()
                               << " values, expected " << type->getNumElements();
  SmallVector<StringRef> texts(tensor.string_data().begin(), tensor.string_data().end());
  return ElementsAttr(DenseStringElementsAttr::get(*type, texts));
}

FailureOr<Elements> TensorImporter::importSparse(::onnx::SparseTensorProto &tensor,
                                                 Location location, const Twine &what) {
  int64_t count = 1;
  for (int64_t dim : tensor.dims()) {
    if (dim < 0 || (dim != 0 && count > maxDenseCount / dim))
      return emitError(location) << what << " is sparse and has a dimension of " << dim
                                 << ", negative or too large to be written out";
    count *= dim;
  }
  FailureOr<Elements> values = import(*tensor.mutable_values(), location, what, Infinities::None);
  FailureOr<Elements> indices =
      failed(values) ? values : import(*tensor.mutable_indices(), location, what, Infinities::None);
  if (failed(indices))
    return failure();
  int64_t rank = tensor.dims_size(), stored = values->getCount();
  bool isLinear = indices->getType().getRank() == 1;
  if (!indices->getElementType().isInteger(64) ||
      indices->getCount() != (isLinear ? stored : stored * rank))
    return emitError(location) << what << " is sparse with " << stored << " values and indices of "
                               << indices->getType();
  auto type = RankedTensorType::get(ArrayRef<int64_t>(tensor.dims().data(), rank),
                                    values->getElementType());
  unsigned width = *elementByteWidth(type.getElementType());
  std::vector<char> bytes(count * width);
  for (int64_t n = 0; n < stored; ++n) {
    int64_t place = isLinear ? indices->getInt(n) : 0;
    for (int64_t dim = 0; !isLinear && dim < rank; ++dim) {
      int64_t index = indices->getInt(n * rank + dim);
      if (index < 0 || index >= type.getDimSize(dim))
        return emitError(location)
               << what << " is sparse with index " << index << " outside " << type;
      place = place * type.getDimSize(dim) + index;
    }
    if (place < 0 || place >= count)
      return emitError(location) << what << " is sparse with index " << place << " outside "
                                 << type;
    std::memcpy(bytes.data() + place * width,
                values->getBytes().data() + (values->isSplat() ? 0 : n * width), width);
  }
  return Elements(type, std::move(bytes));
}
