//===- OneLine.h - text of others within a line -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_ONELINE_H
#define PIM_SUPPORT_ONELINE_H

#include <string>
#include <string_view>

namespace pim {

/// `text` with control characters, which names in a model may hold, written as \\xHH: an error
/// stays one line and leaves the terminal alone.
inline std::string oneLine(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (char character : text) {
    auto code = static_cast<unsigned char>(character);
    if (code >= 0x20 && code != 0x7f)
      result += character;
    else
      result.append("\\x").append(1, digits[code >> 4]).append(1, digits[code & 15]);
  }
  return result;
}

} // namespace pim

#endif // PIM_SUPPORT_ONELINE_H
