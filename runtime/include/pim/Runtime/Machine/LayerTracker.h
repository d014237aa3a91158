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

/// Follows cores through the spans of layers. A layer is over when each of its spans has been
/// entered and left.
class LayerTracker {
public:
  explicit LayerTracker(const LoadedProgram &program);

  /// A core is about to execute the instruction at `position`, or has halted. Returns the layer
  /// that is over by that, or -1; each layer is returned once.
  int64_t enter(uint32_t core, uint32_t position, bool isHalted);

private:
  /// By core and position: the span that an instruction belongs to, -1 for none.
  std::vector<std::vector<int32_t>> spanAt;
  std::vector<int32_t> current;    ///< span of each core
  std::vector<int32_t> layerOf;    ///< of each span, -1 once it has been left
  std::vector<uint32_t> spansLeft; ///< of each layer, that have not been left
};

} // namespace pim::runtime

#endif // PIM_RUNTIME_MACHINE_LAYERTRACKER_H
