//===- Augmentation.h - samples changed at random ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_AUGMENTATION_H
#define LIB_COMPRESS_AUGMENTATION_H

#include "Torch.h"

#include <random>

namespace pim::compress {

/// Random crops of images [N,C,H,W] padded by `crop` zeros on each side, and horizontal flips of
/// half of them. Draws from torch's generator.
Tensor augment(const Tensor &images, int64_t crop, bool flip);

/// Inputs [N, ...] and what the network is to say of each: probabilities of the classes [N,K].
struct Batch {
  Tensor inputs;
  Tensor targets;
};

/// Mixes each sample with another one of the batch, inputs and targets by one share, drawn from
/// Beta(alpha, alpha) (mixup, Zhang et al. 2018). Partners are drawn from torch's generator.
Batch mixup(const Batch &batch, double alpha, std::mt19937_64 &random);

/// Puts a box of another image of the batch into each of the images [N,C,H,W]; targets are mixed
/// by area. The box has 1 - s of the area, s from Beta(alpha, alpha), and its centre anywhere, so
/// that it may be cut at the border (CutMix, Yun et al. 2019).
Batch cutmix(const Batch &batch, double alpha, std::mt19937_64 &random);

/// One of both, each as often, where both parameters are above 0; nothing where both are 0. What is
/// no image is not cut.
Batch mix(const Batch &batch, double mixupAlpha, double cutmixAlpha, std::mt19937_64 &random);

} // namespace pim::compress

#endif // LIB_COMPRESS_AUGMENTATION_H
