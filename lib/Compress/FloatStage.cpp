//===- FloatStage.cpp - plain training ------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stage.h"

namespace pim::compress {

std::string jsonText(const std::string &text) {
  static const char digits[] = "0123456789abcdef";
  std::string result = "\"";
  for (unsigned char letter : text)
    if (letter < 0x20) {
      result += "\\u00";
      result += digits[letter >> 4];
      result += digits[letter & 15];
    } else {
      if (letter == '"' || letter == '\\')
        result += '\\';
      result += static_cast<char>(letter);
    }
  return result + "\"";
}

std::unique_ptr<Stage> makeFloatStage(StepOptions epochs) {
  return std::make_unique<Stage>(floatStageName, epochs);
}

} // namespace pim::compress
