//===- Solver.cpp - the state of ADMM between steps of training ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ADMM/Solver.h"
#include "pim/Support/Error.h"

#include <algorithm>
#include <cmath>
#include <ostream>

using namespace pim;
using namespace pim::admm;

static double norm(std::span<const float> values) {
  double sum = 0;
  for (float value : values)
    sum += double(value) * value;
  return std::sqrt(sum);
}

static double distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
  return std::sqrt(sum);
}

static double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

static void requireFinite(std::string_view layer, std::span<const float> weights) {
  for (size_t i = 0; i < weights.size(); ++i)
    if (!std::isfinite(weights[i]))
      fail("layer '", layer, "': weight ", i, " is not finite");
}

void Solver::requireSize(const Layer &layer, size_t size) const {
  if (size != layer.z.size())
    fail("layer '", layer.name, "' has ", layer.z.size(), " weights, not ", size);
}

size_t Solver::addLayer(std::string name, std::span<const float> weights, Projector projector) {
  requireFinite(name, weights);
  Layer layer;
  layer.name = std::move(name);
  layer.projector = std::move(projector);
  layer.z.assign(weights.begin(), weights.end());
  layer.projector(layer.z);
  layer.u.assign(weights.size(), 0.0f);
  layer.rho = schedule.initial;
  layers.push_back(std::move(layer));
  return layers.size() - 1;
}

const LogEntry &Solver::update(size_t index, std::span<const float> weights) {
  Layer &layer = layers.at(index);
  requireSize(layer, weights.size());
  requireFinite(layer.name, weights);
  std::vector<float> z(weights.begin(), weights.end());
  for (size_t i = 0; i < z.size(); ++i)
    z[i] += layer.u[i];
  layer.projector(z);
  for (size_t i = 0; i < z.size(); ++i)
    layer.u[i] += weights[i] - z[i];
  double change = distance(z, layer.z);
  layer.z = std::move(z);
  layer.residuals.primal = distance(weights, layer.z);
  layer.residuals.dual = layer.rho * change;
  layer.residuals.relativePrimal =
      ratio(layer.residuals.primal, std::max(norm(weights), norm(layer.z)));
  layer.residuals.relativeDual = ratio(change, norm(layer.z));
  entries.push_back({++layer.iterations, layer.name, layer.rho, layer.residuals});
  adaptRho(layer);
  return entries.back();
}

void Solver::adaptRho(Layer &layer) {
  double next = layer.rho;
  double more = std::min(std::max(schedule.limit, layer.rho), layer.rho * schedule.factor);
  if (schedule.kind == RhoSchedule::Kind::Growing)
    next = more;
  if (schedule.kind == RhoSchedule::Kind::Balanced) {
    if (layer.residuals.primal > 10 * layer.residuals.dual)
      next = more;
    else if (layer.residuals.dual > 10 * layer.residuals.primal)
      next = std::max(schedule.initial, layer.rho / schedule.factor);
  }
  // U is the dual variable over rho; the dual variable itself must not jump.
  if (next != layer.rho)
    for (float &value : layer.u)
      value = float(value * layer.rho / next);
  layer.rho = next;
}

double Solver::penalty(size_t index, std::span<const float> weights) const {
  const Layer &layer = layers.at(index);
  requireSize(layer, weights.size());
  double sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    double gap = double(weights[i]) - layer.z[i] + layer.u[i];
    sum += gap * gap;
  }
  return layer.rho / 2 * sum;
}

void Solver::addPenaltyGradient(size_t index, std::span<const float> weights,
                                std::span<float> gradient) const {
  const Layer &layer = layers.at(index);
  requireSize(layer, weights.size());
  requireSize(layer, gradient.size());
  for (size_t i = 0; i < weights.size(); ++i)
    gradient[i] += float(layer.rho * (double(weights[i]) - layer.z[i] + layer.u[i]));
}

std::vector<float> Solver::target(size_t index) const {
  const Layer &layer = layers.at(index);
  std::vector<float> result(layer.z);
  for (size_t i = 0; i < result.size(); ++i)
    result[i] -= layer.u[i];
  return result;
}

bool Solver::converged(double tolerance) const {
  return std::all_of(layers.begin(), layers.end(), [&](const Layer &layer) {
    return layer.iterations > 0 && layer.residuals.relativePrimal <= tolerance &&
           layer.residuals.relativeDual <= tolerance;
  });
}

void Solver::writeLog(std::ostream &out) const {
  out << "iteration,layer,rho,primal,dual,relative_primal,relative_dual\n";
  for (const LogEntry &entry : entries)
    out << entry.iteration << ",\"" << entry.layer << "\"," << entry.rho << ','
        << entry.residuals.primal << ',' << entry.residuals.dual << ','
        << entry.residuals.relativePrimal << ',' << entry.residuals.relativeDual << '\n';
}
