//===- TargetAttr.cpp - targets on modules ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "pim/Support/Error.h"
#include "pim/Target/TargetYAML.h"

using namespace mlir;
using namespace mlir::pim;
using ::pim::target::Target;

DictionaryAttr mlir::pim::targetToAttr(MLIRContext *context, const Target &target) {
  Builder builder(context);
  SmallVector<NamedAttribute> keys;
  for (const auto &[key, text] : target.parameters())
    keys.push_back(builder.getNamedAttr(key, builder.getStringAttr(text)));
  return builder.getDictionaryAttr(keys);
}

FailureOr<Target> mlir::pim::targetFromAttr(DictionaryAttr keys,
                                            llvm::function_ref<InFlightDiagnostic()> emitError) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (NamedAttribute key : keys) {
    auto text = dyn_cast<StringAttr>(key.getValue());
    if (!text)
      return emitError() << "target key '" << key.getName().getValue() << "' is no text";
    parameters.emplace_back(key.getName().str(), text.str());
  }
  try {
    return Target::fromParameters(parameters);
  } catch (const ::pim::Error &error) {
    return emitError() << error.what();
  }
}

void mlir::pim::attachTarget(ModuleOp module, const Target &target) {
  module->setAttr(targetAttrName, targetToAttr(module.getContext(), target));
}
