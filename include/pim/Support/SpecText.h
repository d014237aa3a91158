//===- SpecText.h - numbers and lists in short texts -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the textual specifications of patterns, codes and goals share. Every error quotes the text
// at fault and the item it stands in. Tested by unittests/Sparsity/SpecTest.cpp and
// unittests/Codes/CodeSpecTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_SPECTEXT_H
#define PIM_SUPPORT_SPECTEXT_H

#include "pim/Support/Error.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pim {

/// `text` without the blanks at both ends.
inline std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

/// The pieces between separators, trimmed; an empty text has one empty piece.
inline std::vector<std::string_view> splitText(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (size_t begin = 0;;) {
    size_t end = text.find(separator, begin);
    pieces.push_back(trimmed(text.substr(begin, end - begin)));
    if (end == std::string_view::npos)
      return pieces;
    begin = end + 1;
  }
}

/// The parts before and after the first `separator`; the second is empty where there is none.
inline std::pair<std::string_view, std::string_view> cutText(std::string_view text,
                                                             char separator) {
  size_t at = text.find(separator);
  if (at == std::string_view::npos)
    return {trimmed(text), {}};
  return {trimmed(text.substr(0, at)), trimmed(text.substr(at + 1))};
}

/// A whole number in [least, most]. Throws Error that quotes `item` and `text`.
inline int64_t parseCount(std::string_view text, int64_t least, int64_t most,
                          std::string_view item) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    fail("'", item, "': '", text, "' is not a whole number from ", least, " to ", most);
  return value;
}

/// A number in [least, most]. Throws Error that quotes `item` and `text`.
inline double parseReal(std::string_view text, double least, double most, std::string_view item) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= least) ||
      !(value <= most))
    fail("'", item, "': '", text, "' is not a number from ", least, " to ", most);
  return value;
}

/// The shortest text that parseReal() reads back as the same value.
inline std::string formatReal(double value) {
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, end);
}

} // namespace pim

#endif // PIM_SUPPORT_SPECTEXT_H
