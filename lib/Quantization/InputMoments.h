//===- InputMoments.h - what a linear op sees of its input -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Means and second moments of the vectors that the outputs of a convolution or product are sums of.
// The error that rounding weights by d makes in an output is d'Hd on average, H being the second
// moments; so they are all that layer-wise reconstruction needs of the calibration data, and their
// memory does not grow with samples. Tested by unittests/Quantization/AdaptiveRoundingTest.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_QUANTIZATION_INPUTMOMENTS_H
#define PIM_LIB_QUANTIZATION_INPUTMOMENTS_H

#include "mlir/IR/Operation.h"

#include <cstdint>
#include <span>
#include <vector>

namespace mlir::pim {

/// How a linear op's weights (operand 1) and input (operand 0) are laid out. `taps` are the weights
/// of one output, in the order of input patches; depthwise outputs see only their own channel.
struct LinearShape {
  /// REQUIRES: isLinear(op), static shapes.
  explicit LinearShape(Operation *op);

  int64_t outputs, taps;
  /// Index of an output's weight in operand 1.
  int64_t weightIndex(int64_t output, int64_t tap) const;
  /// Where in a patch the taps of an output begin: 0, or its channel's part.
  int64_t patchOffset(int64_t output) const;

  bool depthwise = false, product = false;
  int64_t kernelRows = 1, kernelCols = 1, channels = 1, multiplier = 1;
  int64_t inputRows = 1, inputCols = 1, outputRows = 1, outputCols = 1;
  int64_t padTop = 0, padLeft = 0, strideRows = 1, strideCols = 1, dilationRows = 1,
          dilationCols = 1;
  int64_t patchLength() const { return depthwise ? channels * taps : taps; }
};

/// Sums over patches, in blocks of neighbouring taps: relations between blocks are left out, which
/// bounds the memory of wide layers.
class InputMoments {
public:
  /// The taps of a block at most.
  static constexpr int64_t widestBlock = 1024;

  /// Of each input `patchesPerInput` count at most, evenly spread.
  explicit InputMoments(const LinearShape &shape, int64_t patchesPerInput = 256);

  /// Adds the patches of one input (float, channels last).
  void add(std::span<const float> input);

  struct Block {
    int64_t begin, size;       ///< taps of the patch
    std::vector<float> second; ///< size x size, sums of products; empty if none was added
  };
  const std::vector<Block> &blocks() const { return parts; }
  int64_t count() const { return patches; }
  double mean(int64_t position) const {
    return sums[position] / double(std::max<int64_t>(1, patches));
  }

private:
  void gather(std::span<const float> input, int64_t position, float *patch) const;

  LinearShape shape;
  int64_t patchesPerInput;
  std::vector<Block> parts;
  std::vector<double> sums;
  int64_t patches = 0;
  std::vector<float> gathered;
};

} // namespace mlir::pim

#endif // PIM_LIB_QUANTIZATION_INPUTMOMENTS_H
