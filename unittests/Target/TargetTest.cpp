//===- TargetTest.cpp - tests of targets as keys and text -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Target/Settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

using namespace pim;
using namespace pim::target;
using ::testing::HasSubstr;

namespace {

/// A legal value for every key of an array kind.
std::vector<std::pair<std::string, std::string>> someParameters(ArrayKind kind) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const KeyInfo &info : keys()) {
    if (!info.appliesTo(kind))
      continue;
    std::string text = "1";
    if (info.path == "array.kind")
      text = nameOf(kind);
    else if (info.path == "array.rows" || info.path == "array.cols")
      text = "128";
    else if (info.path == "array.active_rows")
      text = "128";
    else if (info.path == "and.input_rows")
      text = "16";
    else if (info.path == "adc.bits")
      text = "8";
    else if (info.path == "adc.lsb")
      text = "0";
    else if (info.path == "leakage.gating")
      text = "idle";
    else if (info.path == "power.durable")
      text = "global-memory";
    else if (info.path == "power.on_v")
      text = "3";
    else if (info.path == "mapping.slicing")
      text = "columns";
    else if (info.path == "mapping.sign")
      text = kind == ArrayKind::Imac ? "differential" : "offset";
    else if (kind == ArrayKind::Imac && info.path == "cell.on_ohm")
      text = "5000";
    else if (kind == ArrayKind::Imac && info.path == "cell.on_off_ratio")
      text = "3";
    else if (info.path == "imac.zero")
      text = "low";
    else if (info.path == "chip.clock_mhz")
      text = "800";
    else if (info.isOptional && info.section() != "power" && info.section() != "leakage" &&
             info.section() != "chip") // an ideal device
      text = info.defaultText;
    else if (info.type == "list of numbers")
      text = "[1, 2, 3, 4, 5, 6, 7, 8.5]";
    result.emplace_back(info.path, text);
  }
  return result;
}

Target someTarget(ArrayKind kind) { return Target::fromParameters(someParameters(kind)); }

template <typename Function> std::string errorOf(Function function) {
  try {
    function();
  } catch (const Error &error) {
    return error.what();
  }
  return "no error";
}

TEST(TargetTest, ParametersRoundTrip) {
  for (ArrayKind kind : {ArrayKind::And, ArrayKind::Xbar, ArrayKind::Imac}) {
    auto parameters = someParameters(kind);
    Target target = Target::fromParameters(parameters);
    EXPECT_EQ(target.parameters(), parameters);
    std::reverse(parameters.begin(), parameters.end());
    EXPECT_EQ(Target::fromParameters(parameters).parameters(), target.parameters());
  }
}

TEST(TargetTest, NumbersKeepEveryBit) {
  Target target = someTarget(ArrayKind::Xbar);
  for (double value : {0.1, 1.0 / 3, 6.02e-23, 1e8 + 1.0 / 1024}) {
    target.array.readEnergyPj = value;
    Target copy = Target::fromParameters(target.parameters());
    EXPECT_EQ(copy.array.readEnergyPj, value);
  }
}

TEST(TargetTest, MatrixDimensions) {
  Target xbar = someTarget(ArrayKind::Xbar);
  xbar.set("array.rows", "64");
  EXPECT_EQ(xbar.matrixRows(), 64u);
  EXPECT_EQ(xbar.matrixColumns(), 128u);
  Target digital = someTarget(ArrayKind::And);
  digital.set("array.cols", "512");
  EXPECT_EQ(digital.matrixRows(), 512u);
  EXPECT_EQ(digital.matrixColumns(), 112u);
}

TEST(TargetTest, AdcSpansTheFullRange) {
  Target target = someTarget(ArrayKind::Xbar);
  auto lsbOf = [&](const char *bits) {
    target.set("adc.bits", bits);
    return target.adcLsb();
  };
  EXPECT_EQ(target.fullRange(), 128u);
  EXPECT_EQ(lsbOf("8"), 1u);
  EXPECT_TRUE(target.isAdcExact());
  EXPECT_EQ(lsbOf("7"), 1u);
  EXPECT_FALSE(target.isAdcExact()); // 128 becomes 127
  EXPECT_EQ(lsbOf("6"), 2u);
  EXPECT_EQ(lsbOf("5"), 4u);
  EXPECT_EQ(lsbOf("1"), 64u);
  target.set("adc.lsb", "3");
  EXPECT_EQ(target.adcLsb(), 3u);
  EXPECT_EQ(target.adcEnergyPj(), 1.0);
  target.set("adc.bits", "8");
  EXPECT_EQ(target.adcEnergyPj(), 8.5);
}

TEST(TargetTest, LsbPolicies) {
  Target target = someTarget(ArrayKind::Xbar);
  target.set("adc.bits", "5");
  EXPECT_EQ(target.adcLsb(), 4u);
  target.set("adc.coding", "flip"); // the largest sum is 64
  EXPECT_EQ(target.adcLsb(), 2u);
  target.set("adc.bits", "7");
  EXPECT_TRUE(target.isAdcExact());
  target.set("adc.bits", "5");
  target.set("adc.lsb_policy", "unit");
  EXPECT_EQ(target.adcLsb(), 1u);
  target.set("adc.lsb", "8"); // what is said counts
  EXPECT_EQ(target.adcLsb(), 8u);
  EXPECT_EQ(lsbToSpan(0, 1), 1u);
  EXPECT_EQ(lsbToSpan(65, 6), 2u);
}

TEST(TargetTest, CyclesRoundUpOnlyWhatIsLonger) {
  Target target = someTarget(ArrayKind::And);
  target.chip.clockMhz = 1000;
  EXPECT_EQ(target.cyclesFor(0), 0u);
  EXPECT_EQ(target.cyclesFor(0.2), 1u);
  EXPECT_EQ(target.cyclesFor(100), 100u);
  EXPECT_EQ(target.cyclesFor(100.5), 101u);
  target.chip.clockMhz = 300;
  EXPECT_EQ(target.cyclesFor(10.0 / 3 * 7), 7u);
}

TEST(TargetTest, RowGroups) {
  Target target = someTarget(ArrayKind::Xbar);
  target.set("array.active_rows", "9");
  EXPECT_EQ(target.rowGroups(), 15u);
  EXPECT_EQ(target.fullRange(), 9u);
}

TEST(TargetTest, SetRefuses) {
  Target target = someTarget(ArrayKind::Xbar);
  auto error = [&](const char *key, const char *text) {
    return errorOf([&] { target.set(key, text); });
  };
  EXPECT_EQ(error("adc.bit", "5"), "unknown key 'adc.bit'; did you mean 'adc.bits'");
  EXPECT_EQ(error("array.read_energy_nj", "5"),
            "key 'array.read_energy_nj' has the wrong unit; expected 'array.read_energy_pj'");
  EXPECT_EQ(error("array.read_energy", "5"),
            "key 'array.read_energy' has the wrong unit; expected 'array.read_energy_pj'");
  EXPECT_EQ(error("no.such.thing.at.all", "5"), "unknown key 'no.such.thing.at.all'");
  EXPECT_THAT(error("dac.resolution", "5"), HasSubstr("unknown key 'dac.resolution'; the keys of "
                                                      "'dac' are bits, "));
  EXPECT_EQ(error("adc.bits", "five"), "key 'adc.bits': 'five' is not an integer from 0 to "
                                       "4294967295; expected integer from 1 to 24");
  EXPECT_EQ(error("adc.bits", "0"), "key 'adc.bits': 0 is below 1; expected integer from 1 to 24");
  EXPECT_THAT(error("adc.bits", "-1"), HasSubstr("'-1' is not an integer"));
  EXPECT_THAT(error("adc.bits", "99999999999999999999"), HasSubstr("is not an integer"));
  EXPECT_THAT(error("array.read_energy_pj", "nan"), HasSubstr("is not a number"));
  EXPECT_THAT(error("array.read_energy_pj", "inf"), HasSubstr("is not a number"));
  EXPECT_THAT(error("array.read_energy_pj", "-1"), HasSubstr("is below 0"));
  EXPECT_THAT(error("array.read_latency_ns", "0"), HasSubstr("is not above 0"));
  EXPECT_THAT(error("adc.energy_pj_by_bits", "1, 2"), HasSubstr("is not a list"));
  EXPECT_THAT(error("adc.energy_pj_by_bits", "[1, 2,]"), HasSubstr("ends with a comma"));
  EXPECT_THAT(error("adc.energy_pj_by_bits", "[1, x]"), HasSubstr("'x' is not a number"));
  EXPECT_EQ(error("mapping.sign", "signed"), "key 'mapping.sign': 'signed' is none of offset, "
                                             "differential, twos-complement; expected offset | "
                                             "differential | twos-complement");
  EXPECT_EQ(error("and.cycle_ns", "1"),
            "key 'and.cycle_ns' does not apply to arrays of kind 'xbar'");
  EXPECT_EQ(target.parameters(), someParameters(ArrayKind::Xbar))
      << "a refused key changes nothing";
}

TEST(TargetTest, SettingAtRunRefusesWhatTheProgramDependsOn) {
  Target target = someTarget(ArrayKind::Xbar);
  applySettings(target, {"adc.bits=5"}, SettingTime::Run);
  EXPECT_EQ(target.adc.bits, 5u);
  EXPECT_THAT(errorOf([&] { applySettings(target, {"array.rows=64"}, SettingTime::Run); }),
              HasSubstr("is fixed when the program is compiled"));
  EXPECT_THAT(errorOf([&] { applySettings(target, {"adc.bits=12"}, SettingTime::Run); }),
              HasSubstr("lists 8 resolutions, but adc.bits is 12"));
  EXPECT_EQ(target.adc.bits, 5u);
}

TEST(TargetTest, SettingsHoldTogether) {
  Target target = someTarget(ArrayKind::Xbar);
  applySettings(target, {"array.rows=64", "array.active_rows=64", "dac.per_array=2", "adc.bits=5"},
                SettingTime::Compile);
  EXPECT_EQ(target.array.rows, 64u);
  EXPECT_EQ(target.adc.bits, 5u);
  applySettings(target, {"array.row_wire_ohm=1", "cell.on_ohm=5000"}, SettingTime::Run);
  EXPECT_EQ(target.cell.onOhm, 5000);
  applySettings(target, {"adc.bits=4", "adc.bits=6"}, SettingTime::Run);
  EXPECT_EQ(target.adc.bits, 6u) << "the last one holds";
}

TEST(TargetTest, SettingsRefuse) {
  Target target = someTarget(ArrayKind::Xbar);
  auto error = [&](const std::vector<std::string> &settings, SettingTime time) {
    return errorOf([&] { applySettings(target, settings, time); });
  };
  EXPECT_EQ(error({"adc.bits"}, SettingTime::Run),
            "--set adc.bits: has no value, expected KEY=VALUE");
  EXPECT_EQ(error({"adc.bit=5"}, SettingTime::Run),
            "--set adc.bit=5: unknown key 'adc.bit'; did you mean 'adc.bits'");
  EXPECT_THAT(
      error({"adc.bits=5", "array.rows=64"}, SettingTime::Run),
      HasSubstr("--set array.rows=64: key 'array.rows' is fixed when the program is compiled"));
  EXPECT_THAT(error({"array.kind=and"}, SettingTime::Compile),
              HasSubstr("take a target of that kind"));
  EXPECT_THAT(error({"adc.per_array=2", "adc.bits=12"}, SettingTime::Run),
              HasSubstr("--set adc.per_array=2 --set adc.bits=12: key 'adc.energy_pj_by_bits': "));
  EXPECT_THAT(error({"array.active_rows=500", "adc.bits=4"}, SettingTime::Compile),
              HasSubstr("--set array.active_rows=500: key 'array.active_rows': 500 is more than"));
  EXPECT_EQ(target.parameters(), someParameters(ArrayKind::Xbar))
      << "refused settings change nothing";
}

TEST(TargetTest, DescribesItsKeys) {
  EXPECT_EQ(describeValues(*findKey("adc.bits")), "integer from 1 to 24");
  EXPECT_EQ(describeValues(*findKey("array.read_latency_ns")), "number above 0");
  EXPECT_EQ(describeValues(*findKey("chip.clock_mhz")), "number above 0, at most 10000");
  EXPECT_EQ(describeValues(*findKey("array.read_energy_pj")), "number of at least 0");
  EXPECT_EQ(describeValues(*findKey("array.kind")), "and | xbar | imac");
  const std::string text = describeKeys(someTarget(ArrayKind::Xbar));
  EXPECT_THAT(text, HasSubstr("\n* array.rows  "));
  EXPECT_THAT(text, HasSubstr("\n  adc.bits  "));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n') + 2,
            std::ssize(someParameters(ArrayKind::Xbar)))
      << "name and description stand elsewhere";
}

TEST(TargetTest, FromParametersRefuses) {
  auto parameters = someParameters(ArrayKind::Xbar);
  auto error = [&] { return errorOf([&] { Target::fromParameters(parameters); }); };
  parameters.emplace_back("adc.bits", "8");
  EXPECT_EQ(error(), "target key 'adc.bits' is listed twice");
  parameters = someParameters(ArrayKind::Xbar);
  std::erase_if(parameters, [](auto &parameter) { return parameter.first == "dac.energy_pj"; });
  EXPECT_EQ(error(), "target key 'dac.energy_pj' is missing");
  std::erase_if(parameters, [](auto &parameter) { return parameter.first == "array.kind"; });
  EXPECT_EQ(error(), "target key 'array.kind' is missing");
  parameters = someParameters(ArrayKind::Xbar);
  std::erase_if(parameters, [](auto &parameter) { return parameter.first == "adc.lsb"; });
  EXPECT_EQ(error(), "no error") << "adc.lsb has a default";
}

TEST(TargetTest, ValidateRefusesContradictions) {
  auto error = [](ArrayKind kind, const char *key, const char *text) {
    return errorOf([&] {
      Target target = someTarget(kind);
      target.set(key, text);
      target.validate();
    });
  };
  EXPECT_THAT(error(ArrayKind::Xbar, "array.active_rows", "129"),
              HasSubstr("more than the 128 rows"));
  EXPECT_THAT(error(ArrayKind::Xbar, "adc.per_array", "129"),
              HasSubstr("more than the 128 columns"));
  EXPECT_THAT(error(ArrayKind::Xbar, "dac.per_array", "129"), HasSubstr("more than the 128 rows"));
  EXPECT_THAT(error(ArrayKind::Xbar, "array.cols", "4"), HasSubstr("expected at least 8"));
  EXPECT_THAT(error(ArrayKind::And, "and.input_rows", "128"),
              HasSubstr("leave none of the 128 rows"));
  EXPECT_THAT(error(ArrayKind::And, "and.input_rows", "15"), HasSubstr("is odd"));
  EXPECT_THAT(error(ArrayKind::And, "cell.bits", "2"), HasSubstr("one bit in a cell"));
  EXPECT_THAT(error(ArrayKind::And, "name", ""), HasSubstr("is empty"));
  EXPECT_THAT(error(ArrayKind::And, "power.on_v", "1"), HasSubstr("more to start than to stop"));
  EXPECT_THAT(error(ArrayKind::Xbar, "cell.stuck_on_rate", "1.5"), HasSubstr("expected"));
  EXPECT_THAT(error(ArrayKind::Xbar, "cell.on_off_ratio", "1"),
              HasSubstr("leaves nothing between on and off"));
  EXPECT_THAT(errorOf([] {
                Target target = someTarget(ArrayKind::Xbar);
                target.set("cell.stuck_on_rate", "0.6");
                target.set("cell.stuck_off_rate", "0.6");
                target.validate();
              }),
              HasSubstr("are more than all cells"));
  EXPECT_THAT(errorOf([] {
                Target target = someTarget(ArrayKind::Xbar);
                target.set("cell.bits", "2");
                target.set("cell.thermal_stability", "40");
                target.validate();
              }),
              HasSubstr("magnetic cells"));
  EXPECT_THAT(error(ArrayKind::Xbar, "array.sense_ohm", "2"), HasSubstr("need cells with one"));
  EXPECT_EQ(
      error(ArrayKind::Imac, "cell.drift_exponent", "0.1"),
      "key 'cell.drift_exponent': has no effect on cells that have just been programmed; give "
      "cell.retention_time_s too");
}

TEST(TargetTest, EveryKeyIsDocumented) {
  for (const KeyInfo &info : keys()) {
    EXPECT_FALSE(info.doc.empty()) << info.path;
    EXPECT_EQ(findKey(info.path), &info);
    EXPECT_EQ(std::string(info.section()) + (info.section().empty() ? "" : ".") +
                  std::string(info.name()),
              info.path);
  }
  EXPECT_EQ(findKey("adc"), nullptr);
}

TEST(TargetTest, AnalogArraysNeedPairsOfCellsThatConduct) {
  const Target target = someTarget(ArrayKind::Imac);
  EXPECT_EQ(target.matrixRows(), 128u);
  EXPECT_EQ(target.matrixColumns(), 128u);
  auto problem = [&](const char *key, const char *value) {
    Target changed = target;
    return errorOf([&] {
      changed.set(key, value);
      changed.validate();
    });
  };
  EXPECT_THAT(problem("cell.on_ohm", "0"), HasSubstr("the currents of 'imac' arrays"));
  EXPECT_THAT(problem("cell.on_off_ratio", "0"), HasSubstr("conduct when they are off"));
  EXPECT_THAT(problem("cell.bits", "2"), HasSubstr("hold one bit"));
  EXPECT_THAT(problem("array.cols", "127"), HasSubstr("is odd"));
  EXPECT_THAT(problem("mapping.sign", "offset"), HasSubstr("expected differential"));
  EXPECT_THAT(problem("mapping.slicing", "arrays"), HasSubstr("expected columns"));
  EXPECT_THAT(problem("adc.bits", "12"), HasSubstr("lists 8 resolutions"));
  EXPECT_THAT(problem("dac.bits", "1"), HasSubstr("does not apply to arrays of kind 'imac'"));
}

} // namespace
