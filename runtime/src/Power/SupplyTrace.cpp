//===- SupplyTrace.cpp - reads traces of power ---------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Power/Supply.h"

#include "pim/Support/Error.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace pim;
using namespace pim::runtime;

static std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  const size_t end = text.find_last_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

/// A finite number of at least 0.
static bool parseNumber(std::string_view text, double &value) {
  text = trim(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value) &&
         value >= 0;
}

static SupplyTrace parseSeeded(const std::string &text) {
  const std::string_view rest = std::string_view(text).substr(sizeof("seeded:") - 1);
  const size_t comma = rest.find(',');
  SupplyTrace trace;
  trace.text = text;
  if (!parseNumber(rest.substr(0, comma), trace.meanSeconds) || trace.meanSeconds <= 0)
    fail("supply '", text,
         "': expected seeded:SECONDS[,SEED], the mean time between failures in "
         "seconds, above 0");
  if (comma != std::string_view::npos) {
    const std::string_view seed = rest.substr(comma + 1);
    const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), trace.seed);
    if (error != std::errc() || end != seed.data() + seed.size())
      fail("supply '", text, "': the seed '", seed, "' is not a number of at least 0");
  }
  return trace;
}

static void checkRows(const SupplyTrace &trace, const std::string &name) {
  if (trace.rows.size() < (trace.kind == SupplyTrace::Kind::Harvest ? 2 : 1))
    fail(name, ": has ", trace.rows.size(), " rows, too few for a trace");
  double sum = 0;
  for (size_t i = 0; i < trace.rows.size(); ++i)
    sum += trace.kind == SupplyTrace::Kind::Intervals ? trace.rows[i].first : trace.rows[i].second;
  if (sum <= 0)
    fail(name, ": never gives any power");
}

SupplyTrace SupplyTrace::parseFile(const std::string &content, const std::string &name) {
  SupplyTrace trace;
  trace.text = name;
  std::istringstream stream(content);
  std::string raw;
  bool hasHeader = false;
  for (size_t number = 1; std::getline(stream, raw); ++number) {
    const std::string_view line = trim(std::string_view(raw).substr(0, raw.find('#')));
    if (line.empty())
      continue;
    if (!hasHeader) {
      if (line != "on_s,off_s" && line != "time_s,power_w")
        fail(name, ":", number,
             ": expected on_s,off_s or time_s,power_w, which say what the "
             "columns are, found '",
             line.substr(0, 40), "'");
      trace.kind = line == "on_s,off_s" ? Kind::Intervals : Kind::Harvest;
      hasHeader = true;
      continue;
    }
    const size_t comma = line.find(',');
    std::pair<double, double> row;
    if (comma == std::string_view::npos || !parseNumber(line.substr(0, comma), row.first) ||
        !parseNumber(line.substr(comma + 1), row.second))
      fail(name, ":", number, ": expected two numbers of at least 0 with a comma between, found '",
           line.substr(0, 40), "'");
    if (trace.kind == Kind::Harvest &&
        (trace.rows.empty() ? row.first != 0 : row.first <= trace.rows.back().first))
      fail(name, ":", number, ": time is ", row.first, ", expected ",
           trace.rows.empty() ? "the first row at 0" : "more than that of the row before");
    trace.rows.push_back(row);
  }
  if (!hasHeader)
    fail(name, ": is empty, expected a line on_s,off_s or time_s,power_w and rows of numbers");
  checkRows(trace, name);
  return trace;
}

SupplyTrace SupplyTrace::parse(const std::string &text) {
  if (text.starts_with("seeded:"))
    return parseSeeded(text);
  std::ifstream file(text, std::ios::binary);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf()))
    fail(text, ": cannot be read; expected a trace of power, or seeded:SECONDS[,SEED]");
  return parseFile(content.str(), text);
}
