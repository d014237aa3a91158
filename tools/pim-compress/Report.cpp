//===- Report.cpp - the JSON report of pim-compress -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace pim::compress;

static void writeLayer(json::OStream &json, const LayerReport &layer) {
  json.object([&] {
    json.attribute("name", layer.name);
    json.attribute("op", layer.op);
    json.attribute("weights", layer.weights);
    json.attribute("non_zero", layer.nonZero);
    json.attribute("filters", layer.filters);
    json.attribute("columns", layer.columns);
    json.attribute("filters_left", layer.filtersLeft);
    json.attribute("columns_left", layer.columnsLeft);
    json.attribute("pattern", layer.pattern);
    json.attribute("code", layer.code);
    json.attribute("weight_bits", layer.weightBits);
  });
}

static void writeStep(json::OStream &json, const StepReport &step) {
  json.object([&] {
    json.attribute("name", step.name);
    json.attribute("epochs", step.epochs);
    json.attribute("loss", step.loss);
    json.attribute("validation_accuracy_percent", step.validationAccuracy);
    if (step.testAccuracy >= 0)
      json.attribute("test_accuracy_percent", step.testAccuracy);
    json.attribute("wall_s", step.seconds);
    json.attribute("weights", step.weights());
    json.attribute("non_zero", step.nonZero());
    json.attribute("pruning_factor", step.pruningFactor());
    json.attribute("storage_factor_from_32_bits", step.storageFactor());
    json.attributeArray("layers", [&] {
      for (const LayerReport &layer : step.layers)
        writeLayer(json, layer);
    });
  });
}

void pimcompress::writeReport(const Report &report, raw_ostream &stream) {
  json::OStream json(stream, 2);
  json.object([&] {
    json.attribute("schema", "pim-compress/1");
    json.attributeObject("model", [&] {
      json.attribute("path", report.model);
      json.attribute("output", report.output);
      json.attribute("parameters", report.parameters);
    });
    json.attributeObject("data", [&] {
      json.attribute("training_samples", report.trainingSamples);
      json.attribute("validation_samples", report.validationSamples);
      json.attribute("test_samples", report.testSamples);
    });
    json.attributeObject("training", [&] {
      json.attribute("seed", report.seed);
      json.attribute("threads", report.threads);
      json.attribute("wall_s", report.trainingSeconds);
      json.attribute("samples", report.trainedSamples);
    });
    json.attributeObject("exported", [&] {
      json.attribute("validation_accuracy_percent", report.exportedValidationAccuracy);
      if (report.exportedTestAccuracy >= 0)
        json.attribute("test_accuracy_percent", report.exportedTestAccuracy);
    });
    json.attributeArray("steps", [&] {
      for (const StepReport &step : report.steps)
        writeStep(json, step);
    });
  });
  stream << "\n";
}
