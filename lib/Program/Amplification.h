//===- Amplification.h - headers that say more than they hold --*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A FlatBuffer may refer to one vector from many tables. No writer of ours does that, but a hostile
// file could ask for terabytes with it, since unpacking copies.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_PROGRAM_AMPLIFICATION_H
#define PIM_LIB_PROGRAM_AMPLIFICATION_H

#include "pim/Program/Program_generated.h"

namespace pim::program {

/// Throws pim::Error if the vectors and strings of `program` add up to more than the `headerBytes`
/// that hold them. REQUIRES: a verified FlatBuffer.
void checkAmplification(const fb::Program &program, size_t headerBytes);

} // namespace pim::program

#endif // PIM_LIB_PROGRAM_AMPLIFICATION_H
