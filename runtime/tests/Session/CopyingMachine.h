//===- CopyingMachine.h - a session to test with ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_TESTS_SESSION_COPYINGMACHINE_H
#define PIM_RUNTIME_TESTS_SESSION_COPYINGMACHINE_H

#include "pim/Runtime/Session/Session.h"

namespace pim::runtime::testing {

inline constexpr int64_t sampleSize = 6, samples = 40;

/// A program that copies its input, six i8, to its output. The reference adds `difference` to the
/// third value.
std::shared_ptr<const Simulator> copyingMachine(int8_t difference = 0);

/// Forty samples of random bytes, an input for the machine.
std::vector<data::InputFeed> randomFeed();

} // namespace pim::runtime::testing

#endif // PIM_RUNTIME_TESTS_SESSION_COPYINGMACHINE_H
