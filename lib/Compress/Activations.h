//===- Activations.h - activations on few levels ----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_ACTIVATIONS_H
#define LIB_COMPRESS_ACTIVATIONS_H

#include "Network.h"
#include "Samples.h"

#include "pim/Support/LayerSelector.h"

namespace pim::compress {

/// How the input of layers is quantized: x = scale * (q - zero), q in low .. high.
struct ActivationRange {
  double scale = 1;
  int64_t zero = 0, low = 0, high = 255;
  bool isSigned = false; ///< storage: int8, else uint8
};

/// Quantizers of what layers read, one for each value of the graph.
///
/// Where the bound is learned (PACT, Choi et al. 2018): y = clip(x, 0, a), q = round(y n / a) a / n
/// with n = 2^bits - 1, or clip(x, -a, a) with n = 2^(bits-1) - 1 for values that can be negative
/// (sign(x) a for one bit). Gradients pass straight through the rounding; `a` is the parameter
/// "clip/VALUE". What the graph gets as its input has a fixed range of 8 bits over everything seen,
/// "range/VALUE".
class Activations {
public:
  explicit Activations(Network &network) : network(network) {}

  /// Reads "2", "2;#-1=8": bits by layer. Without a clause of its own the first layer has 8. Throws
  /// pim::Error on a bad text or a layer that is not there.
  void parse(const std::string &text);
  bool areQuantized() const { return !bits.empty(); }

  /// Chooses the first bounds: those of least squared error on samples. Then installs the
  /// quantizers.
  void calibrate(const Samples &samples);
  /// Lets layers read quantized values; parameters and buffers are there already.
  void install();

  /// By value of the graph. The output is among them, with 8 bits over what `samples` make, if a
  /// layer makes it: else its wide sums would leave the chip.
  std::map<std::string, ActivationRange> ranges(const Samples &samples) const;

private:
  Tensor quantized(const std::string &value, const Tensor &x) const;

  Network &network;
  std::map<std::string, int> bits; ///< by value
};

} // namespace pim::compress

#endif // LIB_COMPRESS_ACTIVATIONS_H
