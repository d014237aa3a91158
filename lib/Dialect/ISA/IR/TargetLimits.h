//===- TargetLimits.h - what the target says about sizes --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The few target parameters that verifiers compare with, read from the text that the program
// carries. A parameter that is absent or not a number sets no limit here: the target library is
// what checks targets.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_ISA_IR_TARGETLIMITS_H
#define PIM_LIB_DIALECT_ISA_IR_TARGETLIMITS_H

#include "mlir/IR/BuiltinAttributes.h"

#include <cstdint>
#include <utility>

namespace mlir::pim::isa {

/// Largest values; INT64_MAX where the target sets no limit.
struct TargetLimits {
  explicit TargetLimits(DictionaryAttr target)
      : meshRows(read(target, "chip.mesh_rows")), meshCols(read(target, "chip.mesh_cols")),
        coreArrays(read(target, "core.arrays")), scratchpadKib(read(target, "core.scratchpad_kib")),
        matrixRows(read(target, "array.rows")), matrixColumns(read(target, "array.cols")) {
    // An `and` array sums along its columns, so the matrix lies in it on its side.
    if (auto kind = target.getAs<StringAttr>("array.kind"); kind && kind.getValue() == "and")
      std::swap(matrixRows, matrixColumns);
  }

  int64_t meshRows, meshCols, coreArrays, scratchpadKib;
  /// Size of one array in the directions of the matrix.
  int64_t matrixRows, matrixColumns;

private:
  static int64_t read(DictionaryAttr target, StringRef key) {
    int64_t value;
    auto text = target.getAs<StringAttr>(key);
    return text && !text.getValue().getAsInteger(10, value) ? value : INT64_MAX;
  }
};

} // namespace mlir::pim::isa

#endif // PIM_LIB_DIALECT_ISA_IR_TARGETLIMITS_H
