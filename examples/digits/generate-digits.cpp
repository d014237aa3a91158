//===- generate-digits.cpp - write a set of digit images ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digits.h"

#include <charconv>
#include <cstring>
#include <iostream>
#include <string_view>

static bool parseNumber(std::string_view text, uint64_t &value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

int main(int argc, char **argv) {
  uint64_t seed = 0, count = 0;
  if (argc == 2 && !std::strcmp(argv[1], "--help")) {
    std::cout << "usage: generate-digits SEED COUNT PREFIX\n"
                 "Writes COUNT handwriting-like digits to PREFIX-images-idx3-ubyte.gz and\n"
                 "PREFIX-labels-idx1-ubyte.gz. Equal SEED, equal images.\n";
    return 0;
  }
  if (argc != 4 || !parseNumber(argv[1], seed) || !parseNumber(argv[2], count) || count == 0 ||
      count > 1000000) {
    std::cerr << "usage: generate-digits SEED COUNT PREFIX   (COUNT: 1 to 1000000)\n";
    return 2;
  }
  try {
    pim::digits::writeIdx(pim::digits::makeDataset(seed, count), argv[3]);
  } catch (const std::exception &error) {
    std::cerr << "generate-digits: error: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
