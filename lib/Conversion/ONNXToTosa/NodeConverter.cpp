//===- NodeConverter.cpp - what a handler works with -----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeConverter.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::pim;
using onnx::WindowDim;

RankedTensorType mlir::pim::convertType(RankedTensorType type) {
  Type element = type.getElementType();
  if (isa<FloatType>(element))
    return type.clone(Float32Type::get(type.getContext()));
  if (element.isSignlessInteger(1) || element.isSignlessInteger(8) ||
      element.isSignlessInteger(16) || element.isSignlessInteger(32))
    return type;
  // Indices, counts and unsigned numbers: what a model of our size holds fits 32 bits.
  if (element.isIntOrIndex() && element.getIntOrFloatBitWidth() <= 64)
    return type.clone(IntegerType::get(type.getContext(), 32));
  return {};
}

quant::UniformQuantizedType mlir::pim::integerQuantType(IntegerType integer) {
  unsigned width = integer.getWidth();
  MLIRContext *context = integer.getContext();
  int64_t zero = integer.isUnsigned() ? llvm::minIntN(width) : 0;
  return quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, IntegerType::get(context, width), Float32Type::get(context),
      1.0, zero, llvm::minIntN(width), llvm::maxIntN(width));
}

Value mlir::pim::integersAsReals(Value quantized, IntegerType integer, OpBuilder &builder) {
  Location loc = quantized.getLoc();
  auto type = cast<RankedTensorType>(quantized.getType());
  quant::UniformQuantizedType same = integerQuantType(integer);
  Value integers =
      quant::StorageCastOp::create(builder, loc, type.clone(same.getStorageType()), quantized);
  Value cast = quant::StorageCastOp::create(builder, loc, type.clone(same), integers);
  return quant::DequantizeCastOp::create(builder, loc, type.clone(same.getExpressedType()), cast);
}

Value mlir::pim::convertConstant(onnx::ConstantOp constant, OpBuilder &builder) {
  auto type = dyn_cast<RankedTensorType>(constant.getType());
  RankedTensorType converted = type ? convertType(type) : RankedTensorType();
  std::optional<Elements> elements = Elements::get(constant.getValue());
  if (!converted || !elements)
    return {};
  return TosaBuilder(builder, constant.getLoc())
      .constant(elements->converted(converted.getElementType()));
}

Value NodeConverter::lookup(Value value) {
  if (auto found = values.find(value); found != values.end())
    return found->second;
  auto constant = value.getDefiningOp<onnx::ConstantOp>();
  return constant ? convertConstant(constant, tosa.getBuilder()) : Value();
}

FailureOr<Value> NodeConverter::getOperand(unsigned index) {
  if (failed(getInputType(index)))
    return failure();
  Value input = getInput(index);
  Value value = lookup(input);
  if (!value)
    return fail("input ") << index << " has type " << input.getType()
                          << ", which has no form in TOSA";
  return value;
}

FailureOr<Value> NodeConverter::getFloatOperand(unsigned index) {
  FailureOr<Value> value = getOperand(index);
  if (failed(value) || elementTypeOf(*value).isF32())
    return value;
  return fail("input ") << index << " has type " << getInput(index).getType()
                        << ", expected floats";
}

ArrayRef<int64_t> NodeConverter::getResultShape() {
  return cast<RankedTensorType>(getNode().getOutputs().front().getType()).getShape();
}

Value NodeConverter::withRank(Value value, int64_t rank) {
  SmallVector<int64_t> shape(rank - shapeOf(value).size(), 1);
  llvm::append_range(shape, shapeOf(value));
  return tosa.reshape(value, shape);
}

FailureOr<WindowInput> mlir::pim::getWindowInput(NodeConverter &node, ArrayRef<WindowDim> dims) {
  FailureOr<Value> value = node.getOperand(0);
  if (failed(value))
    return failure();
  SmallVector<int64_t> shape(shapeOf(*value));
  if (dims.size() > 2)
    return node.fail("has ") << dims.size() << " spatial dimensions, which is not supported";
  SmallVector<WindowDim> spatial(dims);
  if (dims.size() == 1) {
    shape.insert(shape.begin() + 2, 1);
    spatial.insert(spatial.begin(), WindowDim());
  }
  WindowInput result;
  result.value = node.tosa.transpose(node.tosa.reshape(*value, shape), toChannelsLast);
  SmallVector<int64_t> size(shapeOf(result.value)), start(size.size(), 0);
  for (auto [index, dim] : llvm::enumerate(spatial)) {
    result.window.kernel[index] = dim.kernel;
    result.window.stride[index] = dim.stride;
    result.window.dilation[index] = dim.dilation;
    result.window.pad[2 * index] = dim.padBegin;
    result.window.pad[2 * index + 1] = std::max<int64_t>(0, dim.exactPadEnd());
    size[index + 1] += std::min<int64_t>(0, dim.exactPadEnd());
    if (size[index + 1] < 1)
      return node.fail("has a window that lies in the padding alone, which is not supported");
  }
  result.value = node.tosa.slice(result.value, start, size);
  return result;
}

Value mlir::pim::finishWindow(NodeConverter &node, Value value) {
  return node.tosa.reshape(node.tosa.transpose(value, toChannelsFirst), node.getResultShape());
}
