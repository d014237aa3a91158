//===- PatternSpec.h - patterns as text ------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text that every tool takes (`pimc --prune`, `pim-compress --prune`, metadata of models):
//
//   spec    := "none" | item { "," item }             applied from left to right
//   item    := name "=" argument                      filter=0.5  column=0.3@128  columns=256
//                                                     channel=0.25  pattern=4/9  nm=2:4
//                                                     limited=128@0.5  block=8x4@0.5
//                                                     polarize=1x4  irregular=0.9
//   by layer := clause { ";" clause }                 filter=0.5;conv1:none;#-1:column=0.3
//   clause  := [ selector ":" ] spec                  selectors: pim/Support/LayerSelector.h
//
// Tested by unittests/Sparsity/SpecTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SPARSITY_PATTERNSPEC_H
#define PIM_SPARSITY_PATTERNSPEC_H

#include "pim/Sparsity/Patterns.h"
#include "pim/Support/LayerSelector.h"

namespace pim::sparsity {

/// The patterns of one layer, in the order in which they are projected on.
using PatternSpec = std::vector<Pattern>;
using LayerPatterns = LayerTable<PatternSpec>;

/// Throws pim::Error that quotes the text at fault and says what is known.
Pattern parsePattern(std::string_view item);
PatternSpec parsePatternSpec(std::string_view text);
LayerPatterns parseLayerPatterns(std::string_view text);

/// The texts that the parsers read back as the same values.
std::string formatPattern(const Pattern &pattern);
std::string formatPatternSpec(const PatternSpec &spec);
std::string formatLayerPatterns(const LayerPatterns &table);

} // namespace pim::sparsity

#endif // PIM_SPARSITY_PATTERNSPEC_H
