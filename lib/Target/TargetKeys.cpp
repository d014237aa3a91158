//===- TargetKeys.cpp - targets as keys and text --------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FieldText.h"
#include "pim/Support/Error.h"
#include "pim/Support/Nearest.h"
#include "pim/Target/Settings.h"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace pim::target {

#include "pim/Target/TargetKeys.cpp.inc"

std::string_view KeyInfo::section() const {
  size_t dot = path.find('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view KeyInfo::name() const { return path.substr(path.find('.') + 1); }

std::string describeValues(const KeyInfo &info) {
  std::string text(info.type);
  if (!info.isNumeric)
    return text;
  const std::string most = std::to_string(info.max);
  if (info.isPositive)
    return text + " above 0" + (info.isBounded ? ", at most " + most : "");
  return text + (info.isBounded ? " from " : " of at least ") + std::to_string(info.min) +
         (info.isBounded ? " to " + most : "");
}

std::span<const KeyInfo> keys() { return keyInfos; }

const KeyInfo *findKey(std::string_view path) {
  auto found = std::find_if(std::begin(keyInfos), std::end(keyInfos),
                            [path](const KeyInfo &info) { return info.path == path; });
  return found == std::end(keyInfos) ? nullptr : found;
}

/// The key without its unit: "array.read_energy" of "array.read_energy_pj". Empty if it ends in no
/// unit.
static std::string_view withoutUnit(std::string_view path) {
  static constexpr std::string_view units[] = {
      "fj",  "pj",  "nj",  "uj",  "mj", "j",  "ps", "ns",  "us",   "ms",    "s",     "hz",
      "khz", "mhz", "ghz", "b",   "kb", "mb", "gb", "kib", "mib",  "gib",   "ohm",   "v",
      "mv",  "um2", "mm2", "nm2", "nw", "uw", "mw", "w",   "bits", "bytes", "cycles"};
  size_t underscore = path.rfind('_');
  if (underscore == std::string_view::npos)
    return {};
  std::string_view unit = path.substr(underscore + 1);
  bool isUnit = std::find(std::begin(units), std::end(units), unit) != std::end(units);
  return isUnit ? path.substr(0, underscore) : std::string_view();
}

/// One line, whatever a damaged file has for a key.
static std::string printable(std::string_view text) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return result;
}

/// "; the keys of 'cell' are bits, ..." for a path within a section that there is, else "".
static std::string keysBeside(std::string_view path) {
  std::string_view section = path.substr(0, path.find('.') + 1);
  std::string names;
  for (const KeyInfo &info : keyInfos)
    if (!section.empty() && info.path.starts_with(section))
      names.append(names.empty() ? "" : ", ").append(info.path.substr(section.size()));
  section = section.substr(0, section.size() - !section.empty());
  return names.empty() ? "" : "; the keys of '" + std::string(section) + "' are " + names;
}

std::string describeUnknownKey(std::string_view path) {
  std::vector<std::string_view> candidates;
  for (const KeyInfo &info : keyInfos) {
    std::string_view stem = withoutUnit(info.path);
    if (!stem.empty() && (stem == withoutUnit(path) || stem == path))
      return "key '" + printable(path) + "' has the wrong unit; expected '" +
             std::string(info.path) + "'";
    candidates.push_back(info.path);
  }
  std::string text = "unknown key '" + printable(path) + "'";
  std::string_view nearest = nearestWord(path, candidates);
  if (!nearest.empty())
    return text + "; did you mean '" + std::string(nearest) + "'";
  return text + keysBeside(path);
}

static const KeyInfo &knownKey(std::string_view path) {
  if (const KeyInfo *info = findKey(path))
    return *info;
  fail(describeUnknownKey(path));
}

static FieldRef fieldOf(const KeyInfo &info, TargetData &target) {
  return fieldAccess[&info - keyInfos](target);
}

static std::string printAny(const KeyInfo &info, const TargetData &target) {
  // Only read through: the accessors serve writing too.
  FieldRef field = fieldOf(info, const_cast<TargetData &>(target));
  return std::visit(
      [](auto *value) -> std::string {
        if constexpr (std::is_enum_v<std::remove_pointer_t<decltype(value)>>)
          return nameOf(*value);
        else
          return printField(*value);
      },
      field);
}

static std::string parseAny(const KeyInfo &info, std::string_view text, TargetData &target) {
  return std::visit(
      [text](auto *value) -> std::string {
        using Value = std::remove_pointer_t<decltype(value)>;
        if constexpr (std::is_enum_v<Value>) {
          size_t index = 0;
          std::string problem = parseWord(text, words(value), index);
          if (problem.empty())
            *value = static_cast<Value>(index);
          return problem;
        } else {
          return parseField(text, *value);
        }
      },
      fieldOf(info, target));
}

/// What is wrong with a number of this key, empty if nothing.
static std::string checkNumber(const KeyInfo &info, double value) {
  if (info.isPositive && value <= 0)
    return printField(value) + " is not above 0";
  if (value < double(info.min))
    return printField(value) + " is below " + std::to_string(info.min);
  if (value > double(info.max))
    return printField(value) + " is above " + std::to_string(info.max);
  return {};
}

static std::string checkRange(const KeyInfo &info, const TargetData &target) {
  FieldRef field = fieldOf(info, const_cast<TargetData &>(target));
  if (auto *count = std::get_if<uint32_t *>(&field))
    return checkNumber(info, **count);
  if (auto *number = std::get_if<double *>(&field))
    return checkNumber(info, **number);
  if (auto *list = std::get_if<std::vector<double> *>(&field))
    for (double entry : **list)
      if (std::string problem = checkNumber(info, entry); !problem.empty())
        return problem;
  return {};
}

std::string Target::get(std::string_view key) const { return printAny(knownKey(key), *this); }

void Target::set(std::string_view key, std::string_view text) {
  const KeyInfo &info = knownKey(key);
  if (info.path != "array.kind" && !info.appliesTo(array.kind))
    throw KeyError(key, "key '" + std::string(key) + "' does not apply to arrays of kind '" +
                            nameOf(array.kind) + "'");
  TargetData changed = *this;
  std::string problem = parseAny(info, text, changed);
  if (problem.empty())
    problem = checkRange(info, changed);
  if (!problem.empty())
    throw KeyError(key, "key '" + std::string(key) + "': " + problem + "; expected " +
                            describeValues(info));
  static_cast<TargetData &>(*this) = std::move(changed);
}

std::vector<std::pair<std::string, std::string>> Target::parameters() const {
  std::vector<std::pair<std::string, std::string>> result;
  for (const KeyInfo &info : keyInfos)
    if (info.appliesTo(array.kind))
      result.emplace_back(info.path, printAny(info, *this));
  return result;
}

Target Target::fromParameters(std::span<const std::pair<std::string, std::string>> parameters) {
  Target target;
  std::vector<bool> seen(std::size(keyInfos), false);
  auto assign = [&](const std::pair<std::string, std::string> &parameter) {
    const KeyInfo &info = knownKey(parameter.first);
    if (seen[&info - keyInfos])
      fail("target key '", info.path, "' is listed twice");
    seen[&info - keyInfos] = true;
    target.set(info.path, parameter.second);
  };
  // The array kind first: it decides which other keys there are.
  auto isKind = [](const auto &parameter) { return parameter.first == "array.kind"; };
  auto kind = std::find_if(parameters.begin(), parameters.end(), isKind);
  if (kind == parameters.end())
    fail("target key 'array.kind' is missing");
  target.set(kind->first, kind->second);
  for (const auto &parameter : parameters)
    assign(parameter);
  for (const KeyInfo &info : keyInfos) {
    if (seen[&info - keyInfos] || !info.appliesTo(target.array.kind))
      continue;
    if (!info.isOptional)
      fail("target key '", info.path, "' is missing");
    if (!info.defaultText.empty())
      target.set(info.path, info.defaultText);
  }
  target.validate();
  return target;
}

/// Ranges of the table; Target::validate() adds what ties keys to one another.
void checkKeyRanges(const Target &target) {
  for (const KeyInfo &info : keyInfos) {
    if (!info.appliesTo(target.array.kind))
      continue;
    std::string problem = checkRange(info, target);
    if (!problem.empty())
      throw KeyError(info.path, "key '" + std::string(info.path) + "': " + problem);
  }
}

} // namespace pim::target
