//===- Digits.h - handwriting-like digit images ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws 28x28 grey images of the ten digits from stroke descriptions, so that the example needs no
// data set of anybody else. Each image varies the shape of the digit, its slant, rotation, size,
// stretch, pen width, blur and noise.
//
// The images of a (seed, count) pair are the same bytes on every machine: random numbers are
// integers, and the arithmetic is limited to + - * / and square root, which IEEE 754 fixes to the
// bit (the build forbids contraction to fused multiply-add).
//
// Tested by examples/digits/DigitsTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_EXAMPLES_DIGITS_DIGITS_H
#define PIM_EXAMPLES_DIGITS_DIGITS_H

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace pim::digits {

inline constexpr int kImageSize = 28;
inline constexpr int kPixels = kImageSize * kImageSize;

/// Grey levels in row-major order: 0 is paper, 255 is full ink.
using Image = std::array<uint8_t, kPixels>;

struct Dataset {
  std::vector<Image> images;
  std::vector<uint8_t> labels; // 0..9, one for each image
};

/// Draws the digit `label` (0..9). Every choice derives from `seed`.
Image drawDigit(int label, uint64_t seed);

/// Draws `count` images with random labels. Image i depends on `seed` and i only, so that a shorter
/// set is a prefix of a longer one.
Dataset makeDataset(uint64_t seed, size_t count);

/// Writes `PREFIX-images-idx3-ubyte.gz` and `PREFIX-labels-idx1-ubyte.gz`: the MNIST file format.
/// Throws std::runtime_error when a file cannot be written.
void writeIdx(const Dataset &dataset, const std::string &prefix);

} // namespace pim::digits

#endif // PIM_EXAMPLES_DIGITS_DIGITS_H
