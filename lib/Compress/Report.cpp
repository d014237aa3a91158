//===- Report.cpp - what a compression did --------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Compress/Report.h"
#include "Compression.h"

#include "pim/Support/Error.h"

namespace pim::compress {

int64_t StepReport::weights() const {
  int64_t sum = 0;
  for (const LayerReport &layer : layers)
    sum += layer.weights;
  return sum;
}

int64_t StepReport::nonZero() const {
  int64_t sum = 0;
  for (const LayerReport &layer : layers)
    sum += layer.nonZero;
  return sum;
}

double StepReport::pruningFactor() const {
  return static_cast<double>(weights()) / static_cast<double>(std::max<int64_t>(1, nonZero()));
}

double StepReport::storageFactor() const {
  double bits = 0;
  for (const LayerReport &layer : layers)
    bits += static_cast<double>(layer.nonZero) * layer.weightBits;
  return 32.0 * static_cast<double>(weights()) / std::max(1.0, bits);
}

// One line a step or layer, fields separated by tabs; names are free of control characters.

std::string formatSteps(const std::vector<StepReport> &steps) {
  std::ostringstream text;
  text.precision(17);
  for (const StepReport &step : steps) {
    text << "step\t" << step.name << '\t' << step.epochs << '\t' << step.loss << '\t'
         << step.validationAccuracy << '\t' << step.testAccuracy << '\t' << step.seconds << '\n';
    for (const LayerReport &layer : step.layers)
      text << "layer\t" << layer.name << '\t' << layer.op << '\t' << layer.weights << '\t'
           << layer.nonZero << '\t' << layer.filters << '\t' << layer.columns << '\t'
           << layer.filtersLeft << '\t' << layer.columnsLeft << '\t' << layer.pattern << '\t'
           << layer.code << '\t' << layer.weightBits << '\n';
  }
  return text.str();
}

static std::vector<std::string> fieldsOf(const std::string &line) {
  std::vector<std::string> fields(1);
  for (char letter : line)
    if (letter == '\t')
      fields.emplace_back();
    else
      fields.back() += letter;
  return fields;
}

std::vector<StepReport> parseSteps(const std::string &text) {
  std::vector<StepReport> steps;
  std::istringstream lines(text);
  try {
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string> field = fieldsOf(line);
      if (field.at(0) == "step") {
        StepReport step;
        step.name = field.at(1);
        step.epochs = std::stoll(field.at(2));
        step.loss = std::stod(field.at(3));
        step.validationAccuracy = std::stod(field.at(4));
        step.testAccuracy = std::stod(field.at(5));
        step.seconds = std::stod(field.at(6));
        steps.push_back(step);
        continue;
      }
      LayerReport layer;
      layer.name = field.at(1);
      layer.op = field.at(2);
      layer.weights = std::stoll(field.at(3));
      layer.nonZero = std::stoll(field.at(4));
      layer.filters = std::stoll(field.at(5));
      layer.columns = std::stoll(field.at(6));
      layer.filtersLeft = std::stoll(field.at(7));
      layer.columnsLeft = std::stoll(field.at(8));
      layer.pattern = field.at(9);
      layer.code = field.at(10);
      layer.weightBits = std::stod(field.at(11));
      steps.at(steps.size() - 1).layers.push_back(layer);
    }
  } catch (const std::logic_error &) {
    fail("is damaged: it holds no list of steps");
  }
  return steps;
}

} // namespace pim::compress
