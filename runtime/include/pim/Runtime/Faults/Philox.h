//===- Philox.h - random numbers from a counter -----------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Philox 4x32: a bijection of 128-bit counters under a 64-bit key that behaves like a random
// function. There is no state, so a number belongs to what it is drawn for (a cell, a conversion)
// and not to when it is drawn: results depend neither on threads nor on the order of samples.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; seven
// rounds are the fewest that pass BigCrush there. Tested by runtime/tests/Faults/PhiloxTest.cpp
// with the authors' known answers.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_FAULTS_PHILOX_H
#define PIM_RUNTIME_FAULTS_PHILOX_H

#include <array>
#include <cstdint>

namespace pim::runtime {

using PhiloxCounter = std::array<uint32_t, 4>;
using PhiloxKey = std::array<uint32_t, 2>;

/// The constants of the generator, also for vector code.
inline constexpr uint32_t philoxMultipliers[2] = {0xD2511F53, 0xCD9E8D57};
inline constexpr uint32_t philoxWeyl[2] = {0x9E3779B9, 0xBB67AE85};
inline constexpr unsigned philoxRounds = 7;

template <unsigned Rounds = philoxRounds>
constexpr PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key) {
  for (unsigned round = 0; round < Rounds; ++round) {
    const uint64_t a = uint64_t(philoxMultipliers[0]) * counter[0];
    const uint64_t b = uint64_t(philoxMultipliers[1]) * counter[2];
    counter = {uint32_t(b >> 32) ^ counter[1] ^ key[0], uint32_t(b),
               uint32_t(a >> 32) ^ counter[3] ^ key[1], uint32_t(a)};
    key[0] += philoxWeyl[0];
    key[1] += philoxWeyl[1];
  }
  return counter;
}

} // namespace pim::runtime

#endif // PIM_RUNTIME_FAULTS_PHILOX_H
