//===- CommitPolicy.cpp - when state is made durable ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/CommitPolicy.h"

#include "pim/Support/Error.h"

#include <charconv>

using namespace pim;
using namespace pim::runtime;

/// In the order of Kind; Cycles takes a number.
static constexpr std::string_view policyNames[] = {"pass",   "segment", "pixel", "layer",
                                                   "cycles", "program", "auto"};

CommitPolicy CommitPolicy::parse(std::string_view text) {
  const size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (size_t i = 0; i < std::size(policyNames); ++i) {
    if (name != policyNames[i])
      continue;
    CommitPolicy policy{Kind(i), 0};
    if ((policy.kind == Kind::Cycles) != (colon != std::string_view::npos))
      break;
    if (policy.kind != Kind::Cycles)
      return policy;
    const std::string_view number = text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), policy.cycles);
    if (error == std::errc() && end == number.data() + number.size() && policy.cycles != 0)
      return policy;
    break;
  }
  fail("commit policy '", text,
       "' is unknown, expected auto, pass, segment, pixel, layer, program or cycles:N with N of at "
       "least 1");
}

std::string CommitPolicy::text() const {
  std::string result(policyNames[size_t(kind)]);
  return kind == Kind::Cycles ? result + ":" + std::to_string(cycles) : result;
}
