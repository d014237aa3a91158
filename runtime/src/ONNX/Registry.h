//===- Registry.h - which kernel computes which operator --------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each family of operators adds its kernels with the first version of the operator set that they
// fit. A kernel serves all later versions up to the next that is registered; differences inside
// that range it tells by Call::opset() and by which operands and attributes are there.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_ONNX_REGISTRY_H
#define PIM_RUNTIME_SRC_ONNX_REGISTRY_H

#include "Call.h"
#include "pim/Runtime/ONNX/Interpreter.h"

#include <map>
#include <string>
#include <string_view>

namespace pim::onnx {

class Registry {
public:
  static const Registry &get();

  /// Null if there is none.
  Kernel find(std::string_view domain, std::string_view type, int64_t opset) const;

  /// In the order of domain, type and version.
  std::vector<OperatorVersion> list() const;

  void add(const char *type, Kernel kernel, int64_t since = 1) { add("", type, kernel, since); }
  void add(const char *domain, const char *type, Kernel kernel, int64_t since = 1) {
    kernels[std::string(domain) + ":" + type].emplace(since, kernel);
  }

private:
  Registry();
  std::map<std::string, std::map<int64_t, Kernel>> kernels;
};

constexpr const char *learningDomain = "ai.onnx.ml";
constexpr const char *microsoftDomain = "com.microsoft";
constexpr const char *trainingDomain = "ai.onnx.preview.training";
constexpr const char *qonnxDomain = "qonnx.custom_op.general";

void addActivations(Registry &registry);
void addArithmetic(Registry &registry);
void addAttention(Registry &registry);
void addCasts(Registry &registry);
void addComparisons(Registry &registry);
void addControl(Registry &registry);
void addConvolutions(Registry &registry);
void addConstants(Registry &registry);
void addEinsum(Registry &registry);
void addFeatures(Registry &registry);
void addFused(Registry &registry);
void addGathers(Registry &registry);
void addLinearAttention(Registry &registry);
void addLosses(Registry &registry);
void addMatrix(Registry &registry);
void addMovement(Registry &registry);
void addNormalization(Registry &registry);
void addPooling(Registry &registry);
void addQuantization(Registry &registry);
void addQuantizedOperators(Registry &registry);
void addQonnx(Registry &registry);
void addRandom(Registry &registry);
void addRecurrent(Registry &registry);
void addReductions(Registry &registry);
void addResize(Registry &registry);
void addSampling(Registry &registry);
void addScatters(Registry &registry);
void addSelection(Registry &registry);
void addSequences(Registry &registry);
void addShapes(Registry &registry);
void addSignal(Registry &registry);
void addSoftmax(Registry &registry);
void addTexts(Registry &registry);
void addTraining(Registry &registry);

} // namespace pim::onnx

#endif // PIM_RUNTIME_SRC_ONNX_REGISTRY_H
