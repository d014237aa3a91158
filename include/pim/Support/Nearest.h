//===- Nearest.h - what a misspelled word may have meant -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_NEAREST_H
#define PIM_SUPPORT_NEAREST_H

#include <span>
#include <string_view>

namespace pim {

/// The word of `candidates` that is nearest to `text`, if any is near enough to be what was meant;
/// else empty.
std::string_view nearestWord(std::string_view text, std::span<const std::string_view> candidates);

} // namespace pim

#endif // PIM_SUPPORT_NEAREST_H
