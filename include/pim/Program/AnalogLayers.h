//===- AnalogLayers.h - what analog layers return --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The border between a chain of analog layers (fb::ArrayGroupT::neurons) and the integers behind
// its converters, for the compiler, the simulator and the reference of --check alike.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_ANALOGLAYERS_H
#define PIM_PROGRAM_ANALOGLAYERS_H

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace pim::program {

/// The integer that stands for a neuron at the supply, whatever the converters resolve.
inline constexpr int32_t analogFullScale = 65535;

/// What a converter with the codes 0 to `largestCode` makes of a neuron at `share` of the supply:
/// the nearest code, halves upwards, spread over 0 to analogFullScale. A billionth of a step
/// belongs to the half, so that sums in another order, which differ by less, give the same code.
inline int32_t convertNeuron(double share, uint32_t largestCode) {
  const double nearest = std::floor(share * largestCode + (0.5 + 1e-9));
  const double code = std::clamp(nearest, 0.0, double(largestCode));
  return int32_t(std::floor(code * analogFullScale / largestCode + 0.5));
}

} // namespace pim::program

#endif // PIM_PROGRAM_ANALOGLAYERS_H
