//===- Settings.h - what --set changes -------------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The `--set KEY=VALUE` of pimc and pim-run, and what can be set. Tested by unittests/Target.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_TARGET_SETTINGS_H
#define PIM_TARGET_SETTINGS_H

#include "pim/Target/Target.h"

namespace pim::target {

/// Before a program is made for the target, or after.
enum class SettingTime { Compile, Run };

/// Sets the keys of all `settings`, each "KEY=VALUE", then validates, so that their order does not
/// matter; of two of the same key the last one holds. Throws pim::Error, which names the setting,
/// with the target unchanged, at what is no such text, at what Target::set() and validate() refuse,
/// at another array kind, and when it is time to run at keys that the compiled program depends on.
void applySettings(Target &target, const std::vector<std::string> &settings, SettingTime time);

/// The legal values of a key: "integer from 1 to 64", "number above 0", "and | xbar | imac".
std::string describeValues(const KeyInfo &info);

/// A line for each key of `target`: "* " before those that are fixed once a program is compiled,
/// key, value, meaning and legal values.
std::string describeKeys(const Target &target);

} // namespace pim::target

#endif // PIM_TARGET_SETTINGS_H
