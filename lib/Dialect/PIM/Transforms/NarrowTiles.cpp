//===- NarrowTiles.cpp - tiles cut where rows fall out --------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NarrowTiles.h"
#include "TilePlan.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace mlir::pim;

/// Outputs of a group at least, and what each halving has to be worth: groups are driven one after
/// the other, and packing wastes some around small rectangles.
static constexpr size_t fewestOutputs = 2;
static constexpr double priceOfHalving = 1.1;

namespace {
/// Outputs, by place in their tile, with the rows that any of them weighs.
struct Group {
  SmallVector<size_t> outputs;
  BitVector rows;
};
} // namespace

/// Greedily: a group begins with the output that weighs most rows and takes the one that adds
/// fewest until it has `width`.
static std::vector<Group> groupOutputs(ArrayRef<BitVector> support, size_t width) {
  std::vector<Group> groups;
  std::vector<uint8_t> isTaken(support.size(), 0);
  for (size_t left = support.size(); left > 0;) {
    Group group{{}, BitVector(support.front().size())};
    for (; left > 0 && group.outputs.size() < width; --left) {
      size_t best = support.size();
      int64_t bestScore = 0;
      for (size_t output = 0; output < support.size(); ++output) {
        if (isTaken[output])
          continue;
        BitVector added = support[output];
        added.reset(group.rows);
        auto count = int64_t(added.count());
        int64_t score = group.outputs.empty() ? count : -count;
        if (best == support.size() || score > bestScore) {
          best = output;
          bestScore = score;
        }
      }
      isTaken[best] = 1;
      group.outputs.push_back(best);
      group.rows |= support[best];
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

static size_t countCells(ArrayRef<Group> groups) {
  size_t cells = 0;
  for (const Group &group : groups)
    cells += group.rows.count() * group.outputs.size();
  return cells;
}

SmallVector<TileAttr> mlir::pim::narrowTile(Conv2DOp op, TileAttr tile, ArrayRef<char> weights) {
  SmallVector<int64_t> rows = tile.listRows(), outputs = tile.listOutputs();
  // Rows that come late and fragments belong to the tile as it is.
  if (tile.getDelayed() || tile.getFragmentRows() || outputs.size() < 2 * fewestOutputs)
    return {tile};
  const auto matrixRows = size_t(op.getMatrixRows());
  auto weightsOf = [&](int64_t output) {
    return weights.slice(size_t(output) * matrixRows, matrixRows);
  };
  size_t used = 0;
  for (int64_t output : outputs) {
    ArrayRef<char> own = weightsOf(output);
    used += size_t(llvm::count_if(rows, [&](int64_t row) { return own[size_t(row)] != 0; }));
  }
  auto least = double(rows.size() * outputs.size());
  // Most tiles have too few zeros for any group.
  if (double(used) * priceOfHalving >= least)
    return {tile};
  std::vector<BitVector> support;
  for (int64_t output : outputs) {
    ArrayRef<char> own = weightsOf(output);
    BitVector &rowsUsed = support.emplace_back(unsigned(rows.size()));
    for (auto [index, row] : llvm::enumerate(rows))
      if (own[size_t(row)] != 0)
        rowsUsed.set(unsigned(index));
  }
  std::vector<Group> chosen;
  double price = 1;
  for (size_t width = outputs.size() / 2; width >= fewestOutputs; width /= 2) {
    price *= priceOfHalving;
    // No group holds fewer cells than there are weights.
    if (double(used) * price >= least)
      break;
    std::vector<Group> groups = groupOutputs(support, width);
    if (double cells = double(countCells(groups)) * price; cells < least) {
      least = cells;
      chosen = std::move(groups);
    }
  }
  SmallVector<TileAttr> tiles;
  for (const Group &group : chosen) {
    SmallVector<int64_t> ownRows, ownOutputs;
    for (unsigned index : group.rows.set_bits())
      ownRows.push_back(rows[index]);
    for (size_t index : group.outputs)
      ownOutputs.push_back(outputs[index]);
    if (!ownRows.empty())
      tiles.push_back(TileAttr::get(op.getContext(), tile.getArray(), tile.getRowOffset(),
                                    rangesOf(op.getContext(), ownRows), tile.getColOffset(),
                                    rangesOf(op.getContext(), ownOutputs), tile.getSliceBegin(),
                                    tile.getSliceCount(), tile.getShift(), tile.getPhase(), 0,
                                    DenseI64ArrayAttr(), 0, DenseI64ArrayAttr()));
  }
  return tiles.empty() ? SmallVector<TileAttr>{tile} : tiles;
}
