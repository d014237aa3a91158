//===- DmaTest.cpp - dma.copy and dma.fill ----------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Functional/OneCore.h"

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

class DmaTest : public OneCore {};

TEST_F(DmaTest, CopiesAChannelSliceOfEveryPosition) {
  // Channels 2 and 3 of 3x4 positions of 5 channels, to global memory.
  auto slice = box(fb::Space::Scratchpad, Type::I8, 2, {3, 4, 2});
  slice.strides = {60, 20, 5, 1};
  const uint32_t src = core.tensor(slice), dst = core.global(Type::I8, 100, {3, 4, 2});
  core.emit(isa::DmaCopy{dst, 0, src, 0});
  start();
  const std::vector<int8_t> map = randomValues<int8_t>(60);
  put(0, map);
  run();
  const std::vector<int8_t> copied = getGlobal<int8_t>(100, 24);
  for (size_t p = 0; p < 12; ++p)
    for (size_t c = 0; c < 2; ++c)
      EXPECT_EQ(copied[p * 2 + c], map[p * 5 + 2 + c]);
}

TEST_F(DmaTest, TransposesElements) {
  auto turned = box(fb::Space::Scratchpad, Type::I32, 256, {3, 4});
  turned.strides = {48, 48, 4, 12};
  const uint32_t src = core.local(Type::I32, 0, {3, 4}), dst = core.tensor(turned);
  core.emit(isa::DmaCopy{dst, 0, src, 0});
  start();
  const std::vector<int32_t> from = randomValues<int32_t>(12);
  put(0, from);
  run();
  const std::vector<int32_t> to = get<int32_t>(256, 12);
  for (size_t i = 0; i < 3; ++i)
    for (size_t j = 0; j < 4; ++j)
      EXPECT_EQ(to[j * 3 + i], from[i * 4 + j]);
}

TEST_F(DmaTest, RegistersMoveTheBoxes) {
  const uint32_t t = core.local(Type::I16, 0, {2});
  core.emit(isa::Li{1, 64});
  core.emit(isa::Li{2, 8});
  core.emit(isa::DmaCopy{t, 1, t, 2});
  start();
  put<int16_t>(8, {-7, 300});
  run();
  EXPECT_THAT(get<int16_t>(64, 2), ::testing::ElementsAre(-7, 300));
}

TEST_F(DmaTest, Fills) {
  auto gaps = box(fb::Space::Scratchpad, Type::I16, 2, {3});
  gaps.strides[3] = 4;
  core.emit(isa::DmaFill{core.local(Type::I8, 100, {2, 3}), 0, -128});
  core.emit(isa::DmaFill{core.tensor(gaps), 0, -2});
  start();
  run();
  EXPECT_THAT(get<int8_t>(99, 8), ::testing::ElementsAre(0, -128, -128, -128, -128, -128, -128, 0));
  EXPECT_THAT(get<int16_t>(0, 7), ::testing::ElementsAre(0, -2, 0, -2, 0, -2, 0));
}

TEST_F(DmaTest, RefusesAddressesOutsideTheMemory) {
  const uint32_t t = core.local(Type::I8, 0, {16});
  core.emit(isa::Li{3, 16384 - 15});
  core.emit(isa::DmaCopy{t, 3, t, 0});
  builder.layer("conv1", {fb::Span(0, 0, 2)});
  start();
  EXPECT_EQ(errorOfRun(), "core 0, layer 'conv1', instruction 1 'dma.copy t0, r3, t0, r0': reaches "
                          "bytes 16369 to 16385 of a scratchpad, which has 16384");
}

TEST_F(DmaTest, RefusesAddressesBelowTheMemory) {
  const uint32_t t = core.global(Type::I8, 8, {16});
  core.emit(isa::Li{3, -9});
  core.emit(isa::DmaFill{t, 3, 1});
  start();
  EXPECT_THAT(errorOfRun(), ::testing::HasSubstr("reaches bytes -1 to 15 of global memory"));
}

} // namespace
