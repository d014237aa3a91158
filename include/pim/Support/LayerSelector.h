//===- LayerSelector.h - which layers an option is about -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Options that differ by layer name layers in one way everywhere:
//
//   conv1        the layer of that name
//   block1*      every layer whose name fits; a star stands for any characters
//   #0, #-1      by position among the layers that have weights, in graph order; negative from the
//   end "a:b"        quotes keep characters that a grammar uses
//
// A table is a list of `selector<mark>value` clauses separated by semicolons; a clause without
// selector is the default. Of the clauses that fit a layer the last one counts, and the default
// counts for layers that none fits. Tested by unittests/Sparsity/SpecTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_LAYERSELECTOR_H
#define PIM_SUPPORT_LAYERSELECTOR_H

#include "pim/Support/Nearest.h"
#include "pim/Support/SpecText.h"

#include <optional>

namespace pim {

/// One selector of the grammar above.
class LayerSelector {
public:
  /// Throws Error on an empty name, an open quote or a bad position.
  static LayerSelector parse(std::string_view text) {
    LayerSelector selector;
    text = trimmed(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
      selector.name = text.substr(1, text.size() - 2);
      selector.quoted = true;
    } else if (!text.empty() && text.front() == '#') {
      selector.index = parseCount(text.substr(1), -1000000, 1000000, text);
    } else {
      selector.name = text;
    }
    if (!selector.index && selector.name.empty())
      fail("'", text, "' names no layer");
    if (!selector.quoted && selector.name.find('"') != std::string::npos)
      fail("'", text, "': a quote is not closed");
    return selector;
  }

  /// True for the layer `layerName` that is number `position` of `count` layers.
  bool matches(std::string_view layerName, int64_t position, int64_t count) const {
    if (index)
      return (*index < 0 ? *index + count : *index) == position;
    return quoted ? layerName == name : fits(name, layerName);
  }

  std::string str() const {
    if (index)
      return std::string("#").append(std::to_string(*index));
    return quoted ? "\"" + name + "\"" : name;
  }

  friend bool operator==(const LayerSelector &, const LayerSelector &) = default;

private:
  /// Glob match with '*' alone: on a mismatch, let the last star take one character more.
  static bool fits(std::string_view pattern, std::string_view text) {
    size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
      if (p < pattern.size() && pattern[p] == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.size() && pattern[p] == text[t]) {
        ++p;
        ++t;
      } else if (star != std::string_view::npos) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
  }

  std::string name;
  bool quoted = false;
  std::optional<int64_t> index;
};

/// What is said after the name of a layer that there is none of: the one that may have been meant,
/// or how many there are.
inline std::string describeLayers(std::string_view name, const std::vector<std::string> &layers) {
  const std::vector<std::string_view> names(layers.begin(), layers.end());
  if (const std::string_view nearest = nearestWord(name, names); !nearest.empty())
    return "; did you mean '" + std::string(nearest) + "'";
  return "; there are " + std::to_string(layers.size()) +
         (layers.empty() ? "" : ", the first is '" + layers.front() + "'");
}

/// Values by layer: what a `selector<mark>value;...` text means.
template <typename Value> class LayerTable {
public:
  struct Clause {
    std::optional<LayerSelector> selector; ///< none: the default
    Value value;
    friend bool operator==(const Clause &, const Clause &) = default;
  };

  void add(Clause clause) { clauses.push_back(std::move(clause)); }
  bool empty() const { return clauses.empty(); }
  const std::vector<Clause> &all() const { return clauses; }

  /// The value for a layer, or null where no clause fits it and there is no default.
  const Value *find(std::string_view name, int64_t position, int64_t count) const {
    const Value *found = nullptr;
    bool named = false;
    for (const Clause &clause : clauses) {
      if (clause.selector ? clause.selector->matches(name, position, count) : !named) {
        found = &clause.value;
        named |= clause.selector.has_value();
      }
    }
    return found;
  }

  /// Throws Error, naming `option`, if a selector fits none of the layers (in graph order).
  void requireAllUsed(const std::vector<std::string> &layers, std::string_view option) const {
    for (const Clause &clause : clauses) {
      bool used = !clause.selector;
      for (size_t i = 0; i < layers.size() && !used; ++i)
        used = clause.selector->matches(layers[i], int64_t(i), int64_t(layers.size()));
      if (!used)
        fail(option, ": no layer with weights is '", clause.selector->str(), "'",
             describeLayers(clause.selector->str(), layers));
    }
  }

  friend bool operator==(const LayerTable &, const LayerTable &) = default;

private:
  std::vector<Clause> clauses;
};

/// The pieces of `text` between any of the separators, except those inside double quotes.
inline std::vector<std::string_view> splitClauses(std::string_view text,
                                                  std::string_view separators = ";") {
  std::vector<std::string_view> pieces;
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (!quoted && separators.find(text[i]) != std::string_view::npos)) {
      pieces.push_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    } else {
      quoted ^= text[i] == '"';
    }
  }
  return pieces;
}

/// Reads "value;selector=value;...", where values have no '='.
template <typename Value, typename Parse>
LayerTable<Value> parseLayerTable(std::string_view text, Parse parse,
                                  std::string_view separators = ";") {
  LayerTable<Value> table;
  for (std::string_view clause : splitClauses(text, separators)) {
    size_t mark = clause.rfind('=');
    if (mark == std::string_view::npos)
      table.add({std::nullopt, parse(clause)});
    else
      table.add(
          {LayerSelector::parse(clause.substr(0, mark)), parse(trimmed(clause.substr(mark + 1)))});
  }
  return table;
}

} // namespace pim

#endif // PIM_SUPPORT_LAYERSELECTOR_H
