//===- Augmentation.cpp - samples changed at random -----------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Augmentation.h"

#include <cmath>

namespace pim::compress {

Tensor augment(const Tensor &images, int64_t crop, bool flip) {
  Tensor result = images;
  int64_t count = images.size(0);
  if (crop > 0) {
    int64_t height = images.size(2), width = images.size(3);
    Tensor padded = at::constant_pad_nd(images, {crop, crop, crop, crop}, 0);
    Tensor rows = at::randint(2 * crop + 1, {count, 1}, at::kLong) + at::arange(height);
    Tensor columns = at::randint(2 * crop + 1, {count, 1}, at::kLong) + at::arange(width);
    // padded[n, c, rows[n, y], columns[n, x]]
    Tensor byRow = padded.gather(
        2,
        rows.view({count, 1, height, 1}).expand({count, images.size(1), height, padded.size(3)}));
    result = byRow.gather(
        3, columns.view({count, 1, 1, width}).expand({count, images.size(1), height, width}));
  }
  if (flip) {
    Tensor mirrored = at::rand({count, 1, 1, 1}) < 0.5;
    result = at::where(mirrored, result.flip(3), result);
  }
  return result;
}

/// A Beta(alpha, alpha) variate, from two Gamma variates.
static double betaVariate(double alpha, std::mt19937_64 &random) {
  std::gamma_distribution<double> gamma(alpha, 1);
  double a = gamma(random), b = gamma(random);
  return a + b > 0 ? a / (a + b) : 0.5;
}

static Tensor mixed(const Tensor &values, const Tensor &partners, double share) {
  return values * share + values.index_select(0, partners) * (1 - share);
}

Batch mixup(const Batch &batch, double alpha, std::mt19937_64 &random) {
  double share = betaVariate(alpha, random);
  Tensor partners = at::randperm(batch.inputs.size(0), at::kLong);
  return {mixed(batch.inputs, partners, share), mixed(batch.targets, partners, share)};
}

Batch cutmix(const Batch &batch, double alpha, std::mt19937_64 &random) {
  double side = std::sqrt(1 - betaVariate(alpha, random)); // of the box, as a share of the image's
  // First and last pixel of the box along one axis.
  auto extent = [&](int64_t size) {
    int64_t centre = std::uniform_int_distribution<int64_t>(0, size - 1)(random);
    int64_t half = std::llround(side * static_cast<double>(size) / 2);
    return std::pair(std::max<int64_t>(0, centre - half), std::min(size, centre + half));
  };
  int64_t height = batch.inputs.size(2), width = batch.inputs.size(3);
  auto [top, bottom] = extent(height);
  auto [left, right] = extent(width);
  Tensor partners = at::randperm(batch.inputs.size(0), at::kLong);
  Tensor images = batch.inputs.clone();
  images.slice(2, top, bottom)
      .slice(3, left, right)
      .copy_(batch.inputs.slice(2, top, bottom).slice(3, left, right).index_select(0, partners));
  double share = 1 - static_cast<double>((bottom - top) * (right - left)) /
                         static_cast<double>(height * width);
  return {images, mixed(batch.targets, partners, share)};
}

Batch mix(const Batch &batch, double mixupAlpha, double cutmixAlpha, std::mt19937_64 &random) {
  bool cuts = cutmixAlpha > 0 && batch.inputs.dim() == 4;
  if (cuts && mixupAlpha > 0)
    cuts = std::bernoulli_distribution(0.5)(random);
  if (cuts)
    return cutmix(batch, cutmixAlpha, random);
  return mixupAlpha > 0 ? mixup(batch, mixupAlpha, random) : batch;
}

} // namespace pim::compress
