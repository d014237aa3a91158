//===- InputTypes.cpp - static shapes of a function's arguments -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InputTypes.h"
#include "pim/Elements/Elements.h"
#include "pim/Elements/Ports.h"
#include "pim/Runtime/ONNX/Value.h"

using namespace mlir;
using namespace mlir::pim;
using ::pim::onnx::shapeText;

using InputShapes = std::map<std::string, std::vector<int64_t>>;

static LogicalResult checkNames(func::FuncOp function, const InputShapes &shapes) {
  for (const auto &[name, shape] : shapes) {
    std::string names;
    bool isKnown = false;
    for (unsigned index = 0; index < function.getNumArguments(); ++index) {
      std::string own = inputName(function, index);
      isKnown |= own == name;
      names += (names.empty() ? "'" : ", '") + own + "'";
    }
    if (!isKnown)
      return function.emitError() << "a shape is given for input '" << name
                                  << "', which the model does not have; its inputs are " << names;
  }
  return success();
}

/// "1x?x8", to be completed by the user.
static std::string hintOf(ArrayRef<int64_t> shape) {
  std::string hint;
  llvm::raw_string_ostream os(hint);
  auto print = [&](int64_t size) { ShapedType::isDynamic(size) ? os << '?' : os << size; };
  llvm::interleave(shape, os, print, "x");
  return hint;
}

static LogicalResult pin(func::FuncOp function, BlockArgument argument, const InputShapes &shapes) {
  std::string name = inputName(function, argument.getArgNumber());
  auto fail = [&] { return function.emitError() << "input '" << name << "'"; };
  auto type = dyn_cast<TensorType>(argument.getType());
  if (!type)
    return fail() << " is a " << argument.getType() << ", expected a tensor";
  auto given = shapes.find(name);
  if (!type.hasRank() && given == shapes.end())
    return fail() << " has no shape; give it with --input-shape " << name << "=...";
  SmallVector<int64_t> shape(type.hasRank() ? type.getShape() : ArrayRef<int64_t>(given->second));
  if (given != shapes.end()) {
    bool fits = shape.size() == given->second.size();
    for (size_t i = 0; fits && i < shape.size(); ++i)
      fits = ShapedType::isDynamic(shape[i]) || shape[i] == given->second[i];
    if (!fits)
      return fail() << " has the shape " << hintOf(shape) << ", but " << shapeText(given->second)
                    << " is given";
    shape.assign(given->second.begin(), given->second.end());
  }
  if (!shape.empty() && ShapedType::isDynamic(shape[0]))
    shape[0] = 1;
  if (llvm::any_of(shape, ShapedType::isDynamic))
    return fail() << " has open dimensions; give them with --input-shape " << name << "="
                  << hintOf(shape);
  if (!countElements(shape))
    return fail() << " has shape " << shapeText(shape) << ", which is empty or too large";
  argument.setType(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

LogicalResult mlir::pim::pinInputTypes(func::FuncOp function, const InputShapes &shapes) {
  if (failed(checkNames(function, shapes)))
    return failure();
  for (BlockArgument argument : function.getArguments())
    if (failed(pin(function, argument, shapes)))
      return failure();
  function.setType(FunctionType::get(function.getContext(), function.getBody().getArgumentTypes(),
                                     function.getResultTypes()));
  return success();
}
