//===- LayerTracker.cpp - when a layer is over ------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Runtime/Machine/LayerTracker.h"

using namespace pim;
using namespace pim::runtime;

LayerTracker::LayerTracker(const LoadedProgram &program)
    : current(program.cores.size(), -1), spansLeft(program.header().layers.size()) {
  for (const LoadedCore &core : program.cores)
    spanAt.emplace_back(core.code.size(), -1);
  for (size_t layer = 0; layer < spansLeft.size(); ++layer)
    for (const fb::Span &span : program.header().layers[layer]->spans) {
      if (span.begin() == span.end())
        continue; // nothing to enter
      for (uint32_t i = span.begin(); i < span.end(); ++i)
        spanAt[span.core()][i] = int32_t(layerOf.size());
      layerOf.push_back(int32_t(layer));
      ++spansLeft[layer];
    }
}

int64_t LayerTracker::enter(uint32_t core, uint32_t position, bool isHalted) {
  const int32_t span = isHalted ? -1 : spanAt[core][position];
  const int32_t left = current[core];
  if (span == left)
    return -1;
  current[core] = span;
  if (left < 0 || layerOf[size_t(left)] < 0)
    return -1;
  const int32_t layer = layerOf[size_t(left)];
  layerOf[size_t(left)] = -1;
  return --spansLeft[size_t(layer)] == 0 ? layer : -1;
}
