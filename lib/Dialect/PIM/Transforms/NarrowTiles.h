//===- NarrowTiles.h - tiles cut where rows fall out ----------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Zeros without a pattern leave few rows of a wide tile empty, and many of a narrow one. Where
// tiles are packed into arrays one beside the other, a tile is cut into groups of outputs that
// weigh much the same rows, each of which stores its own rows only. The price is time: groups of
// one array are driven one after the other. Tested by test/Dialect/PIM/place-shared-zeros.mlir.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_DIALECT_PIM_TRANSFORMS_NARROWTILES_H
#define PIM_LIB_DIALECT_PIM_TRANSFORMS_NARROWTILES_H

#include "pim/Dialect/PIM/IR/PIMDialect.h"

namespace mlir::pim {

/// `tile` of `op`, or tiles of fewer outputs each that together hold at least a tenth of cells less
/// for every time that the groups are halved. `weights` are the bytes of the op's weights.
SmallVector<TileAttr> narrowTile(Conv2DOp op, TileAttr tile, ArrayRef<char> weights);

} // namespace mlir::pim

#endif // PIM_LIB_DIALECT_PIM_TRANSFORMS_NARROWTILES_H
