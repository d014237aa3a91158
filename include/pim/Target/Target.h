//===- Target.h - the description of a chip --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Geometry, times, energies and areas of a chip, as TargetKeys.td lists them. The compiler reads a
// target from a YAML file (pim/Target/TargetYAML.h), embeds it in the program as (key, text) pairs,
// and the simulator reads those. Sizes come from here only: a pass or a unit asks one of the
// questions below. docs/targets.md says what each number means. Tested by unittests/Target.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TARGET_TARGET_H
#define PIM_TARGET_TARGET_H

#include "pim/Support/Error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pim::target {

#include "pim/Target/TargetStruct.h.inc"

/// What TargetKeys.td says about a key.
struct KeyInfo {
  std::string_view path; ///< "adc.bits"
  std::string_view doc;
  std::string_view type; ///< for messages: "integer", "number", "and | xbar"
  unsigned kinds;        ///< bit of each array kind that has the key
  bool isNumeric;        ///< an integer, a number or a list of numbers: needs a source
  bool isOptional;       ///< may be left out, then it is defaultText
  bool isCompiled;       ///< the compiled program depends on it
  std::string_view defaultText;
  int64_t min, max;
  bool isBounded; ///< `max` is the key's own
  bool isPositive;

  bool appliesTo(ArrayKind kind) const { return kinds >> static_cast<unsigned>(kind) & 1; }
  /// "adc" of "adc.bits"; empty at the top level.
  std::string_view section() const;
  /// "bits" of "adc.bits".
  std::string_view name() const;
};

/// Every key, in the order of the table.
std::span<const KeyInfo> keys();

/// The key called `path`, or null.
const KeyInfo *findKey(std::string_view path);

/// What is wrong with a key that does not exist and what may have been meant: "unknown key
/// 'adc.bit'; did you mean 'adc.bits'", or "... has the wrong unit; expected
/// 'array.read_energy_pj'".
std::string describeUnknownKey(std::string_view path);

/// What is wrong with the value of one key.
class KeyError : public Error {
public:
  KeyError(std::string_view key, const std::string &message) : Error(message), key(key) {}
  std::string key;
};

/// The smallest power of two with lsb * 2^bits >= range.
uint32_t lsbToSpan(uint64_t range, uint32_t bits);

/// A target. Values are in the units of the key names.
struct Target : TargetData {
  /// The text of one key; numbers are printed so that reading them back gives the same number.
  /// Throws pim::Error if there is no such key.
  std::string get(std::string_view key) const;

  /// Sets one key from text. Throws pim::Error, with the target unchanged, if there is no such key,
  /// the text is not of its type, the value is out of its range, or the array kind has no such key.
  /// In all but the first case the error is a KeyError.
  void set(std::string_view key, std::string_view text);

  /// Throws KeyError at the first value that contradicts another or is out of its range.
  void validate() const;

  /// All keys that the array kind has, in the order of the table.
  std::vector<std::pair<std::string, std::string>> parameters() const;

  /// The target with these parameters: the reverse of parameters(). Throws pim::Error if a key is
  /// unknown, missing, or listed twice, or the result does not validate.
  static Target fromParameters(std::span<const std::pair<std::string, std::string>> parameters);

  //===--------------------------------------------------------------------===//
  // Questions
  //===--------------------------------------------------------------------===//

  uint32_t cores() const { return chip.meshRows * chip.meshCols; }
  uint64_t arrays() const { return uint64_t(cores()) * core.arrays; }
  uint64_t scratchpadBytes() const { return uint64_t(core.scratchpadKib) << 10; }
  uint64_t globalMemoryBytes() const { return uint64_t(globalMemory.sizeMib) << 20; }

  /// Inputs that one array sums over: word lines of an `xbar`, columns of an `and` array, whose
  /// sensed rows are counted as a whole.
  uint32_t matrixRows() const;
  /// Slices of outputs that one array holds: bit lines of an `xbar`; rows of an `and` array less
  /// those kept free for input planes.
  uint32_t matrixColumns() const;

  /// Largest sum that one conversion of an `xbar` column can see; half as much with adc.coding
  /// `flip`.
  uint64_t fullRange() const;
  /// Column sum that one step of the ADC stands for: adc.lsb, or where that is 0 what
  /// adc.lsb_policy says, lsbToSpan(fullRange()) or 1; `columns` depends on the cells and is at
  /// most the former, which is returned. An ADC returns clamp(floor(sum/lsb + 1/2), 0, 2^bits-1) *
  /// lsb.
  uint32_t adcLsb() const;
  /// True if anything along the lines of an array has a resistance.
  bool hasWireResistance() const;
  /// True if every column sum is converted without error.
  bool isAdcExact() const;
  /// One conversion at adc.bits.
  double adcEnergyPj() const;
  /// One converter of adc.bits.
  double adcAreaUm2() const;
  /// Conversions in turn that one full input step of an `xbar` takes: groups of active rows.
  uint32_t rowGroups() const;

  /// Length of a clock cycle.
  double cycleNs() const { return 1e3 / chip.clockMhz; }
  /// Whole cycles that `ns` take, rounded up.
  uint64_t cyclesFor(double ns) const;
};

} // namespace pim::target

#endif // PIM_TARGET_TARGET_H
