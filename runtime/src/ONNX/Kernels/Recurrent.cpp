//===- Recurrent.cpp - RNN, GRU and LSTM ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Products.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::onnx;

namespace {

/// One of the activations that a node may name, with its parameters.
class Activation {
public:
  Activation(const Call &call, std::string name, double alpha, double beta, bool given)
      : alpha(alpha), beta(beta) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    for (const auto &[known, kindOf, a, b] : table)
      if (name == known) {
        kind = kindOf;
        if (!given) {
          this->alpha = a;
          this->beta = b;
        }
        return;
      }
    call.fail("activation '", name, "' is unknown");
  }

  double operator()(double x) const {
    switch (kind) {
    case Kind::Relu:
      return std::max(x, 0.0);
    case Kind::Tanh:
      return std::tanh(x);
    case Kind::Sigmoid:
      return 1 / (1 + std::exp(-x));
    case Kind::Affine:
      return alpha * x + beta;
    case Kind::LeakyRelu:
      return x < 0 ? alpha * x : x;
    case Kind::ThresholdedRelu:
      return x > alpha ? x : 0;
    case Kind::ScaledTanh:
      return alpha * std::tanh(beta * x);
    case Kind::HardSigmoid:
      return std::clamp(alpha * x + beta, 0.0, 1.0);
    case Kind::Elu:
      return x < 0 ? alpha * std::expm1(x) : x;
    case Kind::Softsign:
      return x / (1 + std::fabs(x));
    case Kind::Softplus:
      return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
    }
    return x;
  }

private:
  enum class Kind {
    Relu,
    Tanh,
    Sigmoid,
    Affine,
    LeakyRelu,
    ThresholdedRelu,
    ScaledTanh,
    HardSigmoid,
    Elu,
    Softsign,
    Softplus
  };
  struct Entry {
    const char *name;
    Kind kind;
    double alpha, beta;
  };
  /// With the defaults of the operators of the same names.
  static constexpr Entry table[] = {{"relu", Kind::Relu, 0, 0},
                                    {"tanh", Kind::Tanh, 0, 0},
                                    {"sigmoid", Kind::Sigmoid, 0, 0},
                                    {"affine", Kind::Affine, 1, 0},
                                    {"leakyrelu", Kind::LeakyRelu, 0.01, 0},
                                    {"thresholdedrelu", Kind::ThresholdedRelu, 1, 0},
                                    {"scaledtanh", Kind::ScaledTanh, 1, 1},
                                    {"hardsigmoid", Kind::HardSigmoid, 0.2, 0.5},
                                    {"elu", Kind::Elu, 1, 0},
                                    {"softsign", Kind::Softsign, 0, 0},
                                    {"softplus", Kind::Softplus, 0, 0}};
  Kind kind = Kind::Tanh;
  double alpha, beta;
};

/// A recurrent node: sizes, operands as floats, and what its attributes say.
struct Recurrence {
  const Call &call;
  int64_t gates, steps, batch, features, hidden, directions;
  bool batchFirst, reverse;
  float limit;
  std::vector<Activation> activations; ///< those of each direction, one after the other
  std::vector<int64_t> lengths;
  Tensor in; ///< [steps, batch, features]

  Recurrence(const Call &call, int64_t gates, std::vector<std::string> defaults);

  /// Operand `index` of shape [directions, size...] as floats, zeros if it is left out.
  std::vector<float> weights(size_t index, Shape shape) const;
  /// Operand `index`, [directions, batch, hidden], or with the batch first.
  std::vector<float> state(size_t index) const;
  const Activation &activation(int64_t direction, size_t index) const {
    return activations[size_t(direction) * (activations.size() / size_t(directions)) + index];
  }
  float clipped(float x) const { return limit > 0 ? std::clamp(x, -limit, limit) : x; }

  /// Runs body(direction, products of the input [gates, hidden], bias, state, cell) of one batch
  /// for all steps, and makes results 0 (all states), 1 and 2 (the last ones).
  template <typename Body> void run(Call &call, bool hasCell, Body &&body) const;
  void setStates(Call &call, size_t index, const std::vector<float> &values) const;
};

} // namespace

Recurrence::Recurrence(const Call &call, int64_t gates, std::vector<std::string> defaults)
    : call(call), gates(gates), batchFirst(call.integer("layout", 0) != 0), in(call.in(0)) {
  call.require(in.rank() == 3 && isFloat(in.element()), "operand 0 is ", elementName(in.element()),
               shapeText(in.shape()), ", expected floats of rank 3");
  if (batchFirst)
    in = transposed(in, {1, 0, 2});
  steps = in.size(0);
  batch = in.size(1);
  features = in.size(2);
  call.require(call.in(2).rank() == 3, "operand 2 has shape ", shapeText(call.in(2).shape()));
  hidden = call.in(2).size(2);
  call.require(call.integer("hidden_size", hidden) == hidden, "attribute 'hidden_size' is ",
               call.integer("hidden_size", 0), ", but the weights have ", hidden);
  std::string direction = call.text("direction", "forward");
  call.require(direction == "forward" || direction == "reverse" || direction == "bidirectional",
               "attribute 'direction' is '", direction, "'");
  directions = direction == "bidirectional" ? 2 : 1;
  reverse = direction == "reverse";
  limit = float(call.real("clip", 0));
  std::vector<std::string> names = call.textList("activations");
  if (names.empty())
    for (int64_t d = 0; d < directions; ++d)
      names.insert(names.end(), defaults.begin(), defaults.end());
  call.require(names.size() == defaults.size() * size_t(directions), "has ", names.size(),
               " activations");
  std::vector<double> alphas = call.realList("activation_alpha"),
                      betas = call.realList("activation_beta");
  for (size_t i = 0; i < names.size(); ++i)
    activations.emplace_back(call, names[i], i < alphas.size() ? alphas[i] : 0,
                             i < betas.size() ? betas[i] : 0,
                             i < alphas.size() || i < betas.size());
  lengths.assign(batch, steps);
  if (call.has(4)) {
    lengths = call.ints(4);
    call.require(int64_t(lengths.size()) == batch, "has ", lengths.size(), " lengths for ", batch,
                 " batches");
    for (int64_t length : lengths)
      call.require(length >= 0 && length <= steps, "a length is ", length);
  }
}

std::vector<float> Recurrence::weights(size_t index, Shape shape) const {
  shape.insert(shape.begin(), directions);
  std::vector<float> values(checkedCount(shape, sizeof(float)), 0);
  if (call.has(index)) {
    call.requireShape(call.in(index), shape, "a weight");
    loadElements(call.in(index), values.data());
  }
  return values;
}

std::vector<float> Recurrence::state(size_t index) const {
  std::vector<float> values(directions * batch * hidden, 0);
  if (!call.has(index))
    return values;
  Tensor given = call.in(index);
  call.requireShape(
      given, batchFirst ? Shape{batch, directions, hidden} : Shape{directions, batch, hidden},
      "a state");
  if (batchFirst)
    given = transposed(given, {1, 0, 2});
  loadElements(given, values.data());
  return values;
}

void Recurrence::setStates(Call &call, size_t index, const std::vector<float> &values) const {
  if (!call.wants(index))
    return;
  Tensor result(in.element(), {directions, batch, hidden});
  storeElements(values.data(), result);
  call.set(index, batchFirst ? transposed(result, {1, 0, 2}) : result);
}

template <typename Body> void Recurrence::run(Call &call, bool hasCell, Body &&body) const {
  int64_t rows = gates * hidden;
  std::vector<float> w = weights(1, {rows, features}), bias = weights(3, {2 * rows});
  std::vector<float> state = this->state(5), cell;
  if (hasCell)
    cell = this->state(6);
  Reader<float> from(in);
  Tensor all(ElementType::F32, {steps, directions, batch, hidden});
  fillZero(all);
  Tensor gateInputs(ElementType::F32, {steps * batch, rows});
  for (int64_t d = 0; d < directions; ++d) {
    Tensor own(ElementType::F32, {rows, features},
               std::as_bytes(std::span(w).subspan(d * rows * features, rows * features)), nullptr);
    Tensor turned = transposed(own, {1, 0});
    multiply(steps * batch, rows, features, Matrix<const float>{from.data(), features},
             Matrix<const float>{turned.data<float>(), rows},
             Matrix<float>{gateInputs.data<float>(), rows});
    bool backwards = reverse || d == 1;
    for (int64_t t = 0; t < steps; ++t)
      for (int64_t b = 0; b < batch; ++b) {
        if (t >= lengths[b])
          continue;
        int64_t step = backwards ? lengths[b] - 1 - t : t;
        float *now = state.data() + (d * batch + b) * hidden;
        body(d, gateInputs.data<float>() + (step * batch + b) * rows, bias.data() + d * 2 * rows,
             now, hasCell ? cell.data() + (d * batch + b) * hidden : nullptr);
        std::copy_n(now, hidden,
                    all.data<float>() + ((step * directions + d) * batch + b) * hidden);
      }
  }
  if (call.wants(0)) {
    Tensor result = castTo(call, all, in.element());
    call.set(0, batchFirst ? transposed(result, {2, 0, 1, 3}) : result);
  }
  setStates(call, 1, state);
  if (hasCell)
    setStates(call, 2, cell);
}

/// sums[row] = weights[row, :] * state.
static void multiplyState(const float *weights, int64_t rows, int64_t hidden, const float *state,
                          float *sums) {
  for (int64_t row = 0; row < rows; ++row) {
    float sum = 0;
    for (int64_t i = 0; i < hidden; ++i)
      sum += weights[row * hidden + i] * state[i];
    sums[row] = sum;
  }
}

static void rnn(Call &call) {
  Recurrence recurrence(call, 1, {"Tanh"});
  int64_t hidden = recurrence.hidden;
  std::vector<float> r = recurrence.weights(2, {hidden, hidden}), sums(hidden);
  recurrence.run(
      call, false, [&](int64_t d, const float *in, const float *bias, float *state, float *) {
        multiplyState(r.data() + d * hidden * hidden, hidden, hidden, state, sums.data());
        for (int64_t i = 0; i < hidden; ++i)
          state[i] = float(recurrence.activation(d, 0)(
              recurrence.clipped(in[i] + sums[i] + bias[i] + bias[hidden + i])));
      });
}

/// Gates in the order update, reset, hidden.
static void gru(Call &call) {
  Recurrence recurrence(call, 3, {"Sigmoid", "Tanh"});
  int64_t hidden = recurrence.hidden, rows = 3 * hidden;
  bool resetAfter = call.integer("linear_before_reset", 0);
  std::vector<float> r = recurrence.weights(2, {rows, hidden});
  std::vector<float> sums(rows), update(hidden), reset(hidden);
  recurrence.run(
      call, false, [&](int64_t d, const float *in, const float *bias, float *state, float *) {
        const Activation &f = recurrence.activation(d, 0), &g = recurrence.activation(d, 1);
        const float *own = r.data() + d * rows * hidden;
        multiplyState(own, resetAfter ? rows : 2 * hidden, hidden, state, sums.data());
        for (int64_t i = 0; i < hidden; ++i) {
          int64_t j = hidden + i;
          update[i] = float(f(recurrence.clipped(in[i] + sums[i] + bias[i] + bias[rows + i])));
          reset[i] = float(f(recurrence.clipped(in[j] + sums[j] + bias[j] + bias[rows + j])));
        }
        if (!resetAfter) {
          std::vector<float> kept(hidden);
          for (int64_t i = 0; i < hidden; ++i)
            kept[i] = reset[i] * state[i];
          multiplyState(own + 2 * hidden * hidden, hidden, hidden, kept.data(),
                        sums.data() + 2 * hidden);
        }
        for (int64_t i = 0; i < hidden; ++i) {
          int64_t j = 2 * hidden + i;
          float recurrent = sums[j] + bias[rows + j];
          float candidate = float(g(recurrence.clipped(
              in[j] + bias[j] + (resetAfter ? reset[i] * recurrent : recurrent))));
          state[i] = (1 - update[i]) * candidate + update[i] * state[i];
        }
      });
}

/// Gates in the order input, output, forget, cell; peepholes in the order input, output, forget.
static void lstm(Call &call) {
  Recurrence recurrence(call, 4, {"Sigmoid", "Tanh", "Tanh"});
  int64_t hidden = recurrence.hidden, rows = 4 * hidden;
  bool coupled = call.integer("input_forget", 0);
  std::vector<float> r = recurrence.weights(2, {rows, hidden});
  std::vector<float> peepholes = recurrence.weights(7, {3 * hidden}), sums(rows);
  recurrence.run(
      call, true, [&](int64_t d, const float *in, const float *bias, float *state, float *cell) {
        const Activation &f = recurrence.activation(d, 0), &g = recurrence.activation(d, 1),
                         &h = recurrence.activation(d, 2);
        const float *peephole = peepholes.data() + d * 3 * hidden;
        multiplyState(r.data() + d * rows * hidden, rows, hidden, state, sums.data());
        for (int64_t i = 0; i < rows; ++i)
          sums[i] += in[i] + bias[i] + bias[rows + i];
        for (int64_t i = 0; i < hidden; ++i) {
          float old = cell[i];
          float input = float(f(recurrence.clipped(sums[i] + peephole[i] * old)));
          float forget = coupled ? 1 - input
                                 : float(f(recurrence.clipped(sums[2 * hidden + i] +
                                                              peephole[2 * hidden + i] * old)));
          cell[i] = forget * old + input * float(g(recurrence.clipped(sums[3 * hidden + i])));
          float output =
              float(f(recurrence.clipped(sums[hidden + i] + peephole[hidden + i] * cell[i])));
          state[i] = output * float(h(cell[i]));
        }
      });
}

void pim::onnx::addRecurrent(Registry &registry) {
  registry.add("GRU", gru);
  registry.add("LSTM", lstm);
  registry.add("RNN", rnn);
}
