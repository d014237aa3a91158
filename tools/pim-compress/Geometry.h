//===- Geometry.h - the arrays of a chip ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TOOLS_PIM_COMPRESS_GEOMETRY_H
#define PIM_TOOLS_PIM_COMPRESS_GEOMETRY_H

#include "pim/ADMM/Ratios.h"

#include <string>

namespace pimcompress {

/// The arrays of the chip `nameOrPath` as a layer of 8-bit weights sees them. Throws pim::Error
/// where the target is unknown, damaged, or has no arrays.
pim::admm::ArrayGeometry loadGeometry(const std::string &nameOrPath);

} // namespace pimcompress

#endif // PIM_TOOLS_PIM_COMPRESS_GEOMETRY_H
