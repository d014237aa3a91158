//===- LayerResults.h - what layers leave in memory ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PROGRAM_LAYERRESULTS_H
#define PIM_PROGRAM_LAYERRESULTS_H

#include "pim/Program/Graph.h"
#include "pim/Program/Program.h"

namespace pim::program {

/// A value that lies in global memory once every span of its layer has been left, and the tensor of
/// the reference graph that it is.
struct LayerResult {
  uint32_t tensor; ///< of the program's tensors
  std::string reference;
};

/// Those of each layer that `--check` can compare: its `output`, and what else the call of a host
/// layer leaves, which has the same name in the graph of the call as in the reference graph
/// `reference`. REQUIRES: a verified program.
std::vector<std::vector<LayerResult>> layerResults(const Program &program,
                                                   const graph::Graph &reference);

} // namespace pim::program

#endif // PIM_PROGRAM_LAYERRESULTS_H
