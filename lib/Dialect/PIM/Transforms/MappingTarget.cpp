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

  int64_t number(StringRef key, int64_t least) {
    double value = 0;
    StringRef from = text(key);
    if (!failed && (from.getAsDouble(value) || value < double(least) || value > 1e12))
      error() << "target has " << key << " = '" << from << "', expected a number of at least "
              << least;
    return int64_t(value);
  }

  /// A positive number that a target may leave out.
  double numberOr(StringRef key, double otherwise) {
    return realOr(key, otherwise, "a positive number", [](double value) { return value > 0; });
  }

  /// Likewise a number that may be 0.
  double costOr(StringRef key, double otherwise) {
    return realOr(key, otherwise, "a number of at least 0",
                  [](double value) { return value >= 0; });
  }

  InFlightDiagnostic error() {
    failed = true;
    return module.emitError();
  }

  bool failed = false;

private:
  double realOr(StringRef key, double otherwise, StringRef expected, bool (*isGood)(double)) {
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

FailureOr<MappingTarget> MappingTarget::of(ModuleOp module) {
  auto keys = module->getAttrOfType<DictionaryAttr>("pim.target");
  if (!keys) {
    module.emitError("module has no 'pim.target', the dictionary of the target's keys");
    return failure();
  }
  KeyReader reader(module, keys);
  MappingTarget target;
  target.name = reader.text("name").str();
  target.meshRows = reader.number("chip.mesh_rows", 1);
  target.meshCols = reader.number("chip.mesh_cols", 1);
  target.arraysPerCore = reader.number("core.arrays", 0);
  target.scratchpadBytes = reader.number("core.scratchpad_kib", 1) * 1024;
  target.globalMemoryBytes = reader.number("global_memory.size_mib", 1) * 1024 * 1024;
  bool isAnd = target.isAnd = reader.text("array.kind") == "and";
  int64_t rows = reader.number("array.rows", 1), cols = reader.number("array.cols", 1);
  target.matrixRows = isAnd ? cols : rows;
  int64_t inputRows = isAnd ? reader.number("and.input_rows", 0) : 0;
  target.matrixColumns = isAnd ? rows - inputRows : cols;
  target.cellBits = unsigned(reader.number("cell.bits", 1));
  target.isAnalog = reader.text("array.kind") == "imac";
  target.dacBits = isAnd || target.isAnalog ? 1 : unsigned(reader.number("dac.bits", 1));
  if (target.isAnalog) {
    target.zeroIsLow = reader.text("imac.zero") == "low";
    target.neuronRatio = reader.numberOr("imac.neuron_ratio", 1);
    target.feedbackMostOhm = reader.numberOr("imac.feedback_most_ohm", 1);
    target.onOhm = reader.numberOr("cell.on_ohm", 1);
    target.onOffRatio = reader.numberOr("cell.on_off_ratio", 2);
  }
  target.cycleNs = 1e3 / reader.numberOr("chip.clock_mhz", 1000);
  target.andCycleNs = reader.numberOr("and.cycle_ns", target.cycleNs);
  target.readNs = reader.numberOr("array.read_latency_ns", target.cycleNs);
  target.conversionNs = reader.numberOr("adc.conversion_ns", target.cycleNs);
  target.linkBytesPerNs = reader.numberOr("noc.link_gb_per_s", 32);
  target.host.callLatencyUs = reader.costOr("host.call_latency_us", 10);
  target.host.gflops = reader.numberOr("host.gflops", 20);
  target.host.memoryGbPerS = reader.numberOr("host.memory_gb_per_s", 12.8);
  target.activeRows = int64_t(reader.numberOr("array.active_rows", double(rows)));
  target.convertersPerArray = int64_t(reader.numberOr("adc.per_array", 1));
  target.dpuLanes = int64_t(reader.numberOr("dpu.lanes", 1));
  auto rounds = keys.getAs<StringAttr>("mapping.rounds");
  target.allowsRounds = rounds && rounds.getValue() == "allowed";
  target.storeBytesPerNs = reader.numberOr("weight_store.bandwidth_gb_per_s", 12.8);
  StringRef sign = reader.text("mapping.sign"), slicing = reader.text("mapping.slicing");
  if (reader.failed)
    return failure();
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
  else if (target.matrixColumns < 1)
    reader.error() << "target has arrays of " << rows << " rows, expected more than the "
                   << inputRows << " that the inputs occupy";
  if (reader.failed)
    return failure();
  return target;
}
