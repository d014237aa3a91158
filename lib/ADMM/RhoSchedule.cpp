//===- RhoSchedule.cpp - penalty schedules as text -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ADMM/Solver.h"
#include "pim/Support/SpecText.h"

using namespace pim;
using namespace pim::admm;

static constexpr double smallestRho = 1e-9, largestRho = 1e6;

RhoSchedule pim::admm::parseRhoSchedule(std::string_view text) {
  std::vector<std::string_view> parts = splitText(text, ':');
  RhoSchedule schedule;
  size_t most = 2;
  if (parts[0] == "constant") {
    schedule.kind = RhoSchedule::Kind::Constant;
  } else if (parts[0] == "growing") {
    schedule.kind = RhoSchedule::Kind::Growing;
    most = 4;
  } else if (parts[0] == "balanced") {
    schedule.kind = RhoSchedule::Kind::Balanced;
    schedule.factor = 2;
    most = 4;
  } else {
    fail("'", text, "' is not a schedule of rho; known: constant:RHO, growing:RHO:FACTOR:LIMIT, ",
         "balanced:RHO:FACTOR:LIMIT");
  }
  if (parts.size() > most)
    fail("'", text, "': ", parts[0], " takes at most ", most - 1, " numbers");
  if (parts.size() > 1)
    schedule.initial = parseReal(parts[1], smallestRho, largestRho, text);
  if (parts.size() > 2)
    schedule.factor = parseReal(parts[2], 1, 100, text);
  if (parts.size() > 3)
    schedule.limit = parseReal(parts[3], schedule.initial, largestRho, text);
  return schedule;
}

std::string pim::admm::formatRhoSchedule(const RhoSchedule &schedule) {
  std::string initial = formatReal(schedule.initial);
  if (schedule.kind == RhoSchedule::Kind::Constant)
    return "constant:" + initial;
  return (schedule.kind == RhoSchedule::Kind::Growing ? "growing:" : "balanced:") + initial + ":" +
         formatReal(schedule.factor) + ":" + formatReal(schedule.limit);
}
