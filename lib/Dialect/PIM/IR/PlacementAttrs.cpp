//===- PlacementAttrs.cpp - parts and placements -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which cores hold what of a layer; negative tests in test/Dialect/PIM/attrs-errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

using namespace mlir;
using namespace mlir::pim;

LogicalResult PartAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t core,
                               int64_t outputBegin, int64_t outputEnd, int64_t firstArray,
                               int64_t arrays, int64_t colBegin, int64_t colEnd, int64_t arrayBegin,
                               int64_t arrayEnd, DenseI64ArrayAttr shared, int64_t round) {
  // part_c1
  if (outputBegin >= outputEnd)
    return emitError() << "outputs " << outputBegin << " to " << outputEnd << " are empty";
  for (auto [name, begin, end] : {std::tuple("columns", colBegin, colEnd),
                                  std::tuple("arrays of the stack", arrayBegin, arrayEnd)})
    if (begin >= end && (begin != 0 || end != 0))
      return emitError() << name << " " << begin << " to " << end << " are empty";
  // part_c2
  for (auto [name, value] : {std::pair("core", core), std::pair("output_begin", outputBegin),
                             std::pair("first_array", firstArray), std::pair("arrays", arrays),
                             std::pair("col_begin", colBegin), std::pair("array_begin", arrayBegin),
                             std::pair("round", round)})
    if (value < 0)
      return emitError() << name << " is " << value << ", expected at least 0";
  // part_c3
  if (!shared)
    return success();
  llvm::SmallSet<int64_t, 16> seen;
  for (int64_t array : shared.asArrayRef())
    if (array < 0 || !seen.insert(array).second)
      return emitError() << "shared lists array " << array
                         << (array < 0 ? ", expected at least 0" : " twice");
  if (shared.size() < arrays)
    return emitError() << "shared lists " << shared.size() << " arrays, of which " << arrays
                       << " are its own";
  return success();
}

/// Checks that the parts of one copy, in order, are the whole matrix.
static LogicalResult verifyCopy(function_ref<InFlightDiagnostic()> emitError,
                                ArrayRef<PartAttr> parts) {
  int64_t next = 0, nextArray = 0;
  for (auto [index, part] : llvm::enumerate(parts)) {
    bool continues = index > 0 && part.getArrayBegin() != 0;
    if (continues ? part.getOutputBegin() != parts[index - 1].getOutputBegin() ||
                        part.getOutputEnd() != next
                  : part.getOutputBegin() != next)
      return emitError() << "part of core " << part.getCore() << " begins at output "
                         << part.getOutputBegin() << ", expected "
                         << (continues ? parts[index - 1].getOutputBegin() : next);
    if (part.getArrayBegin() != (continues ? nextArray : 0))
      return emitError() << "part of core " << part.getCore() << " begins at array "
                         << part.getArrayBegin() << ", expected " << (continues ? nextArray : 0);
    next = part.getOutputEnd();
    nextArray = part.getArrayEnd();
  }
  return success();
}

LogicalResult PlacementAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                    ArrayRef<PartAttr> parts) {
  // placement_c1
  if (parts.empty())
    return emitError() << "a placement needs at least one part";
  // placement_c3
  llvm::SmallSet<std::pair<int64_t, int64_t>, 8> cores;
  for (PartAttr part : parts)
    if (!cores.insert({part.getCore(), part.getRound()}).second)
      return emitError() << "core " << part.getCore() << " has two parts of one layer";
  // placement_c2
  int64_t nextCol = 0;
  for (size_t begin = 0, end; begin < parts.size(); begin = end) {
    PartAttr first = parts[begin];
    for (end = begin; end < parts.size() && parts[end].getColBegin() == first.getColBegin() &&
                      parts[end].getColEnd() == first.getColEnd();)
      ++end;
    if (first.getColBegin() != nextCol || (first.getColEnd() == 0 && end != parts.size()))
      return emitError() << "part of core " << first.getCore() << " begins at column "
                         << first.getColBegin() << ", expected " << nextCol;
    nextCol = first.getColEnd();
    if (failed(verifyCopy(emitError, parts.slice(begin, end - begin))))
      return failure();
    // placement_c4
    if (parts[end - 1].getOutputEnd() != parts.back().getOutputEnd())
      return emitError() << "copies of " << parts[end - 1].getOutputEnd() << " and of "
                         << parts.back().getOutputEnd() << " outputs";
  }
  return success();
}

int64_t PlacementAttr::getArrays() const {
  int64_t arrays = 0;
  for (PartAttr part : getParts())
    arrays += part.getArrays();
  return arrays;
}

int64_t PlacementAttr::getTiledArrays() const {
  int64_t arrays = 0;
  for (PartAttr part : getParts())
    arrays += part.getTiledArrays();
  return arrays;
}

bool PlacementAttr::sharesArrays() const {
  return llvm::any_of(getParts(), [](PartAttr part) { return bool(part.getShared()); });
}

int64_t PlacementAttr::getCopies() const {
  return llvm::count_if(getParts(), [](PartAttr part) {
    return part.getOutputBegin() == 0 && part.getArrayBegin() == 0;
  });
}

bool PlacementAttr::hasChains() const {
  return llvm::any_of(getParts(), [](PartAttr part) { return part.isDivided(); });
}

bool PlacementAttr::endsChain(size_t index) const {
  return index + 1 == getParts().size() || getParts()[index + 1].getArrayBegin() == 0;
}
