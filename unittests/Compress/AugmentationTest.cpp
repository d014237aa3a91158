//===- AugmentationTest.cpp - samples changed at random -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Augmentation.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace pim::compress {
namespace {

constexpr int64_t images = 6, side = 8;

/// Image i has the value i + 1 in every pixel, and the class i.
Batch numbered() {
  at::Tensor values = at::arange(1, images + 1, at::kFloat).view({images, 1, 1, 1});
  return {values.expand({images, 3, side, side}).contiguous(), at::eye(images)};
}

TEST(Augmentation, BoxesOfOtherImagesCountByTheirArea) {
  std::mt19937_64 random(7);
  at::manual_seed(7);
  Batch batch = numbered();
  bool wasCut = false;
  for (int round = 0; round < 20; ++round) {
    Batch cut = cutmix(batch, 1, random);
    for (int64_t image = 0; image < images; ++image) {
      at::Tensor values = cut.inputs[image][0];
      for (int64_t other = 0; other < images; ++other) {
        double share = values.eq(other + 1).to(at::kFloat).mean().item<double>();
        EXPECT_NEAR(cut.targets[image][other].item<double>(), share, 1e-6);
        wasCut |= other != image && share > 0;
      }
      EXPECT_TRUE(cut.inputs[image][2].equal(values));
    }
  }
  EXPECT_TRUE(wasCut);
  EXPECT_TRUE(batch.inputs.equal(numbered().inputs));
}

TEST(Augmentation, SharesOfMixedSamplesAreThoseOfTheirTargets) {
  std::mt19937_64 random(7);
  at::manual_seed(7);
  Batch mixed = mixup(numbered(), 0.5, random);
  at::Tensor expected = at::matmul(mixed.targets, at::arange(1, images + 1, at::kFloat));
  EXPECT_TRUE(mixed.inputs.select(3, 0).select(2, 0).select(1, 0).allclose(expected));
  EXPECT_TRUE(mixed.targets.sum(1).allclose(at::ones({images})));
}

TEST(Augmentation, MixingTakesEitherWayOrNone) {
  std::mt19937_64 random(7);
  at::manual_seed(7);
  Batch batch = numbered();
  EXPECT_TRUE(mix(batch, 0, 0, random).inputs.equal(batch.inputs));
  // Mixed values are no whole numbers, cut ones are.
  int cut = 0;
  for (int round = 0; round < 40; ++round) {
    at::Tensor values = mix(batch, 1, 1, random).inputs;
    cut += values.eq(values.round()).all().item<bool>();
  }
  EXPECT_GT(cut, 5);
  EXPECT_LT(cut, 35);
  // Samples that are no images can be mixed only.
  Batch flat{at::rand({4, 5}), at::eye(4)};
  EXPECT_TRUE(mix(flat, 0, 1, random).inputs.equal(flat.inputs));
}

TEST(Augmentation, CropsAndMirrorsMovePixelsOnly) {
  at::manual_seed(7);
  at::Tensor values = at::arange(1, 1 + side * side, at::kFloat).view({1, 1, side, side});
  at::Tensor many = values.expand({32, 1, side, side}).contiguous();
  at::Tensor mirrored = augment(many, 0, true);
  int64_t flipped = 0;
  for (int64_t image = 0; image < 32; ++image) {
    bool isMirrored = mirrored[image].equal(values[0].flip(2));
    EXPECT_TRUE(isMirrored || mirrored[image].equal(values[0]));
    flipped += isMirrored;
  }
  EXPECT_GT(flipped, 4);
  EXPECT_LT(flipped, 28);
  // A crop is the image moved by at most two pixels, zeros where it came from outside.
  at::Tensor padded = at::constant_pad_nd(values, {2, 2, 2, 2}, 0)[0];
  at::Tensor cropped = augment(many, 2, false);
  for (int64_t image = 0; image < 32; ++image) {
    bool found = false;
    for (int64_t row = 0; row <= 4; ++row)
      for (int64_t column = 0; column <= 4; ++column)
        found |=
            cropped[image].equal(padded.slice(1, row, row + side).slice(2, column, column + side));
    EXPECT_TRUE(found);
  }
}

} // namespace
} // namespace pim::compress
