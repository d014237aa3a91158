//===- NodeWriter.cpp - nodes that take the place of another --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeWriter.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

bool mlir::pim::onnx::isOperator(NodeOp node, StringRef name) {
  return node.getOpType() == name && node.getDomain().value_or("").empty();
}

Value NodeWriter::makeConstant(ArrayRef<int64_t> values, bool isScalar) {
  SmallVector<int64_t> shape;
  if (!isScalar)
    shape.push_back(int64_t(values.size()));
  auto type = RankedTensorType::get(shape, builder.getI64Type());
  return ConstantOp::create(builder, node.getLoc(), DenseElementsAttr::get(type, values));
}

Value NodeWriter::makeNode(StringRef op, ValueRange inputs, ArrayRef<NamedAttribute> attributes) {
  return NodeOp::create(builder, node.getLoc(), TypeRange(UnknownType::get(builder.getContext())),
                        builder.getStringAttr(op), inputs, StringAttr(), node.getOpsetAttr(),
                        builder.getDictionaryAttr(attributes))
      .getResult(0);
}

Value NodeWriter::slice(Value value, int64_t axis, int64_t begin, int64_t end) {
  if (node.getOpset() >= 10)
    return makeNode("Slice",
                    {value, makeConstant({begin}), makeConstant({end}), makeConstant({axis})}, {});
  return makeNode("Slice", value,
                  {intsAttribute("axes", {axis}), intsAttribute("ends", {end}),
                   intsAttribute("starts", {begin})});
}

Value NodeWriter::changeAxis(StringRef op, Value value, int64_t axis) {
  if (node.getOpset() >= 13)
    return makeNode(op, {value, makeConstant({axis})}, {});
  return makeNode(op, value, intsAttribute("axes", {axis}));
}

SmallVector<Value> NodeWriter::iterate(Block &body, int64_t iteration, ValueRange arguments) {
  IRMapping mapping;
  mapping.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator()) {
    Operation *clone = builder.clone(op, mapping);
    if (auto name = dyn_cast<NameLoc>(op.getLoc()))
      clone->setLoc(NameLoc::get(
          builder.getStringAttr(name.getName().str() + "." + std::to_string(iteration)),
          name.getChildLoc()));
  }
  SmallVector<Value> yielded;
  for (Value value : body.getTerminator()->getOperands())
    yielded.push_back(mapping.lookupOrDefault(value));
  return yielded;
}

bool NodeWriter::finish(ArrayRef<Value> results) {
  for (auto [result, value] : llvm::zip_equal(node.getResults(), results))
    result.replaceAllUsesWith(value);
  node.erase();
  return true;
}
