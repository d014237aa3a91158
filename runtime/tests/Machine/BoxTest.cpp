//===- BoxTest.cpp - walking through boxes ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support/ProgramBuilder.h"

#include "pim/Runtime/Machine/Box.h"

#include <gtest/gtest.h>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

TEST(BoxTest, KnowsItsEnds) {
  auto descriptor = box(fb::Space::Scratchpad, Type::I32, 1000, {2, 3});
  descriptor.strides = {0, 0, -100, 4};
  const Box b(descriptor);
  EXPECT_EQ(b.low, -100);
  EXPECT_EQ(b.high, 12);
  EXPECT_EQ(b.bytes(), 24u);
}

TEST(BoxTest, KnowsItsGaps) {
  auto hasGaps = [](std::vector<uint32_t> sizes, std::vector<int64_t> strides) {
    auto descriptor = box(fb::Space::Scratchpad, Type::I16, 1000, sizes);
    std::copy(strides.rbegin(), strides.rend(), descriptor.strides.rbegin());
    return Box(descriptor).hasGaps();
  };
  EXPECT_FALSE(hasGaps({4, 5, 6}, {60, 12, 2}));
  EXPECT_FALSE(hasGaps({4, 5, 6}, {2, 8, 40})) << "in another order";
  EXPECT_FALSE(hasGaps({4, 5}, {-10, 2})) << "backwards";
  EXPECT_FALSE(hasGaps({4, 1, 5}, {10, 77, 2})) << "the stride of one element means nothing";
  EXPECT_TRUE(hasGaps({4, 5}, {12, 2}));
  EXPECT_TRUE(hasGaps({5}, {4}));
  EXPECT_TRUE(hasGaps({4, 5}, {0, 2})) << "the same elements four times";
  EXPECT_TRUE(hasGaps({3, 2}, {2, 2})) << "overlap";
}

TEST(BoxTest, DenseBoxesAreOneRun) {
  const Box a(box(fb::Space::Global, Type::I16, 0, {2, 3, 4, 5}));
  const CommonRuns<2> runs({&a, &a});
  EXPECT_EQ(runs.count, 120u);
  EXPECT_EQ(runs.stride[0], 2);
}

TEST(BoxTest, RunsCoverEveryElementOnceInOrder) {
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    auto first = box(fb::Space::Global, Type::I8, 0,
                     {uint32_t(1 + random() % 3), uint32_t(1 + random() % 3),
                      uint32_t(1 + random() % 3), uint32_t(1 + random() % 3)});
    auto second = first;
    for (auto *descriptor : {&first, &second})
      for (int64_t &stride : descriptor->strides)
        if (random() % 3 == 0)
          stride = int64_t(random() % 40);
    const Box a(first), b(second);
    std::vector<std::pair<int64_t, int64_t>> expected, visited;
    for (uint32_t n = 0; n < a.sizes[0]; ++n)
      for (uint32_t h = 0; h < a.sizes[1]; ++h)
        for (uint32_t w = 0; w < a.sizes[2]; ++w)
          for (uint32_t c = 0; c < a.sizes[3]; ++c) {
            auto at = [&](const Box &x) {
              return n * x.strides[0] + h * x.strides[1] + w * x.strides[2] + c * x.strides[3];
            };
            expected.push_back({at(a), at(b)});
          }
    const CommonRuns<2> runs({&a, &b});
    std::vector<uint8_t> memory(4096);
    runs.forEach({memory.data(), memory.data()}, [&](std::array<uint8_t *, 2> at) {
      for (uint64_t e = 0; e < runs.count; ++e)
        visited.push_back({at[0] - memory.data() + int64_t(e) * runs.stride[0],
                           at[1] - memory.data() + int64_t(e) * runs.stride[1]});
    });
    ASSERT_EQ(visited, expected);
  }
}

} // namespace
