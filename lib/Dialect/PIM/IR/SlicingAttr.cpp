//===- SlicingAttr.cpp - bits of weights in cells ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The equations are in docs/mapping.md, section 2; negative tests in
// test/Dialect/PIM/attrs-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::pim;

LogicalResult SlicingAttr::verify(function_ref<InFlightDiagnostic()> emitError, unsigned weightBits,
                                  unsigned cellBits, unsigned inputBits, int64_t inputOffset,
                                  unsigned dacBits, SliceScheme scheme, SliceLayout layout,
                                  unsigned squeeze, int64_t fragmentRows) {
  // slicing_c1
  bool holdsMagnitudes = scheme == SliceScheme::Differential || scheme == SliceScheme::Polarized;
  unsigned mostBits = holdsMagnitudes ? 9 : 8;
  if (weightBits < 1 || weightBits > mostBits)
    return emitError() << "weight_bits is " << weightBits << ", expected 1 to " << mostBits;
  // slicing_c2, slicing_c3, slicing_c4
  for (auto [name, bits] : {std::pair("cell_bits", cellBits), std::pair("input_bits", inputBits),
                            std::pair("dac_bits", dacBits)})
    if (bits < 1 || bits > 8)
      return emitError() << name << " is " << bits << ", expected 1 to 8";
  // slicing_c5
  if (inputOffset < -128 || inputOffset > 128)
    return emitError() << "input_offset is " << inputOffset << ", expected -128 to 128";
  // slicing_c7
  if (fragmentRows < 0 || (fragmentRows > 0) != (scheme == SliceScheme::Polarized))
    return emitError() << "fragment_rows is " << fragmentRows << " for scheme "
                       << stringifySliceScheme(scheme);
  // slicing_c6
  if (squeeze == 0)
    return success();
  if (squeeze >= weightBits)
    return emitError() << "squeeze is " << squeeze << ", expected less than the " << weightBits
                       << " bits of a weight";
  if (scheme == SliceScheme::Offset || scheme == SliceScheme::Polarized ||
      (scheme == SliceScheme::TwosComplement && cellBits > 1))
    return emitError() << "squeezes slices of scheme " << stringifySliceScheme(scheme)
                       << " in cells of " << cellBits
                       << " bits, which have no slice to give up; use differential";
  return success();
}

/// Digits of `cellBits` bits that make up `bits` bits, appended to `slices`.
static void addDigits(SmallVectorImpl<SlicingAttr::Slice> &slices, unsigned bits, unsigned cellBits,
                      bool negative) {
  for (unsigned shift = 0; shift < bits; shift += cellBits)
    slices.push_back({shift, std::min(cellBits, bits - shift), negative});
}

SmallVector<SlicingAttr::Slice> SlicingAttr::getSlices() const {
  SmallVector<Slice> slices;
  unsigned bits = getWeightBits();
  switch (getScheme()) {
  case SliceScheme::Offset:
    addDigits(slices, bits, getCellBits(), false);
    break;
  case SliceScheme::TwosComplement:
    addDigits(slices, bits == 1 ? 1 : bits - 1, getCellBits(), false);
    if (bits > 1)
      slices.push_back({bits - 1, 1, true});
    for (unsigned squeezed = 1; squeezed <= getSqueeze(); ++squeezed)
      slices.push_back({bits - 1 - squeezed, 1, true});
    break;
  case SliceScheme::Differential:
  case SliceScheme::Polarized: {
    unsigned magnitude = std::max(1u, bits - 1);
    addDigits(slices, magnitude, getCellBits(), false);
    if (getScheme() == SliceScheme::Differential)
      addDigits(slices, magnitude, getCellBits(), true);
    break;
  }
  }
  return slices;
}

SmallVector<unsigned> SlicingAttr::getSliceIndices(unsigned squeezed) const {
  SmallVector<unsigned> indices;
  unsigned magnitude = std::max(1u, getWeightBits() - 1) - squeezed;
  if (getWeightBits() == 1 || getScheme() == SliceScheme::Offset)
    magnitude = getWeightBits();
  for (auto [index, slice] : llvm::enumerate(getSlices())) {
    bool isSign = getScheme() == SliceScheme::TwosComplement && slice.negative;
    if (isSign ? slice.shift == magnitude : slice.shift < magnitude)
      indices.push_back(unsigned(index));
  }
  return indices;
}

int64_t SlicingAttr::getWeightScale() const {
  return getWeightBits() == 1 && !holdsMagnitudes() ? 2 : 1;
}

int64_t SlicingAttr::getWeightOffset() const {
  if (holdsMagnitudes())
    return 0;
  if (getWeightBits() == 1)
    return -1;
  return getScheme() == SliceScheme::Offset ? -(int64_t(1) << (getWeightBits() - 1)) : 0;
}

std::pair<int64_t, int64_t> SlicingAttr::getWeightRange() const {
  unsigned bits = getWeightBits();
  if (bits == 1)
    return {-1, 1};
  int64_t half = int64_t(1) << (bits - 1);
  return {holdsMagnitudes() ? 1 - half : -half, half - 1};
}

unsigned SlicingAttr::getCell(int64_t weight, const Slice &slice) const {
  int64_t code = (weight - getWeightOffset()) / getWeightScale();
  if (getScheme() == SliceScheme::Differential)
    code = std::max<int64_t>(slice.negative ? -weight : weight, 0);
  if (getScheme() == SliceScheme::Polarized)
    code = std::abs(weight);
  return unsigned(code >> slice.shift) & ((1u << slice.bits) - 1);
}
