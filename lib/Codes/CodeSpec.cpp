//===- CodeSpec.cpp - codes as text --------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Codes/LevelSet.h"

using namespace pim;
using namespace pim::codes;

/// Magnitudes of 7 bits and a sign fit a byte.
static constexpr int defaultMagnitudeBits = 7;

Code pim::codes::parseCode(std::string_view text) {
  auto [name, argument] = cutText(text, ':');
  bool given = text.find(':') != std::string_view::npos;
  auto without = [&](CodeKind kind) {
    if (given)
      fail("'", text, "': ", name, " takes no number");
    return Code{kind, 0, 0};
  };
  if (name == "ternary")
    return without(CodeKind::Ternary);
  if (name == "binary")
    return without(CodeKind::Binary);
  if (name == "pot")
    return {CodeKind::PowerOfTwo, 0,
            given ? int(parseCount(argument, 1, 15, text)) : defaultMagnitudeBits};
  if (name == "fixed") {
    if (argument == "1")
      fail("'", text, "': one bit is the code binary");
    return {CodeKind::Fixed, given ? int(parseCount(argument, 2, 16, text)) : 8, 0};
  }
  if (name == "apot") {
    int bits = given ? int(parseCount(argument, 2, 6, text)) : 4;
    if (bits % 2)
      fail("'", text, "': apot has 2, 4 or 6 bits, not ", bits);
    return {CodeKind::AdditivePowerOfTwo, bits, 0};
  }
  if (name == "window" || name == "run") {
    auto [length, magnitude] = cutText(argument, '/');
    Code code{name == "run" ? CodeKind::Run : CodeKind::Window, 3, defaultMagnitudeBits};
    if (given)
      code.bits = int(parseCount(length, 1, 8, text));
    if (argument.find('/') != std::string_view::npos)
      code.magnitudeBits = int(parseCount(magnitude, 1, 15, text));
    return code;
  }
  fail("'", text, "' is not a code; known: fixed:b, pot, pot:N, apot:b, window:S, window:S/N, ",
       "run:S, run:S/N, ternary, binary");
}

std::string pim::codes::formatCode(const Code &code) {
  auto windowed = [&](std::string name) {
    name.append(":").append(std::to_string(code.bits));
    if (code.magnitudeBits != defaultMagnitudeBits)
      name.append("/").append(std::to_string(code.magnitudeBits));
    return name;
  };
  switch (code.kind) {
  case CodeKind::Fixed:
    return "fixed:" + std::to_string(code.bits);
  case CodeKind::PowerOfTwo:
    return code.magnitudeBits == defaultMagnitudeBits ? "pot"
                                                      : "pot:" + std::to_string(code.magnitudeBits);
  case CodeKind::AdditivePowerOfTwo:
    return "apot:" + std::to_string(code.bits);
  case CodeKind::Window:
    return windowed("window");
  case CodeKind::Run:
    return windowed("run");
  case CodeKind::Ternary:
    return "ternary";
  case CodeKind::Binary:
    return "binary";
  }
  return "";
}

LayerCodes pim::codes::parseLayerCodes(std::string_view text) {
  return parseLayerTable<Code>(text, parseCode);
}
