//===- CopyingMachine.cpp - a session to test with -----------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CopyingMachine.h"

#include "../Graph/GraphBuilder.h"
#include "Support/ProgramBuilder.h"

using namespace pim;
using namespace pim::runtime;

std::shared_ptr<const Simulator> runtime::testing::copyingMachine(int8_t difference) {
  runtime::testing::ProgramBuilder builder(runtime::testing::testTarget());
  runtime::testing::CoreBuilder &core = builder.core();
  uint32_t from = core.global(fb::ElementType::I8, 0, {sampleSize});
  uint32_t to = core.global(fb::ElementType::I8, 64, {sampleSize});
  isa::DmaCopy copy;
  copy.dst = to;
  copy.src = from;
  core.emit(copy);
  core.emit(isa::Halt{});
  auto global = [](uint64_t base) {
    return runtime::testing::box(fb::Space::Global, fb::ElementType::I8, base, {sampleSize});
  };
  builder.input("x", builder.tensor(global(0)));
  uint32_t result = builder.tensor(global(64));
  builder.output("y", result);
  builder.layer("copy", {fb::Span(0, 0, 1)}, static_cast<int32_t>(result)).reference = "sum";

  graph::GraphBuilder b;
  int x = b.input(ElementType::I8, {1, 1, 1, sampleSize});
  int change = b.constant<int8_t>({1, 1, 1, sampleSize}, {0, 0, difference, 0, 0, 0});
  int sum = b.op("tosa.add", {x, change}, ElementType::I8, {1, 1, 1, sampleSize});
  b.graph.tensors[sum].name = "sum";
  // Nobody else has the program yet.
  auto program = std::const_pointer_cast<program::Program>(builder.finish());
  program->reference = graph::serialize(b.finish(sum));
  return std::make_shared<const Simulator>(program, program->target());
}

std::vector<data::InputFeed> runtime::testing::randomFeed() {
  auto dataset = std::make_shared<data::Dataset>();
  dataset->path = "file";
  data::Array array{data::Type::I8, {samples, sampleSize}, {}};
  for (int8_t value : graph::randomValues<int8_t>(samples * sampleSize, -100, 100, 1))
    array.bytes.push_back(static_cast<std::byte>(value));
  dataset->arrays.push_back({"", array});
  return {data::InputFeed(dataset, 0, {"x", {1, 1, 1, sampleSize}}, {})};
}
