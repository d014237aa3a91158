//===- LayerTracker.h - when a layer is over -------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_MACHINE_LAYERTRACKER_H
#define PIM_RUNTIME_MACHINE_LAYERTRACKER_H

#include "pim/Runtime/Machine/LoadedProgram.h"

namespace pim::runtime {

/// Follows cores through the layers of a program. A layer is over when every core that has
/// instructions of it has been inside and has left.
class LayerTracker {
public:
  explicit LayerTracker(const LoadedProgram &program);

  /// A core is about to execute the instruction at `position`, or has halted. Returns the layer
  /// that is over by that, or -1; each layer is returned once.
  int64_t enter(uint32_t core, uint32_t position, bool isHalted);

private:
  const LoadedProgram &program;
  std::vector<int32_t> current;           ///< layer of each core
  std::vector<uint32_t> coresLeft;        ///< of each layer, that have not left it
  std::vector<std::vector<bool>> hasLeft; ///< [core][layer]
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_MACHINE_LAYERTRACKER_H
