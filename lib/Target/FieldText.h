//===- FieldText.h - target values as text ---------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints and parses what a target key may hold. Parsing returns what is wrong, empty if nothing is;
// the caller knows which key it was.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_TARGET_FIELDTEXT_H
#define PIM_LIB_TARGET_FIELDTEXT_H

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pim::target {

std::string printField(const std::string &value);
std::string printField(uint32_t value);
/// The shortest text that reads back as the same number.
std::string printField(double value);
/// "[0.46, 0.53]"
std::string printField(const std::vector<double> &value);

std::string parseField(std::string_view text, std::string &value);
std::string parseField(std::string_view text, uint32_t &value);
std::string parseField(std::string_view text, double &value);
std::string parseField(std::string_view text, std::vector<double> &value);

/// Parses one of `words` into its place among them.
std::string parseWord(std::string_view text, std::span<const char *const> words, size_t &index);

} // namespace pim::target

#endif // PIM_LIB_TARGET_FIELDTEXT_H
