//===- DroppedShare.cpp - a share of filters, columns or channels --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Selection.h"
#include "pim/Support/SpecText.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::sparsity;

int64_t DroppedShare::kept(int64_t total) const {
  double multiples = double(total) * (1 - dropped) / double(multiple);
  return std::min(total, std::max<int64_t>(1, std::llround(multiples)) * multiple);
}

DroppedShare DroppedShare::parse(std::string_view item, std::string_view argument) {
  auto [share, multiple] = cutText(argument, '@');
  DroppedShare result;
  result.dropped = parseShare(item, share);
  if (argument.find('@') != std::string_view::npos)
    result.multiple = parseCount(multiple, 1, 1 << 24, item);
  return result;
}

std::string DroppedShare::argument() const {
  std::string text = formatReal(dropped);
  return multiple == 1 ? text : text.append("@").append(std::to_string(multiple));
}
