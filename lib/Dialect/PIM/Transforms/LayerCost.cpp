//===- LayerCost.cpp - what a layer keeps busy ---------------- -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerCost.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::pim;

/// Nanoseconds of the arrays for one position of the output, all arrays of the layer side by side:
/// the rules of docs/cost-model.md for the largest tile.
static double positionNs(Conv2DOp matrix, const MappingTarget &target) {
  TilingAttr tiling = matrix.getTilingAttr();
  SlicingAttr slicing = matrix.getSlicingAttr();
  int64_t groups = tiling.getGroupsPerArray();
  int64_t rows = std::min(tiling.getTileRows(), groups * tiling.getMatrixRows());
  int64_t columns = std::min(tiling.getTileCols(), groups * tiling.getMatrixCols()) *
                    (int64_t(slicing.getSliceCount()) / tiling.getPlanes());
  if (target.isAnd)
    return double(slicing.getInputBits() * columns) * target.andCycleNs;
  int64_t steps = llvm::divideCeil(slicing.getInputBits(), slicing.getDacBits());
  int64_t fragment = slicing.getFragmentRows() ? slicing.getFragmentRows() : rows;
  int64_t sets = llvm::divideCeil(rows, std::min(target.activeRows, fragment));
  double convert =
      double(llvm::divideCeil(columns, target.convertersPerArray)) * target.conversionNs;
  return double(steps * sets) * std::max(target.readNs, convert);
}

static double dpuOperations(const LayerPlan &plan) {
  double operations = 0;
  for (const PlanStep &step : plan.steps) {
    if (step.kind == PlanStep::Kind::Mvm)
      continue;
    const MapShape &shape = plan.buffers[step.output].shape;
    double elements = double(shape.rows) * double(shape.cols) * double(shape.channels);
    bool isPool = step.kind == PlanStep::Kind::MaxPool || step.kind == PlanStep::Kind::AvgPool;
    operations += elements * (isPool ? double(plan.window.kernelRows * plan.window.kernelCols) : 1);
  }
  return operations;
}

FailureOr<LayerCost> LayerCost::of(LayerOp layer, const MappingTarget &target) {
  LayerCost cost;
  for (Value input : layer.getInputs())
    cost.bytesIn += globalBytes(input.getType());
  cost.bytesOut = layer.getResultBytes();
  cost.dmaNs = double(cost.bytesIn + cost.bytesOut) / target.linkBytesPerNs;
  if (layer.getKind() == LayerKind::Host) {
    cost.hostNs = 1e3 * target.host.callLatencyUs;
    return cost;
  }
  if (layer.getKind() == LayerKind::Movement)
    return cost;
  FailureOr<LayerPlan> plan = LayerPlan::of(layer);
  if (failed(plan))
    return failure();
  cost.cols = plan->window.output.cols;
  cost.dpuNs = dpuOperations(*plan) / double(target.dpuLanes) * target.cycleNs;
  if (Conv2DOp matrix = layer.getMatrixOp())
    cost.arrayNs =
        double(plan->window.output.rows * plan->window.output.cols) * positionNs(matrix, target);
  return cost;
}
