//===- Grouped.h - large numbers as people read them ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_GROUPED_H
#define PIM_SUPPORT_GROUPED_H

#include <cstdint>
#include <string>
#include <string_view>

namespace pim {

/// "1,234,567".
inline std::string grouped(uint64_t value) {
  std::string text = std::to_string(value);
  for (size_t i = text.size(); i > 3; i -= 3)
    text.insert(i - 3, 1, ',');
  return text;
}

/// "1 core", "2,000 cores".
inline std::string counted(uint64_t count, std::string_view what) {
  return grouped(count).append(" ").append(what).append(count == 1 ? "" : "s");
}

} // namespace pim

#endif // PIM_SUPPORT_GROUPED_H
