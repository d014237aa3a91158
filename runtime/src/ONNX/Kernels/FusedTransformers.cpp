//===- FusedTransformers.cpp - what onnxruntime makes of transformers -----===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attention, embeddings and products with packed weights of domain com.microsoft, as compositions
// of operators of ai.onnx (onnxruntime, docs/ContribOperators.md). Tested by
// runtime/tests/ONNX/FusedTest.cpp and test/e2e/run_operators.py.
//
//===----------------------------------------------------------------------===//

#include "Fused.h"
#include "Quantization.h"

#include <limits>

using namespace pim;
using namespace pim::onnx;

/// The place of an operand that an operator does not have.
static constexpr size_t absent = SIZE_MAX;

static Value integers(const std::vector<int64_t> &values) {
  Tensor made(ElementType::I64, {int64_t(values.size())});
  std::copy(values.begin(), values.end(), made.data<int64_t>());
  return made;
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

/// What a mask of keys adds to the scores, as [batch, 1, queries or 1, keys]. The mask is the
/// number of keys of each batch, or has a one for each key that counts, or for each query and key.
static Value maskOfKeys(const Call &call, size_t index, int64_t batch, int64_t keys) {
  const Tensor &given = call.in(index);
  const std::vector<int64_t> marks = call.ints(index);
  const bool areLengths = given.rank() == 1;
  call.require(given.rank() <= 3 && given.rank() > 0 && given.size(0) == batch &&
                   (areLengths || given.size(size_t(given.rank()) - 1) == keys),
               "the mask of shape ", shapeText(given.shape()), " does not fit ", batch,
               " batches of ", keys, " keys");
  const int64_t queries = given.rank() == 3 ? given.size(1) : 1;
  const float masked = float(call.real("mask_filter_value", -10000));
  Tensor made(ElementType::F32, {batch, 1, queries, keys});
  float *out = made.data<float>();
  for (int64_t i = 0; i < made.count(); ++i) {
    const bool counts = areLengths ? i % keys < marks[size_t(i / keys)] : marks[size_t(i)] != 0;
    out[i] = counts ? 0 : masked;
  }
  return made;
}

namespace {
/// Operands of three dimensions, and keys and values before, of four, which may be left out.
struct Attended {
  Value query, key, value, pastKey, pastValue;
};
} // namespace

/// The attention, the keys and the values, by the place of a mask of keys and of what is added to
/// the scores.
static std::vector<Value> attend(const Call &call, const Attended &to, size_t mask, size_t added) {
  const int64_t heads = call.integer("num_heads", 0);
  call.require(heads > 0, "has ", heads, " heads");
  const Tensor &keys = std::get<Tensor>(to.key);
  call.require(keys.rank() == 3, "the keys have shape ", shapeText(keys.shape()),
               ", expected batch, sequence and heads * size");
  int64_t count = keys.size(1);
  if (const auto *past = std::get_if<Tensor>(&to.pastKey))
    count += past->rank() == 4 ? past->size(2) : 0;
  Value bias = operandOrNothing(call, added);
  if (call.has(mask)) {
    Value masked = maskOfKeys(call, mask, keys.size(0), count);
    bias = call.has(added) ? compute("Add", {masked, bias}) : masked;
  }
  Attributes attributes = {{"q_num_heads", oneInt(heads)},
                           {"kv_num_heads", oneInt(heads)},
                           {"is_causal", oneInt(call.integer("unidirectional", 0))}};
  if (call.real("scale", 0) > 0)
    attributes["scale"] = oneReal(call.real("scale", 0));
  return computeAll("Attention", {to.query, to.key, to.value, bias, to.pastKey, to.pastValue},
                    std::move(attributes), 3);
}

/// Part `index` of the last dimension, cut into `sizes`.
static std::vector<Value> cut(const Value &value, const std::vector<int64_t> &sizes) {
  return computeAll("Split", {value, integers(sizes)}, {{"axis", oneInt(-1)}}, int(sizes.size()));
}

/// Query, key, value, their biases in one, mask of keys, what is added to the scores, keys and
/// values before.
static void multiHeadAttention(Call &call) {
  call.require(call.has(1) && call.has(2) && call.in(0).rank() == 3 && call.in(1).rank() == 3 &&
                   call.in(2).rank() == 3,
               "query, key and value are packed, which is not supported");
  std::vector<Value> operands = {call.value(0), call.value(1), call.value(2)};
  if (call.has(3)) {
    std::vector<int64_t> sizes;
    for (size_t index = 0; index < 3; ++index)
      sizes.push_back(call.in(index).size(2));
    std::vector<Value> biases = cut(call.value(3), sizes);
    for (size_t index = 0; index < 3; ++index)
      operands[index] = compute("Add", {operands[index], biases[index]});
  }
  std::vector<Value> results = attend(
      call,
      {operands[0], operands[1], operands[2], operandOrNothing(call, 6), operandOrNothing(call, 7)},
      4, 5);
  for (size_t index = 0; index < 3; ++index)
    if (call.wants(index))
      call.set(index, std::move(results[index]));
}

/// Query, key and value side by side in `product`, their biases in operand 2; the place of a mask
/// of keys, of what is added to the scores, and of keys and values before, in one, as result 1 is.
static void attendPacked(Call &call, Value product, size_t mask, size_t added, size_t past) {
  call.require(call.integer("do_rotary", 0) == 0, "turns positions, which is not supported");
  product = plusOperand(call, std::move(product), 2);
  std::vector<int64_t> sizes = call.intList("qkv_hidden_sizes");
  if (sizes.empty())
    sizes.assign(3, call.in(1).size(size_t(call.in(1).rank()) - 1) / 3);
  std::vector<Value> parts = cut(product, sizes);
  call.require(parts.size() == 3, "has ", sizes.size(), " hidden sizes, expected 3");
  Attended to{parts[0], parts[1], parts[2], {}, {}};
  auto part = [&](int64_t index) {
    Tensor place(ElementType::I64, {});
    *place.data<int64_t>() = index;
    return compute("Gather", {call.value(past), place}, {{"axis", oneInt(0)}});
  };
  if (call.has(past)) {
    call.require(call.in(past).rank() == 5 && call.in(past).size(0) == 2,
                 "the keys and values before have shape ", shapeText(call.in(past).shape()),
                 ", expected two of rank 4");
    to.pastKey = part(0);
    to.pastValue = part(1);
  }
  std::vector<Value> results = attend(call, to, mask, added);
  call.set(0, std::move(results[0]));
  if (call.wants(1))
    call.set(1, compute("Concat",
                        {compute("Unsqueeze", {results[1], integers({0})}),
                         compute("Unsqueeze", {results[2], integers({0})})},
                        {{"axis", oneInt(0)}}));
}

/// Input, weights of query, key and value side by side, their biases, mask of keys, keys and values
/// before, what is added to the scores.
static void attentionOfInput(Call &call) {
  attendPacked(call, compute("MatMul", {call.value(0), call.value(1)}), 3, 5, 4);
}

/// The same with bytes: input, weights, biases, scales of input and weights, mask of keys, zero
/// points of both, keys and values before.
static void attentionOfBytes(Call &call) {
  Value sums = compute("MatMulInteger", {call.value(0), call.value(1), operandOrNothing(call, 6),
                                         operandOrNothing(call, 7)});
  Value scale = compute("Mul", {call.value(3), call.value(4)});
  attendPacked(call, compute("Mul", {compute("Cast", {sums}, {{"to", oneInt(1)}}), scale}), 5,
               absent, 8);
}

//===----------------------------------------------------------------------===//
// Positions that turn
//===----------------------------------------------------------------------===//

/// How many numbers of a row the tables of cosines and sines, operands `index` and `index + 1`,
/// turn.
static int64_t turnedOf(const Call &call, size_t index) {
  call.require(call.in(index).rank() == 2, "the cosines have shape ",
               shapeText(call.in(index).shape()), ", expected places and pairs");
  return 2 * call.in(index).size(1);
}

/// The positions of `length` tokens of each batch, from `starts` on.
static Value positionsFrom(const std::vector<int64_t> &starts, int64_t length) {
  Tensor made(ElementType::I64, {int64_t(starts.size()), length});
  for (int64_t i = 0; i < made.count(); ++i)
    made.data<int64_t>()[i] = starts[size_t(i / length)] + i % length;
  return made;
}

/// Rows, their positions or the first of them, tables of cosines and sines.
static void rotaryEmbedding(Call &call) {
  const Tensor &in = call.in(0);
  call.require(in.rank() == 3 || in.rank() == 4, "operand 0 has shape ", shapeText(in.shape()));
  call.require(call.integer("is_packed_batching", 0) == 0 && call.real("scale", 1) == 1,
               "packs batches or scales, which is not supported");
  const int64_t length = in.size(size_t(in.rank()) - 2), rotated = turnedOf(call, 2);
  Value positions = call.value(1);
  if (call.in(1).count() == 1) {
    int64_t first = call.ints(1)[0];
    call.require(first >= 0 && first < call.in(2).size(0), "position ", first, " lies outside of ",
                 call.in(2).size(0));
    positions = positionsFrom(std::vector<int64_t>(size_t(in.size(0)), first), length);
  }
  int64_t heads = call.integer("num_heads", 0);
  if (heads == 0 && in.rank() == 3 && rotated > 0)
    heads = in.size(2) / rotated;
  call.set(0, compute("RotaryEmbedding", {call.value(0), call.value(2), call.value(3), positions},
                      {{"interleaved", oneInt(call.integer("interleaved", 0))},
                       {"num_heads", oneInt(heads)},
                       {"rotary_embedding_dim", oneInt(call.integer("rotary_embedding_dim", 0))}}));
}

/// What looking back alone, at most `window` far where that is positive, adds to the scores.
static Value backwardMask(int64_t queries, int64_t keys, int64_t window) {
  Tensor made(ElementType::F32, {queries, keys});
  for (int64_t i = 0; i < made.count(); ++i) {
    int64_t distance = keys - queries + i / keys - i % keys;
    bool counts = distance >= 0 && (window <= 0 || distance < window);
    made.data<float>()[i] = counts ? 0 : -std::numeric_limits<float>::infinity();
  }
  return made;
}

/// Query, key and value of fewer heads, or all three in one, keys and values before, the last place
/// of each batch, the number of all places, tables of cosines and sines.
static void groupQueryAttention(Call &call) {
  const int64_t heads = call.integer("num_heads", 0), groups = call.integer("kv_num_heads", 0);
  const Tensor &query = call.in(0);
  call.require(query.rank() == 3 && heads > 0 && heads <= query.size(2) && groups > 0 &&
                   groups <= heads,
               "has ", heads, " heads, ", groups, " of keys, and a query of shape ",
               shapeText(query.shape()));
  call.require(
      call.integer("smooth_softmax", 0) == 0 && !call.has(9) && !call.has(10),
      "smooths its softmax, or is given positions or what is added to the scores, which is "
      "not supported");
  std::vector<Value> parts = {call.value(0), operandOrNothing(call, 1), operandOrNothing(call, 2)};
  if (!call.has(1)) {
    int64_t size = query.size(2) / (heads + 2 * groups);
    parts = cut(parts[0], {heads * size, groups * size, groups * size});
  }
  const int64_t queries = query.size(1);
  const int64_t before = call.has(3) && call.in(3).rank() == 4 ? call.in(3).size(2) : 0;
  std::vector<int64_t> starts;
  for (int64_t last : call.ints(5)) {
    call.require(before == 0 || last == before + queries - 1, "the last place of a batch is ", last,
                 " with ", before, " keys before, which is not supported");
    starts.push_back(before);
  }
  call.require(int64_t(starts.size()) == query.size(0), "has ", starts.size(), " last places for ",
               query.size(0), " batches");
  if (call.integer("do_rotary", 0))
    for (size_t index : {0, 1})
      parts[index] =
          compute("RotaryEmbedding",
                  {parts[index], call.value(7), call.value(8), positionsFrom(starts, queries)},
                  {{"interleaved", oneInt(call.integer("rotary_interleaved", 0))},
                   {"num_heads", oneInt(index == 0 ? heads : groups)},
                   {"rotary_embedding_dim", oneInt(turnedOf(call, 7))}});
  Attributes attributes = {{"q_num_heads", oneInt(heads)},
                           {"kv_num_heads", oneInt(groups)},
                           {"softcap", oneReal(call.real("softcap", 0))}};
  if (call.real("scale", 0) > 0)
    attributes["scale"] = oneReal(call.real("scale", 0));
  std::vector<Value> results =
      computeAll("Attention",
                 {parts[0], parts[1], parts[2],
                  backwardMask(queries, before + queries, call.integer("local_window_size", -1)),
                  before ? call.value(3) : Value(), before ? operandOrNothing(call, 4) : Value()},
                 std::move(attributes), 3);
  for (size_t index = 0; index < 3; ++index)
    if (call.wants(index))
      call.set(index, std::move(results[index]));
}

//===----------------------------------------------------------------------===//
// Embeddings
//===----------------------------------------------------------------------===//

/// Ids, segments, tables of words, positions and segments, gamma, beta, mask, positions: the
/// normalized sum of the rows, how many ids of each batch the mask has, and the sum.
static void embedLayerNormalization(Call &call) {
  const Tensor &ids = call.in(0);
  call.require(ids.rank() == 2, "the ids have shape ", shapeText(ids.shape()));
  const int64_t batch = ids.size(0), length = ids.size(1);
  Value positions = operandOrNothing(call, 8);
  if (!call.has(8)) {
    std::vector<int64_t> rows(static_cast<size_t>(length));
    for (int64_t i = 0; i < length; ++i)
      rows[size_t(i)] = i;
    positions = integers(rows);
  }
  Value sum = compute("Add", {compute("Gather", {call.value(2), call.value(0)}),
                              compute("Gather", {call.value(3), positions})});
  if (call.has(1) && call.has(4))
    sum = compute("Add", {sum, compute("Gather", {call.value(4), call.value(1)})});
  call.set(0, compute("LayerNormalization", {sum, call.value(5), call.value(6)},
                      {{"axis", oneInt(-1)}, {"epsilon", oneReal(call.real("epsilon", 1e-12))}}));
  if (call.wants(1)) {
    Tensor counts(ElementType::I32, {batch});
    const std::vector<int64_t> marks = call.has(7) ? call.ints(7) : std::vector<int64_t>();
    call.require(marks.empty() || int64_t(marks.size()) == batch * length, "the mask has ",
                 marks.size(), " marks for ", batch * length, " ids");
    std::fill_n(counts.data<int32_t>(), batch, 0);
    for (size_t i = 0; i < marks.size(); ++i)
      counts.data<int32_t>()[int64_t(i) / length] += marks[i] != 0;
    call.set(1, counts);
  }
  if (call.wants(2))
    call.set(2, std::move(sum));
}

//===----------------------------------------------------------------------===//
// Products with packed weights
//===----------------------------------------------------------------------===//

/// A product with weights of few bits, blocks of a row sharing a scale: input, packed rows, scales,
/// packed zero points, (order of the rows), bias.
static void matMulNBits(Call &call) {
  const int64_t depth = call.integer("K", 0), columns = call.integer("N", 0);
  const int64_t bits = call.integer("bits", 4), block = call.integer("block_size", 0);
  call.require(depth > 0 && columns > 0 && block > 0 && (bits == 2 || bits == 4 || bits == 8),
               "has weights of ", depth, " x ", columns, ", ", bits, " bits, blocks of ", block);
  call.require(!call.has(4), "has an order of rows, which is not supported");
  const int64_t blocks = (depth + block - 1) / block, perByte = 8 / bits;
  const Tensor &packed = call.in(1);
  call.require(packed.element() == ElementType::U8 &&
                   packed.count() * perByte == columns * blocks * block &&
                   call.in(2).count() == columns * blocks,
               "weights and scales do not fit");
  auto field = [&](const uint8_t *bytes, int64_t index) {
    return int(bytes[index / perByte]) >> (index % perByte * bits) & ((1 << bits) - 1);
  };
  const int64_t zeroBytes = (blocks + perByte - 1) / perByte; // of one row
  const bool hasZeros = call.has(3),
             arePacked = hasZeros && call.in(3).element() == ElementType::U8;
  call.require(!hasZeros || call.in(3).count() == columns * (arePacked ? zeroBytes : blocks),
               "has ", hasZeros ? call.in(3).count() : 0, " zero points, which do not fit");
  Tensor weights(ElementType::F32, {depth, columns});
  {
    Reader<float> scales(call.in(2));
    std::vector<float> zeros(size_t(columns * blocks), float(1 << (bits - 1)));
    if (hasZeros && !arePacked)
      loadElements(call.in(3), zeros.data());
    for (int64_t n = 0; n < columns; ++n)
      for (int64_t b = 0; b < blocks; ++b) {
        const int64_t at = n * blocks + b;
        if (arePacked)
          zeros[size_t(at)] = float(field(call.in(3).data<uint8_t>() + n * zeroBytes, b));
        for (int64_t k = b * block; k < std::min(depth, (b + 1) * block); ++k)
          weights.data<float>()[k * columns + n] =
              (float(field(packed.data<uint8_t>() + n * blocks * block / perByte, k)) -
               zeros[size_t(at)]) *
              scales[at];
      }
  }
  Value product = compute("MatMul", {call.value(0), castTo(call, weights, call.in(0).element())});
  call.set(0, plusOperand(call, std::move(product), 5));
}

/// Input, packed weights, their scale and zero point, bias: the input is quantized by its own
/// range.
static void dynamicQuantizeMatMul(Call &call) {
  std::vector<Value> quantized = computeAll("DynamicQuantizeLinear", {call.value(0)}, {}, 3);
  Value sums = compute("MatMulInteger",
                       {quantized[0], call.value(1), quantized[2], operandOrNothing(call, 3)});
  Value scale = compute("Mul", {quantized[1], call.value(2)});
  Value product = compute("Mul", {compute("Cast", {sums}, {{"to", oneInt(1)}}), scale});
  call.set(0, plusOperand(call, std::move(product), 4));
}

/// Condition, a, its scale and zero point, b, its, those of the result.
static void qlinearWhere(Call &call) {
  const ElementType element = call.in(1).element();
  std::vector<Value> reals;
  for (size_t index : {1, 4})
    reals.push_back(compute("DequantizeLinear", {call.value(index), call.value(index + 1),
                                                 operandOrNothing(call, index + 2)}));
  call.require(element == call.in(4).element(), "has operands of two types");
  call.set(0, compute("QuantizeLinear", {compute("Where", {call.value(0), reals[0], reals[1]}),
                                         call.value(7), operandOrNothing(call, 8)}));
}

void pim::onnx::addFusedTransformers(Registry &registry) {
  registry.add(microsoftDomain, "Attention", attentionOfInput);
  registry.add(microsoftDomain, "DynamicQuantizeMatMul", dynamicQuantizeMatMul);
  registry.add(microsoftDomain, "EmbedLayerNormalization", embedLayerNormalization);
  registry.add(microsoftDomain, "GroupQueryAttention", groupQueryAttention);
  registry.add(microsoftDomain, "MatMulNBits", matMulNBits);
  registry.add(microsoftDomain, "MultiHeadAttention", multiHeadAttention);
  registry.add(microsoftDomain, "QAttention", attentionOfBytes);
  registry.add(microsoftDomain, "QLinearWhere", qlinearWhere);
  registry.add(microsoftDomain, "RotaryEmbedding", rotaryEmbedding);
}
