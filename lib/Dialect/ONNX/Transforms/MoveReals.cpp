//===- MoveReals.cpp - movement of quantized integers as that of reals ----===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tested by test/Dialect/ONNX/move-reals.mlir.
//
//===----------------------------------------------------------------------===//

#include "QuantizedNodes.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

namespace {
/// An operator whose results are elements of some of its operands: of `count` of them from `first`
/// on, of all if negative.
struct Movement {
  StringLiteral name;
  unsigned first = 0;
  int count = 1;
};

/// What the integers of a value are worth.
struct Parameters {
  Value scale, zero;
};
} // namespace

static constexpr Movement movements[] = {
    {"Clip", 0, 3},    {"Concat", 0, -1}, {"DepthToSpace"},    {"Expand"},
    {"Flatten"},       {"Gather"},        {"GatherElements"},  {"GatherND"},
    {"GlobalMaxPool"}, {"Identity"},      {"Max", 0, -1},      {"MaxPool"},
    {"Min", 0, -1},    {"Pad"},           {"ReduceMax"},       {"ReduceMin"},
    {"Reshape"},       {"Resize"},        {"ReverseSequence"}, {"Slice"},
    {"SpaceToDepth"},  {"Split"},         {"Squeeze"},         {"Tile"},
    {"Transpose"},     {"Unsqueeze"},     {"Upsample"},        {"Where", 1, 2},
};

/// The 8-bit integers that a value has, or null.
static IntegerType bytesOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  auto integer = type ? dyn_cast<IntegerType>(type.getElementType()) : IntegerType();
  return integer && integer.getWidth() == 8 ? integer : IntegerType();
}

static const Movement *movementOf(NodeOp node) {
  if (!node.getDomain().value_or("").empty())
    return nullptr;
  const Movement *found = llvm::find_if(
      movements, [&](const Movement &movement) { return movement.name == node.getOpType(); });
  if (found == std::end(movements))
    return nullptr;
  // Indices of maxima are no elements.
  if (node.getNumResults() != 1 && node.getOpType() != "Split")
    return nullptr;
  auto mode = node.getNodeAttrs().getAs<StringAttr>("mode");
  bool interpolates = node.getOpType() == "Resize" || node.getOpType() == "Upsample";
  return interpolates && mode && mode.getValue() != "nearest" ? nullptr : found;
}

/// Scale and zero point of a QuantizeLinear or DequantizeLinear, one each and constant.
static std::optional<Parameters> parametersOf(NodeOp node) {
  auto isNumber = [](Value value) {
    auto constant = value.getDefiningOp<ConstantOp>();
    return constant && cast<ShapedType>(constant.getType()).getNumElements() == 1;
  };
  if (node.getInputs().size() < 2 || !isNumber(node.getInputs()[1]))
    return std::nullopt;
  Value zero = node.getInputs().size() > 2 ? node.getInputs()[2] : Value();
  if (zero && isa<NoneType>(zero.getType()))
    zero = Value();
  if (zero && !isNumber(zero))
    return std::nullopt;
  return Parameters{node.getInputs()[1], zero};
}

/// What made `integers` says what they are worth; else what reads them, perhaps after more
/// movement.
static std::optional<Parameters> findParameters(Value integers) {
  if (auto source = integers.getDefiningOp<NodeOp>();
      source && source.getOpType() == "QuantizeLinear")
    return parametersOf(source);
  SetVector<Value> reached;
  reached.insert(integers);
  for (size_t index = 0; index < reached.size(); ++index)
    for (Operation *user : reached[index].getUsers()) {
      auto node = dyn_cast<NodeOp>(user);
      if (node && node.getOpType() == "DequantizeLinear" && node.getInputs()[0] == reached[index])
        return parametersOf(node);
      if (node && movementOf(node) && bytesOf(node.getOutputs().front()))
        reached.insert_range(node.getOutputs());
    }
  return std::nullopt;
}

/// Zero as an integer, where nothing else is said to be padded with.
static Value zeroOf(IntegerType integer, Location loc, OpBuilder &builder) {
  auto type = RankedTensorType::get({}, integer);
  return ConstantOp::create(builder, loc, Elements::fromInts(type, {0}).getAttribute("zero"));
}

/// Lets a node that moves 8-bit integers move the reals that they stand for: it reads them from
/// DequantizeLinear and its results go through QuantizeLinear, both with the same parameters, which
/// changes no integer.
static bool moveReals(NodeOp node) {
  const Movement *movement = movementOf(node);
  if (!movement || node.getInputs().size() <= movement->first)
    return false;
  SmallVector<unsigned> places;
  unsigned end =
      movement->count < 0 ? node.getInputs().size() : movement->first + unsigned(movement->count);
  for (unsigned at = movement->first; at < end && at < node.getInputs().size(); ++at)
    if (!isa<NoneType>(node.getInputs()[at].getType()))
      places.push_back(at);
  IntegerType integer = bytesOf(node.getInputs()[movement->first]);
  bool isPad = node.getOpType() == "Pad";
  if (!integer || (isPad && node.getInputs().size() < 2))
    return false;
  std::optional<Parameters> found;
  for (unsigned at : places)
    if (Value value = node.getInputs()[at]; !found && !value.getDefiningOp<ConstantOp>())
      found = findParameters(value);
  if (!found)
    return false;

  Location loc = node.getLoc();
  OpBuilder builder(node);
  if (!found->zero)
    found->zero = zeroOf(integer, loc, builder);
  if (isPad) {
    SmallVector<Value> inputs(node.getInputs());
    if (inputs.size() < 3)
      inputs.push_back(Value());
    if (!inputs[2] || isa<NoneType>(inputs[2].getType()))
      inputs[2] = zeroOf(integer, loc, builder);
    node.getInputsMutable().assign(inputs);
    places.push_back(2);
  }
  auto make = [&](StringRef name, Value value, RankedTensorType type) {
    return NodeOp::create(builder, loc, TypeRange{type}, builder.getStringAttr(name),
                          ValueRange{value, found->scale, found->zero}, StringAttr(),
                          builder.getI64IntegerAttr(13), builder.getDictionaryAttr({}));
  };
  Type f32 = builder.getF32Type();
  for (unsigned at : places) {
    Value value = node.getInputs()[at];
    NodeOp reals =
        make("DequantizeLinear", value, cast<RankedTensorType>(value.getType()).clone(f32));
    node->setOperand(at, reals.getOutputs().front());
  }
  builder.setInsertionPointAfter(node);
  for (Value result : node.getOutputs()) {
    auto type = cast<RankedTensorType>(result.getType());
    result.setType(type.clone(f32));
    NodeOp integers = make("QuantizeLinear", result, type);
    result.replaceAllUsesExcept(integers.getOutputs().front(), integers);
  }
  return true;
}

int64_t mlir::pim::onnx::moveReals(func::FuncOp function) {
  int64_t count = 0;
  for (NodeOp node : llvm::make_early_inc_range(function.getOps<NodeOp>()))
    count += ::moveReals(node);
  return count;
}
