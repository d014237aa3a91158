//===- PatternSpec.cpp - patterns as text --------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Sparsity/PatternSpec.h"

using namespace pim;
using namespace pim::sparsity;

/// Tries the alternatives of the variant by name; `known` collects the names for the error.
template <size_t index = 0>
static Pattern parseNamed(std::string_view name, std::string_view argument,
                          const std::string &known) {
  if constexpr (index == std::variant_size_v<Pattern>) {
    fail("'", name, "' is not a pattern; known: ", known);
  } else {
    using Kind = std::variant_alternative_t<index, Pattern>;
    if (name == Kind::name)
      return Kind::parse(argument);
    return parseNamed<index + 1>(name, argument,
                                 known + (index ? ", " : "") + std::string(Kind::name));
  }
}

Pattern pim::sparsity::parsePattern(std::string_view item) {
  auto [name, argument] = cutText(item, '=');
  Pattern (*parse)(std::string_view, std::string_view, const std::string &) = parseNamed<0>;
  return parse(name, argument, "");
}

PatternSpec pim::sparsity::parsePatternSpec(std::string_view text) {
  PatternSpec spec;
  if (trimmed(text) == "none")
    return spec;
  for (std::string_view item : splitText(text, ',')) {
    if (item.empty())
      fail("'", text, "': a pattern is missing");
    spec.push_back(parsePattern(item));
  }
  return spec;
}

LayerPatterns pim::sparsity::parseLayerPatterns(std::string_view text) {
  LayerPatterns table;
  for (std::string_view clause : splitClauses(text)) {
    // Behind the selector's colon stands the name of a pattern and '=', or "none".
    size_t quoteEnd = clause.starts_with('"') ? clause.find('"', 1) : 0;
    size_t equals = quoteEnd == std::string_view::npos ? quoteEnd : clause.find('=', quoteEnd);
    size_t colon = clause.rfind(':', equals);
    if (colon == std::string_view::npos) {
      table.add({std::nullopt, parsePatternSpec(clause)});
    } else {
      table.add({LayerSelector::parse(clause.substr(0, colon)),
                 parsePatternSpec(clause.substr(colon + 1))});
    }
  }
  return table;
}

std::string pim::sparsity::formatPattern(const Pattern &pattern) {
  return std::visit(
      [](const auto &kind) {
        std::string text(std::decay_t<decltype(kind)>::name);
        return text += "=" + kind.argument();
      },
      pattern);
}

std::string pim::sparsity::formatPatternSpec(const PatternSpec &spec) {
  std::string text;
  for (const Pattern &pattern : spec)
    text.append(text.empty() ? "" : ",").append(formatPattern(pattern));
  return text.empty() ? "none" : text;
}

std::string pim::sparsity::formatLayerPatterns(const LayerPatterns &table) {
  std::string text;
  for (const auto &clause : table.all()) {
    if (!text.empty())
      text += ";";
    if (clause.selector)
      text += clause.selector->str() + ":";
    text += formatPatternSpec(clause.value);
  }
  return text;
}
