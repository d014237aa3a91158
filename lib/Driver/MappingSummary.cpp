//===- MappingSummary.cpp - what each layer's mapping came to -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/MappingSummary.h"
#include "pim/Dialect/PIM/Transforms/MappingTarget.h"
#include "pim/Dialect/PIM/Transforms/VectorLayers.h"

using namespace mlir;
using namespace mlir::pim;

static double realOf(DictionaryAttr attributes, StringRef name) {
  auto value = attributes.getAs<FloatAttr>(name);
  return value ? value.getValueAsDouble() : 0;
}

static int64_t integerOf(DictionaryAttr attributes, StringRef name) {
  auto value = attributes.getAs<IntegerAttr>(name);
  return value ? value.getInt() : 0;
}

static LayerMapping summarize(LayerOp layer, Conv2DOp matrix, const MappingTarget &target) {
  LayerMapping mapping;
  mapping.name = layer.getName().str();
  mapping.arrays = ArrayFactors::of(matrix, target.matrixRows, target.matrixColumns);
  mapping.weightBits = matrix.getWeightBits();
  if (PlacementAttr placement = layer.getPlacementAttr(); placement && placement.sharesArrays())
    mapping.arrays.packed = placement.getArrays();
  if (auto pattern = matrix->getAttrOfType<DictionaryAttr>("pim.pattern")) {
    if (auto name = pattern.getAs<StringAttr>("name"))
      mapping.pattern = name.str();
    mapping.zeros = realOf(pattern, "zeros");
    mapping.explained = realOf(pattern, "explained");
  }
  if (auto code = matrix->getAttrOfType<StringAttr>("pim.weight_code"))
    mapping.code = code.str();
  if (auto error = matrix->getAttrOfType<FloatAttr>("pim.code_error"))
    mapping.codeError = error.getValueAsDouble();
  if (auto squeeze = matrix->getAttrOfType<DictionaryAttr>("pim.squeeze")) {
    mapping.squeezedBlocks = integerOf(squeeze, "blocks");
    mapping.delayedRows = integerOf(squeeze, "delayed_rows");
    mapping.squeezeError = realOf(squeeze, "error");
  }
  return mapping;
}

std::vector<UnitEstimate> mlir::pim::summarizeUnits(ModuleOp module) {
  std::vector<UnitEstimate> units;
  module.walk([&](LayerOp layer) {
    if (auto estimate = layer->getAttrOfType<DictionaryAttr>(estimateAttrName))
      units.push_back({layer.getName().str(), layer.getKind() == LayerKind::Host,
                       realOf(estimate, "vector_unit_s"), realOf(estimate, "host_s")});
  });
  return units;
}

std::vector<LayerMapping> mlir::pim::summarizeMapping(ModuleOp module) {
  std::vector<LayerMapping> layers;
  FailureOr<MappingTarget> target = MappingTarget::of(module);
  if (failed(target))
    return layers;
  module.walk([&](LayerOp layer) {
    Conv2DOp matrix = layer.getMatrixOp();
    if (matrix && matrix.getTilingAttr())
      layers.push_back(summarize(layer, matrix, *target));
  });
  return layers;
}
