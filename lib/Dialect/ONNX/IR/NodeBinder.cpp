//===- NodeBinder.cpp - checked access to an onnx.node --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/ONNX/IR/NodeBinder.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

std::string mlir::pim::onnx::shapeText(ArrayRef<int64_t> shape) {
  return shape.empty()
             ? "scalar"
             : llvm::join(llvm::map_range(shape, [](int64_t dim) { return std::to_string(dim); }),
                          "x");
}

InFlightDiagnostic NodeBinder::fail(const Twine &reason) const {
  return emitError(getLoc()) << getOperator() << ": " << reason;
}

bool NodeBinder::hasInput(unsigned index) const {
  return index < node.getInputs().size() && !isa<NoneType>(node.getInputs()[index].getType());
}

LogicalResult NodeBinder::expectInputs(unsigned minimum, unsigned maximum) const {
  size_t count = node.getInputs().size();
  if (count < minimum || count > maximum)
    return fail("has ") << count << " inputs, expected "
                        << (minimum == maximum
                                ? std::to_string(minimum)
                                : std::to_string(minimum) + " to " + std::to_string(maximum));
  for (unsigned index = 0; index < minimum; ++index)
    if (!hasInput(index))
      return fail("input ") << index << " is missing";
  if (node.getOutputs().empty())
    return fail("has no output");
  return success();
}

LogicalResult NodeBinder::expectOutputs(unsigned maximum) const {
  for (unsigned index = maximum; index < node.getOutputs().size(); ++index)
    if (!node.getOutputs()[index].use_empty())
      return fail("output ") << index << " is used, which is not supported";
  return success();
}

FailureOr<RankedTensorType> NodeBinder::getInputType(unsigned index) const {
  if (!hasInput(index))
    return fail("input ") << index << " is missing";
  auto type = dyn_cast<RankedTensorType>(getInput(index).getType());
  if (!type || !type.hasStaticShape())
    return fail("input ") << index << " has type " << getInput(index).getType()
                          << ", expected a tensor of static shape";
  if (!countElements(type.getShape()))
    return fail("input ") << index << " has shape " << shapeText(type.getShape())
                          << ", which is empty or too large";
  return type;
}

FailureOr<RankedTensorType> NodeBinder::getInputType(unsigned index, int64_t minimum,
                                                     int64_t maximum) const {
  FailureOr<RankedTensorType> type = getInputType(index);
  if (failed(type))
    return failure();
  if (type->getRank() < minimum || type->getRank() > maximum) {
    std::string expected = std::to_string(minimum);
    if (minimum != maximum)
      expected += " to " + std::to_string(maximum);
    return fail("input ") << index << " has " << type->getRank() << " dimensions ("
                          << shapeText(type->getShape()) << "), expected " << expected;
  }
  return type;
}

std::optional<Elements> NodeBinder::getConstant(unsigned index) const {
  if (!hasInput(index))
    return std::nullopt;
  auto constant = getInput(index).getDefiningOp<ConstantOp>();
  return constant ? Elements::get(constant.getValue()) : std::nullopt;
}

FailureOr<SmallVector<int64_t>> NodeBinder::getConstantInts(unsigned index, StringRef what) const {
  std::optional<Elements> constant = getConstant(index);
  if (!constant)
    return fail(what) << " is not constant, which is not supported";
  if (!isa<IntegerType>(constant->getElementType()) || constant->getType().getRank() > 1)
    return fail(what) << " has type " << constant->getType() << ", expected a list of integers";
  if (constant->getCount() > 1024)
    return fail(what) << " has " << constant->getCount() << " values, which is too many";
  return constant->getInts();
}

FailureOr<int64_t> NodeBinder::missing(StringRef name) const {
  return fail("attribute '") << name << "' is missing";
}

FailureOr<int64_t> NodeBinder::getInt(StringRef name, std::optional<int64_t> otherwise) const {
  Attribute attribute = node.getNodeAttrs().get(name);
  if (!attribute) {
    if (otherwise)
      return *otherwise;
    return missing(name);
  }
  auto integer = dyn_cast<IntegerAttr>(attribute);
  if (!integer)
    return fail("attribute '") << name << "' is " << attribute << ", expected an integer";
  return integer.getInt();
}

FailureOr<double> NodeBinder::getReal(StringRef name, std::optional<double> otherwise) const {
  Attribute attribute = node.getNodeAttrs().get(name);
  if (!attribute) {
    if (otherwise)
      return *otherwise;
    (void)missing(name);
    return failure();
  }
  auto real = dyn_cast<FloatAttr>(attribute);
  if (!real || !real.getValue().isFinite())
    return fail("attribute '") << name << "' is " << attribute << ", expected a finite number";
  return real.getValueAsDouble();
}

FailureOr<StringRef> NodeBinder::getString(StringRef name, StringRef otherwise) const {
  Attribute attribute = node.getNodeAttrs().get(name);
  if (!attribute)
    return otherwise;
  auto text = dyn_cast<StringAttr>(attribute);
  if (!text)
    return fail("attribute '") << name << "' is " << attribute << ", expected a string";
  return text.getValue();
}

FailureOr<SmallVector<int64_t>> NodeBinder::getInts(StringRef name,
                                                    ArrayRef<int64_t> otherwise) const {
  Attribute attribute = node.getNodeAttrs().get(name);
  if (!attribute)
    return SmallVector<int64_t>(otherwise);
  auto ints = dyn_cast<DenseI64ArrayAttr>(attribute);
  if (!ints)
    return fail("attribute '") << name << "' is " << attribute << ", expected a list of integers";
  return SmallVector<int64_t>(ints.asArrayRef());
}

FailureOr<std::optional<SmallVector<int64_t>>> NodeBinder::getIntsOrInput(StringRef name,
                                                                          unsigned index) const {
  std::optional<SmallVector<int64_t>> result;
  if (hasInput(index)) {
    FailureOr<SmallVector<int64_t>> values = getConstantInts(index, ("input '" + name + "'").str());
    if (failed(values))
      return failure();
    result = std::move(*values);
  } else if (hasAttribute(name)) {
    FailureOr<SmallVector<int64_t>> values = getInts(name, {});
    if (failed(values))
      return failure();
    result = std::move(*values);
  }
  return result;
}

FailureOr<int64_t> NodeBinder::normalizeAxis(int64_t axis, int64_t rank) const {
  if (axis < -rank || axis >= rank)
    return fail("axis ") << axis << " is outside a tensor of " << rank << " dimensions";
  return axis < 0 ? axis + rank : axis;
}

FailureOr<SmallVector<int64_t>> NodeBinder::normalizeAxes(ArrayRef<int64_t> axes,
                                                          int64_t rank) const {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    FailureOr<int64_t> normal = normalizeAxis(axis, rank);
    if (failed(normal))
      return failure();
    if (llvm::is_contained(result, *normal))
      return fail("axis ") << axis << " is named twice";
    result.push_back(*normal);
  }
  return result;
}

FailureOr<RankedTensorType> NodeBinder::makeType(ArrayRef<int64_t> shape, Type elementType) const {
  if (!countElements(shape))
    return fail("the result would have shape ")
           << shapeText(shape) << ", which is empty or too large";
  return RankedTensorType::get(shape, elementType);
}
