//===- Assembly.cpp - instructions to and from text -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The printer and the parser that the generated code drives. Tested by
// unittests/ISA/AssemblyTest.cpp.
//
//===----------------------------------------------------------------------===//
#include "pim/ISA/Assembly.h"

#include "pim/ISA/InstructionInfo.h"
#include "pim/Support/Error.h"

#include <charconv>

namespace pim::isa {
namespace {

class AssemblyPrinter {
public:
  explicit AssemblyPrinter(const char *mnemonic) : text(mnemonic) {}

  void operand(const char *prefix, int64_t value) {
    separate();
    text += prefix;
    text += std::to_string(value);
  }

  void flag(const char *name, bool isSet) {
    if (!isSet)
      return;
    separate();
    text += name;
  }

  std::string take() { return std::move(text); }

private:
  void separate() {
    text += isFirst ? " " : ", ";
    isFirst = false;
  }

  std::string text;
  bool isFirst = true;
};

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool isWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-' || c == '+';
}

/// Reads a line from left to right.
class AssemblyParser {
public:
  explicit AssemblyParser(std::string_view line) : line(line.substr(0, line.find_first_of(";#"))) {}

  std::string_view mnemonic() {
    std::string_view word = takeWord();
    if (word.empty())
      refuse("expected an instruction, found ", found());
    return word;
  }

  int64_t operand(const char *name, std::string_view prefix, int64_t min, int64_t max) {
    separate(name);
    std::string_view word = takeWord();
    std::string_view digits = word;
    int64_t value = 0;
    bool isGood = word.starts_with(prefix);
    if (isGood) {
      digits.remove_prefix(prefix.size());
      auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      isGood = error == std::errc() && end == digits.data() + digits.size();
    }
    if (!isGood || value < min || value > max)
      refuse("expected '", name, "' from ", prefix, min, " to ", prefix, max, ", found ",
             word.empty() ? found() : quoted(word));
    return value;
  }

  /// Consumes the name of the flag if it comes next.
  bool flag(std::string_view name) {
    size_t before = position;
    bool wasFirst = isFirst;
    skipBlanks();
    if (isFirst || takeCharacter(',')) {
      isFirst = false;
      if (takeWord() == name)
        return true;
    }
    position = before;
    isFirst = wasFirst;
    return false;
  }

  void end() {
    skipBlanks();
    if (position != line.size())
      refuse("expected the end of the instruction, found ", found());
  }

  [[noreturn]] void refuseMnemonic(std::string_view mnemonic) {
    wordStart = mnemonic.data() - line.data();
    refuse("there is no instruction '", mnemonic, "'");
  }

private:
  void skipBlanks() {
    while (position < line.size() && isBlank(line[position]))
      ++position;
    wordStart = position;
  }

  bool takeCharacter(char c) {
    if (position == line.size() || line[position] != c)
      return false;
    ++position;
    return true;
  }

  std::string_view takeWord() {
    skipBlanks();
    while (position < line.size() && isWordCharacter(line[position]))
      ++position;
    return line.substr(wordStart, position - wordStart);
  }

  /// Operands are separated by commas.
  void separate(const char *name) {
    skipBlanks();
    if (!isFirst && !takeCharacter(','))
      refuse("expected ',' and '", name, "', found ", found());
    isFirst = false;
  }

  static std::string quoted(std::string_view text) {
    return std::string("'").append(text).append("'");
  }

  std::string found() const {
    return position == line.size() ? "the end of the line"
                                   : std::string("'") + line[position] + "'";
  }

  template <typename... Parts> [[noreturn]] void refuse(const Parts &...parts) {
    fail("column ", wordStart + 1, ": ", parts...);
  }

  std::string_view line;
  size_t position = 0;
  size_t wordStart = 0;
  bool isFirst = true;
};

} // namespace

#include "pim/ISA/Assembly.inc"

std::string print(const Instruction &instruction) {
  return visit(instruction, [](const auto &x) { return print(x); });
}

} // namespace pim::isa
