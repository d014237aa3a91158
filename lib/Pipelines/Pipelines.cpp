//===- Pipelines.cpp - the stages of the compiler, in order ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// test/Pipelines/pipelines.mlir pins the text of each pipeline.
//
//===----------------------------------------------------------------------===//

#include "pim/Pipelines/Pipelines.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "pim/Conversion/PIMToISA/Passes.h"
#include "pim/Conversion/TosaToPIM/Passes.h"
#include "pim/Dialect/ONNX/Transforms/Passes.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include "pim/Quantization/Passes.h"

using namespace mlir;
using namespace mlir::pim;

StringRef mlir::pim::stageName(Stage stage) {
  switch (stage) {
  case Stage::Onnx:
    return "onnx";
  case Stage::Tosa:
    return "tosa";
  case Stage::Quant:
    return "quant";
  case Stage::Pim:
    return "pim";
  case Stage::Mapped:
    return "mapped";
  case Stage::Isa:
    return "isa";
  case Stage::Binary:
    return "binary";
  }
  return "";
}

std::optional<Stage> mlir::pim::parseStage(StringRef name) {
  for (Stage stage : {Stage::Onnx, Stage::Tosa, Stage::Quant, Stage::Pim, Stage::Mapped, Stage::Isa,
                      Stage::Binary})
    if (stageName(stage) == name)
      return stage;
  return std::nullopt;
}

void mlir::pim::buildTosaPipeline(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(onnx::createONNXExpandQuantized());
  manager.addPass(createConvertONNXToTosaPass());
  manager.addNestedPass<func::FuncOp>(createPimFoldConstantsPass());
  manager.addNestedPass<func::FuncOp>(createPimRemoveIdentitiesPass());
  // Batch norms, biases, activations and padding are next to their convolutions only once the
  // transpositions between them are gone.
  manager.addNestedPass<func::FuncOp>(createPimSinkTransposesPass());
  manager.addNestedPass<func::FuncOp>(createPimFoldPadPass());
  manager.addNestedPass<func::FuncOp>(createPimFuseActivationsPass());
  // Before sums behind activations become bounds.
  manager.addNestedPass<func::FuncOp>(createPimSinkAffinePass());
  manager.addNestedPass<func::FuncOp>(createPimFoldLinearPass());
  manager.addNestedPass<func::FuncOp>(createPimFoldBatchPass());
  // No canonicalizer before pim-quantize: upstream folds quant.dcast of quant.qcast, and with them
  // what they say.
  manager.addPass(createCSEPass());
}

void mlir::pim::buildCalibrationPipeline(OpPassManager &manager, bool equalize) {
  if (equalize)
    manager.addNestedPass<func::FuncOp>(createPimEqualizeLayersPass());
}

void mlir::pim::buildQuantPipeline(OpPassManager &manager) {
  manager.addPass(createQuantize());
  manager.addNestedPass<func::FuncOp>(createPimMatmulToConvPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

void mlir::pim::buildPimPipeline(OpPassManager &manager, const MappingOptions &options) {
  // Channels go before the reference is taken: it then has the layers that the program has.
  manager.addNestedPass<func::FuncOp>(createPimRemoveChannelsPass());
  manager.addPass(createPimFormAnalogPass());
  // The reference is what the model means; it is taken before anything of the chip touches the
  // graph.
  manager.addPass(createPimAttachReferencePass());
  manager.addPass(createConvertTosaToPIMPass());
  manager.addPass(createPimFormLayersPass());
  PimAssignHostPassOptions assign;
  assign.units = options.vectorLayers;
  manager.addPass(createPimAssignHostPass(assign));
}

void mlir::pim::buildMappedPipeline(OpPassManager &manager, const MappingOptions &options) {
  manager.addPass(createPimLegalizePruningPass());
  PimBitSlicePassOptions slice;
  slice.fragmentRows = options.fragmentRows;
  manager.addPass(createPimBitSlicePass(slice));
  manager.addPass(createPimTilePass());
  // Takes planes from tiles, so it needs to know them; what it frees is not placed.
  PimSqueezeOutPassOptions squeeze;
  squeeze.planes = options.squeezePlanes;
  squeeze.isAutomatic = options.isSqueezeAutomatic;
  squeeze.budget = options.squeezeBudget;
  manager.addPass(createPimSqueezeOutPass(squeeze));
  PimPlacePassOptions place;
  place.objective = options.objective;
  place.arrayBudget = options.arrayBudget;
  place.shareArrays = options.shareArrays;
  manager.addPass(createPimPlacePass(place));
  PimSchedulePassOptions schedule;
  schedule.objective = options.objective;
  manager.addPass(createPimSchedulePass(schedule));
}

void mlir::pim::buildIsaPipeline(OpPassManager &manager) {
  manager.addPass(createConvertPIMToISAPass());
}

void mlir::pim::registerPipelines() {
  PassPipelineRegistration<>("pim-stage-tosa", "Stage tosa: from onnx to float TOSA",
                             buildTosaPipeline);
  PassPipelineRegistration<>("pim-stage-quant", "Stage quant: from quantized float to integer TOSA",
                             buildQuantPipeline);
  PassPipelineRegistration<>("pim-stage-pim", "Stage pim: from integer TOSA to layers",
                             [](OpPassManager &manager) { buildPimPipeline(manager); });
  PassPipelineRegistration<>("pim-stage-mapped", "Stage mapped: from layers to mapped layers",
                             [](OpPassManager &manager) { buildMappedPipeline(manager); });
  PassPipelineRegistration<>("pim-stage-isa", "Stage isa: from mapped layers to instructions",
                             buildIsaPipeline);
}
