//===- SolverTest.cpp - the state of ADMM between steps of training ------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/ADMM/Solver.h"
#include "pim/Codes/Encode.h"
#include "pim/Sparsity/PatternSpec.h"
#include "pim/Sparsity/Projection.h"
#include "pim/Support/Error.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

using namespace pim;
using namespace pim::admm;

namespace {

Projector pruningTo(const char *spec, sparsity::WeightShape shape) {
  return [patterns = sparsity::parsePatternSpec(spec), shape](std::span<float> weights) {
    sparsity::project(patterns, weights, shape);
  };
}

/// Minimizes sum curvature_i/2 (w_i - optimum_i)^2 under ADMM by gradient descent.
struct Quadratic {
  explicit Quadratic(size_t count) {
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<float> uniform(0.5f, 2.0f);
    for (size_t i = 0; i < count; ++i) {
      optimum.push_back(normal(random));
      curvature.push_back(uniform(random));
    }
    weights = optimum;
  }

  void train(const Solver &solver, int steps) {
    for (int step = 0; step < steps; ++step) {
      std::vector<float> gradient(weights.size());
      for (size_t i = 0; i < weights.size(); ++i)
        gradient[i] = curvature[i] * (weights[i] - optimum[i]);
      solver.addPenaltyGradient(0, weights, gradient);
      for (size_t i = 0; i < weights.size(); ++i)
        weights[i] -= 0.1f * gradient[i];
    }
  }

  double loss(std::span<const float> at) const {
    double sum = 0;
    for (size_t i = 0; i < at.size(); ++i)
      sum += curvature[i] / 2 * (at[i] - optimum[i]) * (at[i] - optimum[i]);
    return sum;
  }

  std::vector<float> optimum, curvature, weights;
};

TEST(Solver, StartsFromTheProjectionWithoutDual) {
  Solver solver;
  std::vector<float> weights{3, 1, -2, 0.5f};
  solver.addLayer("fc", weights, pruningTo("irregular=0.5", {1, 4, 1, 1}));
  EXPECT_EQ(std::vector<float>(solver.z(0).begin(), solver.z(0).end()),
            (std::vector<float>{3, 0, -2, 0}));
  EXPECT_EQ(solver.target(0), (std::vector<float>{3, 0, -2, 0}));
  EXPECT_FALSE(solver.converged(1));
}

TEST(Solver, UpdateIsTheTextbookStep) {
  Solver solver({RhoSchedule::Kind::Constant, 0.5, 1.5, 1});
  std::vector<float> weights{3, 1};
  solver.addLayer("fc", weights, pruningTo("irregular=0.5", {1, 2, 1, 1}));
  std::vector<float> moved{2, 1.5f};
  const LogEntry &entry = solver.update(0, moved);
  EXPECT_EQ(solver.z(0)[0], 2);
  EXPECT_EQ(solver.z(0)[1], 0);
  EXPECT_EQ(solver.u(0)[1], 1.5f);
  EXPECT_DOUBLE_EQ(entry.residuals.primal, 1.5);
  EXPECT_DOUBLE_EQ(entry.residuals.dual, 0.5 * 1);
  EXPECT_DOUBLE_EQ(entry.residuals.relativePrimal, 1.5 / 2.5);
  // W - Z + U = {0, 3}
  EXPECT_DOUBLE_EQ(solver.penalty(0, moved), 0.25 * 9);
  std::vector<float> gradient{1, 1};
  solver.addPenaltyGradient(0, moved, gradient);
  EXPECT_EQ(gradient, (std::vector<float>{1, 2.5f}));
}

// The sets are not convex, so the penalty has to outgrow the curvature of the loss (here up to 2).
TEST(Solver, ConvergesToAPointNoWorseThanPlainProjection) {
  for (const char *schedule : {"constant:4", "growing:0.1:1.2:8", "balanced:4:2:8"}) {
    Quadratic problem(64);
    Solver solver(parseRhoSchedule(schedule));
    solver.addLayer("fc", problem.weights, pruningTo("nm=2:4", {4, 16, 1, 1}));
    for (int iteration = 0; iteration < 100; ++iteration) {
      problem.train(solver, 20);
      solver.update(0, problem.weights);
    }
    EXPECT_TRUE(solver.converged(0.02)) << schedule;
    std::vector<float> plain = problem.optimum;
    pruningTo("nm=2:4", {4, 16, 1, 1})(plain);
    EXPECT_LE(problem.loss(solver.z(0)), problem.loss(plain) * 1.02) << schedule;
  }
}

TEST(Solver, QuantizesToo) {
  Quadratic problem(64);
  Solver solver({RhoSchedule::Kind::Growing, 0.1, 1.5, 8});
  codes::LevelSet levels(codes::parseCode("window:2"));
  solver.addLayer("fc", problem.weights,
                  [&](std::span<float> weights) { codes::project(levels, weights); });
  for (int iteration = 0; iteration < 60; ++iteration) {
    problem.train(solver, 20);
    solver.update(0, problem.weights);
  }
  EXPECT_LT(solver.log().back().residuals.relativePrimal, 0.05);
  EXPECT_TRUE(codes::findScale(levels, solver.z(0)));
}

TEST(Solver, SchedulesMoveRhoAndKeepTheDual) {
  Solver growing({RhoSchedule::Kind::Growing, 0.1, 1.5, 0.2});
  std::vector<float> weights{3, 1};
  growing.addLayer("fc", weights, pruningTo("irregular=0.5", {1, 2, 1, 1}));
  growing.update(0, weights);
  EXPECT_DOUBLE_EQ(growing.rho(0), 0.1 * 1.5);
  EXPECT_NEAR(growing.rho(0) * growing.u(0)[1], 0.1 * 1, 1e-7);
  growing.update(0, weights);
  EXPECT_DOUBLE_EQ(growing.rho(0), 0.2);
  growing.update(0, weights);
  EXPECT_DOUBLE_EQ(growing.rho(0), 0.2);

  Solver balanced({RhoSchedule::Kind::Balanced, 0.1, 2, 1});
  balanced.addLayer("fc", weights, pruningTo("irregular=0.5", {1, 2, 1, 1}));
  balanced.update(0, weights); // Z did not move, W is off: the penalty is too weak
  EXPECT_DOUBLE_EQ(balanced.rho(0), 0.2);
}

TEST(Solver, ResumesToTheSameBits) {
  auto fresh = [](Quadratic &problem) {
    Solver solver({RhoSchedule::Kind::Growing, 0.1, 1.2, 1});
    solver.addLayer("fc", problem.weights, pruningTo("irregular=0.5", {1, 64, 1, 1}));
    return solver;
  };
  Quadratic whole(64), halves(64);
  Solver unbroken = fresh(whole), first = fresh(halves), second = fresh(halves);
  std::stringstream file;
  for (int iteration = 0; iteration < 10; ++iteration) {
    whole.train(unbroken, 5);
    unbroken.update(0, whole.weights);
    Solver &current = iteration < 5 ? first : second;
    halves.train(current, 5);
    current.update(0, halves.weights);
    if (iteration == 4) {
      first.save(file);
      second.load(file);
    }
  }
  EXPECT_EQ(whole.weights, halves.weights);
  EXPECT_EQ(unbroken.target(0), second.target(0));
  std::ostringstream a, b;
  unbroken.writeLog(a);
  second.writeLog(b);
  EXPECT_EQ(a.str(), b.str());
}

TEST(Solver, DamagedStatesAreErrorsAndChangeNothing) {
  std::vector<float> weights{3, 1, 2};
  Solver solver;
  solver.addLayer("fc", weights, pruningTo("irregular=0.5", {1, 3, 1, 1}));
  solver.update(0, weights);
  std::ostringstream out;
  solver.save(out);
  std::vector<float> before = solver.target(0);
  for (size_t length = 0; length < out.str().size(); ++length) {
    std::istringstream cut(out.str().substr(0, length));
    EXPECT_THROW(solver.load(cut), Error) << length;
  }
  for (size_t byte = 0; byte < out.str().size(); ++byte) {
    std::string damaged = out.str();
    damaged[byte] = char(damaged[byte] ^ 0xff);
    std::istringstream in(damaged);
    Solver copy = solver;
    try {
      copy.load(in);
    } catch (const Error &) {
      EXPECT_EQ(copy.target(0), before);
    }
  }
  Solver other;
  other.addLayer("conv", weights, pruningTo("irregular=0.5", {1, 3, 1, 1}));
  std::istringstream in(out.str());
  EXPECT_THROW(other.load(in), Error);
}

TEST(Solver, RefusesOtherSizesAndNaN) {
  std::vector<float> weights{3, 1};
  Solver solver;
  solver.addLayer("fc", weights, pruningTo("irregular=0.5", {1, 2, 1, 1}));
  EXPECT_THROW(solver.update(0, std::vector<float>{1}), Error);
  try {
    solver.update(0, std::vector<float>{1, NAN});
    FAIL();
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), "layer 'fc': weight 1 is not finite");
  }
  EXPECT_TRUE(solver.log().empty());
}

TEST(RhoSchedule, PrintsWhatItReads) {
  for (const char *text : {"constant:0.001", "growing:0.001:1.5:1", "balanced:0.01:2:4"})
    EXPECT_EQ(formatRhoSchedule(parseRhoSchedule(text)), text);
  EXPECT_EQ(formatRhoSchedule(parseRhoSchedule("growing")), "growing:0.001:1.5:1");
  for (const char *text :
       {"", "fast:1", "constant:0", "constant:1:2", "growing:1:0.5", "balanced:x"})
    EXPECT_THROW(parseRhoSchedule(text), Error) << text;
}

} // namespace
