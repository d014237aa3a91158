//===- TosaBuilder.cpp - TOSA ops with less ceremony ----------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Dialect/TOSA/Transforms/TosaBuilder.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

#include <cfloat>
#include <cmath>

using namespace mlir;
using namespace mlir::pim;

std::optional<Elements> mlir::pim::getTosaConstant(Value value) {
  auto constant = value.getDefiningOp<tosa::ConstOp>();
  return constant ? Elements::get(constant.getValues()) : std::nullopt;
}

bool mlir::pim::isConstantLike(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<tosa::ConstOp>(op))
      return getTosaConstant(value).has_value();
    if (!isa<quant::StorageCastOp, quant::DequantizeCastOp>(op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

ArrayRef<int64_t> mlir::pim::shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

Type mlir::pim::elementTypeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}

SmallVector<int64_t> mlir::pim::invertPermutation(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> inverse(permutation.size());
  for (auto [to, from] : llvm::enumerate(permutation))
    inverse[from] = int64_t(to);
  return inverse;
}

bool mlir::pim::isIdentityPermutation(ArrayRef<int64_t> permutation) {
  return llvm::all_of(llvm::enumerate(permutation),
                      [](auto pair) { return int64_t(pair.index()) == pair.value(); });
}

SmallVector<int64_t> mlir::pim::permuted(ArrayRef<int64_t> values, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> result;
  for (int64_t from : permutation)
    result.push_back(values[from]);
  return result;
}

/// A per-axis type about another dimension, with other scales if `keep` selects some.
static Type withAxis(Type elementType, int64_t axis,
                     std::optional<std::pair<int64_t, int64_t>> keep = std::nullopt) {
  auto type = dyn_cast<quant::UniformQuantizedPerAxisType>(elementType);
  if (!type)
    return elementType;
  auto [start, size] = keep.value_or(std::pair<int64_t, int64_t>(0, type.getScales().size()));
  return quant::UniformQuantizedPerAxisType::get(
      type.getFlags(), type.getStorageType(), type.getExpressedType(),
      type.getScales().slice(start, size), type.getZeroPoints().slice(start, size), int32_t(axis),
      type.getStorageTypeMin(), type.getStorageTypeMax());
}

static int64_t axisOf(Type elementType) {
  auto type = dyn_cast<quant::UniformQuantizedPerAxisType>(elementType);
  return type ? type.getQuantizedDimension() : -1;
}

RankedTensorType TosaBuilder::typeLike(Value value, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, elementTypeOf(value));
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value TosaBuilder::constant(const Elements &elements) {
  StringRef name = "constant";
  if (auto named = dyn_cast<NameLoc>(location))
    name = named.getName();
  return tosa::ConstOp::create(builder, location, elements.getType(), elements.getAttribute(name));
}

Value TosaBuilder::splat(double value, ArrayRef<int64_t> shape, Type elementType) {
  auto type = RankedTensorType::get(shape, elementType);
  Attribute element;
  if (auto real = dyn_cast<FloatType>(elementType))
    element = builder.getFloatAttr(real, value);
  else
    element = builder.getIntegerAttr(elementType, int64_t(value));
  return tosa::ConstOp::create(builder, location, type, DenseElementsAttr::get(type, element));
}

Value TosaBuilder::shape(ArrayRef<int64_t> values) {
  return tosa::ConstShapeOp::create(builder, location,
                                    tosa::shapeType::get(builder.getContext(), int(values.size())),
                                    builder.getIndexTensorAttr(values));
}

Value TosaBuilder::rebuildConstant(Value value, function_ref<Elements(const Elements &)> change,
                                   function_ref<Type(Type)> changeType) {
  Operation *op = value.getDefiningOp();
  if (isa<tosa::ConstOp>(op)) {
    TosaBuilder here(builder, op->getLoc());
    return here.constant(change(*getTosaConstant(value)));
  }
  Value input = rebuildConstant(op->getOperand(0), change, changeType);
  Type element = input ? changeType(elementTypeOf(value)) : Type();
  if (!element)
    return {};
  auto type = RankedTensorType::get(shapeOf(input), element);
  if (isa<quant::StorageCastOp>(op))
    return quant::StorageCastOp::create(builder, op->getLoc(), type, input);
  return quant::DequantizeCastOp::create(builder, op->getLoc(), type, input);
}

//===----------------------------------------------------------------------===//
// Data movement
//===----------------------------------------------------------------------===//

Value TosaBuilder::transpose(Value value, ArrayRef<int64_t> permutation) {
  if (isIdentityPermutation(permutation))
    return value;
  if (isConstantLike(value)) {
    SmallVector<int64_t> inverse = invertPermutation(permutation);
    return rebuildConstant(
        value, [&](const Elements &elements) { return elements.permuted(permutation); },
        [&](Type type) {
          int64_t axis = axisOf(type);
          return axis < 0 ? type : withAxis(type, inverse[axis]);
        });
  }
  SmallVector<int32_t> perms(permutation.begin(), permutation.end());
  return tosa::TransposeOp::create(
      builder, location, typeLike(value, permuted(shapeOf(value), permutation)), value, perms);
}

/// The dimension of `to` that dimension `axis` of `from` becomes, or -1 if it is split or merged.
static int64_t reshapedAxis(ArrayRef<int64_t> from, ArrayRef<int64_t> to, int64_t axis) {
  int64_t before = 1, seen = 1;
  for (int64_t dim : from.take_front(axis))
    before *= dim;
  for (auto [index, dim] : llvm::enumerate(to)) {
    if (seen == before && dim == from[axis])
      return int64_t(index);
    seen *= dim;
  }
  return -1;
}

Value TosaBuilder::reshape(Value value, ArrayRef<int64_t> shape) {
  if (shapeOf(value) == shape)
    return value;
  if (isConstantLike(value)) {
    Value rebuilt = rebuildConstant(
        value, [&](const Elements &elements) { return elements.reshaped(shape); },
        [&](Type type) -> Type {
          int64_t axis = axisOf(type);
          if (axis < 0)
            return type;
          int64_t moved = reshapedAxis(shapeOf(value), shape, axis);
          return moved < 0 ? Type() : withAxis(type, moved);
        });
    if (rebuilt)
      return rebuilt;
  }
  return tosa::ReshapeOp::create(builder, location, typeLike(value, shape), value,
                                 this->shape(shape));
}

Value TosaBuilder::slice(Value value, ArrayRef<int64_t> start, ArrayRef<int64_t> size) {
  if (shapeOf(value) == size)
    return value;
  if (isConstantLike(value)) {
    SmallVector<int64_t> indices = {0};
    for (auto [dim, first, count] : llvm::zip_equal(shapeOf(value), start, size)) {
      SmallVector<int64_t> next;
      next.reserve(indices.size() * count);
      for (int64_t index : indices)
        for (int64_t n = 0; n < count; ++n)
          next.push_back(index * dim + first + n);
      indices = std::move(next);
    }
    return rebuildConstant(
        value,
        [&](const Elements &elements) {
          return elements.gathered(RankedTensorType::get(size, elements.getElementType()), indices);
        },
        [&](Type type) {
          int64_t axis = axisOf(type);
          return axis < 0 ? type : withAxis(type, axis, std::pair(start[axis], size[axis]));
        });
  }
  return tosa::SliceOp::create(builder, location, typeLike(value, size), value, shape(start),
                               shape(size));
}

Value TosaBuilder::pad(Value value, ArrayRef<int64_t> begin, ArrayRef<int64_t> end, double fill) {
  SmallVector<int64_t> sizes, amounts;
  for (auto [dim, front, back] : llvm::zip_equal(shapeOf(value), begin, end)) {
    sizes.push_back(dim + front + back);
    amounts.append({front, back});
  }
  if (shapeOf(value) == ArrayRef<int64_t>(sizes))
    return value;
  return tosa::PadOp::create(builder, location, typeLike(value, sizes), value, shape(amounts),
                             splat(fill, {1}, elementTypeOf(value)));
}

Value TosaBuilder::concat(ValueRange values, int64_t axis) {
  if (values.size() == 1)
    return values.front();
  SmallVector<int64_t> sizes(shapeOf(values.front()));
  for (Value value : values.drop_front())
    sizes[axis] += shapeOf(value)[axis];
  return tosa::ConcatOp::create(builder, location, typeLike(values.front(), sizes), values,
                                uint32_t(axis));
}

Value TosaBuilder::reverse(Value value, int64_t axis) {
  return tosa::ReverseOp::create(builder, location, value.getType(), value, uint32_t(axis));
}

Value TosaBuilder::broadcast(Value value, ArrayRef<int64_t> target) {
  if (shapeOf(value) == target)
    return value;
  SmallVector<int64_t> multiples;
  for (auto [from, to] : llvm::zip_equal(shapeOf(value), target))
    multiples.push_back(to / from);
  return tosa::TileOp::create(builder, location, typeLike(value, target), value, shape(multiples));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

RankedTensorType TosaBuilder::broadcastType(Value a, Value b) {
  SmallVector<int64_t> sizes;
  for (auto [left, right] : llvm::zip_equal(shapeOf(a), shapeOf(b)))
    sizes.push_back(left == 1 ? right : left);
  return typeLike(a, sizes);
}

Value TosaBuilder::mul(Value a, Value b) {
  return tosa::MulOp::create(builder, location, broadcastType(a, b), a, b,
                             splat(0, {1}, builder.getI8Type()));
}

Value TosaBuilder::clamp(Value value, double low, double high) {
  Attribute minimum, maximum;
  if (elementTypeOf(value).isF32()) {
    minimum = builder.getF32FloatAttr(float(std::max<double>(low, -FLT_MAX)));
    maximum = builder.getF32FloatAttr(float(std::min<double>(high, FLT_MAX)));
  } else {
    auto type = cast<IntegerType>(elementTypeOf(value));
    double limit = std::ldexp(1.0, int(type.getWidth()) - 1);
    minimum = builder.getIntegerAttr(type, int64_t(std::max(low, -limit)));
    maximum = builder.getIntegerAttr(type, int64_t(std::min(high, limit - 1)));
  }
  return tosa::ClampOp::create(builder, location, value.getType(), value, minimum, maximum);
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

SmallVector<int64_t> TosaBuilder::windowShape(Value input, int64_t channels,
                                              const Window2d &window) {
  SmallVector<int64_t> result = {shapeOf(input)[0]};
  for (int dim : {0, 1})
    result.push_back((shapeOf(input)[dim + 1] + window.pad[2 * dim] + window.pad[2 * dim + 1] -
                      (window.kernel[dim] - 1) * window.dilation[dim] - 1) /
                         window.stride[dim] +
                     1);
  result.push_back(channels);
  return result;
}

template <typename Op>
Value TosaBuilder::convolve(Value input, Value weight, Value bias, int64_t channels,
                            const Window2d &window) {
  if (!bias)
    bias = splat(0, {channels}, elementTypeOf(input));
  return Op::create(
      builder, location, typeLike(input, windowShape(input, channels, window)), input, weight, bias,
      zeroPoint(input), zeroPoint(weight), builder.getDenseI64ArrayAttr(window.pad),
      builder.getDenseI64ArrayAttr(window.stride), builder.getDenseI64ArrayAttr(window.dilation),
      TypeAttr::get(elementTypeOf(input)));
}

Value TosaBuilder::conv2d(Value input, Value weight, Value bias, const Window2d &window) {
  return convolve<tosa::Conv2DOp>(input, weight, bias, shapeOf(weight)[0], window);
}

Value TosaBuilder::depthwiseConv2d(Value input, Value weight, Value bias, const Window2d &window) {
  return convolve<tosa::DepthwiseConv2DOp>(input, weight, bias,
                                           shapeOf(weight)[2] * shapeOf(weight)[3], window);
}

Value TosaBuilder::maxPool2d(Value input, const Window2d &window) {
  return tosa::MaxPool2dOp::create(builder, location,
                                   typeLike(input, windowShape(input, shapeOf(input)[3], window)),
                                   input, window.kernel, window.stride, window.pad);
}

Value TosaBuilder::avgPool2d(Value input, const Window2d &window) {
  Value zero = zeroPoint(input);
  return tosa::AvgPool2dOp::create(
      builder, location, typeLike(input, windowShape(input, shapeOf(input)[3], window)), input,
      zero, zero, window.kernel, window.stride, window.pad, elementTypeOf(input));
}

Value TosaBuilder::matmul(Value a, Value b) {
  return tosa::MatMulOp::create(builder, location,
                                typeLike(a, {shapeOf(a)[0], shapeOf(a)[1], shapeOf(b)[2]}), a, b,
                                zeroPoint(a), zeroPoint(b));
}
