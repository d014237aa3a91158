//===- ArrayPacking.cpp - rectangles of cells in few arrays ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ArrayPacking.h"

#include <algorithm>
#include <numeric>
#include <tuple>

using namespace mlir::pim;

/// Gaps narrower than this part of an array are left alone, unless they take an item's rest.
static constexpr int64_t narrowestPart = 8;

int64_t ArrayPacking::piecesOf(int64_t owner, int64_t array) const {
  for (auto [other, count] : pieces[size_t(array)])
    if (other == owner)
      return count;
  return 0;
}

int64_t &ArrayPacking::piecesOf(int64_t owner, int64_t array) {
  for (auto &[other, count] : pieces[size_t(array)])
    if (other == owner)
      return count;
  return pieces[size_t(array)].emplace_back(owner, 0).second;
}

int64_t ArrayPacking::choose(const PackItem &item, const Piece &piece, int64_t &taken) const {
  int64_t best = -1;
  // What takes all of the rest comes first, then what leaves least over and under it.
  std::tuple<int64_t, int64_t, int64_t> bestRank;
  for (size_t i = 0; i < free.size(); ++i) {
    const Free &gap = free[i];
    int64_t fit = std::min(piece.outputs(), gap.cols / item.width);
    bool isAll = fit == piece.outputs();
    if (gap.rows < piece.rows() || fit == 0 ||
        (!isAll && (!item.isDivisible || fit * item.width * narrowestPart < cols)) ||
        piecesOf(item.owner, gap.array) >= mostPieces)
      continue;
    std::tuple rank(isAll ? 0 : 1, gap.rows - piece.rows(),
                    isAll ? gap.cols - fit * item.width : -fit);
    if (best < 0 || rank < bestRank) {
      best = int64_t(i);
      bestRank = rank;
      taken = fit;
    }
  }
  return best;
}

int64_t ArrayPacking::chooseForRows(const PackItem &item, const Piece &piece) const {
  int64_t best = -1;
  std::pair<int64_t, int64_t> bestRank;
  for (size_t i = 0; item.mayCutRows && i < free.size(); ++i) {
    const Free &gap = free[i];
    if (gap.cols < piece.outputs() * item.width || gap.rows * narrowestPart < rows ||
        piecesOf(item.owner, gap.array) >= mostPieces)
      continue;
    std::pair rank(-gap.rows, gap.cols);
    if (best < 0 || rank < bestRank) {
      best = int64_t(i);
      bestRank = rank;
    }
  }
  return best;
}

/// Takes the upper left corner of a free rectangle and cuts the rest in two, one of them as large
/// as it can be.
void ArrayPacking::occupy(size_t index, int64_t itemRows, int64_t itemCols) {
  Free gap = free[index];
  free.erase(free.begin() + int64_t(index));
  int64_t below = gap.rows - itemRows, beside = gap.cols - itemCols;
  bool isCutAcross = below * gap.cols >= gap.rows * beside;
  Free under{gap.array, gap.row + itemRows, gap.col, below, isCutAcross ? gap.cols : itemCols};
  Free right{gap.array, gap.row, gap.col + itemCols, isCutAcross ? itemRows : gap.rows, beside};
  for (const Free &rest : {under, right})
    if (rest.rows > 0 && rest.cols > 0)
      free.push_back(rest);
}

bool ArrayPacking::placeItem(size_t index, const PackItem &item) {
  std::vector<Piece> left{{0, item.outputs, 0, item.rows}};
  while (!left.empty()) {
    Piece piece = left.back();
    left.pop_back();
    int64_t outputs = 0, taken = piece.rows(), chosen = choose(item, piece, outputs);
    if (chosen < 0 && (chosen = chooseForRows(item, piece)) >= 0) {
      outputs = piece.outputs();
      taken = free[size_t(chosen)].rows;
    }
    if (chosen < 0) {
      if (opened == mostArrays)
        return false;
      free.push_back({opened++, 0, 0, rows, cols});
      pieces.emplace_back();
      chosen = int64_t(free.size()) - 1;
      outputs = std::min(piece.outputs(), cols / item.width);
    }
    const Free &gap = free[size_t(chosen)];
    int64_t end = piece.begin + outputs, rowEnd = piece.rowBegin + taken;
    places.push_back(
        {index, piece.begin, end, gap.array, gap.row, gap.col, piece.rowBegin, rowEnd});
    ++piecesOf(item.owner, gap.array);
    occupy(size_t(chosen), taken, outputs * item.width);
    if (end < piece.end)
      left.push_back({end, piece.end, piece.rowBegin, piece.rowEnd});
    if (rowEnd < piece.rowEnd)
      left.push_back({piece.begin, end, rowEnd, piece.rowEnd});
  }
  return true;
}

std::optional<std::vector<PackPlace>> ArrayPacking::pack(std::span<const PackItem> items) {
  opened = 0;
  free.clear();
  places.clear();
  pieces.clear();
  std::vector<size_t> order(items.size());
  std::iota(order.begin(), order.end(), size_t(0));
  auto columns = [&](size_t i) { return items[i].outputs * items[i].width; };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::pair(items[a].rows, columns(a)) > std::pair(items[b].rows, columns(b));
  });
  for (size_t index : order)
    if (!placeItem(index, items[index]))
      return std::nullopt;
  return places;
}
