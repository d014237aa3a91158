//===- HostTest.cpp - host --------------------------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Functional/OneCore.h"

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;

namespace {

class HostTest : public OneCore {
public:
  /// out = a + b on three words.
  void addCall(const char *op) {
    graph::Graph graph;
    for (const char *name : {"a", "b", "out"})
      graph.tensors.push_back({name, ElementType::I32, {3}, {}, nullptr});
    graph.ops.push_back({op, "sum", {0, 1}, {2}, {}});
    graph.inputs = {0, 1};
    graph.outputs = {2};
    auto call = std::make_unique<fb::HostCallT>();
    call->name = "sum";
    const std::vector<std::byte> bytes = graph::serialize(graph);
    for (std::byte byte : bytes)
      call->graph.push_back(uint8_t(byte));
    auto strided = box(fb::Space::Global, fb::ElementType::I32, 128, {3});
    strided.strides[3] = 8;
    call->inputs = {builder.tensor(box(fb::Space::Global, fb::ElementType::I32, 64, {3})),
                    builder.tensor(strided)};
    call->outputs = {builder.tensor(box(fb::Space::Global, fb::ElementType::I32, 256, {3}))};
    builder.header.host_calls.push_back(std::move(call));
  }
};

TEST_F(HostTest, RunsAGraphOnGlobalMemory) {
  addCall("tosa.add");
  core.emit(isa::Host{0});
  start();
  const std::vector<int32_t> a = {1, 2, 3}, b = {10, 0, 20, 0, 30};
  std::memcpy(machine->globalMemory.data() + 64, a.data(), 12);
  std::memcpy(machine->globalMemory.data() + 128, b.data(), 20);
  run();
  EXPECT_THAT(getGlobal<int32_t>(256, 3), ::testing::ElementsAre(11, 22, 33));
}

TEST_F(HostTest, NamesTheCallThatFails) {
  addCall("tosa.nonsense");
  core.emit(isa::Host{0});
  start();
  EXPECT_THAT(errorOfRun(), ::testing::StartsWith("host call 'sum': "));
}

} // namespace
