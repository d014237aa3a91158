//===- FieldSyntax.cpp - field values as text -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldSyntax.h"

#include <array>

namespace pim::program {

static constexpr std::string_view hexDigits = "0123456789abcdef";

std::string printValue(const std::string &value) {
  std::string text = "\"";
  for (unsigned char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += char(c);
    } else if (c < 0x20 || c >= 0x7f) {
      text += "\\x";
      text += hexDigits[c >> 4];
      text += hexDigits[c & 15];
    } else {
      text += char(c);
    }
  }
  return text + "\"";
}

void parseValue(std::string_view text, std::string &value) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    fail("'", text, "' is no text in quotes");
  text = text.substr(1, text.size() - 2);
  value.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      value += text[i];
      continue;
    }
    if (i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) {
      value += text[++i];
      continue;
    }
    if (i + 3 >= text.size() || text[i + 1] != 'x')
      fail("a text has an unknown escape; expected \\\", \\\\ or \\xHH");
    size_t high = hexDigits.find(text[i + 2]), low = hexDigits.find(text[i + 3]);
    if (high == std::string_view::npos || low == std::string_view::npos)
      fail("a text has an escape \\x without two lower-case hexadecimal digits");
    value += char(high << 4 | low);
    i += 3;
  }
}

static constexpr std::array<std::string_view, 6> elementWords = {"i1",  "i8",  "i16",
                                                                 "i32", "i64", "f32"};
static constexpr std::array<std::string_view, 2> spaceWords = {"global", "scratchpad"};

template <typename Enum>
static void parseWord(std::string_view text, std::span<const std::string_view> words, Enum &value) {
  for (size_t i = 0; i < words.size(); ++i)
    if (text == words[i]) {
      value = static_cast<Enum>(i);
      return;
    }
  fail("'", text, "' is none of the words of this field, like '", words.front(), "'");
}

std::string printValue(fb::ElementType value) { return std::string(elementWords[size_t(value)]); }
void parseValue(std::string_view text, fb::ElementType &value) {
  parseWord(text, elementWords, value);
}
std::string printValue(fb::Space value) { return std::string(spaceWords[size_t(value)]); }
void parseValue(std::string_view text, fb::Space &value) { parseWord(text, spaceWords, value); }

//===----------------------------------------------------------------------===//
// Base64
//===----------------------------------------------------------------------===//

static constexpr std::string_view base64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encodeBase64(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < count ? uint32_t(bytes[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j)
      text += j <= count ? base64Digits[group >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

static constexpr std::array<int8_t, 256> makeBase64Values() {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < base64Digits.size(); ++i)
    values[uint8_t(base64Digits[i])] = int8_t(i);
  return values;
}

void decodeBase64(std::string_view text, std::vector<std::byte> &bytes) {
  static constexpr std::array<int8_t, 256> values = makeBase64Values();
  if (text.size() % 4 != 0)
    fail("base64 data of ", text.size(), " characters, expected a multiple of 4");
  for (size_t i = 0; i < text.size(); i += 4) {
    size_t count = 3;
    if (i + 4 == text.size() && text[i + 3] == '=')
      count = text[i + 2] == '=' ? 1 : 2;
    uint32_t group = 0;
    for (size_t j = 0; j < 4; ++j) {
      int8_t value = j <= count ? values[uint8_t(text[i + j])] : 0;
      if (value < 0)
        fail("base64 data has a character '", text[i + j], "'");
      group = group << 6 | uint32_t(value);
    }
    for (size_t j = 0; j < count; ++j)
      bytes.push_back(std::byte(group >> (16 - 8 * j)));
  }
}

} // namespace pim::program
