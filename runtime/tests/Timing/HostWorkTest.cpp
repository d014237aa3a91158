//===- HostWorkTest.cpp - work and traffic of the host ----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Timing/InstructionTiming.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace pim;
using namespace pim::runtime;

namespace {

/// Registers of 16 floats, 4 KiB and 64 KiB of caches.
target::Target::Host someHost() {
  target::Target::Host host;
  host.gflops = 1;
  host.memoryGbPerS = 1;
  host.registerBytes = 64;
  host.l1Kib = 4;
  host.l2Kib = 64;
  return host;
}

/// One product of `rows` x `inner` activations with constant weights of `inner` x `cols`.
struct OneProduct {
  OneProduct(int64_t rows, int64_t inner, int64_t cols) {
    weights.resize(size_t(inner * cols) * 4);
    graph.tensors.push_back({"a", ElementType::F32, {1, rows, inner}, {}, nullptr});
    graph.tensors.push_back({"b", ElementType::F32, {1, inner, cols}, weights, nullptr});
    graph.tensors.push_back({"c", ElementType::F32, {1, rows, cols}, {}, nullptr});
    graph.ops.push_back({"tosa.matmul", "mm", {0, 1}, {2}, {}});
    graph.inputs = {0};
    graph.outputs = {2};
  }
  std::vector<std::byte> weights;
  graph::Graph graph;
};

TEST(HostWorkTest, WithoutCachesThereIsNoTraffic) {
  OneProduct product(10, 20, 30);
  const HostWork work = hostWork(product.graph);
  EXPECT_EQ(work.operations, 2u * 10 * 20 * 30);
  EXPECT_EQ(work.macs, 10u * 20 * 30);
  EXPECT_EQ(work.l1Bytes + work.l2Bytes + work.dramBytes, 0u);
}

TEST(HostWorkTest, WhatFitsTheCacheStaysThere) {
  OneProduct product(1, 64, 64); // 16 KiB of weights
  const HostWork work = hostWork(product.graph, someHost());
  EXPECT_EQ(work.l2Bytes, 4u * (64 + 64 * 64 + 64));
  EXPECT_EQ(work.dramBytes, 0u);
}

TEST(HostWorkTest, WeightsOfOneVectorAreReadOnce) {
  OneProduct product(1, 200, 300); // 240 kB of weights
  const HostWork work = hostWork(product.graph, someHost());
  // 16 results at a time: the vector passes 19 times.
  EXPECT_EQ(work.l1Bytes, 4u * (200 * 19 + 200 * 300 + 300));
  EXPECT_EQ(work.l2Bytes, 4u * (200 + 200 * 300 + 300));
  EXPECT_EQ(work.dramBytes, 4u * 200 * 300);
}

TEST(HostWorkTest, LargeProductsMeetTheBound) {
  OneProduct product(512, 512, 512);
  const HostWork work = hostWork(product.graph, someHost());
  const double products = 512.0 * 512 * 512;
  for (auto [bytes, capacity] : {std::pair(work.l1Bytes, 64.0), {work.l2Bytes, 4096.0}})
    EXPECT_NEAR(bytes / 4.0 / (2 * products / std::sqrt(capacity / 4)), 1, 0.1) << capacity;
}

TEST(HostWorkTest, OperandsMayBeLeftOut) {
  graph::Graph graph;
  graph.tensors.push_back({"x", ElementType::F32, {3, 2}, {}, nullptr});
  graph.tensors.push_back({"y", ElementType::F32, {2}, {}, nullptr});
  graph.ops.push_back({"onnx.Scan", "scan", {-1, 0}, {-1, 1}, {}});
  graph.inputs = {0};
  graph.outputs = {1};
  const HostWork work = hostWork(graph, someHost());
  EXPECT_EQ(work.operations, 6u);
  EXPECT_EQ(work.bytes, 4u * (6 + 2));
}

TEST(HostWorkTest, MemoryOrArithmeticDecidesTheTime) {
  target::Target::Host host = someHost();
  HostWork work;
  work.operations = 2000;
  work.dramBytes = 1000;
  work.bytes = 500;
  EXPECT_DOUBLE_EQ(hostSeconds(work, host), 2.5e-6);
  host.dramGbPerS = 0.25;
  EXPECT_DOUBLE_EQ(hostSeconds(work, host), 4.5e-6);
}

} // namespace
