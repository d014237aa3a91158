//===- Recurrent.cpp - RNN, GRU and LSTM ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "GateActivation.h"
#include "Products.h"
#include "Quantization.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::onnx;

namespace {

/// A recurrent node: sizes, operands as floats, and what its attributes say.
struct Recurrence {
  const Call &call;
  int64_t gates, steps, batch, features, hidden, directions;
  bool batchFirst, reverse;
  float limit;
  std::vector<GateActivation> activations; ///< those of each direction, one after the other
  std::vector<int64_t> lengths;
  Tensor in;                      ///< [steps, batch, features]
  Tensor inWeights, stateWeights; ///< operands 1 and 2
  /// What products see of the states of all batches, [batch, hidden], in place; may do nothing.
  void (*round)(float *states, int64_t count) = nullptr;

  Recurrence(const Call &call, int64_t gates, std::vector<std::string> defaults, Tensor in,
             Tensor inWeights, Tensor stateWeights);
  Recurrence(const Call &call, int64_t gates, std::vector<std::string> defaults)
      : Recurrence(call, gates, std::move(defaults), call.in(0), call.in(1), call.in(2)) {}

  /// A weight of shape [directions, size...] as floats.
  std::vector<float> weights(const Tensor &tensor, Shape shape) const;
  /// The same of operand `index`, zeros if it is left out.
  std::vector<float> weights(size_t index, const Shape &shape) const;
  /// Operand `index`, [directions, batch, hidden], or with the batch first.
  std::vector<float> state(size_t index) const;
  const GateActivation &activation(int64_t direction, size_t index) const {
    return activations[size_t(direction) * (activations.size() / size_t(directions)) + index];
  }
  float clipped(float x) const { return limit > 0 ? std::clamp(x, -limit, limit) : x; }

  /// Runs body(direction, products of the input [gates, hidden], bias, rounded state, state, cell)
  /// of one batch for all steps, and makes results 0 (all states), 1 and 2 (the last ones).
  template <typename Body> void run(Call &call, bool hasCell, Body &&body) const;
  void setStates(Call &call, size_t index, const std::vector<float> &values) const;
};

} // namespace

Recurrence::Recurrence(const Call &call, int64_t gates, std::vector<std::string> defaults,
                       Tensor input, Tensor ofInput, Tensor ofState)
    : call(call), gates(gates), batchFirst(call.integer("layout", 0) != 0), in(std::move(input)),
      inWeights(std::move(ofInput)), stateWeights(std::move(ofState)) {
  call.require(in.rank() == 3 && isFloat(in.element()), "operand 0 is ", elementName(in.element()),
               shapeText(in.shape()), ", expected floats of rank 3");
  if (batchFirst)
    in = transposed(in, {1, 0, 2});
  steps = in.size(0);
  batch = in.size(1);
  features = in.size(2);
  call.require(stateWeights.rank() == 3, "operand 2 has shape ", shapeText(stateWeights.shape()));
  hidden = stateWeights.size(2);
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

std::vector<float> Recurrence::weights(const Tensor &tensor, Shape shape) const {
  shape.insert(shape.begin(), directions);
  std::vector<float> values(checkedCount(shape, sizeof(float)), 0);
  call.requireShape(tensor, shape, "a weight");
  loadElements(tensor, values.data());
  return values;
}

std::vector<float> Recurrence::weights(size_t index, const Shape &shape) const {
  if (call.has(index))
    return weights(call.in(index), shape);
  return std::vector<float>(checkedCount(shape, sizeof(float)) * directions, 0);
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
  std::vector<float> w = weights(inWeights, {rows, features}), bias = weights(3, {2 * rows});
  std::vector<float> state = this->state(5), rounded(batch * hidden), cell;
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
    for (int64_t t = 0; t < steps; ++t) {
      std::copy_n(state.data() + d * batch * hidden, batch * hidden, rounded.data());
      if (round)
        round(rounded.data(), batch * hidden);
      for (int64_t b = 0; b < batch; ++b) {
        if (t >= lengths[b])
          continue;
        int64_t step = backwards ? lengths[b] - 1 - t : t;
        float *now = state.data() + (d * batch + b) * hidden;
        body(d, gateInputs.data<float>() + (step * batch + b) * rows, bias.data() + d * 2 * rows,
             rounded.data() + b * hidden, now,
             hasCell ? cell.data() + (d * batch + b) * hidden : nullptr);
        std::copy_n(now, hidden,
                    all.data<float>() + ((step * directions + d) * batch + b) * hidden);
      }
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
  std::vector<float> r = recurrence.weights(recurrence.stateWeights, {hidden, hidden}),
                     sums(hidden);
  recurrence.run(
      call, false,
      [&](int64_t d, const float *in, const float *bias, const float *, float *state, float *) {
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
  std::vector<float> r = recurrence.weights(recurrence.stateWeights, {rows, hidden});
  std::vector<float> sums(rows), update(hidden), reset(hidden);
  recurrence.run(
      call, false,
      [&](int64_t d, const float *in, const float *bias, const float *, float *state, float *) {
        const GateActivation &f = recurrence.activation(d, 0), &g = recurrence.activation(d, 1);
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
static void runLstm(Call &call, const Recurrence &recurrence) {
  int64_t hidden = recurrence.hidden, rows = 4 * hidden;
  bool coupled = call.integer("input_forget", 0);
  std::vector<float> r = recurrence.weights(recurrence.stateWeights, {rows, hidden});
  std::vector<float> peepholes = recurrence.weights(7, {3 * hidden}), sums(rows);
  recurrence.run(
      call, true,
      [&](int64_t d, const float *in, const float *bias, const float *rounded, float *state,
          float *cell) {
        const GateActivation &f = recurrence.activation(d, 0), &g = recurrence.activation(d, 1),
                             &h = recurrence.activation(d, 2);
        const float *peephole = peepholes.data() + d * 3 * hidden;
        multiplyState(r.data() + d * rows * hidden, rows, hidden, rounded, sums.data());
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

static const std::vector<std::string> lstmActivations = {"Sigmoid", "Tanh", "Tanh"};

static void lstm(Call &call) { runLstm(call, Recurrence(call, 4, lstmActivations)); }

//===----------------------------------------------------------------------===//
// An LSTM with weights of bytes
//===----------------------------------------------------------------------===//

/// Rounds to 256 steps over the range of the values and zero, as DynamicQuantizeLinear.
static void roundToBytes(float *values, int64_t count) {
  float least = 0, greatest = 0;
  for (int64_t i = 0; i < count; ++i) {
    least = std::min(least, values[i]);
    greatest = std::max(greatest, values[i]);
  }
  float scale = least == greatest ? 1 : (greatest - least) / 255;
  int64_t zero = quantize(-least, scale, 0, ElementType::U8);
  for (int64_t i = 0; i < count; ++i)
    values[i] = float(quantize(values[i], scale, zero, ElementType::U8) - zero) * scale;
}

/// Weights [directions, inputs, rows] of bytes, with a scale in operand `scale` and a zero point
/// behind it for each direction, or each of its rows, as floats [directions, rows, inputs].
static Tensor weightsOfBytes(const Call &call, size_t index, size_t scale) {
  const Tensor &bytes = call.in(index), &scales = call.in(scale);
  call.require((bytes.element() == ElementType::I8 || bytes.element() == ElementType::U8) &&
                   bytes.rank() == 3,
               "operand ", index, " is ", elementName(bytes.element()), shapeText(bytes.shape()),
               ", expected bytes of rank 3");
  int64_t directions = bytes.size(0), inputs = bytes.size(1), rows = bytes.size(2);
  bool isPerRow = scales.rank() == 2;
  call.requireShape(scales, isPerRow ? Shape{directions, rows} : Shape{directions}, "a scale");
  Tensor zeros(ElementType::F32, scales.shape());
  fillZero(zeros);
  if (call.has(scale + 1)) {
    call.requireShape(call.in(scale + 1), scales.shape(), "a zero point");
    loadElements(call.in(scale + 1), zeros.data<float>());
  }
  Tensor made(ElementType::F32, {directions, rows, inputs});
  Reader<float> from(bytes), factor(scales);
  for (int64_t d = 0; d < directions; ++d)
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t i = 0; i < inputs; ++i) {
        int64_t of = isPerRow ? d * rows + row : d;
        made.data<float>()[(d * rows + row) * inputs + i] =
            (from[(d * inputs + i) * rows + row] - zeros.data<float>()[of]) * factor[of];
      }
  return made;
}

/// The products are those of bytes: input and state are rounded by their own range.
static void dynamicQuantizeLstm(Call &call) {
  Tensor in = castTo(call, call.in(0), ElementType::F32), rounded(ElementType::F32, in.shape());
  std::copy_n(in.data<float>(), in.count(), rounded.data<float>());
  roundToBytes(rounded.data<float>(), rounded.count());
  Recurrence recurrence(call, 4, lstmActivations, rounded, weightsOfBytes(call, 1, 8),
                        weightsOfBytes(call, 2, 10));
  recurrence.round = roundToBytes;
  runLstm(call, recurrence);
}

void pim::onnx::addRecurrent(Registry &registry) {
  registry.add(microsoftDomain, "DynamicQuantizeLSTM", dynamicQuantizeLstm);
  registry.add("GRU", gru);
  registry.add("LSTM", lstm);
  registry.add("RNN", rnn);
}
