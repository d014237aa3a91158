//===- QuantizedNodes.cpp - building Q/DQ around a node -------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizedNodes.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

/// The opset whose meaning the new nodes have.
static constexpr int64_t opset = 13;

Value QuantizedNode::make(StringRef name, ArrayRef<Value> inputs, DictionaryAttr attributes,
                          ArrayRef<StringRef> without) {
  while (!inputs.empty() && !inputs.back())
    inputs = inputs.drop_back();
  NamedAttrList kept(attributes);
  for (StringRef attribute : without)
    kept.erase(attribute);
  auto made =
      NodeOp::create(builder, node.getLoc(), TypeRange{UnknownType::get(node.getContext())},
                     builder.getStringAttr(name), inputs, StringAttr(),
                     builder.getI64IntegerAttr(opset), kept.getDictionary(node.getContext()));
  return made.getOutputs().front();
}

Value QuantizedNode::dequantize(Value integers, Value scale, Value zero, int64_t axis) {
  NamedAttribute attribute = builder.getNamedAttr("axis", builder.getI64IntegerAttr(axis));
  return make("DequantizeLinear", {integers, scale, zero}, builder.getDictionaryAttr(attribute));
}

Value QuantizedNode::scalar(double value) {
  auto type = RankedTensorType::get({}, builder.getF32Type());
  return ConstantOp::create(builder, node.getLoc(),
                            DenseElementsAttr::get(type, ArrayRef<float>(float(value))));
}

static std::optional<Elements> constantOf(Value value) {
  auto constant = value ? value.getDefiningOp<ConstantOp>() : ConstantOp();
  return constant ? Elements::get(constant.getValue()) : std::nullopt;
}

std::optional<double> QuantizedNode::real(Value constant) {
  std::optional<Elements> elements = constantOf(constant);
  if (!elements || elements->getCount() == 0)
    return std::nullopt;
  return elements->getReal(0);
}

Value QuantizedNode::product(Value a, Value b, double factor) {
  std::optional<Elements> left = constantOf(a), right = constantOf(b);
  if (!left || !right)
    return {};
  if (left->getCount() > right->getCount())
    std::swap(left, right);
  if (left->getCount() != 1 && left->getCount() != right->getCount())
    return {};
  std::vector<double> values;
  for (int64_t index = 0; index < right->getCount(); ++index)
    values.push_back(left->getReal(left->getCount() == 1 ? 0 : index) * right->getReal(index) *
                     factor);
  auto type = RankedTensorType::get(right->getShape(), builder.getF32Type());
  return ConstantOp::create(builder, node.getLoc(),
                            Elements::fromReals(type, values).getAttribute("scale"));
}
