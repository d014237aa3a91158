//===- WidenHalves.h - halves of a graph computed as floats -----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_ONNXTOGRAPH_WIDENHALVES_H
#define PIM_LIB_ONNXTOGRAPH_WIDENHALVES_H

#include "pim/Program/Graph.h"

namespace mlir::pim {

/// Makes every half of `graph` a float, with a Cast behind each input and before each output that
/// is of halves: they are rounded at the border alone, as processors without halves do, and as
/// convert-onnx-to-tosa does.
void widenHalves(::pim::graph::Graph &graph);

} // namespace mlir::pim

#endif // PIM_LIB_ONNXTOGRAPH_WIDENHALVES_H
