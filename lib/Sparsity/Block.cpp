//===- Block.cpp - blocks of filters and channels at a tap ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"
#include "pim/Support/SpecText.h"

#include <algorithm>
#include <numeric>

using namespace pim;
using namespace pim::sparsity;

namespace {

/// Numbers the blocks of a shape: (filter block, channel block, tap), tap innermost.
struct BlockGrid {
  BlockGrid(const Block &block, const WeightShape &shape)
      : block(block), shape(shape),
        channelBlocks((shape.channels + block.channels - 1) / block.channels),
        filterBlocks((shape.filters + block.filters - 1) / block.filters) {}

  int64_t count() const { return filterBlocks * channelBlocks * shape.taps(); }
  int64_t of(int64_t filter, int64_t channel, int64_t tap) const {
    return (filter / block.filters * channelBlocks + channel / block.channels) * shape.taps() + tap;
  }

  /// Calls visit(index of the weight, block) for every weight.
  template <typename Visit> void forEach(Visit visit) const {
    size_t index = 0;
    for (int64_t filter = 0; filter < shape.filters; ++filter)
      for (int64_t channel = 0; channel < shape.channels; ++channel)
        for (int64_t tap = 0; tap < shape.taps(); ++tap)
          visit(index++, size_t(of(filter, channel, tap)));
  }

  std::vector<double> energies(const WeightView &weight) const {
    std::vector<double> sums(size_t(count()), 0.0);
    forEach([&](size_t index, size_t block) {
      sums[block] += double(weight.values[index]) * weight.values[index];
    });
    return sums;
  }

  const Block &block;
  const WeightShape &shape;
  int64_t channelBlocks, filterBlocks;
};

} // namespace

Block Block::parse(std::string_view argument) {
  auto [extents, share] = cutText(argument, '@');
  if (share.empty())
    fail("'", name, "': '", argument, "' is not extents and a share such as 8x4@0.5");
  auto [filters, channels] = parseExtents(name, extents);
  return {filters, channels, parseShare(name, share)};
}

std::string Block::argument() const {
  return std::to_string(filters) + "x" + std::to_string(channels) + "@" + formatReal(dropped);
}

Mask Block::nearestMask(const WeightView &weight) const {
  BlockGrid grid(*this, weight.shape);
  std::vector<uint8_t> stays(size_t(grid.count()), 0);
  int64_t kept = DroppedShare{dropped, 1}.kept(grid.count());
  for (int64_t index : largest(grid.energies(weight), kept))
    stays[size_t(index)] = 1;
  Mask mask(weight.values.size());
  grid.forEach([&](size_t index, size_t block) { mask[index] = stays[block]; });
  return mask;
}

std::optional<Recognition> Block::recognize(const WeightView &weight) {
  int64_t zeros = countZeros(weight);
  if (zeros == 0 || zeros == weight.shape.count())
    return std::nullopt;
  std::optional<Recognition> best;
  // Larger blocks first: of two sizes that explain the same zeros the larger says more.
  for (auto [filters, channels] : {std::pair<int64_t, int64_t>{32, 32},
                                   {16, 16},
                                   {16, 8},
                                   {8, 16},
                                   {8, 8},
                                   {8, 4},
                                   {4, 8},
                                   {4, 4}}) {
    if (filters > weight.shape.filters || channels > weight.shape.channels)
      continue;
    Block block{filters, channels, 0};
    BlockGrid grid(block, weight.shape);
    std::vector<double> energies = grid.energies(weight);
    int64_t covered = 0;
    grid.forEach([&](size_t, size_t index) { covered += energies[index] == 0; });
    int64_t empty = std::count(energies.begin(), energies.end(), 0.0);
    double explained = double(covered) / double(zeros);
    if (empty > 0 && (!best || explained > best->explained)) {
      block.dropped = double(empty) / double(grid.count());
      best = Recognition{block, explained};
    }
  }
  return best;
}
