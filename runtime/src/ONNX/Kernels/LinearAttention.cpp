//===- LinearAttention.cpp - sequence operators that carry a state --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Index.h"
#include "../Registry.h"

#include <cmath>

using namespace pim;
using namespace pim::onnx;

namespace {

/// Sizes of a LinearAttention and what its attributes say. Queries are [batch, steps, heads *
/// keySize], keys and values have `stateHeads` heads.
struct LinearCall {
  int64_t batch, steps, heads, stateHeads, keySize, valueSize, decays = 0, rates = 0;
  bool gated, delta;
  double scale;

  explicit LinearCall(const Call &call) {
    const Tensor &query = call.in(0), &value = call.in(2);
    heads = call.integer("q_num_heads", 0);
    stateHeads = call.integer("kv_num_heads", 0);
    call.require(query.rank() == 3 && value.rank() == 3 && isFloat(query.element()) &&
                     stateHeads > 0 && heads > 0 && heads % stateHeads == 0 &&
                     query.size(2) % heads == 0 && value.size(2) % stateHeads == 0,
                 "operands ", shapeText(query.shape()), " and ", shapeText(value.shape()),
                 " do not divide into ", heads, " and ", stateHeads, " heads");
    batch = query.size(0);
    steps = query.size(1);
    keySize = query.size(2) / heads;
    valueSize = value.size(2) / stateHeads;
    call.requireShape(call.in(1), {batch, steps, stateHeads * keySize}, "the keys");
    call.requireShape(value, {batch, steps, stateHeads * valueSize}, "the values");
    std::string rule = call.text("update_rule", "gated_delta");
    gated = rule == "gated" || rule == "gated_delta";
    delta = rule == "delta" || rule == "gated_delta";
    call.require(gated || delta || rule == "linear", "attribute 'update_rule' is '", rule, "'");
    if (gated)
      decays = perStep(call, 4, {stateHeads, stateHeads * keySize});
    if (delta)
      rates = perStep(call, 5, {stateHeads, 1});
    scale = call.real("scale", 0);
    scale = scale == 0 ? 1 / std::sqrt(double(keySize)) : scale;
  }

  /// How many numbers operand `index` has for each step: one of `sizes`.
  int64_t perStep(const Call &call, size_t index, std::vector<int64_t> sizes) const {
    const Tensor &tensor = call.in(index);
    int64_t size = tensor.rank() == 3 ? tensor.size(2) : -1;
    call.require(tensor.rank() == 3 && tensor.size(0) == batch && tensor.size(1) == steps &&
                     std::find(sizes.begin(), sizes.end(), size) != sizes.end(),
                 "operand ", index, " has shape ", shapeText(tensor.shape()));
    return size;
  }
};

} // namespace

/// One step of one head: the state [keySize, valueSize] decays, and takes in the key and its value,
/// or (delta rule) what the value differs by from the state's answer to the key.
static void updateState(const LinearCall &at, const double *key, const double *value,
                        const double *decay, bool decayPerKey, double rate, double *state) {
  for (int64_t i = 0; i < at.keySize && decay; ++i) {
    double factor = std::exp(decay[decayPerKey ? i : 0]);
    for (int64_t j = 0; j < at.valueSize; ++j)
      state[i * at.valueSize + j] *= factor;
  }
  for (int64_t j = 0; j < at.valueSize; ++j) {
    double change = value[j];
    if (at.delta) {
      for (int64_t i = 0; i < at.keySize; ++i)
        change -= state[i * at.valueSize + j] * key[i];
      change *= rate;
    }
    for (int64_t i = 0; i < at.keySize; ++i)
      state[i * at.valueSize + j] += key[i] * change;
  }
}

/// Attention whose past is one matrix for each head (Katharopoulos et al., 2020; Yang et al.,
/// "Gated Delta Networks", 2024).
static void linearAttention(Call &call) {
  LinearCall at(call);
  Shape stateShape{at.batch, at.stateHeads, at.keySize, at.valueSize};
  Tensor states(ElementType::F64, stateShape);
  fillZero(states);
  ElementType stateElement = call.in(0).element();
  if (call.has(3)) {
    call.requireShape(call.in(3), stateShape, "the state");
    stateElement = call.in(3).element();
    call.require(isFloat(stateElement), "the state is not of floats");
    loadElements(call.in(3), states.data<double>());
  }
  Reader<double> query(call.in(0)), key(call.in(1)), value(call.in(2));
  Tensor none(ElementType::F64, {0});
  Reader<double> decay(at.gated ? call.in(4) : none), rate(at.delta ? call.in(5) : none);
  Tensor &out = call.out(0, call.in(0).element(), {at.batch, at.steps, at.heads * at.valueSize});
  Writer<double> to(out);
  int64_t sharing = at.heads / at.stateHeads;
  for (int64_t step = 0; step < at.batch * at.steps; ++step)
    for (int64_t head = 0; head < at.heads; ++head) {
      int64_t own = head / sharing, row = step * at.stateHeads + own;
      double *state = states.data<double>() +
                      (step / at.steps * at.stateHeads + own) * at.keySize * at.valueSize;
      if (head % sharing == 0) {
        bool perKey = at.decays != at.stateHeads;
        const double *gate = at.gated ? decay.data() + row * (perKey ? at.keySize : 1) : nullptr;
        double beta = at.delta ? rate[at.rates == 1 ? step : row] : 1;
        updateState(at, key.data() + row * at.keySize, value.data() + row * at.valueSize, gate,
                    perKey, beta, state);
      }
      const double *q = query.data() + (step * at.heads + head) * at.keySize;
      for (int64_t j = 0; j < at.valueSize; ++j) {
        double sum = 0;
        for (int64_t i = 0; i < at.keySize; ++i)
          sum += q[i] * state[i * at.valueSize + j];
        to[(step * at.heads + head) * at.valueSize + j] = sum * at.scale;
      }
    }
  if (call.wants(1))
    call.set(1, castTo(call, states, stateElement));
}

/// Each channel of [N, C, length] is convolved with its own kernel, after the past in operand 3 or
/// zeros; the end of both is the next past.
static void causalConvWithState(Call &call) {
  const Tensor &in = call.in(0), &weights = call.in(1);
  call.requireSameElement(0, 1);
  call.require(in.rank() == 3 && weights.rank() == 3 && isFloat(in.element()) &&
                   weights.size(0) == in.size(1) && weights.size(1) == 1 && weights.size(2) > 0,
               "weights ", shapeText(weights.shape()), " do not fit an input ",
               shapeText(in.shape()));
  std::string activation = call.text("activation", "none");
  bool swish = activation == "silu" || activation == "swish";
  call.require(swish || activation == "none", "attribute 'activation' is '", activation, "'");
  int64_t channels = in.size(1), length = in.size(2), kernel = weights.size(2);
  Tensor past(in.element(), {in.size(0), channels, kernel - 1});
  fillZero(past);
  if (call.has(3))
    past = call.in(3);
  call.requireShape(past, {in.size(0), channels, kernel - 1}, "the state");
  Tensor whole = concatenated(call, {past, in}, 2);
  std::vector<double> bias(channels, 0);
  if (call.has(2)) {
    call.require(call.in(2).count() == channels && !call.in(2).isText(), "has ", call.in(2).count(),
                 " biases for ", channels, " channels");
    loadElements(call.in(2), bias.data());
  }
  int64_t padded = whole.size(2);
  Tensor &out = call.out(0, in.element(), in.shape());
  {
    Reader<double> from(whole), factors(weights);
    Writer<double> to(out);
    for (int64_t row = 0; row < in.size(0) * channels; ++row)
      for (int64_t i = 0; i < length; ++i) {
        double sum = bias[row % channels];
        for (int64_t k = 0; k < kernel; ++k)
          sum += factors[row % channels * kernel + k] * from[row * padded + i + k];
        to[row * length + i] = swish ? sum / (1 + std::exp(-sum)) : sum;
      }
  }
  if (!call.wants(1))
    return;
  Tensor &next = call.out(1, in.element(), past.shape());
  for (int64_t row = 0; row < in.size(0) * channels; ++row)
    copyElements(whole, row * padded + length, next, row * (kernel - 1), kernel - 1);
}

void pim::onnx::addLinearAttention(Registry &registry) {
  registry.add("CausalConvWithState", causalConvWithState, 27);
  registry.add("LinearAttention", linearAttention, 27);
}
