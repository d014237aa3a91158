//===- Patterns.h - the patterns that zeros can follow ---------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One struct per pattern; `Pattern` is any of them. Each is a set of weights: those whose zeros
// follow it. Every set is a union of coordinate subspaces (or, for Polarized, of orthants), so the
// Euclidean projection keeps some weights as they are and zeroes the others: `nearestMask` says
// which. Ties go to the lower index, so the result is the same on every machine.
//
// Sources: the projections of the ADMM pruning family (docs/compression.md has the equations); N:M
// as in sparse tensor units; polarization as in FORMS (ISCA 2021).
//
// A new pattern is a struct with the members of Irregular, one file under lib/Sparsity, and its
// name in `Pattern`; parser, printer, projection, recognition and tests follow from that list.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SPARSITY_PATTERNS_H
#define PIM_SPARSITY_PATTERNS_H

#include "pim/Sparsity/Weight.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pim::sparsity {

struct Recognition;

/// Every member of every pattern:
///   name             the word in specifications
///   parse(argument)  from what stands after '='; throws pim::Error
///   argument()       prints what parse() reads
///   misfit(shape)    why the pattern has no meaning for a shape; nothing where it has
///   nearestMask(w)   what the projection keeps. REQUIRES: no misfit
///   recognize(w)     the tightest parameters that w satisfies, and what they explain
///
/// Any weights, the smallest magnitudes first: `irregular=0.9` zeroes 90 %.
struct Irregular {
  static constexpr std::string_view name = "irregular";
  double dropped = 0; ///< share of the weights, [0, 1)
  static Irregular parse(std::string_view argument);
  std::string argument() const;
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const Irregular &, const Irregular &) = default;
};

/// A share of something that is dropped whole, the number kept being rounded to a multiple:
/// `0.5` or `0.5@128`.
struct DroppedShare {
  double dropped = 0;   ///< [0, 1)
  int64_t multiple = 1; ///< the kept count is rounded to the nearest multiple, at least one of them
  /// How many of `total` stay.
  int64_t kept(int64_t total) const;
  static DroppedShare parse(std::string_view item, std::string_view argument);
  std::string argument() const;
  friend bool operator==(const DroppedShare &, const DroppedShare &) = default;
};

/// Whole filters (matrix rows), least L2 norm first: `filter=0.5`, `filter=0.5@128`.
struct Filter {
  static constexpr std::string_view name = "filter";
  DroppedShare share;
  static Filter parse(std::string_view argument) { return {DroppedShare::parse(name, argument)}; }
  std::string argument() const { return share.argument(); }
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const Filter &, const Filter &) = default;
};

/// Whole matrix columns: the same tap of the same channel in every filter ("shape" pruning), least
/// L2 norm first: `column=0.3`, `column=0.3@128`.
struct Column {
  static constexpr std::string_view name = "column";
  DroppedShare share;
  static Column parse(std::string_view argument) { return {DroppedShare::parse(name, argument)}; }
  std::string argument() const { return share.argument(); }
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const Column &, const Column &) = default;
};

/// As Column, but the number of kept columns is given: `columns=256`. Layers with fewer keep all.
struct ColumnCount {
  static constexpr std::string_view name = "columns";
  int64_t kept = 1;
  static ColumnCount parse(std::string_view argument);
  std::string argument() const { return std::to_string(kept); }
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const ColumnCount &, const ColumnCount &) = default;
};

/// Whole input channels, least L2 norm first: `channel=0.25`. The filters of the layer before that
/// make these channels can then go, too.
struct Channel {
  static constexpr std::string_view name = "channel";
  DroppedShare share;
  static Channel parse(std::string_view argument) { return {DroppedShare::parse(name, argument)}; }
  std::string argument() const { return share.argument(); }
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const Channel &, const Channel &) = default;
};

/// Each 3x3 kernel keeps five taps, in one of 13 arrangements: `pattern=4/9` (4 of 9 zeroed).
struct KernelPattern {
  static constexpr std::string_view name = "pattern";
  static constexpr int candidates = 13;
  /// The zeroed taps of a candidate as bits (tap = 3 * row + column).
  static uint16_t zeroedTaps(int candidate);
  static KernelPattern parse(std::string_view argument);
  std::string argument() const { return "4/9"; }
  std::optional<std::string> misfit(const WeightShape &shape) const;
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const KernelPattern &, const KernelPattern &) = default;
};

/// In each filter, each run of `width` array rows (an array's height) has at most a fixed number of
/// non-zeros, which bounds the sums a converter sees: `limited=128@0.5`. A shorter last run keeps
/// the same share, rounded up.
struct BlockLimited {
  static constexpr std::string_view name = "limited";
  int64_t width = 1;
  double dropped = 0; ///< [0, 1)
  /// How many non-zeros a run of `length` rows may have.
  int64_t kept(int64_t length) const;
  static BlockLimited parse(std::string_view argument);
  std::string argument() const;
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const BlockLimited &, const BlockLimited &) = default;
};

/// Of every `group` consecutive array rows of a filter at most `kept` are non-zero, groups
/// beginning anew at each tap: `nm=2:4`.
struct NOfM {
  static constexpr std::string_view name = "nm";
  int64_t kept = 1, group = 1; ///< 1 <= kept <= group
  static NOfM parse(std::string_view argument);
  std::string argument() const { return std::to_string(kept) + ":" + std::to_string(group); }
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const NOfM &, const NOfM &) = default;
};

/// Blocks of filters x channels at one tap are zero or not as a whole, least L2 norm first:
/// `block=8x4@0.5` drops half of them. Blocks at the edges are smaller.
struct Block {
  static constexpr std::string_view name = "block";
  int64_t filters = 1, channels = 1;
  double dropped = 0; ///< share of the blocks of the layer, [0, 1)
  static Block parse(std::string_view argument);
  std::string argument() const;
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const Block &, const Block &) = default;
};

/// Fragments of filters x array rows hold weights of one sign: `polarize=1x4`. One set of cells and
/// a sign per fragment then do where two sets were needed. The projection keeps the sign that has
/// more energy (FORMS takes the sign of the sum, which is not always the nearest).
struct Polarized {
  static constexpr std::string_view name = "polarize";
  int64_t filters = 1, rows = 1;
  static Polarized parse(std::string_view argument);
  std::string argument() const { return std::to_string(filters) + "x" + std::to_string(rows); }
  std::optional<std::string> misfit(const WeightShape &) const { return std::nullopt; }
  Mask nearestMask(const WeightView &weight) const;
  static std::optional<Recognition> recognize(const WeightView &weight);
  friend bool operator==(const Polarized &, const Polarized &) = default;
};

/// From Filter on, the ones that bind more places together come first: where zeros follow two of
/// them, the first says more.
using Pattern = std::variant<Irregular, Filter, Column, ColumnCount, Channel, KernelPattern, Block,
                             NOfM, BlockLimited, Polarized>;

/// A pattern that a weight satisfies.
struct Recognition {
  Pattern pattern;
  /// Share of the zeros that lie where the pattern says: 1 if no zero is there by chance. For
  /// Irregular 1 always; for Polarized the share of fragments with several weights that it binds.
  double explained = 1;
};

} // namespace pim::sparsity

#endif // PIM_SPARSITY_PATTERNS_H
