//===- Registry.cpp - which kernel computes which operator ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

using namespace pim::onnx;

Registry::Registry() {
  for (auto addFamily : {addActivations,     addArithmetic,    addAttention,
                         addCasts,           addComparisons,   addConstants,
                         addControl,         addConvolutions,  addEinsum,
                         addFeatures,        addFused,         addGathers,
                         addLinearAttention, addLosses,        addMatrix,
                         addMovement,        addNormalization, addPooling,
                         addQuantization,    addQonnx,         addQuantizedOperators,
                         addRandom,          addRecurrent,     addReductions,
                         addResize,          addSampling,      addScatters,
                         addSelection,       addSequences,     addShapes,
                         addSignal,          addSoftmax,       addTexts,
                         addTraining})
    addFamily(*this);
}

const Registry &Registry::get() {
  static const Registry registry;
  return registry;
}

Kernel Registry::find(std::string_view domain, std::string_view type, int64_t opset) const {
  if (domain == "ai.onnx")
    domain = "";
  // QONNX has three names for one domain, the first of Brevitas' exporter.
  if (domain == "onnx.brevitas" || domain == "finn.custom_op.general")
    domain = qonnxDomain;
  auto found = kernels.find(std::string(domain) + ":" + std::string(type));
  if (found == kernels.end())
    return nullptr;
  auto next = found->second.upper_bound(opset);
  return next == found->second.begin() ? nullptr : std::prev(next)->second;
}

std::vector<OperatorVersion> Registry::list() const {
  std::vector<OperatorVersion> operators;
  for (const auto &[name, versions] : kernels)
    for (const auto &[since, kernel] : versions)
      operators.push_back({name.substr(0, name.find(':')), name.substr(name.find(':') + 1), since});
  return operators;
}

std::vector<OperatorVersion> pim::onnx::supportedOperators() { return Registry::get().list(); }

bool pim::onnx::isSupported(std::string_view domain, std::string_view type, int64_t opset) {
  return Registry::get().find(domain, type, opset) != nullptr;
}
