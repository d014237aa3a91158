//===- Texts.cpp - operators on texts -------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Texts are bytes in UTF-8. Tested by runtime/tests/ONNX/TextsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <algorithm>
#include <clocale>
#include <cwctype>
#include <regex>

using namespace pim;
using namespace pim::onnx;

static const Tensor &textOperand(const Call &call, size_t index) {
  const Tensor &in = call.in(index);
  call.require(in.isText(), "operand ", index, " has elements of type ", elementName(in.element()),
               ", expected texts");
  return in;
}

static void stringConcat(Call &call) {
  const Tensor &a = textOperand(call, 0), &b = textOperand(call, 1);
  Shape shape = broadcastShape(call, a.shape(), b.shape());
  Tensor &out = call.out(0, ElementType::STRING, shape);
  forEachRow<3>(shape,
                {rowMajorStrides(shape), broadcastStrides(a.shape(), shape),
                 broadcastStrides(b.shape(), shape)},
                [&](const auto &offsets, const auto &steps, int64_t size) {
                  for (int64_t i = 0; i < size; ++i)
                    out.texts()[size_t(offsets[0] + i * steps[0])] =
                        a.texts()[size_t(offsets[1] + i * steps[1])] +
                        b.texts()[size_t(offsets[2] + i * steps[2])];
                });
}

/// The pieces of `text` between `delimiter`s, or between runs of spaces if it is empty; the last of
/// `most` + 1 pieces is what is left.
static std::vector<std::string> split(std::string_view text, std::string_view delimiter,
                                      int64_t most) {
  constexpr std::string_view spaces = " \t\n\v\f\r";
  std::vector<std::string> pieces;
  auto isFull = [&] { return most >= 0 && int64_t(pieces.size()) == most; };
  if (!delimiter.empty()) {
    for (size_t end; !isFull() && (end = text.find(delimiter)) != text.npos;
         text.remove_prefix(end + delimiter.size()))
      pieces.emplace_back(text.substr(0, end));
    pieces.emplace_back(text);
    return pieces;
  }
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
    if (text.empty())
      return pieces;
    const size_t end = isFull() ? text.size() : std::min(text.find_first_of(spaces), text.size());
    pieces.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

/// Result 0 has the pieces along a new last dimension, filled up with empty texts; result 1 their
/// number.
static void stringSplit(Call &call) {
  const Tensor &in = textOperand(call, 0);
  const std::string delimiter = call.text("delimiter", "");
  const int64_t most = call.integer("maxsplit", -1);
  std::vector<std::vector<std::string>> pieces;
  size_t longest = 0;
  for (const std::string &text : in.texts()) {
    pieces.push_back(split(text, delimiter, most));
    longest = std::max(longest, pieces.back().size());
  }
  Shape shape = in.shape();
  Tensor counts(ElementType::I64, shape);
  shape.push_back(int64_t(longest));
  Tensor &out = call.out(0, ElementType::STRING, shape);
  for (size_t i = 0; i < pieces.size(); ++i) {
    counts.data<int64_t>()[i] = int64_t(pieces[i].size());
    std::move(pieces[i].begin(), pieces[i].end(), out.texts().begin() + long(i * longest));
  }
  call.set(1, std::move(counts));
}

/// Whether each text as a whole matches `pattern`. Patterns are those of ECMAScript, which differ
/// from RE2's, which ONNX names, in rare constructs alone; these are refused.
static void regexFullMatch(Call &call) {
  const Tensor &in = textOperand(call, 0);
  const std::string pattern = call.text("pattern", "");
  // The parser of patterns calls itself for each parenthesis.
  constexpr size_t longest = 1000;
  call.require(pattern.size() <= longest, "has a pattern of ", pattern.size(),
               " bytes, expected at most ", longest);
  // Matching in breadth needs no stack for each character and no exponential time.
  auto flags = std::regex::ECMAScript;
#ifdef __GLIBCXX__
  flags |= std::regex_constants::__polynomial;
#endif
  try {
    const std::regex compiled(pattern, flags);
    Tensor &out = call.out(0, ElementType::I1, in.shape());
    for (int64_t i = 0; i < in.count(); ++i)
      out.data<uint8_t>()[i] = std::regex_match(in.texts()[size_t(i)], compiled);
  } catch (const std::regex_error &error) {
    call.fail("pattern '", pattern, "' is not understood: ", error.what());
  }
}

namespace {
/// Upper and lower case of letters of all scripts.
class CaseMap {
public:
  CaseMap() : locale(newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t())) {}
  CaseMap(const CaseMap &) = delete;
  ~CaseMap() {
    if (locale)
      freelocale(locale);
  }

  std::string map(std::string_view text, bool upper) const {
    std::string out;
    while (!text.empty())
      append(out, mapped(next(text), upper));
    return out;
  }

private:
  /// Takes one character from `text`; a byte that begins none stands for itself, marked.
  static uint32_t next(std::string_view &text) {
    const auto first = uint8_t(text[0]);
    const size_t size = first < 0x80       ? 1
                        : first >> 5 == 6  ? 2
                        : first >> 4 == 14 ? 3
                        : first >> 3 == 30 ? 4
                                           : 0;
    uint32_t code = size <= 1 ? first : first & (0x7Fu >> size);
    bool isSound = size > 0 && size <= text.size();
    for (size_t i = 1; isSound && i < size; ++i) {
      isSound = (uint8_t(text[i]) & 0xC0) == 0x80;
      code = code << 6 | (uint8_t(text[i]) & 0x3Fu);
    }
    text.remove_prefix(isSound ? size : 1);
    return isSound ? code : rawByte | first;
  }

  uint32_t mapped(uint32_t code, bool upper) const {
    if (code & rawByte)
      return code;
    if (code < 0x80 || !locale)
      return code >= 0x80 ? code
                          : uint32_t(upper ? std::toupper(int(code)) : std::tolower(int(code)));
    return uint32_t(upper ? towupper_l(wint_t(code), locale) : towlower_l(wint_t(code), locale));
  }

  static void append(std::string &out, uint32_t code) {
    if (code & rawByte || code < 0x80) {
      out += char(code & 0xFF);
      return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    out += char((0xFFu << (7 - more) & 0xFFu) | code >> 6 * more);
    for (int i = more - 1; i >= 0; --i)
      out += char(0x80u | (code >> 6 * i & 0x3Fu));
  }

  static constexpr uint32_t rawByte = 1u << 31;
  locale_t locale;
};
} // namespace

/// Leaves stop words out and changes the case of the others; a list that becomes empty is one empty
/// text.
static void stringNormalizer(Call &call) {
  const Tensor &in = textOperand(call, 0);
  const Shape &shape = in.shape();
  call.require(shape.size() == 1 || (shape.size() == 2 && shape[0] == 1), "operand 0 has shape ",
               shapeText(shape), ", expected [C] or [1, C]");
  const std::string action = call.text("case_change_action", "NONE");
  call.require(action == "NONE" || action == "LOWER" || action == "UPPER",
               "case_change_action is '", action, "', expected NONE, LOWER or UPPER");
  const bool minds = call.integer("is_case_sensitive", 0) != 0;
  const CaseMap cases;
  auto key = [&](const std::string &text) { return minds ? text : cases.map(text, false); };
  std::vector<std::string> stops = call.textList("stopwords"), kept;
  std::transform(stops.begin(), stops.end(), stops.begin(), key);
  std::sort(stops.begin(), stops.end());
  for (const std::string &text : in.texts())
    if (!std::binary_search(stops.begin(), stops.end(), key(text)))
      kept.push_back(action == "NONE" ? text : cases.map(text, action == "UPPER"));
  if (kept.empty())
    kept.emplace_back();
  Shape result = shape;
  result.back() = int64_t(kept.size());
  call.out(0, ElementType::STRING, std::move(result)).texts() = std::move(kept);
}

void pim::onnx::addTexts(Registry &registry) {
  registry.add("RegexFullMatch", regexFullMatch, 20);
  registry.add("StringConcat", stringConcat, 20);
  registry.add("StringNormalizer", stringNormalizer, 10);
  registry.add("StringSplit", stringSplit, 20);
}
