//===- Npy.cpp - NumPy's array files ------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3.
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

using namespace pim;
using namespace pim::data;

static constexpr std::string_view magic = "\x93NUMPY";

/// The element types of NumPy that we know, without the byte order.
static constexpr std::pair<std::string_view, Type> typeCodes[] = {
    {"b1", Type::Bool}, {"u1", Type::U8},  {"i1", Type::I8},  {"u2", Type::U16},
    {"i2", Type::I16},  {"u4", Type::U32}, {"i4", Type::I32}, {"u8", Type::U64},
    {"i8", Type::I64},  {"f2", Type::F16}, {"f4", Type::F32}, {"f8", Type::F64}};

bool pim::data::isNpy(Bytes content) {
  return content.size() >= magic.size() &&
         std::memcmp(content.data(), magic.data(), magic.size()) == 0;
}

void pim::data::swapBytes(std::span<std::byte> bytes, size_t elementBytes) {
  for (size_t i = 0; i + elementBytes <= bytes.size(); i += elementBytes)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + elementBytes));
}

namespace {

/// Reads the header of a .npy file, the text of a Python dictionary.
class HeaderParser {
public:
  HeaderParser(std::string_view text, const std::string &what) : text(text), what(what) {}

  Type type = Type::F32;
  bool bigEndian = false;
  bool fortranOrder = false;
  std::vector<int64_t> shape;

  void parse() {
    expect('{');
    bool hasType = false, hasOrder = false, hasShape = false;
    while (!accept('}')) {
      std::string_view key = string();
      expect(':');
      if (key == "descr" && !hasType) {
        hasType = true;
        parseType();
      } else if (key == "fortran_order" && !hasOrder) {
        hasOrder = true;
        parseOrder();
      } else if (key == "shape" && !hasShape) {
        hasShape = true;
        parseShape();
      } else {
        fail(what, ": .npy header has the unexpected key '", key, "'");
      }
      if (!accept(',') && peek() != '}')
        bad();
    }
    if (!hasType || !hasOrder || !hasShape)
      fail(what, ": .npy header lacks 'descr', 'fortran_order' or 'shape'");
  }

private:
  [[noreturn]] void bad() const {
    fail(what, ": .npy header is malformed at character ", position);
  }

  char peek() {
    while (position < text.size() && std::isspace(static_cast<unsigned char>(text[position])))
      ++position;
    return position < text.size() ? text[position] : '\0';
  }
  bool accept(char c) {
    if (peek() != c)
      return false;
    ++position;
    return true;
  }
  void expect(char c) {
    if (!accept(c))
      bad();
  }

  std::string_view string() {
    char quote = peek();
    if (quote != '\'' && quote != '"')
      bad();
    size_t end = text.find(quote, ++position);
    if (end == std::string_view::npos)
      bad();
    std::string_view result = text.substr(position, end - position);
    position = end + 1;
    return result;
  }

  void parseType() {
    if (peek() == '[')
      fail(what, ": has structured elements, expected numbers");
    std::string_view code = string();
    for (auto [name, known] : typeCodes)
      if (code.size() == 3 && code.substr(1) == name &&
          std::string_view("<>=|").find(code[0]) != std::string_view::npos) {
        type = known;
        bigEndian = code[0] == '>';
        return;
      }
    fail(what, ": has elements of type '", code,
         "', expected bool, u8, i8, u16, i16, i32, i64, f16, f32 or f64");
  }

  void parseOrder() {
    peek();
    for (auto [word, value] : {std::pair<std::string_view, bool>("True", true), {"False", false}})
      if (text.substr(position, word.size()) == word) {
        position += word.size();
        fortranOrder = value;
        return;
      }
    bad();
  }

  void parseShape() {
    expect('(');
    while (!accept(')')) {
      peek();
      int64_t size;
      auto [end, error] = std::from_chars(text.data() + position, text.data() + text.size(), size);
      if (error != std::errc())
        bad();
      position = static_cast<size_t>(end - text.data());
      if (shape.size() == 32)
        fail(what, ": .npy header has more than 32 dimensions");
      shape.push_back(size);
      if (!accept(',') && peek() != ')')
        bad();
    }
  }

  std::string_view text;
  const std::string &what;
  size_t position = 0;
};

/// Reorders an array whose first dimension is the innermost.
std::vector<std::byte> toRowMajor(const std::vector<std::byte> &from,
                                  const std::vector<int64_t> &shape, size_t elementBytes) {
  std::vector<std::byte> to(from.size());
  std::vector<int64_t> index(shape.size());
  std::vector<size_t> strides(shape.size());
  size_t stride = elementBytes;
  for (size_t d = 0; d < shape.size(); ++d) {
    strides[d] = stride;
    stride *= static_cast<size_t>(shape[d]);
  }
  size_t offset = 0;
  for (size_t i = 0; i < to.size(); i += elementBytes) {
    std::memcpy(to.data() + i, from.data() + offset, elementBytes);
    for (size_t d = shape.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < shape[d])
        break;
      offset -= strides[d] * static_cast<size_t>(shape[d]);
      index[d] = 0;
    }
  }
  return to;
}

} // namespace

Array pim::data::parseNpy(Bytes content, const std::string &what) {
  size_t prefix = magic.size() + 2;
  if (content.size() < prefix + 4)
    fail(what, ": .npy header is truncated");
  int version = std::to_integer<int>(content[magic.size()]);
  if (version < 1 || version > 3)
    fail(what, ": is of .npy version ", version, ", expected 1 to 3");
  size_t length =
      version == 1 ? readLittle<uint16_t>(content, prefix) : readLittle<uint32_t>(content, prefix);
  prefix += version == 1 ? 2 : 4;
  if (length > content.size() - prefix)
    fail(what, ": .npy header is truncated");
  HeaderParser header({reinterpret_cast<const char *>(content.data()) + prefix, length}, what);
  header.parse();

  Array array;
  array.type = header.type;
  array.shape = header.shape;
  size_t elementBytes = typeBytes(array.type);
  uint64_t expected =
      static_cast<uint64_t>(checkedElementCount(array.shape, elementBytes, maxArrayBytes, what)) *
      elementBytes;
  Bytes data = content.subspan(prefix + length);
  if (data.size() != expected)
    fail(what, ": has ", data.size(), " bytes of data, expected ", expected, " for shape ",
         shapeText(array.shape), " of ", typeName(array.type));
  array.bytes.assign(data.begin(), data.end());
  if (header.bigEndian)
    swapBytes(array.bytes, elementBytes);
  if (header.fortranOrder)
    array.bytes = toRowMajor(array.bytes, array.shape, elementBytes);
  return array;
}

/// The file of an array whose elements are called `descriptor`.
static std::vector<std::byte> formatAs(const Array &array, const std::string &descriptor) {
  std::string header = "{'descr': '" + descriptor + "', 'fortran_order': False, 'shape': (";
  for (int64_t size : array.shape)
    header += std::to_string(size) + ",";
  header += "), }";
  // Data start at a multiple of 64 bytes.
  size_t prefix = magic.size() + 4;
  header.resize((prefix + header.size() + 1 + 63) / 64 * 64 - prefix - 1, ' ');
  header += '\n';
  std::string text(magic);
  text +=
      {'\1', '\0', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  text += header;
  auto bytes = std::as_bytes(std::span(text));
  std::vector<std::byte> out(bytes.begin(), bytes.end());
  out.insert(out.end(), array.bytes.begin(), array.bytes.end());
  return out;
}

/// Texts as NumPy has them: each of the same number of UTF-32 characters, padded with zeros.
static std::vector<std::byte> formatTexts(const Array &array, size_t width) {
  std::vector<std::byte> out(array.texts.size() * width * 4);
  for (size_t i = 0; i < array.texts.size(); ++i) {
    const std::string &text = array.texts[i];
    size_t place = i * width;
    for (size_t at = 0; at < text.size(); ++place) {
      // The leading ones of the first byte count the bytes of a character.
      auto first = static_cast<uint8_t>(text[at]);
      size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
      uint32_t character = length == 1 ? first : first & (0x7Fu >> length);
      for (size_t next = 1; next < length && at + next < text.size(); ++next)
        character = character << 6 | (static_cast<uint8_t>(text[at + next]) & 0x3Fu);
      std::memcpy(out.data() + place * 4, &character, 4);
      at += length;
    }
  }
  return out;
}

std::vector<std::byte> pim::data::formatNpy(const Array &array) {
  std::string_view code;
  if (array.type == Type::Text) {
    size_t width = 1;
    for (const std::string &text : array.texts)
      width = std::max(width, text.size());
    Array encoded{Type::Text, array.shape, formatTexts(array, width), {}};
    return formatAs(encoded, "<U" + std::to_string(width));
  }
  for (auto [name, type] : typeCodes)
    if (type == array.type)
      code = name;
  return formatAs(array, std::string(typeBytes(array.type) == 1 ? "|" : "<").append(code));
}
