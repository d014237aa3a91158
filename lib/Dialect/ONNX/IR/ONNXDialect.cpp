//===- ONNXDialect.cpp - the onnx dialect ---------------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "pim/Elements/Elements.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

//===----------------------------------------------------------------------===//
// Directives of the assembly formats
//===----------------------------------------------------------------------===//

/// `13 {strides = ...}`: a plain number, and braces only where there is something in them.
static ParseResult parseOpsetAndAttributes(OpAsmParser &parser, IntegerAttr &opset,
                                           DictionaryAttr &attributes) {
  int64_t value;
  NamedAttrList list;
  if (parser.parseInteger(value) || parser.parseOptionalAttrDict(list))
    return failure();
  opset = parser.getBuilder().getI64IntegerAttr(value);
  attributes = list.getDictionary(parser.getContext());
  return success();
}

static void printOpsetAndAttributes(OpAsmPrinter &printer, Operation *, IntegerAttr opset,
                                    DictionaryAttr attributes) {
  printer << opset.getInt();
  printer.printOptionalAttrDict(attributes.getValue());
}

/// The type of a constant is that of its value.
static ParseResult parseTypedElements(OpAsmParser &parser, ElementsAttr &value, Type &type) {
  if (parser.parseAttribute(value))
    return failure();
  type = value.getShapedType();
  return success();
}

static void printTypedElements(OpAsmPrinter &printer, Operation *, ElementsAttr value, Type) {
  printer << value;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static bool isNodeAttribute(Attribute attribute) {
  if (auto integer = dyn_cast<IntegerAttr>(attribute))
    return integer.getType().isSignlessInteger(64);
  if (auto real = dyn_cast<FloatAttr>(attribute))
    return real.getType().isF32();
  if (auto array = dyn_cast<ArrayAttr>(attribute))
    return llvm::all_of(array, [](Attribute item) { return isa<StringAttr>(item); });
  return isa<StringAttr, DenseI64ArrayAttr, DenseF32ArrayAttr, DenseElementsAttr,
             DenseResourceElementsAttr>(attribute);
}

LogicalResult NodeOp::verify() {
  // (C1)
  if (getOpType().empty())
    return emitOpError("has no operator");
  // (C3)
  for (NamedAttribute attribute : getNodeAttrs())
    if (!isNodeAttribute(attribute.getValue()))
      return emitOpError() << "attribute '" << attribute.getName().strref() << "' is "
                           << attribute.getValue()
                           << ", expected an i64, f32, string, array<i64>, array<f32>, array of "
                              "strings or tensor";
  return success();
}

LogicalResult ConstantOp::verify() {
  if (getValue().getShapedType() != getType())
    return emitOpError() << "has a value of type " << getValue().getShapedType()
                         << " and a result of type " << getType();
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

//===----------------------------------------------------------------------===//
// Dialect
//===----------------------------------------------------------------------===//

void ONNXDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "pim/Dialect/ONNX/IR/ONNXTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "pim/Dialect/ONNX/IR/ONNXOps.cpp.inc"
      >();
}

#include "pim/Dialect/ONNX/IR/ONNXDialect.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "pim/Dialect/ONNX/IR/ONNXTypes.cpp.inc"

#define GET_OP_CLASSES
#include "pim/Dialect/ONNX/IR/ONNXOps.cpp.inc"
