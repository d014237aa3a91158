//===- Magnitude.h - how large numbers from files may be --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_SUPPORT_MAGNITUDE_H
#define PIM_SUPPORT_MAGNITUDE_H

#include <cstdint>

namespace pim {

/// Whether `value` lies in [-limit, limit]. std::abs has no answer for the least of all numbers,
/// which a file may well hold.
constexpr bool isWithin(int64_t value, int64_t limit) { return -limit <= value && value <= limit; }

} // namespace pim

#endif // PIM_SUPPORT_MAGNITUDE_H
