//===- MappingTarget.cpp - what mapping asks of a target -------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/PIM/Transforms/MappingTarget.h"

using namespace mlir;
using namespace mlir::pim;

namespace {
/// Reads keys of the dictionary, remembering the first problem.
class KeyReader {
public:
  KeyReader(ModuleOp module, DictionaryAttr keys) : module(module), keys(keys) {}

  StringRef text(StringRef key) {
    auto value = keys.getAs<StringAttr>(key);
    if (!value)
      error() << "target has no '" << key << "', which the mapping needs";
    return value ? value.getValue() : StringRef();
  }

  /// An integer that a target may leave out.
  int64_t numberOr(StringRef key, int64_t otherwise) {
    return keys.contains(key) ? number(key) : otherwise;
  }

  /// An integer in the bounds that TargetKeys.td gives the key.
  int64_t number(StringRef key) {
    int64_t value = 0;
    StringRef from = text(key);
    const ::pim::target::KeyInfo *info = ::pim::target::findKey(key);
    if (!failed && (from.getAsInteger(10, value) || value < info->min || value > info->max))
      error() << "target has " << key << " = '" << from << "', expected an integer from "
              << info->min << " to " << info->max;
    return value;
  }

  /// A positive number that a target may leave out.
  double realOr(StringRef key, double otherwise) {
    return readReal(key, otherwise, "a positive number", [](double value) { return value > 0; });
  }

  /// Likewise a number that may be 0.
  double costOr(StringRef key, double otherwise) {
    return readReal(key, otherwise, "a number of at least 0",
                    [](double value) { return value >= 0; });
  }

  InFlightDiagnostic error() {
    failed = true;
    return module.emitError();
  }

  bool failed = false;

private:
  double readReal(StringRef key, double otherwise, StringRef expected, bool (*isGood)(double)) {
    double value = 0;
    auto text = keys.getAs<StringAttr>(key);
    if (!text)
      return otherwise;
    if (text.getValue().getAsDouble(value) || !isGood(value) || value > 1e12) {
      error() << "target has " << key << " = '" << text.getValue() << "', expected " << expected;
      return otherwise;
    }
    return value;
  }

  ModuleOp module;
  DictionaryAttr keys;
};
} // namespace

/// Of arrays of kind `imac`.
static void readAnalog(KeyReader &reader, MappingTarget &target) {
  target.zeroIsLow = reader.text("imac.zero") == "low";
  target.neuronRatio = reader.realOr("imac.neuron_ratio", 1);
  target.feedbackMostOhm = reader.realOr("imac.feedback_most_ohm", 1);
  target.onOhm = reader.realOr("cell.on_ohm", 1);
  target.onOffRatio = reader.realOr("cell.on_off_ratio", 2);
}

/// What placement weighs; `rows` is the height of an array.
static void readCosts(KeyReader &reader, MappingTarget &target, int64_t rows) {
  target.cycleNs = 1e3 / reader.realOr("chip.clock_mhz", 1000);
  target.andCycleNs = reader.realOr("and.cycle_ns", target.cycleNs);
  target.readNs = reader.realOr("array.read_latency_ns", target.cycleNs);
  target.conversionNs = reader.realOr("adc.conversion_ns", target.cycleNs);
  target.linkBytesPerNs = reader.realOr("noc.link_gb_per_s", 32);
  target.host.callLatencyUs = reader.costOr("host.call_latency_us", 10);
  target.host.gflops = reader.realOr("host.gflops", 20);
  target.host.memoryGbPerS = reader.realOr("host.memory_gb_per_s", 12.8);
  target.activeRows = reader.numberOr("array.active_rows", rows);
  target.convertersPerArray = reader.numberOr("adc.per_array", 1);
  target.dpuLanes = reader.numberOr("dpu.lanes", 1);
  target.storeBytesPerNs = reader.realOr("weight_store.bandwidth_gb_per_s", 12.8);
}

/// How weights become cells.
static void readMapping(KeyReader &reader, MappingTarget &target) {
  StringRef sign = reader.text("mapping.sign"), slicing = reader.text("mapping.slicing");
  if (reader.failed)
    return;
  target.scheme = sign == "differential" ? SliceScheme::Differential
                  : sign == "offset"     ? SliceScheme::Offset
                                         : SliceScheme::TwosComplement;
  target.layout = slicing == "arrays" ? SliceLayout::Arrays : SliceLayout::Columns;
  if (sign != "differential" && sign != "offset" && sign != "twos-complement")
    reader.error() << "target has mapping.sign = '" << sign
                   << "', expected offset, differential or twos-complement";
  else if (slicing != "arrays" && slicing != "columns")
    reader.error() << "target has mapping.slicing = '" << slicing
                   << "', expected columns or arrays";
}

FailureOr<MappingTarget> MappingTarget::of(ModuleOp module) {
  auto keys = module->getAttrOfType<DictionaryAttr>("pim.target");
  if (!keys) {
    module.emitError("module has no 'pim.target', the dictionary of the target's keys");
    return failure();
  }
  KeyReader reader(module, keys);
  MappingTarget target;
  target.name = reader.text("name").str();
  target.meshRows = reader.number("chip.mesh_rows");
  target.meshCols = reader.number("chip.mesh_cols");
  target.arraysPerCore = reader.number("core.arrays");
  target.scratchpadBytes = reader.number("core.scratchpad_kib") * 1024;
  target.globalMemoryBytes = reader.number("global_memory.size_mib") * 1024 * 1024;
  StringRef kind = reader.text("array.kind");
  bool isAnd = target.isAnd = kind == "and";
  target.isAnalog = kind == "imac";
  int64_t rows = reader.number("array.rows"), cols = reader.number("array.cols");
  target.matrixRows = isAnd ? cols : rows;
  int64_t inputRows = isAnd ? reader.number("and.input_rows") : 0;
  target.matrixColumns = isAnd ? rows - inputRows : cols;
  target.cellBits = unsigned(reader.number("cell.bits"));
  target.dacBits = isAnd || target.isAnalog ? 1 : unsigned(reader.number("dac.bits"));
  if (target.isAnalog)
    readAnalog(reader, target);
  readCosts(reader, target, rows);
  auto rounds = keys.getAs<StringAttr>("mapping.rounds");
  target.allowsRounds = rounds && rounds.getValue() == "allowed";
  readMapping(reader, target);
  if (!reader.failed && target.matrixColumns < 1)
    reader.error() << "target has arrays of " << rows << " rows, expected more than the "
                   << inputRows << " that the inputs occupy";
  if (reader.failed)
    return failure();
  return target;
}
