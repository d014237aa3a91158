//===- HostWork.cpp - work of the host processor ----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes between the levels of memory are those of a product whose result is computed in blocks that
// stay in the faster one while rows and columns of the operands stream by: with blocks of sqrt(S) x
// sqrt(S) elements 2 M N K / sqrt(S), which no order of the same products beats by more than lower
// terms (Hong and Kung 1981; Smith and van de Geijn 2017). docs/cost-model.md has the equations.
// Tested by runtime/tests/Timing/HostWorkTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/InstructionTiming.h"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace pim;
using namespace pim::runtime;

static uint64_t bytesOf(const graph::Tensor &tensor) {
  return uint64_t(tensor.elementCount()) * elementBytes(tensor.element);
}

static uint64_t kibibytes(uint32_t count) { return uint64_t(count) << 10; }

namespace {
/// Products of M x K and K x N matrices, `count` of them.
struct Product {
  uint64_t count = 1, m = 0, n = 0, k = 0;
  uint64_t elementBytes = 4;

  uint64_t macs() const { return count * m * n * k; }
};

/// How often the operands of a product are read for blocks that fit `bytes`.
struct Passes {
  uint64_t a = 1, b = 1;
};
} // namespace

static uint64_t ceilDivide(uint64_t a, uint64_t b) { return (a + b - 1) / b; }

static Passes passesOf(const Product &product, uint64_t bytes) {
  const uint64_t room = std::max<uint64_t>(bytes / product.elementBytes, 1);
  const uint64_t side = std::max<uint64_t>(uint64_t(std::sqrt(double(room))), 1);
  // A side that is not needed leaves room for the other.
  uint64_t m = std::min(product.m, side);
  const uint64_t n = std::min(product.n, room / m);
  m = std::min(product.m, room / n);
  return {ceilDivide(product.n, n), ceilDivide(product.m, m)};
}

/// The product that an operator is; nothing for the others and for ONNX's, whose operands and
/// results may be left out.
static std::optional<Product> productOf(const graph::Graph &graph, const graph::Op &op) {
  if (op.isONNX() || op.inputs.size() < 2)
    return std::nullopt;
  const graph::Tensor &input = graph.tensors[size_t(op.inputs[0])];
  const std::vector<int64_t> &a = input.shape, &b = graph.tensors[size_t(op.inputs[1])].shape;
  const uint64_t outputs = uint64_t(graph.tensors[size_t(op.outputs[0])].elementCount());
  const uint64_t bytes = elementBytes(input.element);
  if (op.code == "tosa.conv2d" && b.size() == 4 && b[0] > 0) // OHWI
    return Product{1, outputs / uint64_t(b[0]), uint64_t(b[0]), uint64_t(b[1] * b[2] * b[3]),
                   bytes};
  if (op.code == "tosa.depthwise_conv2d" && b.size() == 4 && b[2] * b[3] > 0) // HWCM
    return Product{uint64_t(b[2]), outputs / uint64_t(b[2] * b[3]), uint64_t(b[3]),
                   uint64_t(b[0] * b[1]), bytes};
  if (op.code == "tosa.matmul" && a.size() == 3 && b.size() == 3) // NHC x NCW
    return Product{uint64_t(std::max(a[0], b[0])), uint64_t(a[1]), uint64_t(b[2]), uint64_t(a[2]),
                   bytes};
  return std::nullopt;
}

namespace {
/// Adds up the work of the operators of one call.
class Counter {
public:
  Counter(const graph::Graph &graph, const target::Target::Host &host)
      : graph(graph), host(host), l1(kibibytes(host.l1Kib)), l2(kibibytes(host.l2Kib)) {}

  HostWork count();

private:
  uint64_t residentBytes() const;
  void add(const graph::Op &op);
  void addTraffic(const graph::Op &op, const std::optional<Product> &product);

  const graph::Graph &graph;
  const target::Target::Host &host;
  uint64_t l1, l2;
  bool staysInCache = false;
  HostWork work;
};
} // namespace

/// What a stream of the same call would have to keep: constants, and operands and results of the
/// operator that has most.
uint64_t Counter::residentBytes() const {
  uint64_t constants = 0, most = 0;
  for (const graph::Tensor &tensor : graph.tensors)
    if (tensor.isConstant())
      constants += bytesOf(tensor);
  for (const graph::Op &op : graph.ops) {
    uint64_t bytes = 0;
    for (const std::vector<int> *list : {&op.inputs, &op.outputs})
      for (int tensor : *list)
        if (tensor >= 0 && !graph.tensors[size_t(tensor)].isConstant())
          bytes += bytesOf(graph.tensors[size_t(tensor)]);
    most = std::max(most, bytes);
  }
  return constants + most;
}

void Counter::addTraffic(const graph::Op &op, const std::optional<Product> &product) {
  uint64_t in = 0, out = 0, weights = 0;
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    if (op.inputs[i] < 0)
      continue;
    const uint64_t bytes = bytesOf(graph.tensors[size_t(op.inputs[i])]);
    (product && i == 1 ? weights : in) += bytes;
  }
  for (int tensor : op.outputs)
    if (tensor >= 0)
      out += bytesOf(graph.tensors[size_t(tensor)]);
  if (!product) {
    work.l1Bytes += in + out;
    work.l2Bytes += in + out > l1 ? in + out : 0;
    work.dramBytes += !staysInCache && in + out > l2 ? in + out : 0;
    return;
  }
  // Registers see each tap of a window on its own; caches each element of the input once.
  const Passes registers = passesOf(*product, std::max<uint64_t>(host.registerBytes, 1)),
               first = passesOf(*product, l1), last = passesOf(*product, l2);
  work.l1Bytes += product->count * product->m * product->k * product->elementBytes * registers.a +
                  weights * registers.b + out;
  work.l2Bytes += in * first.a + weights * first.b + out;
  if (staysInCache)
    return;
  work.dramBytes += weights * last.b;
  if (in + out > l2)
    work.dramBytes += in * last.a + out;
}

void Counter::add(const graph::Op &op) {
  uint64_t in = 0, out = 0;
  for (int tensor : op.inputs)
    if (tensor >= 0)
      in += uint64_t(graph.tensors[size_t(tensor)].elementCount());
  for (int tensor : op.outputs)
    if (tensor >= 0)
      out += uint64_t(graph.tensors[size_t(tensor)].elementCount());
  const std::optional<Product> product = productOf(graph, op);
  work.operations += product ? 2 * product->macs() : std::max(in, out);
  if (op.code == "tosa.reshape" || op.code == "tosa.identity")
    return; // the same bytes under another name
  work.macs += product ? product->macs() : std::max(in, out);
  if (l2 > 0)
    addTraffic(op, product);
}

HostWork Counter::count() {
  staysInCache = residentBytes() <= l2;
  for (const graph::Op &op : graph.ops)
    add(op);
  for (int tensor : graph.inputs)
    work.bytes += bytesOf(graph.tensors[size_t(tensor)]);
  for (int tensor : graph.outputs)
    work.bytes += bytesOf(graph.tensors[size_t(tensor)]);
  return work;
}

HostWork runtime::hostWork(const graph::Graph &graph, const target::Target::Host &host) {
  return Counter(graph, host).count();
}

double runtime::hostSeconds(const HostWork &work, const target::Target::Host &host) {
  double seconds = double(work.operations) / (host.gflops * 1e9);
  if (host.dramGbPerS > 0)
    seconds = std::max(seconds, double(work.dramBytes) / (host.dramGbPerS * 1e9));
  return host.callLatencyUs * 1e-6 + seconds + double(work.bytes) / (host.memoryGbPerS * 1e9);
}
