//===- Quantization.cpp - QuantizeLinear, DequantizeLinear ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "mlir/IR/Diagnostics.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

#include <cfloat>

using namespace mlir;
using namespace mlir::pim;

/// What one is moved down by to become signed.
static int64_t signShift(IntegerType type) {
  return type.isUnsigned() ? int64_t(1) << (type.getWidth() - 1) : 0;
}

/// The quantized type that the node's scale and zero point give to integers of type `integer` in a
/// tensor of `rank` dimensions. Unsigned storage is described as signed, moved down by half its
/// range.
static FailureOr<quant::QuantizedType> getQuantizedType(NodeConverter &node, Type element,
                                                        int64_t rank) {
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer)
    return node.fail("elements of type ") << element << " are not supported, expected integers";
  std::optional<Elements> scale = node.getConstant(1), zero = node.getConstant(2);
  if (!scale || (node.hasInput(2) && !zero))
    return node.fail("scale and zero point are not constant, which is not supported");
  unsigned width = integer.getWidth();
  if (width != 8 && width != 16 && width != 32)
    return node.fail("integers of type ") << integer << " are not supported";
  int64_t low = llvm::minIntN(width), high = llvm::maxIntN(width);
  SmallVector<double> scales;
  SmallVector<int64_t> zeros;
  for (int64_t index = 0; index < scale->getCount(); ++index) {
    double value = scale->getReal(index);
    // What the quantizer computes with must be a normal float.
    if (!(value >= FLT_MIN && value <= FLT_MAX))
      return node.fail("scale ") << index << " is " << value << ", expected a positive number";
    scales.push_back(value);
    zeros.push_back((zero ? zero->getInt(index) : 0) - signShift(integer));
    if (zeros.back() < low || zeros.back() > high)
      return node.fail("zero point ") << index << " does not fit " << integer;
  }
  MLIRContext *context = integer.getContext();
  Type storage = IntegerType::get(context, width), expressed = Float32Type::get(context);
  if (scales.size() == 1)
    return cast<quant::QuantizedType>(quant::UniformQuantizedType::get(
        quant::QuantizationFlags::Signed, storage, expressed, scales[0], zeros[0], low, high));
  auto axis = node.getInt("axis", 1);
  if (succeeded(axis))
    axis = node.normalizeAxis(*axis, rank);
  if (failed(axis))
    return failure();
  return cast<quant::QuantizedType>(
      quant::UniformQuantizedPerAxisType::get(quant::QuantizationFlags::Signed, storage, expressed,
                                              scales, zeros, int32_t(*axis), low, high));
}

static FailureOr<Value> convertQuantizeLinear(NodeConverter &node) {
  FailureOr<Value> value = node.getFloatOperand(0);
  if (failed(value))
    return failure();
  auto result = cast<RankedTensorType>(node.getNode().getOutputs().front().getType());
  auto type = getQuantizedType(node, result.getElementType(), result.getRank());
  if (failed(type))
    return failure();
  if (isa<quant::UniformQuantizedPerAxisType>(*type))
    return node.fail("quantizes an activation per channel, which is not supported");
  return Value(quant::QuantizeCastOp::create(node.tosa.getBuilder(), node.getLoc(),
                                             result.clone(*type), *value));
}

/// The integers that the node reads, of quantized type `type`.
static FailureOr<Value> getIntegers(NodeConverter &node, RankedTensorType type,
                                    IntegerType integer) {
  OpBuilder &builder = node.tosa.getBuilder();
  auto storage = cast<quant::QuantizedType>(type.getElementType()).getStorageType();
  std::optional<Elements> constant = node.getConstant(0);
  Location location = node.getInput(0).getLoc();
  Value value;
  if (constant && integer.isUnsigned()) {
    SmallVector<int64_t> moved;
    for (int64_t index = 0; index < constant->getCount(); ++index)
      moved.push_back(constant->getInt(index) - signShift(integer));
    value =
        TosaBuilder(builder, location)
            .constant(Elements::fromInts(RankedTensorType::get(type.getShape(), storage), moved));
  } else {
    FailureOr<Value> operand = node.getOperand(0);
    if (failed(operand))
      return failure();
    value = *operand;
    location = node.getLoc();
  }
  if (value.getType() == type)
    return value;
  // Integers that were quantized otherwise: the same bits, read with this node's scale.
  if (isa<quant::QuantizedType>(elementTypeOf(value)))
    value = quant::StorageCastOp::create(builder, location, type.clone(storage), value);
  else if (!constant)
    return node.fail("reads integers of type ") << integer << " that no QuantizeLinear has made";
  return Value(quant::StorageCastOp::create(builder, location, type, value));
}

static FailureOr<Value> convertDequantizeLinear(NodeConverter &node) {
  auto input = node.getInputType(0);
  if (failed(input))
    return failure();
  auto type = getQuantizedType(node, input->getElementType(), input->getRank());
  if (failed(type))
    return failure();
  auto integer = cast<IntegerType>(input->getElementType());
  if (isa<quant::UniformQuantizedPerAxisType>(*type) && !node.getConstant(0))
    return node.fail("reads an activation quantized per channel, which is not supported");
  FailureOr<Value> integers = getIntegers(node, input->clone(*type), integer);
  if (failed(integers))
    return failure();
  OpBuilder &builder = node.tosa.getBuilder();
  return Value(quant::DequantizeCastOp::create(builder, node.getLoc(),
                                               input->clone(builder.getF32Type()), *integers));
}

ArrayRef<OperatorHandler> mlir::pim::quantizationHandlers() {
  static constexpr StringLiteral test = "quantization.mlir";
  static const OperatorHandler handlers[] = {
      {"DequantizeLinear", 10, anyOpset, convertDequantizeLinear,
       "8, 16 or 32 bits; constant parameters; no blocks", test},
      {"QuantizeLinear", 10, anyOpset, convertQuantizeLinear,
       "8 or 16 bits; one constant scale; no blocks", test},
  };
  return handlers;
}
