//===- LayerTracker.cpp - when a layer is over ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/LayerTracker.h"

#include <algorithm>

using namespace pim;
using namespace pim::runtime;

LayerTracker::LayerTracker(const LoadedProgram &program)
    : program(program), current(program.cores.size(), -1),
      coresLeft(program.header().layers.size()),
      hasLeft(program.cores.size(), std::vector<bool>(program.header().layers.size())) {
  for (const LoadedCore &core : program.cores) {
    std::vector<int32_t> layers = core.layerOf;
    std::sort(layers.begin(), layers.end());
    layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    for (int32_t layer : layers)
      if (layer >= 0)
        ++coresLeft[size_t(layer)];
  }
}

int64_t LayerTracker::enter(uint32_t core, uint32_t position, bool isHalted) {
  const int32_t layer = isHalted ? -1 : program.cores[core].layerOf[position];
  const int32_t left = current[core];
  if (layer == left)
    return -1;
  current[core] = layer;
  if (left < 0 || hasLeft[core][size_t(left)])
    return -1;
  hasLeft[core][size_t(left)] = true;
  return --coresLeft[size_t(left)] == 0 ? left : -1;
}
