//===- Objective.h - what a mapping is good at ---------------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DIALECT_PIM_TRANSFORMS_OBJECTIVE_H
#define PIM_DIALECT_PIM_TRANSFORMS_OBJECTIVE_H

#include "llvm/ADT/StringRef.h"

#include <optional>

namespace mlir::pim {

enum class Objective {
  Arrays,     ///< the fewest arrays and cores; layers run one after another
  Throughput, ///< the shortest interval between images; copies within the budget
  Latency,    ///< the shortest time of one image; copies within the budget
  Energy      ///< pipelined, so that little leaks, but without copies
};

/// The objective of that name: "arrays", "throughput", "latency", "energy".
inline std::optional<Objective> parseObjective(llvm::StringRef name) {
  if (name == "arrays")
    return Objective::Arrays;
  if (name == "throughput")
    return Objective::Throughput;
  if (name == "latency")
    return Objective::Latency;
  if (name == "energy")
    return Objective::Energy;
  return std::nullopt;
}

} // namespace mlir::pim

#endif // PIM_DIALECT_PIM_TRANSFORMS_OBJECTIVE_H
