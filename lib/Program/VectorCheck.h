//===- VectorCheck.h - vectors of a hostile header -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the verifier of FlatBuffers lets pass and unpacking cannot take: vectors of 64-bit numbers
// at odd addresses, and one vector that many tables refer to, which lets a small file ask for
// terabytes, since unpacking copies. No writer of ours makes either.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_PROGRAM_VECTORCHECK_H
#define PIM_LIB_PROGRAM_VECTORCHECK_H

#include "pim/Program/Program_generated.h"

namespace pim::program {

/// Throws pim::Error if a vector of `program` is misaligned, or vectors and strings add up to more
/// than the `headerBytes` that hold them. REQUIRES: a verified FlatBuffer.
void checkVectors(const fb::Program &program, size_t headerBytes);

} // namespace pim::program

#endif // PIM_LIB_PROGRAM_VECTORCHECK_H
