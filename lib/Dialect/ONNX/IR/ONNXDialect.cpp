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

/// ` graph "then_branch" { ... }`, once for each sub-graph.
static ParseResult parseGraphs(OpAsmParser &parser, ArrayAttr &names,
                               SmallVectorImpl<std::unique_ptr<Region>> &graphs) {
  SmallVector<Attribute> list;
  while (succeeded(parser.parseOptionalKeyword("graph"))) {
    std::string name;
    SmallVector<OpAsmParser::Argument> arguments;
    auto &region = graphs.emplace_back(std::make_unique<Region>());
    if (parser.parseString(&name) ||
        parser.parseArgumentList(arguments, OpAsmParser::Delimiter::OptionalParen,
                                 /*allowType=*/true) ||
        parser.parseRegion(*region, arguments))
      return failure();
    list.push_back(parser.getBuilder().getStringAttr(name));
  }
  names = parser.getBuilder().getArrayAttr(list);
  return success();
}

static void printGraphs(OpAsmPrinter &printer, Operation *, ArrayAttr names,
                        MutableArrayRef<Region> graphs) {
  for (auto [name, region] : llvm::zip(names, graphs)) {
    printer << " graph " << name;
    if (!region.empty() && region.getNumArguments() != 0) {
      printer << "(";
      llvm::interleaveComma(region.getArguments(), printer,
                            [&](BlockArgument argument) { printer.printRegionArgument(argument); });
      printer << ")";
    }
    printer << " ";
    printer.printRegion(region, /*printEntryBlockArgs=*/false);
  }
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
             DenseStringElementsAttr, DenseResourceElementsAttr>(attribute);
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
  // (C4)
  if (getGraphNames().size() != getGraphs().size())
    return emitOpError() << "has " << getGraphs().size() << " sub-graphs and "
                         << getGraphNames().size() << " names for them";
  for (Region &graph : getGraphs())
    if (graph.front().empty() || !isa<YieldOp>(graph.front().back()))
      return emitOpError("has a sub-graph that does not end in onnx.yield");
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
