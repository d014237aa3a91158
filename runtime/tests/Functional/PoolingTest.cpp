//===- PoolingTest.cpp - vmaxpool and vavgpool ------------------------------===//
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

class PoolingTest : public OneCore, public ::testing::WithParamInterface<unsigned> {
public:
  fb::WindowDescriptorT randomWindow();
  /// The taps of an output position that lie inside the map.
  template <typename T>
  std::vector<int64_t> taps(const fb::WindowDescriptorT &w, int64_t v0, uint32_t i, uint32_t j,
                            uint32_t c) const;
};

fb::WindowDescriptorT PoolingTest::randomWindow() {
  fb::WindowDescriptorT w;
  w.element = Type::I8;
  w.base = random() % 20;
  w.channels = 1 + random() % (random() % 2 ? 5 : 90);
  w.kernel_rows = 1 + random() % 4;
  w.kernel_cols = 1 + random() % 4;
  w.row_step = 1 + random() % 3;
  w.col_step = 1 + random() % 3;
  w.row_dilation = 1 + random() % 2;
  w.col_dilation = 1 + random() % 2;
  w.rows = 1 + random() % 9;
  w.cols = 1 + random() % 9;
  w.out_rows = 1 + random() % 3;
  w.out_cols = 1 + random() % 5;
  w.first_col = int32_t(random() % 4) - 2;
  w.ring_rows = 1 + random() % 9;
  w.col_pitch = w.channels + random() % 3;
  w.row_pitch = w.cols * w.col_pitch;
  return w;
}

template <typename T>
std::vector<int64_t> PoolingTest::taps(const fb::WindowDescriptorT &w, int64_t v0, uint32_t i,
                                       uint32_t j, uint32_t c) const {
  std::vector<int64_t> result;
  for (uint32_t a = 0; a < w.kernel_rows; ++a)
    for (uint32_t b = 0; b < w.kernel_cols; ++b) {
      const int64_t v = v0 + int64_t(i) * w.row_step + int64_t(a) * w.row_dilation;
      const int64_t u = w.first_col + int64_t(j) * w.col_step + int64_t(b) * w.col_dilation;
      if (v >= 0 && v < w.rows && u >= 0 && u < w.cols)
        result.push_back(get<T>(size_t(w.base + (v % w.ring_rows) * w.row_pitch + u * w.col_pitch) +
                                    c * sizeof(T),
                                1)[0]);
    }
  return result;
}

constexpr size_t resultAt = 10000;

TEST_P(PoolingTest, Maximum) {
  random.seed(GetParam());
  const fb::WindowDescriptorT w = randomWindow();
  const int32_t v0 = int32_t(random() % 6) - 3;
  const uint32_t dst = core.local(Type::I8, resultAt, {w.out_rows, w.out_cols, w.channels});
  core.emit(isa::Li{1, v0});
  core.emit(isa::Vmaxpool{dst, 0, core.window(w), 1});
  start();
  put(0, randomValues<int8_t>(resultAt));
  run();
  size_t at = resultAt;
  for (uint32_t i = 0; i < w.out_rows; ++i)
    for (uint32_t j = 0; j < w.out_cols; ++j)
      for (uint32_t c = 0; c < w.channels; ++c, ++at) {
        int64_t expected = -128;
        for (int64_t x : taps<int8_t>(w, v0, i, j, c))
          expected = std::max(expected, x);
        ASSERT_EQ(get<int8_t>(at, 1)[0], expected);
      }
  EXPECT_EQ(get<int8_t>(at, 1)[0], 0) << "written behind the result";
}

TEST_P(PoolingTest, Average) {
  random.seed(GetParam() + 1000);
  const fb::WindowDescriptorT w = randomWindow();
  const int32_t v0 = int32_t(random() % 6) - 3;
  fb::RequantizeT table;
  table.input_zero_point = int32_t(random() % 256) - 128;
  table.output_zero_point = int32_t(random() % 256) - 128;
  table.min = -120;
  table.max = 120;
  const uint32_t dst = core.local(Type::I8, resultAt, {w.out_rows, w.out_cols, w.channels});
  core.emit(isa::Li{1, v0});
  core.emit(isa::Vavgpool{dst, 0, core.window(w), 1, core.params(table)});
  start();
  put(0, randomValues<int8_t>(resultAt));
  run();
  size_t at = resultAt;
  for (uint32_t i = 0; i < w.out_rows; ++i)
    for (uint32_t j = 0; j < w.out_cols; ++j)
      for (uint32_t c = 0; c < w.channels; ++c, ++at) {
        const std::vector<int64_t> inside = taps<int8_t>(w, v0, i, j, c);
        int64_t sum = 0;
        for (int64_t x : inside)
          sum += x - table.input_zero_point;
        int64_t scaled = 0;
        if (!inside.empty()) { // reciprocal_scale and apply_scale_32 of TOSA 1.0
          const uint32_t count = uint32_t(inside.size());
          const int k = 32 - std::countl_zero(count - 1);
          const int64_t multiplier = (((int64_t(1) << 30) + 1) << k) / count;
          scaled = (sum * multiplier + (int64_t(1) << (29 + k))) >> (30 + k);
        }
        ASSERT_EQ(get<int8_t>(at, 1)[0],
                  std::clamp<int64_t>(scaled + table.output_zero_point, table.min, table.max));
      }
}

INSTANTIATE_TEST_SUITE_P(Windows, PoolingTest, ::testing::Range(0u, 60u));

TEST_F(PoolingTest, AverageOfHalfwords) {
  fb::WindowDescriptorT w;
  w.element = Type::I16;
  w.out_rows = w.out_cols = 1;
  w.kernel_rows = w.kernel_cols = w.rows = w.cols = w.ring_rows = 2;
  w.channels = 3;
  w.row_step = w.col_step = w.row_dilation = w.col_dilation = 1;
  w.col_pitch = 6;
  w.row_pitch = 12;
  fb::RequantizeT table;
  table.min = -32768;
  table.max = 1000;
  core.emit(
      isa::Vavgpool{core.local(Type::I16, 64, {3}), 0, core.window(w), 0, core.params(table)});
  start();
  // Channels of four taps: means 2500, bounded to 1000; -32768; and 0.5, rounded up.
  put<int16_t>(0, {1000, -32768, 0, 2000, -32768, 1, 3000, -32768, 0, 4000, -32768, 1});
  run();
  EXPECT_THAT(get<int16_t>(64, 3), ::testing::ElementsAre(1000, -32768, 1));
  EXPECT_EQ(get<int16_t>(70, 1)[0], 0) << "written behind the result";
}

TEST_F(PoolingTest, MaximumOfWords) {
  fb::WindowDescriptorT w;
  w.element = Type::I32;
  w.out_rows = w.out_cols = 1;
  w.kernel_rows = w.kernel_cols = w.rows = w.cols = w.ring_rows = 2;
  w.channels = 3;
  w.row_step = w.col_step = w.row_dilation = w.col_dilation = 1;
  w.col_pitch = 12;
  w.row_pitch = 24;
  core.emit(isa::Vmaxpool{core.local(Type::I32, 64, {3}), 0, core.window(w), 0});
  start();
  put<int32_t>(0, {1, -5, 100000, 2, -6, 3, 0, -7, 4, -1, -8, 5});
  run();
  EXPECT_THAT(get<int32_t>(64, 4), ::testing::ElementsAre(2, -5, 100000, 0));
}

} // namespace
