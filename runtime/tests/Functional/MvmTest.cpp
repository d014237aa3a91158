//===- MvmTest.cpp - mvm ----------------------------------------------------===//
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

/// The element that a window reads, by the words of Program.fbs.
int32_t tap(const fb::WindowDescriptorT &w, const std::vector<int8_t> &scratchpad, int64_t v0,
            uint32_t i, uint32_t j, uint32_t a, uint32_t b, uint32_t c) {
  const int64_t v = v0 + int64_t(i) * w.row_step + int64_t(a) * w.row_dilation;
  const int64_t u = w.first_col + int64_t(j) * w.col_step + int64_t(b) * w.col_dilation;
  if (v < 0 || v >= w.rows || u < 0 || u >= w.cols)
    return w.pad_value;
  return scratchpad[size_t(w.base + (v % w.ring_rows) * w.row_pitch + u * w.col_pitch + c)];
}

class MvmTest : public OneCore {
public:
  fb::WindowDescriptorT randomWindow();
  void expectProducts(const fb::WindowDescriptorT &window, int32_t firstRow);
};

fb::WindowDescriptorT MvmTest::randomWindow() {
  fb::WindowDescriptorT w;
  w.element = Type::I8;
  w.base = random() % 50;
  w.channels = 1 + random() % (random() % 3 ? 6 : 40);
  w.kernel_rows = 1 + random() % 4;
  w.kernel_cols = 1 + random() % 5;
  w.row_step = 1 + random() % 2;
  w.col_step = 1 + random() % 3;
  w.row_dilation = 1 + random() % 2;
  w.col_dilation = random() % 3 ? 1 : 2;
  w.rows = 1 + random() % 12;
  w.cols = 1 + random() % 14;
  w.out_rows = 1 + random() % 4;
  w.out_cols = 1 + random() % 9;
  w.first_col = int32_t(random() % 5) - 3;
  w.ring_rows = 1 + random() % 12;
  w.col_pitch = w.channels + (random() % 2 ? random() % 4 : 0);
  w.row_pitch = w.cols * w.col_pitch + random() % 3;
  w.pad_value = int32_t(random() % 256) - 128;
  return w;
}

void MvmTest::expectProducts(const fb::WindowDescriptorT &window, int32_t firstRow) {
  const size_t rows = size_t(window.kernel_rows) * window.kernel_cols * window.channels;
  const uint32_t outputs = 1 + random() % 20;
  const WeightMatrix weights = randomWeights(random, rows, outputs, 8);
  const uint32_t group = core.group(mapMatrix(weights, {}), 128);
  constexpr size_t resultAt = 40000;
  auto result =
      box(fb::Space::Scratchpad, Type::I32, resultAt, {window.out_rows, window.out_cols, outputs});
  const size_t gap = random() % 2 ? 0 : 8; // between rows of results
  for (size_t d : {0, 1})
    result.strides[d] += int64_t(gap) * (d == 0 ? window.out_rows : 1);
  const int64_t pitch = result.strides[1];
  const uint32_t dst = core.tensor(result);
  core.tables.scratchpad_bytes = 60000;
  const uint32_t w = core.window(window);
  core.emit(isa::Li{1, firstRow});
  core.emit(isa::Mvm{group, dst, 0, w, 1, false});
  core.emit(isa::Mvm{group, dst, 0, w, 1, true});
  start();
  const std::vector<int8_t> map = randomValues<int8_t>(resultAt);
  put(0, map);
  run();
  for (uint32_t i = 0; i < window.out_rows; ++i)
    for (uint32_t j = 0; j < window.out_cols; ++j)
      for (uint32_t o = 0; o < outputs; ++o) {
        int32_t expected = 0;
        size_t row = 0;
        for (uint32_t a = 0; a < window.kernel_rows; ++a)
          for (uint32_t b = 0; b < window.kernel_cols; ++b)
            for (uint32_t c = 0; c < window.channels; ++c)
              expected += weights.at(row++, o) * (tap(window, map, firstRow, i, j, a, b, c) + 128);
        const size_t at = resultAt + size_t(i * pitch) + (size_t(j) * outputs + o) * 4;
        ASSERT_EQ(get<int32_t>(at, 1)[0], 2 * expected) << i << ", " << j << ", " << o;
      }
}

class RandomMvmTest : public MvmTest, public ::testing::WithParamInterface<unsigned> {};

TEST_P(RandomMvmTest, MultipliesWhatTheWindowReads) {
  random.seed(GetParam());
  expectProducts(randomWindow(), int32_t(random() % 8) - 4);
}
INSTANTIATE_TEST_SUITE_P(Windows, RandomMvmTest, ::testing::Range(0u, 300u));

TEST_F(MvmTest, CutsInputsToTheirBits) {
  // 4-bit activations from -8 to 7; the arrays see 0 to 15.
  std::mt19937 seeded(1);
  const WeightMatrix weights = randomWeights(seeded, 3, 1, 4);
  const uint32_t group = core.group(mapMatrix(weights, {.weightBits = 4, .inputBits = 4}), 8);
  fb::WindowDescriptorT window;
  window.element = Type::I8;
  window.out_rows = window.out_cols = window.kernel_rows = window.kernel_cols = 1;
  window.channels = window.col_pitch = window.row_pitch = 3;
  window.rows = window.cols = window.ring_rows = 1;
  window.row_step = window.col_step = window.row_dilation = window.col_dilation = 1;
  core.emit(isa::Mvm{group, core.local(Type::I32, 64, {1}), 0, core.window(window), 0, false});
  start();
  put<int8_t>(0, {-8, 7, 0});
  run();
  EXPECT_EQ(get<int32_t>(64, 1)[0],
            0 * weights.at(0, 0) + 15 * weights.at(1, 0) + 8 * weights.at(2, 0));
}

TEST_F(MvmTest, WritesResultsAnywhere) {
  // Misaligned, channels not neighbours: the slow way out.
  std::mt19937 seeded(2);
  const WeightMatrix weights = randomWeights(seeded, 4, 2, 8);
  const uint32_t group = core.group(mapMatrix(weights, {}), 128);
  fb::WindowDescriptorT window;
  window.element = Type::I8;
  window.out_rows = window.kernel_rows = window.kernel_cols = 1;
  window.out_cols = 2;
  window.channels = window.col_pitch = 4;
  window.row_pitch = 8;
  window.rows = window.ring_rows = 1;
  window.cols = 2;
  window.row_step = window.col_step = window.row_dilation = window.col_dilation = 1;
  auto result = box(fb::Space::Scratchpad, Type::I32, 65, {1, 2, 2});
  result.strides = {0, 0, 5, 20};
  core.emit(isa::Mvm{group, core.tensor(result), 0, core.window(window), 0, false});
  start();
  put<int8_t>(0, {1, 2, 3, 4, -5, -6, -7, -8});
  run();
  for (size_t j = 0; j < 2; ++j)
    for (size_t o = 0; o < 2; ++o) {
      int32_t expected = 0;
      for (size_t k = 0; k < 4; ++k)
        expected += weights.at(k, o) * (get<int8_t>(j * 4 + k, 1)[0] + 128);
      EXPECT_EQ(get<int32_t>(65 + j * 5 + o * 20, 1)[0], expected);
    }
}

TEST_F(MvmTest, RefusesInputsThatAreNotBytes) {
  std::mt19937 seeded(3);
  const uint32_t group = core.group(mapMatrix(randomWeights(seeded, 1, 1, 8), {}), 128);
  fb::WindowDescriptorT window;
  window.element = Type::I16;
  window.out_rows = window.out_cols = window.kernel_rows = window.kernel_cols = 1;
  window.channels = window.rows = window.cols = window.ring_rows = 1;
  core.emit(isa::Mvm{group, core.local(Type::I32, 64, {1}), 0, core.window(window), 0, false});
  EXPECT_THROW(start(), Error);
}

} // namespace
