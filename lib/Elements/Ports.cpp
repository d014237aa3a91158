//===- Ports.cpp - what the IR says of inputs and outputs of a model ------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Elements/Ports.h"

using namespace mlir;

static std::string nameOr(StringAttr name, StringRef otherwise, unsigned index) {
  return name ? name.str() : (otherwise + Twine(index)).str();
}

std::string mlir::pim::inputName(FunctionOpInterface function, unsigned index) {
  return nameOr(function.getArgAttrOfType<StringAttr>(index, nameAttrName), "input", index);
}

std::string mlir::pim::outputName(FunctionOpInterface function, unsigned index) {
  return nameOr(function.getResultAttrOfType<StringAttr>(index, nameAttrName), "output", index);
}
