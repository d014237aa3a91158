//===- FieldText.cpp - target values as text ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldText.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace pim::target {

static std::string_view trim(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

static std::string quoted(std::string_view text) {
  std::string result(1, '\'');
  result += text;
  return result += '\'';
}

std::string printField(const std::string &value) { return value; }

std::string printField(uint32_t value) { return std::to_string(value); }

std::string printField(double value) {
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, end);
}

std::string printField(const std::vector<double> &value) {
  std::string text = "[";
  for (double entry : value)
    text += (text.size() > 1 ? ", " : "") + printField(entry);
  return text + "]";
}

std::string parseField(std::string_view text, std::string &value) {
  value = text;
  return {};
}

std::string parseField(std::string_view text, uint32_t &value) {
  text = trim(text);
  uint32_t parsed = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return quoted(text) + " is not an integer from 0 to 4294967295";
  value = parsed;
  return {};
}

std::string parseField(std::string_view text, double &value) {
  text = trim(text);
  double parsed = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() ||
      !std::isfinite(parsed))
    return quoted(text) + " is not a number";
  value = parsed;
  return {};
}

std::string parseField(std::string_view text, std::vector<double> &value) {
  text = trim(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']')
    return quoted(text) + " is not a list of numbers like [1, 2.5]";
  text = trim(text.substr(1, text.size() - 2));
  std::vector<double> parsed;
  while (!text.empty()) {
    size_t comma = text.find(',');
    std::string problem = parseField(text.substr(0, comma), parsed.emplace_back());
    if (!problem.empty())
      return problem;
    if (comma == std::string_view::npos)
      break;
    text = text.substr(comma + 1);
    if (trim(text).empty())
      return "the list of numbers ends with a comma";
  }
  value = std::move(parsed);
  return {};
}

std::string parseWord(std::string_view text, std::span<const char *const> words, size_t &index) {
  text = trim(text);
  auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) {
    index = found - words.begin();
    return {};
  }
  std::string problem = quoted(text) + " is none of";
  for (const char *word : words)
    problem += (word == words.front() ? " " : ", ") + std::string(word);
  return problem;
}

} // namespace pim::target
