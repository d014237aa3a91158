//===- Ratios.cpp - pruning ratios from sensitivities --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ADMM/Ratios.h"
#include "pim/Support/SpecText.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::admm;

Goal pim::admm::parseGoal(std::string_view text) {
  auto [name, value] = cutText(text, '=');
  if (name == "arrays") {
    if (!value.ends_with('x'))
      fail("'", text, "': arrays takes a factor such as 8x");
    return {Goal::Kind::Arrays, parseReal(value.substr(0, value.size() - 1), 1, 1e6, text)};
  }
  if (name == "accuracy-loss")
    return {Goal::Kind::AccuracyLoss, parseReal(value, 0, 100, text)};
  fail("'", text, "' is not a goal; known: arrays=FACTORx, accuracy-loss=POINTS");
}

std::string pim::admm::formatGoal(const Goal &goal) {
  return goal.kind == Goal::Kind::Arrays ? "arrays=" + formatReal(goal.value) + "x"
                                         : "accuracy-loss=" + formatReal(goal.value);
}

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

static int64_t axisLength(const LayerSensitivity &layer) {
  return layer.axis == PrunedAxis::Inputs ? layer.inputs : layer.outputs;
}

int64_t pim::admm::countArrays(const LayerSensitivity &layer, int64_t kept,
                               const ArrayGeometry &geometry) {
  int64_t inputs = layer.axis == PrunedAxis::Inputs ? kept : layer.inputs;
  int64_t outputs = layer.axis == PrunedAxis::Outputs ? kept : layer.outputs;
  return layer.groups * ceilDiv(inputs, geometry.rows) *
         ceilDiv(outputs * geometry.columnsPerWeight, geometry.columns) * geometry.arraysPerTile;
}

/// The measured losses by ascending share, from (0, 0), never falling.
static std::vector<std::pair<double, double>> lossCurve(const LayerSensitivity &layer) {
  std::vector<std::pair<double, double>> curve = layer.losses;
  for (auto [share, loss] : curve)
    if (!(share >= 0 && share < 1) || !std::isfinite(loss))
      fail("layer '", layer.name, "': a loss of ", loss, " points at a dropped share of ", share,
           " is no sensitivity");
  curve.push_back({0, 0});
  std::sort(curve.begin(), curve.end());
  double highest = 0;
  for (auto &[share, loss] : curve)
    highest = loss = share == 0 ? 0 : std::max(highest, loss);
  return curve;
}

static double interpolate(const std::vector<std::pair<double, double>> &curve, double share) {
  auto after = std::lower_bound(curve.begin(), curve.end(), std::make_pair(share, -1.0));
  if (after == curve.begin())
    return after->second;
  if (after == curve.end())
    return curve.back().second;
  auto before = after - 1;
  double width = after->first - before->first;
  double weight = width > 0 ? (share - before->first) / width : 1;
  return before->second + weight * (after->second - before->second);
}

/// The choices worth making: from all arrays to the fewest, loss per array saved rising.
static std::vector<RatioChoice> hullOf(const LayerSensitivity &layer,
                                       const ArrayGeometry &geometry) {
  std::vector<std::pair<double, double>> curve = lossCurve(layer);
  int64_t length = axisLength(layer);
  int64_t step = layer.axis == PrunedAxis::Inputs
                     ? geometry.rows
                     : std::max<int64_t>(1, geometry.columns / geometry.columnsPerWeight);
  std::vector<RatioChoice> hull{{0, length, countArrays(layer, length, geometry), 0}};
  for (int64_t kept = (length - 1) / step * step; kept > 0; kept -= step) {
    double dropped = 1 - double(kept) / double(length);
    // The share of the last measurement may itself be a rounded number.
    if (dropped > curve.back().first + 1e-9)
      break;
    RatioChoice next{dropped, kept, countArrays(layer, kept, geometry),
                     interpolate(curve, dropped)};
    if (next.arrays == hull.back().arrays)
      continue;
    auto slope = [](const RatioChoice &from, const RatioChoice &to) {
      return (to.loss - from.loss) / double(from.arrays - to.arrays);
    };
    while (hull.size() >= 2 &&
           slope(hull[hull.size() - 2], hull.back()) >= slope(hull.back(), next))
      hull.pop_back();
    hull.push_back(next);
  }
  return hull;
}

namespace {

/// From one choice of a layer to the next.
struct Move {
  double lossPerArray;
  size_t layer, to;
};

} // namespace

std::vector<RatioChoice> pim::admm::chooseRatios(std::span<const LayerSensitivity> layers,
                                                 const ArrayGeometry &geometry, const Goal &goal) {
  std::vector<std::vector<RatioChoice>> hulls;
  std::vector<Move> moves;
  std::vector<RatioChoice> chosen;
  int64_t arrays = 0;
  for (const LayerSensitivity &layer : layers) {
    hulls.push_back(hullOf(layer, geometry));
    const std::vector<RatioChoice> &hull = hulls.back();
    for (size_t to = 1; to < hull.size(); ++to)
      moves.push_back(
          {(hull[to].loss - hull[to - 1].loss) / double(hull[to - 1].arrays - hull[to].arrays),
           hulls.size() - 1, to});
    chosen.push_back(hull.front());
    arrays += hull.front().arrays;
  }
  // Slopes rise along a hull, so that each layer's moves stay in order.
  std::stable_sort(moves.begin(), moves.end(),
                   [](const Move &a, const Move &b) { return a.lossPerArray < b.lossPerArray; });
  int64_t dense = arrays;
  double loss = 0, budget = goal.kind == Goal::Kind::AccuracyLoss ? goal.value : HUGE_VAL;
  double most = goal.kind == Goal::Kind::Arrays ? double(dense) / goal.value : 0;
  std::vector<bool> stopped(layers.size(), false);
  for (const Move &move : moves) {
    if (double(arrays) <= most)
      break;
    const RatioChoice &next = hulls[move.layer][move.to];
    double step = next.loss - chosen[move.layer].loss;
    // What is too dear now stays so; later moves of other layers may be small enough.
    if (stopped[move.layer] || loss + step > budget) {
      stopped[move.layer] = true;
      continue;
    }
    arrays -= chosen[move.layer].arrays - next.arrays;
    loss += step;
    chosen[move.layer] = next;
  }
  if (goal.kind == Goal::Kind::Arrays && double(arrays) > most)
    fail("'", formatGoal(goal), "' is out of reach: of ", dense, " arrays ", arrays,
         " remain with every layer at the last share that was measured, a factor of ",
         double(dense) / double(std::max<int64_t>(1, arrays)));
  return chosen;
}
