//===- VectorLayers.h - who computes what has no arrays -------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_TRANSFORMS_VECTORLAYERS_H
#define PIM_DIALECT_PIM_TRANSFORMS_VECTORLAYERS_H

#include "llvm/ADT/StringRef.h"

#include <optional>

namespace mlir::pim {

/// Where layers run that have no arrays, but a form on the vector unit.
enum class VectorLayers {
  Auto, ///< on the vector unit, or on the host where that takes less time
  Chip, ///< on the vector unit
  Host  ///< on the host
};

/// The choice of that name: "auto", "chip", "host".
inline std::optional<VectorLayers> parseVectorLayers(llvm::StringRef name) {
  if (name == "auto")
    return VectorLayers::Auto;
  if (name == "chip")
    return VectorLayers::Chip;
  if (name == "host")
    return VectorLayers::Host;
  return std::nullopt;
}

/// What a layer without arrays would take by the estimates of pim-assign-host: a dictionary of
/// `vector_unit_s` (only where it has a form there) and `host_s`.
constexpr llvm::StringLiteral estimateAttrName = "pim.estimate";

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_TRANSFORMS_VECTORLAYERS_H
