//===- Attention.cpp - attention and rotary positions ---------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Registry.h"
#include "Products.h"

#include <cmath>
#include <limits>

using namespace pim;
using namespace pim::onnx;

static constexpr double infinity = std::numeric_limits<double>::infinity();

/// [batch, heads, sequence, size] of an operand that may be [batch, sequence, heads * size].
static Tensor withHeads(const Call &call, const Tensor &in, const char *attribute) {
  if (in.rank() == 4)
    return in;
  int64_t heads = call.integer(attribute, 0);
  call.require(in.rank() == 3 && heads > 0 && in.size(2) % heads == 0, "cannot divide shape ",
               shapeText(in.shape()), " into ", heads, " heads");
  return transposed(in.reshaped({in.size(0), in.size(1), heads, in.size(2) / heads}), {0, 2, 1, 3});
}

/// Two tensors joined along the sequence.
static Tensor joined(const Call &call, const Tensor &past, const Tensor &now) {
  Shape expected = now.shape();
  call.require(past.rank() == 4 && past.element() == now.element(), "past of shape ",
               shapeText(past.shape()));
  expected[2] = past.size(2);
  call.requireShape(past, expected, "the past");
  Shape shape = now.shape();
  shape[2] += past.size(2);
  Tensor out(now.element(), shape);
  int64_t before = past.size(2) * past.size(3), after = now.size(2) * now.size(3);
  for (int64_t head = 0; head < shape[0] * shape[1]; ++head) {
    copyElements(past, head * before, out, head * (before + after), before);
    copyElements(now, head * after, out, head * (before + after) + before, after);
  }
  return out;
}

namespace {

/// Operands with their heads apart, and what the attributes say.
struct AttentionCall {
  Tensor q, k, v;
  int64_t batch, heads, sharing, queries, keys, past = 0;
  double scale, cap;
  bool causal;
  int64_t before, after;        ///< how far a query looks; -1: to the end
  std::vector<int64_t> lengths; ///< keys of each batch that are there, if operand 6 tells

  explicit AttentionCall(const Call &call)
      : q(withHeads(call, call.in(0), "q_num_heads")),
        k(withHeads(call, call.in(1), "kv_num_heads")),
        v(withHeads(call, call.in(2), "kv_num_heads")) {
    call.require(isFloat(q.element()), "operand 0 is not of floats");
    if (call.has(4) && call.has(5)) {
      past = call.in(4).rank() == 4 ? call.in(4).size(2) : 0;
      k = joined(call, call.in(4), k);
      v = joined(call, call.in(5), v);
    }
    batch = q.size(0);
    heads = q.size(1);
    queries = q.size(2);
    keys = k.size(2);
    call.require(k.size(0) == batch && v.size(0) == batch && k.size(1) == v.size(1) &&
                     v.size(2) == keys && k.size(3) == q.size(3) && k.size(1) > 0 &&
                     heads % k.size(1) == 0,
                 "shapes ", shapeText(q.shape()), ", ", shapeText(k.shape()), " and ",
                 shapeText(v.shape()), " do not fit");
    sharing = heads / k.size(1);
    scale = call.real("scale", 1 / std::sqrt(double(q.size(3))));
    cap = call.real("softcap", 0);
    causal = call.integer("is_causal", 0);
    before = call.integer("left_window_size", -1);
    after = call.integer("right_window_size", -1);
    call.require(before >= -1 && after >= -1, "has a window from ", before, " to ", after);
    if (call.has(6)) {
      lengths = call.ints(6);
      call.require(int64_t(lengths.size()) == batch, "has ", lengths.size(), " lengths for ", batch,
                   " batches");
    }
  }
};

/// What is added to the score of each query and key: minus infinity where it is masked.
class Mask {
public:
  Mask(const Call &call, const AttentionCall &attention) : attention(attention) {
    if (!call.has(3))
      return;
    const Tensor &given = call.in(3);
    Shape shape = given.shape();
    call.require(!shape.empty() && shape.size() <= 4 && !given.isText(), "the mask has shape ",
                 shapeText(shape));
    width = shape.back();
    Shape target{attention.batch, attention.heads, attention.queries, width};
    call.require(broadcastShape(call, shape, target) == target && width <= attention.keys,
                 "the mask of shape ", shapeText(shape), " does not fit");
    steps = broadcastStrides(shape, target);
    values.resize(given.count());
    loadElements(given, values.data());
    if (given.element() == ElementType::I1)
      for (double &value : values)
        value = value != 0 ? 0 : -infinity;
  }

  double at(int64_t b, int64_t h, int64_t q, int64_t k) const {
    int64_t offset = attention.past;
    if (!attention.lengths.empty()) {
      if (k >= attention.lengths[b])
        return -infinity;
      offset = attention.lengths[b] - attention.queries;
    }
    int64_t distance = k - q - offset;
    if ((attention.causal && distance > 0) ||
        (attention.before >= 0 && -distance > attention.before) ||
        (attention.after >= 0 && distance > attention.after))
      return -infinity;
    if (values.empty())
      return 0;
    return k < width ? values[b * steps[0] + h * steps[1] + q * steps[2] + k * steps[3]]
                     : -infinity;
  }

private:
  const AttentionCall &attention;
  std::vector<double> values;
  Shape steps;
  int64_t width = 0;
};

} // namespace

/// In place; a row that is masked as a whole becomes zeros.
static void softmaxRow(double *row, int64_t size) {
  double largest = -infinity, total = 0;
  for (int64_t i = 0; i < size; ++i)
    largest = std::max(largest, row[i]);
  if (largest == -infinity) {
    std::fill_n(row, size, 0.0);
    return;
  }
  for (int64_t i = 0; i < size; ++i)
    total += row[i] = std::exp(row[i] - largest);
  for (int64_t i = 0; i < size; ++i)
    row[i] /= total;
}

/// softmax(Q K^T scaled, capped and masked) V for each head. `qk_matmul_output_mode` says which of
/// the four stages result 3 shows.
static void attention(Call &call) {
  AttentionCall at(call);
  Mask mask(call, at);
  enum Stage { Scores, Capped, Masked, Normalized };
  int64_t stage = call.integer("qk_matmul_output_mode", 0);
  call.require(stage >= Scores && stage <= Normalized, "attribute 'qk_matmul_output_mode' is ",
               stage);
  int64_t size = at.q.size(3), valueSize = at.v.size(3);
  Tensor result(at.q.element(), {at.batch, at.heads, at.queries, valueSize});
  Tensor shown(ElementType::F64, {at.batch, at.heads, at.queries, at.keys});
  {
    Reader<double> q(at.q), k(at.k), v(at.v);
    Writer<double> to(result);
    std::vector<double> row(at.keys);
    double *show = shown.data<double>();
    for (int64_t b = 0; b < at.batch; ++b)
      for (int64_t h = 0; h < at.heads; ++h)
        for (int64_t i = 0; i < at.queries; ++i, show += at.keys) {
          int64_t shared = b * (at.heads / at.sharing) + h / at.sharing;
          int64_t place = (b * at.heads + h) * at.queries + i;
          auto reveal = [&](Stage now) {
            if (stage == now)
              std::copy(row.begin(), row.end(), show);
          };
          for (int64_t j = 0; j < at.keys; ++j) {
            row[j] = 0;
            for (int64_t d = 0; d < size; ++d)
              row[j] += q[place * size + d] * k[(shared * at.keys + j) * size + d];
            row[j] *= at.scale;
          }
          reveal(Scores);
          if (at.cap > 0)
            for (double &score : row)
              score = at.cap * std::tanh(score / at.cap);
          reveal(Capped);
          for (int64_t j = 0; j < at.keys; ++j)
            row[j] += mask.at(b, h, i, j);
          reveal(Masked);
          softmaxRow(row.data(), at.keys);
          reveal(Normalized);
          for (int64_t d = 0; d < valueSize; ++d) {
            double sum = 0;
            for (int64_t j = 0; j < at.keys; ++j)
              sum += row[j] == 0 ? 0 : row[j] * v[(shared * at.keys + j) * valueSize + d];
            to[place * valueSize + d] = sum;
          }
        }
  }
  if (call.in(0).rank() == 3)
    result =
        transposed(result, {0, 2, 1, 3}).reshaped({at.batch, at.queries, at.heads * valueSize});
  call.set(0, result);
  if (call.wants(1))
    call.set(1, at.k);
  if (call.wants(2))
    call.set(2, at.v);
  if (call.wants(3))
    call.set(3, castTo(call, shown, at.q.element()));
}

/// `tensor` as the graph in attribute `name` changes it, where there is one. It takes the values of
/// the enclosing graph that it uses behind the tensor.
static Tensor modified(const Call &call, const char *name, const Tensor &tensor) {
  if (!call.hasAttribute(name))
    return tensor;
  std::vector<Value> values{tensor};
  for (size_t captured = 3; captured < call.inputCount(); ++captured)
    values.push_back(call.value(captured));
  std::vector<Value> given = call.runGraph(name, values);
  const auto *result = given.size() == 1 ? std::get_if<Tensor>(&given[0]) : nullptr;
  call.require(result && result->element() == tensor.element(), "graph '", name,
               "' gives no tensor of ", elementName(tensor.element()));
  call.requireShape(*result, tensor.shape(), name);
  return *result;
}

/// Rows of `a` times the matrix of their head: row x column of `b`, or, if it is `transposed`, of
/// its rows. Heads of `a` [N, heads, rows, size] share those of `b` in order, as many as go into
/// one.
static void multiplyHeads(const Tensor &a, const Tensor &b, bool transposed, double scale,
                          Tensor &out) {
  int64_t size = a.size(3), columns = out.size(3), rows = a.size(2), heads = a.size(0) * a.size(1);
  int64_t sharing = a.size(1) / b.size(1);
  int64_t next = transposed ? 1 : columns, column = transposed ? size : 1;
  Reader<double> from(a), matrices(b);
  Writer<double> to(out);
  for (int64_t row = 0; row < heads * rows; ++row) {
    const double *x = from.data() + row * size;
    const double *matrix = matrices.data() + row / rows / sharing * size * columns;
    for (int64_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (int64_t d = 0; d < size; ++d)
        sum += x[d] * matrix[j * column + d * next];
      to[row * columns + j] = sum * scale;
    }
  }
}

/// softmax(Q K^T scaled) V, where graphs of the model change the scores and the probabilities.
static void flexAttention(Call &call) {
  const Tensor &q = call.in(0), &k = call.in(1), &v = call.in(2);
  call.require(isFloat(q.element()) && q.rank() == 4 && k.rank() == 4 && v.rank() == 4 &&
                   k.size(0) == q.size(0) && v.size(0) == q.size(0) && k.size(1) == v.size(1) &&
                   k.size(2) == v.size(2) && k.size(3) == q.size(3) && k.size(1) > 0 &&
                   q.size(1) % k.size(1) == 0,
               "shapes ", shapeText(q.shape()), ", ", shapeText(k.shape()), " and ",
               shapeText(v.shape()), " do not fit");
  ElementType element = q.element() == ElementType::F64 ? ElementType::F64 : ElementType::F32;
  if (int64_t precision = call.integer("softmax_precision", 0))
    element = call.elementOf(precision);
  call.require(isFloat(element), "attribute 'softmax_precision' is no type of floats");
  int64_t rows = q.size(0) * q.size(1) * q.size(2), keys = k.size(2);
  Tensor scores(element, {q.size(0), q.size(1), q.size(2), keys});
  multiplyHeads(q, k, /*transposed=*/true, call.real("scale", 1 / std::sqrt(double(q.size(3)))),
                scores);
  scores = modified(call, "score_mod", scores);
  Tensor weights(element, scores.shape());
  {
    Reader<double> from(scores);
    Writer<double> to(weights);
    std::copy(from.begin(), from.end(), to.data());
    for (int64_t row = 0; row < rows; ++row)
      softmaxRow(to.data() + row * keys, keys);
  }
  weights = modified(call, "prob_mod", weights);
  Tensor &result = call.out(0, v.element(), {q.size(0), q.size(1), q.size(2), v.size(3)});
  multiplyHeads(weights, v, /*transposed=*/false, 1, result);
}

/// Turns pairs of elements by angles that grow with the position (Su et al., "RoFormer", 2021).
static void rotaryEmbedding(Call &call) {
  Tensor in = withHeads(call, call.in(0), "num_heads");
  const Tensor &cosines = call.in(1), &sines = call.in(2);
  call.require(isFloat(in.element()), "operand 0 is not of floats");
  int64_t batch = in.size(0), heads = in.size(1), length = in.size(2), size = in.size(3);
  int64_t rotated = call.integer("rotary_embedding_dim", 0);
  rotated = rotated ? rotated : size;
  call.require(rotated > 0 && rotated <= size && rotated % 2 == 0, "rotates ", rotated, " of ",
               size);
  int64_t half = rotated / 2;
  bool interleaved = call.integer("interleaved", 0);
  std::vector<int64_t> rows(batch * length);
  if (call.has(3)) {
    call.requireShape(call.in(3), {batch, length}, "the positions");
    rows = call.ints(3);
    call.require(cosines.rank() == 2 && cosines.size(1) == half, "the cosines have shape ",
                 shapeText(cosines.shape()));
    for (int64_t row : rows)
      call.require(row >= 0 && row < cosines.size(0), "position ", row, " lies outside of ",
                   cosines.size(0));
  } else {
    call.requireShape(cosines, {batch, length, half}, "the cosines");
    std::iota(rows.begin(), rows.end(), 0);
  }
  call.requireShape(sines, cosines.shape(), "the sines");
  Tensor out(in.element(), in.shape());
  {
    Reader<double> from(in), cosine(cosines), sine(sines);
    Writer<double> to(out);
    for (int64_t place = 0; place < batch * heads * length; ++place) {
      int64_t row = rows[place / (heads * length) * length + place % length];
      const double *x = from.data() + place * size;
      double *y = to.data() + place * size;
      std::copy_n(x, size, y);
      for (int64_t i = 0; i < half; ++i) {
        int64_t a = interleaved ? 2 * i : i, b = interleaved ? 2 * i + 1 : half + i;
        double c = cosine[row * half + i], s = sine[row * half + i];
        y[a] = c * x[a] - s * x[b];
        y[b] = s * x[a] + c * x[b];
      }
    }
  }
  if (call.in(0).rank() == 3)
    out = transposed(out, {0, 2, 1, 3}).reshaped(call.in(0).shape());
  call.set(0, out);
}

void pim::onnx::addAttention(Registry &registry) {
  registry.add("Attention", attention, 23);
  registry.add("ai.onnx.preview", "FlexAttention", flexAttention);
  registry.add("RotaryEmbedding", rotaryEmbedding, 23);
}
