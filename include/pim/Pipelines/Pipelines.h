//===- Pipelines.h - the stages of the compiler, in order ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The spine: one function per stage, named as `pimc --emit` and the named pipelines of pim-opt are.
// A stage's function takes the module from the stage before it.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_PIPELINES_PIPELINES_H
#define PIM_PIPELINES_PIPELINES_H

#include "pim/Dialect/PIM/Transforms/Objective.h"
#include "pim/Dialect/PIM/Transforms/VectorLayers.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace mlir::pim {

/// How far a compilation has come. The names are those of `pimc --emit`.
enum class Stage { Onnx, Tosa, Quant, Pim, Mapped, Isa, Binary };

/// "onnx", "tosa", "quant", "pim", "mapped", "isa", "binary".
llvm::StringRef stageName(Stage stage);
/// The stage of that name, nothing for any other text.
std::optional<Stage> parseStage(llvm::StringRef name);

/// onnx.node ops become float TOSA in NHWC; batch norms and biases are folded, layout transposes
/// cancelled.
void buildTosaPipeline(OpPassManager &manager);

/// Float TOSA as calibration is to see it: with `equalize`, layers scaled so that their weights are
/// alike.
void buildCalibrationPipeline(OpPassManager &manager, bool equalize);

/// quant.qcast/dcast around float TOSA become integer TOSA with tosa.rescale.
void buildQuantPipeline(OpPassManager &manager);

/// Choices of the mapping, those of the passes' options.
struct MappingOptions {
  Objective objective = Objective::Throughput;
  std::string arrayBudget;    ///< of pim-place; empty for the fewest
  bool shareArrays = true;    ///< of pim-place, for the objective `arrays`
  int64_t fragmentRows = 0;   ///< of pim-bit-slice
  unsigned squeezePlanes = 0; ///< of pim-squeeze-out
  bool isSqueezeAutomatic = false;
  double squeezeBudget = 0.001;
  VectorLayers vectorLayers = VectorLayers::Auto; ///< of pim-assign-host
};

/// Integer convolutions become weight-stationary pim ops, grouped with what follows them into
/// layers; layers without arrays are given to the vector unit or the host.
void buildPimPipeline(OpPassManager &manager, const MappingOptions &options = {});

/// Layers are sliced into bits, tiled onto arrays, placed on cores and scheduled.
void buildMappedPipeline(OpPassManager &manager, const MappingOptions &options = {});

/// Mapped layers become loops of instructions.
void buildIsaPipeline(OpPassManager &manager);

/// Registers `pim-stage-tosa` ... `pim-stage-isa` with pim-opt.
void registerPipelines();

} // namespace mlir::pim

#endif // PIM_PIPELINES_PIPELINES_H
