//===- Ports.h - what the IR says of inputs and outputs of a model -*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_ELEMENTS_PORTS_H
#define PIM_ELEMENTS_PORTS_H

#include "mlir/Interfaces/FunctionInterfaces.h"

#include <string>

namespace mlir::pim {

/// The attribute of an argument or a result that names it.
constexpr llvm::StringLiteral nameAttrName = "pim.name";

/// The attribute of an argument or a result of integers with the quantized type that says what they
/// stand for; without it they stand for themselves.
constexpr llvm::StringLiteral quantAttrName = "pim.quant";

/// The name of argument `index`: that of its attribute, else "input" and the index.
std::string inputName(FunctionOpInterface function, unsigned index);

/// The name of result `index`: that of its attribute, else "output" and the index.
std::string outputName(FunctionOpInterface function, unsigned index);

} // namespace mlir::pim

#endif // PIM_ELEMENTS_PORTS_H
