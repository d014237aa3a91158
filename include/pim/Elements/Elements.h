//===- Elements.h - the bytes of constant tensors --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One view of dense attributes and resources, and the few rearrangements that the front end needs.
// Splats stay splats: a model may hold hundreds of megabytes of one value. Tested by
// unittests/Import/ElementsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ELEMENTS_ELEMENTS_H
#define PIM_ELEMENTS_ELEMENTS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <memory>
#include <optional>
#include <vector>

namespace mlir::pim {

/// No tensor of a model has more elements than this: 4 GB of 32-bit numbers, as the runtime holds.
constexpr int64_t maxElementCount = int64_t(1) << 30;

/// The number of elements of `shape`, or nothing if a dimension is not positive or the number
/// exceeds the limit.
std::optional<int64_t> countElements(ArrayRef<int64_t> shape);

/// A constant tensor: row-major, in the byte order of the host (little-endian), one byte for each
/// bool and for each element of less than 8 bits (integers sign-extended if signed).
class Elements {
public:
  /// The contents of a dense or resource attribute; nothing for other attributes, for resources
  /// without data or of the wrong size, and for element types without whole bytes (i1 excepted).
  /// The view is valid as long as the attribute's context.
  static std::optional<Elements> get(Attribute attribute);

  /// Takes `bytes`; REQUIRES: as many as `type` needs.
  Elements(RankedTensorType type, std::vector<char> bytes);
  /// The same for bytes that `owner` keeps alive.
  Elements(RankedTensorType type, ArrayRef<char> bytes, std::shared_ptr<const void> owner);
  /// Every element of `type` is the one element in `bytes`.
  static Elements splat(RankedTensorType type, ArrayRef<char> bytes);
  /// Signed integers (or bools) from 64-bit values, truncated to the element type.
  static Elements fromInts(RankedTensorType type, ArrayRef<int64_t> values);
  /// Floats of the element type from doubles.
  static Elements fromReals(RankedTensorType type, ArrayRef<double> values);

  RankedTensorType getType() const { return type; }
  ArrayRef<int64_t> getShape() const { return type.getShape(); }
  Type getElementType() const { return type.getElementType(); }
  int64_t getCount() const { return type.getNumElements(); }
  bool isSplat() const { return splatted; }

  /// Element `index` in row-major order. REQUIRES: 0 <= index < getCount().
  int64_t getInt(int64_t index) const;
  double getReal(int64_t index) const;
  /// All elements.
  SmallVector<int64_t> getInts() const;
  std::vector<double> getReals() const;

  /// The same elements under another shape. REQUIRES: the same number of elements.
  Elements reshaped(ArrayRef<int64_t> shape) const;
  /// Dimension i of the result is dimension permutation[i] of this. REQUIRES: a permutation of the
  /// dimensions.
  Elements permuted(ArrayRef<int64_t> permutation) const;
  /// Element i of the result is element indices[i] of this.
  Elements gathered(RankedTensorType resultType, ArrayRef<int64_t> indices) const;
  /// Converted element by element: to integers by rounding towards zero, to i1 by comparing with
  /// zero.
  Elements converted(Type elementType) const;
  /// The bytes, one element if isSplat().
  ArrayRef<char> getBytes() const { return bytes; }

  /// The attribute: dense when small or a splat, otherwise a resource called `name` (or similar, to
  /// be unique). What only another shape tells from a resource shares its data.
  ElementsAttr getAttribute(StringRef name) const;

private:
  Elements() = default;

  RankedTensorType type;
  std::shared_ptr<const void> storage; ///< null if `bytes` belong to an attribute
  ArrayRef<char> bytes;
  bool splatted = false;
  Attribute origin; ///< the attribute that `bytes` came from, while only the shape was changed
};

/// Bytes that one element takes in Elements, or nothing if it has no such form.
std::optional<unsigned> elementByteWidth(Type elementType);

} // namespace mlir::pim

#endif // PIM_ELEMENTS_ELEMENTS_H
