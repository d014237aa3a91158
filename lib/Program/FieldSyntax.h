//===- FieldSyntax.h - field values as text --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How assembly writes the value of a field: numbers in decimal, texts in quotes, lists in brackets,
// enumerations by name. printValue() and parseValue() stand side by side for each kind.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_PROGRAM_FIELDSYNTAX_H
#define PIM_LIB_PROGRAM_FIELDSYNTAX_H

#include "pim/Program/Graph.h"
#include "pim/Program/Program_generated.h"
#include "pim/Support/Error.h"

#include <charconv>
#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pim::program {

template <typename T>
concept Numeric = std::integral<T> || std::floating_point<T>;

template <Numeric T> std::string printValue(T value) {
  char buffer[40];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, end);
}

template <Numeric T> void parseValue(std::string_view text, T &value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    fail("'", text, "' is no number of this field");
}

inline std::string printValue(bool value) { return value ? "true" : "false"; }

inline void parseValue(std::string_view text, bool &value) {
  if (text != "true" && text != "false")
    fail("'", text, "' is neither true nor false");
  value = text == "true";
}

/// In quotes, with \" \\ and \xHH for what is no printable ASCII.
std::string printValue(const std::string &value);
void parseValue(std::string_view text, std::string &value);

std::string printValue(fb::ElementType value);
void parseValue(std::string_view text, fb::ElementType &value);
std::string printValue(fb::Space value);
void parseValue(std::string_view text, fb::Space &value);

template <Numeric T> std::string printValue(const std::vector<T> &values) {
  std::string text = "[";
  for (T value : values) {
    if (text.size() > 1)
      text += ", ";
    text += printValue(value);
  }
  return text + "]";
}

template <Numeric T> void parseValue(std::string_view text, std::vector<T> &values) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']')
    fail("'", text, "' is no list");
  text = text.substr(1, text.size() - 2);
  values.clear();
  while (!text.empty()) {
    size_t comma = text.find(',');
    std::string_view entry = text.substr(0, comma);
    size_t begin = entry.find_first_not_of(' ');
    if (begin == std::string_view::npos)
      fail("the list has an empty entry");
    entry = entry.substr(begin, entry.find_last_not_of(' ') - begin + 1);
    parseValue(entry, values.emplace_back());
    if (comma == std::string_view::npos)
      break;
    text.remove_prefix(comma + 1);
    if (text.empty())
      fail("the list ends with a comma");
  }
}

/// Base64 without line ends.
std::string encodeBase64(std::span<const std::byte> bytes);
/// Appends what `text` encodes; throws pim::Error unless it is whole groups of four characters.
void decodeBase64(std::string_view text, std::vector<std::byte> &bytes);

} // namespace pim::program

#endif // PIM_LIB_PROGRAM_FIELDSYNTAX_H
