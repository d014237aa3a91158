//===- Solver.h - the state of ADMM between steps of training --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Training with constraints W in S by the alternating direction method of multipliers, scaled form:
//
//   W-step  any trainer, some epochs on  loss(W) + sum rho/2 |W - Z + U|^2     (penalty, gradient
//   here) Z-step  Z <- projection of W + U on S                                      (update)
//   U-step  U <- U + W - Z                                                     (update)
//
// The solver holds Z, U and rho of each layer and knows neither networks nor tensors: weights come
// as spans of floats, sets as functions that project in place (pim/Sparsity, pim/Codes). Sources
// and equations: docs/compression.md. Tested by unittests/ADMM/SolverTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ADMM_SOLVER_H
#define PIM_ADMM_SOLVER_H

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pim::admm {

/// Moves a weight to the nearest point of its set, in place.
using Projector = std::function<void(std::span<float>)>;

/// How the penalty weight develops. Text: "constant:RHO", "growing:RHO[:FACTOR[:LIMIT]]",
/// "balanced:RHO[:FACTOR[:LIMIT]]".
struct RhoSchedule {
  enum class Kind {
    Constant, ///< stays
    Growing,  ///< times `factor` at each update, up to `limit`
    /// Times or over `factor` when one residual is ten times the other (Boyd et al. 2011, 3.4.1),
    /// but between `initial` and `limit`: a mask that settled has no dual residual at all.
    Balanced
  };
  Kind kind = Kind::Constant;
  double initial = 1e-3;
  double factor = 1.5;
  double limit = 1;
  friend bool operator==(const RhoSchedule &, const RhoSchedule &) = default;
};
RhoSchedule parseRhoSchedule(std::string_view text);
std::string formatRhoSchedule(const RhoSchedule &schedule);

/// How far an iteration is from its end.
struct Residuals {
  double primal = 0; ///< |W - Z|
  double dual = 0;   ///< rho |Z - Z of the update before|
  /// |W - Z| / max(|W|, |Z|): what hard projection will change; 0 for zero weights.
  double relativePrimal = 0;
  /// |Z - Z before| / |Z|; 0 if both are zero.
  double relativeDual = 0;
};

/// One line of the convergence log.
struct LogEntry {
  int64_t iteration = 0; ///< updates of this layer so far, from 1
  std::string layer;
  double rho = 0; ///< the one that the W-step before used
  Residuals residuals;
};

/// Z, U and rho of every layer.
class Solver {
public:
  explicit Solver(RhoSchedule schedule = {}) : schedule(schedule) {}

  /// Starts a layer: Z = projection of the weights, U = 0. Returns its index, counting from 0.
  size_t addLayer(std::string name, std::span<const float> weights, Projector projector);

  /// Z- and U-step, then rho for the next W-step. Throws pim::Error if the weights have another
  /// size than before or are not finite; the state is then as before the call.
  const LogEntry &update(size_t layer, std::span<const float> weights);

  /// rho/2 |W - Z + U|^2.
  double penalty(size_t layer, std::span<const float> weights) const;
  /// Adds rho (W - Z + U).
  void addPenaltyGradient(size_t layer, std::span<const float> weights,
                          std::span<float> gradient) const;
  /// Z - U, for trainers that compute the penalty themselves.
  std::vector<float> target(size_t layer) const;

  std::span<const float> z(size_t layer) const { return layers.at(layer).z; }
  std::span<const float> u(size_t layer) const { return layers.at(layer).u; }
  double rho(size_t layer) const { return layers.at(layer).rho; }
  const std::string &name(size_t layer) const { return layers.at(layer).name; }

  /// True if every layer was updated and both its relative residuals are within the tolerance.
  bool converged(double tolerance) const;

  const std::vector<LogEntry> &log() const { return entries; }
  /// The log as comma-separated values with a head line.
  void writeLog(std::ostream &out) const;

  /// Writes the whole state (little-endian) or reads it into a solver that has the same layers in
  /// the same order; continuing then gives the same bits as never having stopped. load() throws
  /// pim::Error on a damaged stream or other layers, and leaves the solver as it was.
  void save(std::ostream &out) const;
  void load(std::istream &in);

private:
  struct Layer {
    std::string name;
    Projector projector;
    std::vector<float> z, u;
    double rho = 0;
    int64_t iterations = 0;
    Residuals residuals;
  };

  void requireSize(const Layer &layer, size_t size) const;
  void adaptRho(Layer &layer);

  RhoSchedule schedule;
  std::vector<Layer> layers;
  std::vector<LogEntry> entries;
};

} // namespace pim::admm

#endif // PIM_ADMM_SOLVER_H
