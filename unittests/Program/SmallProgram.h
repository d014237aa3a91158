//===- SmallProgram.h - a program for tests --------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program with one of everything that a program can hold, small enough to be damaged in every
// byte.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_UNITTESTS_PROGRAM_SMALLPROGRAM_H
#define PIM_UNITTESTS_PROGRAM_SMALLPROGRAM_H

#include "pim/Program/Graph.h"
#include "pim/Program/Program.h"

namespace pim::program {

/// A chip of 2 x 2 cores with 4 arrays of 8 x 8 cells each.
target::Target smallTarget(target::ArrayKind kind = target::ArrayKind::Xbar);

/// out = host(clamp(W * in + bias)), 4 inputs and 2 outputs, on core (1, 0); core (0, 1) waits for
/// it.
Program smallProgram();

/// out = in, of `elements` i8.
graph::Graph identityGraph(int64_t elements);

} // namespace pim::program

#endif // PIM_UNITTESTS_PROGRAM_SMALLPROGRAM_H
