//===- Settings.cpp - what --set changes ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Target/Settings.h"
#include "pim/Support/Error.h"

#include <algorithm>

namespace pim::target {

static std::string keyOf(const std::string &setting) {
  return setting.substr(0, setting.find('='));
}

static void requireFreeAtRun(const std::string &key) {
  if (const KeyInfo *info = findKey(key); info && info->isCompiled)
    fail("key '", key,
         "' is fixed when the program is compiled; give it to pimc --set and compile again");
}

static void applyOne(Target &target, const std::string &setting, SettingTime time) {
  const size_t equals = setting.find('=');
  if (equals == std::string::npos)
    fail("has no value, expected KEY=VALUE");
  const std::string key = setting.substr(0, equals), value = setting.substr(equals + 1);
  if (time == SettingTime::Run)
    requireFreeAtRun(key);
  else if (key == "array.kind" && value != target.get(key))
    fail("the kind of array decides which keys there are; take a target of that kind");
  target.set(key, value);
}

/// The settings that a problem with `key` is blamed on: those of that key, or else all.
static std::string blamed(const std::vector<std::string> &settings, const std::string &key) {
  std::string all, own;
  for (const std::string &setting : settings) {
    all += " --set " + setting;
    if (keyOf(setting) == key)
      own = " --set " + setting;
  }
  return (own.empty() ? all : own).substr(1);
}

void applySettings(Target &target, const std::vector<std::string> &settings, SettingTime time) {
  if (settings.empty())
    return;
  Target changed = target;
  for (const std::string &setting : settings)
    try {
      applyOne(changed, setting, time);
    } catch (const Error &error) {
      fail("--set ", setting, ": ", error.what());
    }
  try {
    changed.validate();
  } catch (const KeyError &error) {
    fail(blamed(settings, error.key), ": ", error.what());
  }
  target = std::move(changed);
}

std::string describeKeys(const Target &target) {
  size_t keyWidth = 0, valueWidth = 0;
  const auto parameters = target.parameters();
  constexpr size_t widestValue = 24; // lists may be longer
  for (const auto &[key, value] : parameters) {
    keyWidth = std::max(keyWidth, key.size());
    if (value.size() <= widestValue)
      valueWidth = std::max(valueWidth, value.size());
  }
  std::string text;
  for (const auto &[key, value] : parameters) {
    if (key == "name" || key == "description")
      continue;
    const KeyInfo &info = *findKey(key);
    std::string line = (info.isCompiled ? "* " : "  ") + key;
    line.append(2 + keyWidth + 2 - line.size(), ' ');
    line += value;
    line.append(value.size() < valueWidth ? valueWidth - value.size() : 0, ' ');
    text += line + "  " + std::string(info.doc) + " (" + describeValues(info) + ")\n";
  }
  return text;
}

} // namespace pim::target
