//===- ElementwiseTest.cpp - vrequant, vadd to vmax, vlookup ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Functional/OneCore.h"

#include "pim/Runtime/Functional/RequantizeTable.h"

#include <algorithm>
#include <cmath>

using namespace pim;
using namespace pim::runtime;
using namespace pim::runtime::testing;
using Type = fb::ElementType;

namespace {

class ElementwiseTest : public OneCore {
public:
  /// TOSA 1.0, section 4.3, word for word.
  static int32_t applyScale32(int32_t value, int32_t multiplier, int shift, bool doubleRound) {
    int64_t round = int64_t(1) << (shift - 1);
    int64_t result = int64_t(value) * multiplier;
    if (doubleRound && shift > 31)
      round += value >= 0 ? 1 << 30 : -(1 << 30);
    return int32_t((result + round) >> shift);
  }

  /// As docs/numerics.md has it, from integers: numbers of 24 bits, rounded to even each time.
  static int32_t applyScaleFloat(int32_t value, int32_t multiplier, int shift) {
    const double sum = to24Bits(value), factor = std::ldexp(to24Bits(multiplier), -shift);
    return int32_t(std::clamp(std::nearbyint(to24Bits(sum * factor)), -0x1p31, 0x1p31 - 1));
  }
  /// REQUIRES: the product of two numbers of 24 bits, or an integer of 32: what a double holds.
  static double to24Bits(double value) {
    int exponent;
    const double mantissa = std::frexp(value, &exponent);
    return std::ldexp(std::nearbyint(std::ldexp(mantissa, 24)), exponent - 24);
  }
  static int32_t scaled(int32_t value, int32_t multiplier, int shift, Rounding rounding) {
    return rounding == Rounding::Float
               ? applyScaleFloat(value, multiplier, shift)
               : applyScale32(value, multiplier, shift, rounding == Rounding::Double);
  }

  /// `positions` x `channels` values through a table with `entries` scales.
  template <typename Out, typename In>
  void expectRequantized(Type out, Type in, size_t positions, size_t channels, size_t entries,
                         Rounding rounding);
};

template <typename Out, typename In>
void ElementwiseTest::expectRequantized(Type out, Type in, size_t positions, size_t channels,
                                        size_t entries, Rounding rounding) {
  fb::RequantizeT table;
  table.input_zero_point = sizeof(In) == 1 ? -3 : 0;
  table.output_zero_point = 5;
  table.min = sizeof(Out) == 1 ? -100 : -30000;
  table.max = sizeof(Out) == 1 ? 127 : 32000;
  table.double_round = rounding == Rounding::Double;
  table.float_round = rounding == Rounding::Float;
  for (size_t i = 0; i < entries; ++i) {
    table.bias.push_back(int32_t(random() % 2000) - 1000);
    table.multiplier.push_back(int32_t(1u << 30 | random() % (1u << 30)));
    // From scales of about one to those of large sums.
    table.shift.push_back(int8_t(31 + random() % (sizeof(In) == 4 ? 22 : 4)));
  }
  const uint32_t src = core.local(in, 0, {uint32_t(positions), uint32_t(channels)});
  const uint32_t dst = core.local(out, 8192, {uint32_t(positions), uint32_t(channels)});
  core.emit(isa::Vrequant{dst, 0, src, 0, core.params(table)});
  start();
  std::vector<In> values = randomValues<In>(positions * channels);
  for (In &value : values)
    value = sizeof(In) == 4 ? In(int32_t(value) >> (random() % 16)) : value;
  put(0, values);
  run();
  const std::vector<Out> results = get<Out>(8192, values.size() + 1);
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t e = i % channels % entries;
    const int32_t value =
        int32_t(uint32_t(values[i]) - uint32_t(table.input_zero_point) + uint32_t(table.bias[e]));
    const int64_t wanted = int64_t(scaled(value, table.multiplier[e], table.shift[e], rounding)) +
                           table.output_zero_point;
    ASSERT_EQ(int64_t(results[i]), std::clamp<int64_t>(wanted, table.min, table.max))
        << "element " << i << " of value " << int64_t(values[i]);
  }
  EXPECT_EQ(results.back(), 0) << "written behind the result";
}

TEST_F(ElementwiseTest, RequantizesSumsByChannel) {
  expectRequantized<int8_t, int32_t>(Type::I8, Type::I32, 29, 7, 7, Rounding::Single);
}
TEST_F(ElementwiseTest, RequantizesManyChannels) {
  expectRequantized<int8_t, int32_t>(Type::I8, Type::I32, 3, 600, 600, Rounding::Single);
}
TEST_F(ElementwiseTest, RequantizesWithOneScale) {
  expectRequantized<int8_t, int32_t>(Type::I8, Type::I32, 99, 13, 1, Rounding::Single);
}
TEST_F(ElementwiseTest, RequantizesWithDoubleRounding) {
  expectRequantized<int8_t, int32_t>(Type::I8, Type::I32, 63, 16, 16, Rounding::Double);
}
TEST_F(ElementwiseTest, RequantizesBytesToWords) {
  expectRequantized<int32_t, int8_t>(Type::I32, Type::I8, 31, 5, 5, Rounding::Single);
}
TEST_F(ElementwiseTest, RequantizesHalfWords) {
  expectRequantized<int16_t, int16_t>(Type::I16, Type::I16, 31, 5, 1, Rounding::Double);
}
TEST_F(ElementwiseTest, RequantizesWordsToHalfWords) {
  expectRequantized<int16_t, int32_t>(Type::I16, Type::I32, 31, 3, 3, Rounding::Single);
}

TEST_F(ElementwiseTest, RequantizesInFloats) {
  expectRequantized<int8_t, int32_t>(Type::I8, Type::I32, 63, 16, 16, Rounding::Float);
}
TEST_F(ElementwiseTest, RequantizesInFloatsWithOneScale) {
  expectRequantized<int16_t, int32_t>(Type::I16, Type::I32, 99, 13, 1, Rounding::Float);
}

TEST_F(ElementwiseTest, FloatsRoundHalvesToEvenAndStopAtTheEndsOf32Bits) {
  fb::RequantizeT table;
  table.bias = {0};
  table.multiplier = {1 << 30, 1 << 30, (1 << 30) + 1};
  table.shift = {31, 2, 30};
  table.output_zero_point = 7;
  table.float_round = true;
  core.emit(isa::Vrequant{core.local(Type::I32, 256, {4, 3}), 0, core.local(Type::I32, 0, {4, 3}),
                          0, core.params(table)});
  start();
  // 2^24 + 1 lies halfway between two floats; the factor 1 + 2^-30 is 1 as a float.
  put<int32_t>(0, {1, INT32_MAX, 16777217, 3, INT32_MIN, 16777219, -1, 0, -16777217, 5, 1, 100});
  run();
  EXPECT_THAT(get<int32_t>(256, 12),
              ::testing::ElementsAre(7, INT32_MAX, 16777223, 9, INT32_MIN + 7, 16777227, 7, 7,
                                     -16777209, 9, 268435463, 107));
}

TEST_F(ElementwiseTest, RequantizesOtherChannelOrders) {
  // The innermost dimension is the channel even where the elements do not lie in that order.
  auto columns = box(fb::Space::Scratchpad, Type::I32, 0, {4, 3});
  columns.strides = {48, 48, 4, 16};
  fb::RequantizeT table;
  table.bias = {100, 200, 300};
  table.multiplier = {1 << 30};
  table.shift = {30};
  core.emit(isa::Vrequant{core.local(Type::I32, 256, {4, 3}), 0, core.tensor(columns), 0,
                          core.params(table)});
  start();
  put<int32_t>(0, {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23});
  run();
  EXPECT_THAT(get<int32_t>(256, 6), ::testing::ElementsAre(100, 210, 320, 101, 211, 321));
}

TEST_F(ElementwiseTest, ArithmeticWrapsAround) {
  const uint32_t a = core.local(Type::I32, 0, {3}), b = core.local(Type::I32, 64, {3});
  core.emit(isa::Vadd{core.local(Type::I32, 128, {3}), 0, a, 0, b, 0});
  core.emit(isa::Vsub{core.local(Type::I32, 192, {3}), 0, a, 0, b, 0});
  core.emit(isa::Vmul{core.local(Type::I32, 256, {3}), 0, a, 0, b, 0});
  start();
  put<int32_t>(0, {INT32_MAX, INT32_MIN, 65536});
  put<int32_t>(64, {1, 1, 65537});
  run();
  EXPECT_THAT(get<int32_t>(128, 4), ::testing::ElementsAre(INT32_MIN, INT32_MIN + 1, 131073, 0));
  EXPECT_THAT(get<int32_t>(192, 4), ::testing::ElementsAre(INT32_MAX - 1, INT32_MAX, -1, 0));
  EXPECT_THAT(get<int32_t>(256, 4), ::testing::ElementsAre(INT32_MAX, INT32_MIN, 65536, 0));
}

TEST_F(ElementwiseTest, StrideZeroBroadcasts) {
  auto row = box(fb::Space::Scratchpad, Type::I32, 512, {5, 20});
  row.strides = {0, 0, 0, 4};
  auto scalar = box(fb::Space::Scratchpad, Type::I32, 512, {5, 20});
  scalar.strides = {0, 0, 0, 0};
  const uint32_t a = core.local(Type::I32, 0, {5, 20});
  core.emit(isa::Vadd{core.local(Type::I32, 1024, {5, 20}), 0, a, 0, core.tensor(row), 0});
  core.emit(isa::Vadd{core.local(Type::I32, 2048, {5, 20}), 0, a, 0, core.tensor(scalar), 0});
  start();
  const auto values = randomValues<int32_t>(100), more = randomValues<int32_t>(20);
  put(0, values);
  put(512, more);
  run();
  const auto byRow = get<int32_t>(1024, 100), byScalar = get<int32_t>(2048, 100);
  for (size_t i = 0; i < 100; ++i) {
    ASSERT_EQ(byRow[i], int32_t(uint32_t(values[i]) + uint32_t(more[i % 20])));
    ASSERT_EQ(byScalar[i], int32_t(uint32_t(values[i]) + uint32_t(more[0])));
  }
}

TEST_F(ElementwiseTest, MinAndMaxOfEveryType) {
  const uint32_t a8 = core.local(Type::I8, 0, {70}), b8 = core.local(Type::I8, 128, {70});
  core.emit(isa::Vmin{core.local(Type::I8, 256, {70}), 0, a8, 0, b8, 0});
  core.emit(isa::Vmax{core.local(Type::I8, 384, {70}), 0, a8, 0, b8, 0});
  const uint32_t a16 = core.local(Type::I16, 0, {35}), b16 = core.local(Type::I16, 128, {35});
  core.emit(isa::Vmax{core.local(Type::I16, 512, {35}), 0, a16, 0, b16, 0});
  start();
  const auto a = randomValues<int8_t>(70), b = randomValues<int8_t>(70);
  put(0, a);
  put(128, b);
  run();
  const auto low = get<int8_t>(256, 71), high = get<int8_t>(384, 71);
  for (size_t i = 0; i < 70; ++i) {
    ASSERT_EQ(low[i], std::min(a[i], b[i]));
    ASSERT_EQ(high[i], std::max(a[i], b[i]));
  }
  EXPECT_EQ(low[70], 0);
  const auto words = get<int16_t>(512, 35), x = get<int16_t>(0, 35), y = get<int16_t>(128, 35);
  for (size_t i = 0; i < 35; ++i)
    ASSERT_EQ(words[i], std::max(x[i], y[i]));
}

TEST_F(ElementwiseTest, LooksUp) {
  std::vector<int32_t> entries(256);
  for (int i = 0; i < 256; ++i)
    entries[size_t(i)] = (i - 128) * 3;
  core.emit(isa::Vlookup{core.local(Type::I16, 64, {4}), 0, core.local(Type::I8, 0, {4}), 0,
                         core.lookup(entries)});
  start();
  put<int8_t>(0, {-128, -1, 0, 127});
  run();
  EXPECT_THAT(get<int16_t>(64, 4), ::testing::ElementsAre(-384, -3, 0, 381));
}

} // namespace
