//===- CommitPolicy.h - when state is made durable -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_POWER_COMMITPOLICY_H
#define PIM_RUNTIME_POWER_COMMITPOLICY_H

#include <cstdint>
#include <string>
#include <string_view>

namespace pim::runtime {

/// When the chip commits. The first three, and Cycles where an `mvm` takes longer, commit inside an
/// `mvm` and let no other unit work meanwhile. Tested by runtime/tests/Power/CommitPlanTest.cpp.
struct CommitPolicy {
  enum class Kind : uint8_t {
    Pass,    ///< one plane of inputs against one plane of weights (xbar: one step of one row set)
    Segment, ///< all passes of one set of rows
    Pixel,   ///< an output position of an mvm, all its sums
    Layer,   ///< when the last core leaves a layer
    Cycles,  ///< so many cycles after the last commit, and before an input would be overwritten
    Program, ///< at the `commit` instructions of the program
    Auto,    ///< where an inference is expected to end soonest (CommitPlacement.h)
  };
  Kind kind = Kind::Auto;
  uint64_t cycles = 0; ///< of Cycles

  /// Reads "auto", "pass", "segment", "pixel", "layer", "program" or "cycles:N". Throws pim::Error.
  static CommitPolicy parse(std::string_view text);
  /// What parse() reads.
  std::string text() const;

  bool isInsideMvm() const {
    return kind == Kind::Pass || kind == Kind::Segment || kind == Kind::Pixel;
  }
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_POWER_COMMITPOLICY_H
