//===- TargetYAMLTest.cpp - tests of target files -------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Target/TargetYAML.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::pim;
using ::pim::target::Target;
using ::testing::HasSubstr;

namespace {

class TargetYAMLTest : public ::testing::Test {
protected:
  TargetYAMLTest() {
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      messages.push_back(diagnostic.str());
      return success();
    });
  }

  auto emitter() {
    return [this] { return emitError(UnknownLoc::get(&context)); };
  }

  /// The text of the target `name`, with the first `from` replaced by `to`.
  static std::string edited(StringRef name, StringRef from, StringRef to) {
    auto buffer = llvm::MemoryBuffer::getFile((PIM_TARGETS_FOLDER "/" + name + ".yaml").str());
    std::string text = (*buffer)->getBuffer().str();
    size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from.str();
    return text.replace(at, from.size(), to);
  }

  /// The one message that this text gives.
  std::string problemOf(StringRef text) {
    messages.clear();
    EXPECT_TRUE(failed(parseTarget(text, "t.yaml", emitter())));
    EXPECT_EQ(messages.size(), 1u);
    return messages.empty() ? "" : messages.front();
  }
  std::string problemOf(StringRef name, StringRef from, StringRef to) {
    return problemOf(edited(name, from, to));
  }

  MLIRContext context;
  std::vector<std::string> messages;
};

/// The file that users start from has every key that must be given, with what the table says.
TEST_F(TargetYAMLTest, TheTemplateExplainsEveryKey) {
  auto buffer = llvm::MemoryBuffer::getFile(PIM_TARGETS_FOLDER "/template.yaml");
  ASSERT_TRUE(bool(buffer));
  std::string words; // without the breaks of lines
  for (StringRef rest = (*buffer)->getBuffer(); !rest.empty();) {
    auto [line, others] = rest.split('\n');
    words += line.ltrim(" #").str() + " ";
    rest = others;
  }
  for (const ::pim::target::KeyInfo &info : ::pim::target::keys()) {
    if (info.section().empty() || info.isOptional)
      continue;
    EXPECT_THAT(words, HasSubstr(std::string(info.name()) + ":")) << info.path;
    EXPECT_THAT(words, HasSubstr(std::string(info.doc.substr(1)))) << info.path;
  }
}

TEST_F(TargetYAMLTest, EveryTargetLoads) {
  SmallVector<std::string> names = knownTargets();
  EXPECT_TRUE(llvm::is_contained(names, "sot-and"));
  EXPECT_TRUE(llvm::is_contained(names, "reram-xbar"));
  for (const std::string &name : names) {
    FailureOr<Target> target = loadTarget(name, emitter());
    ASSERT_TRUE(succeeded(target)) << (messages.empty() ? name : messages.front());
    EXPECT_EQ(target->name, name);
    DictionaryAttr keys = targetToAttr(&context, *target);
    FailureOr<Target> back = targetFromAttr(keys, emitter());
    ASSERT_TRUE(succeeded(back));
    EXPECT_EQ(back->parameters(), target->parameters());
  }
}

TEST_F(TargetYAMLTest, ReramCrossbarsAreExact) {
  FailureOr<Target> target = loadTarget("reram-xbar", emitter());
  ASSERT_TRUE(succeeded(target));
  EXPECT_TRUE(target->isAdcExact());
  EXPECT_EQ(target->adcEnergyPj(), 1.93);
}

TEST_F(TargetYAMLTest, UnknownTarget) {
  EXPECT_TRUE(failed(loadTarget("sot-nad", emitter())));
  EXPECT_EQ(messages.back(), "unknown target 'sot-nad'; did you mean 'sot-and'");
  EXPECT_TRUE(failed(loadTarget("memristor", emitter())));
  for (const std::string &known : knownTargets())
    EXPECT_THAT(messages.back(), HasSubstr(known + ", "));
  EXPECT_THAT(messages.back(), HasSubstr("or the path of a .yaml"));
  EXPECT_TRUE(failed(loadTarget("./no-such-file.yaml", emitter())));
  EXPECT_THAT(messages.back(), HasSubstr("./no-such-file.yaml: cannot be read: "));
  EXPECT_TRUE(failed(loadTarget("./", emitter())));
  EXPECT_THAT(messages.back(), HasSubstr("is a folder"));
}

TEST_F(TargetYAMLTest, KeysHavePlaces) {
  EXPECT_EQ(problemOf("name: x\nchip:\n  mesh_row: 3\n"),
            "t.yaml:3:3: unknown key 'chip.mesh_row'; did you mean 'chip.mesh_rows'");
  EXPECT_EQ(problemOf("name: x\nchop:\n  mesh_rows: 3\n"), "t.yaml:2:1: unknown key 'chop'");
  EXPECT_THAT(problemOf("reram-xbar", "  read_energy_pj:", "  read_energy_nj:"),
              HasSubstr("key 'array.read_energy_nj' has the wrong unit; expected "
                        "'array.read_energy_pj'"));
  EXPECT_THAT(
      problemOf("reram-xbar", "bits: {value: 8,", "bits: {value: eight,"),
      ::testing::MatchesRegex("t.yaml:[0-9]+:17: key 'adc.bits': 'eight' is not an integer.*"));
}

TEST_F(TargetYAMLTest, MissingKeys) {
  EXPECT_THAT(problemOf("reram-xbar", "  conversion_ns:", "  #conversion_ns:"),
              ::testing::MatchesRegex(
                  "t.yaml:[0-9]+:1: key 'adc.conversion_ns' is missing: one conversion"));
  EXPECT_EQ(problemOf("name: x\n"), "t.yaml:1:1: key 'array.kind' is missing: and, xbar or imac");
}

TEST_F(TargetYAMLTest, NumbersNeedSources) {
  EXPECT_THAT(
      problemOf("sot-and", "  source: NeuroSim TPU benchmark, 22 nm SOT option, 330", "  #"),
      HasSubstr("number 'cell.bits' has no source"));
  EXPECT_THAT(problemOf("name: x\nchip:\n  mesh_rows: {value: 3, source: \"\"}\n"),
              HasSubstr("a source is a text"));
  EXPECT_THAT(problemOf("name: x\nchip:\n  mesh_rows: {value: 3, sauce: hot}\n"),
              HasSubstr("unknown key 'sauce' of the value of 'chip.mesh_rows'"));
  EXPECT_THAT(problemOf("name: x\nchip:\n  mesh_rows: {source: here}\n"),
              HasSubstr("has no value"));
}

TEST_F(TargetYAMLTest, ImpossibleValues) {
  EXPECT_THAT(
      problemOf("reram-xbar", "active_rows: {value: 128,", "active_rows: {value: 500,"),
      ::testing::MatchesRegex(
          "t.yaml:[0-9]+:24: key 'array.active_rows': 500 is more than the 128 rows of the array"));
  EXPECT_THAT(problemOf("sot-and", "kind: and", "kind: nand"),
              HasSubstr("'nand' is none of and, xbar, imac"));
  EXPECT_THAT(problemOf("sot-and", "mapping:", "adc:\n  bits: 3\n  source: x\nmapping:"),
              HasSubstr("key 'adc.bits' does not apply to arrays of kind 'and'"));
  EXPECT_THAT(problemOf("sot-and", "  mesh_cols: 8", "  mesh_rows: 8"),
              HasSubstr("key 'chip.mesh_rows' is listed twice"));
}

TEST_F(TargetYAMLTest, NoYAML) {
  EXPECT_THAT(problemOf(""), HasSubstr("expected a map of keys"));
  EXPECT_THAT(problemOf("- a\n- b\n"), HasSubstr("expected a map of keys"));
  EXPECT_THAT(problemOf("name: \"never closed\nchip: x"), HasSubstr("is no YAML: "));
  EXPECT_THAT(problemOf("chip: 3\n"), HasSubstr("'chip' is a section; expected keys under it"));
  EXPECT_THAT(problemOf("name: {a: {b: c}}\n"), HasSubstr("t.yaml:1:8: unknown key 'a'"));
  EXPECT_THAT(problemOf(std::string(2000, '[')), HasSubstr("t.yaml:1:"));
  EXPECT_THAT(problemOf("PK\x03\x04\x7f\x01"), HasSubstr("t.yaml:1:"));
}

TEST_F(TargetYAMLTest, OtherForms) {
  EXPECT_EQ(problemOf("? [a]\n: 1\n"), "t.yaml:1:4: expected the name of a key");
  EXPECT_EQ(problemOf("chip:\n  ? [a]\n  : 1\n"), "t.yaml:2:6: expected the name of a key");
  EXPECT_EQ(problemOf("chip:\n  mesh_rows: {value: {a: b}}\n"),
            "t.yaml:2:23: expected a number, a text or a list of numbers");
  EXPECT_EQ(problemOf("adc:\n  energy_pj_by_bits: [1, [2]]\n"),
            "t.yaml:2:27: expected a number in the list");
  EXPECT_EQ(problemOf("base: [sot-and]\n"),
            "t.yaml:1:1: 'base' is the name or the file of a target");
  EXPECT_EQ(problemOf("base: sot-and\nbase: sot-and\n"), "t.yaml:2:1: 'base' is listed twice");
}

TEST_F(TargetYAMLTest, AttributesAreTexts) {
  Builder builder(&context);
  NamedAttribute key = builder.getNamedAttr("adc.bits", builder.getI32IntegerAttr(8));
  EXPECT_TRUE(failed(targetFromAttr(builder.getDictionaryAttr(key), emitter())));
  EXPECT_EQ(messages.back(), "target key 'adc.bits' is no text");
}

} // namespace
