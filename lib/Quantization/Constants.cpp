//===- Constants.cpp - constants of the float and integer graph -----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constants.h"

#include "ChannelRuns.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/Elements/Permutation.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;

bool mlir::pim::isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  while (
      isa_and_nonnull<quant::QuantizeCastOp, quant::DequantizeCastOp, quant::StorageCastOp,
                      tosa::ReshapeOp, tosa::TransposeOp, tosa::IdentityOp, tosa::ReciprocalOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return isa_and_nonnull<tosa::ConstOp>(op);
}

namespace {

/// Calls `visit` with each element of `values` as a T read from memory; false if it cannot be read
/// so.
template <typename T, typename Visitor>
bool visitResource(DenseResourceElementsAttr values, Visitor visit) {
  AsmResourceBlob *blob = values.getRawHandle().getBlob();
  if (!blob || blob->getData().size() != size_t(values.getType().getNumElements()) * sizeof(T))
    return false;
  const char *data = blob->getData().data();
  for (int64_t i = 0, e = values.getType().getNumElements(); i < e; ++i) {
    T element;
    std::memcpy(&element, data + i * sizeof(T), sizeof(T));
    visit(element);
  }
  return true;
}

/// The floats of a resource, where they are.
std::optional<ArrayRef<float>> floatsOf(ElementsAttr attribute) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  auto count = size_t(attribute.getNumElements());
  if (!blob || !attribute.getElementType().isF32() ||
      blob->getData().size() != count * sizeof(float) ||
      reinterpret_cast<uintptr_t>(blob->getData().data()) % alignof(float) != 0)
    return std::nullopt;
  return ArrayRef(reinterpret_cast<const float *>(blob->getData().data()), count);
}

template <typename Out> std::optional<std::vector<Out>> readElements(ElementsAttr attribute) {
  std::vector<Out> out;
  out.reserve(attribute.getNumElements());
  auto push = [&](auto value) { out.push_back(Out(value)); };
  Type element = attribute.getElementType();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute)) {
    bool read = false;
    if (element.isF32())
      read = visitResource<float>(resource, push);
    else if (element.isInteger(8) && !element.isUnsignedInteger())
      read = visitResource<int8_t>(resource, push);
    else if (element.isInteger(32))
      read = visitResource<int32_t>(resource, push);
    return read ? std::optional(std::move(out)) : std::nullopt;
  }
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  if (!dense)
    return std::nullopt;
  // One value stands for all of them, which may be millions.
  const bool isSplat = dense.isSplat() && attribute.getNumElements() > 0;
  const int64_t distinct = isSplat ? 1 : attribute.getNumElements();
  if (isa<FloatType>(element)) {
    for (APFloat value :
         llvm::make_range(dense.value_begin<APFloat>(), dense.value_begin<APFloat>() + distinct)) {
      bool lost;
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
      push(value.convertToDouble());
    }
  } else if (element.isIntOrIndex()) {
    for (APInt value :
         llvm::make_range(dense.value_begin<APInt>(), dense.value_begin<APInt>() + distinct))
      push(value.getSExtValue());
  } else {
    return std::nullopt;
  }
  if (isSplat)
    out.resize(attribute.getNumElements(), out.front());
  return out;
}

SmallVector<int64_t> permutationOf(tosa::TransposeOp transpose) {
  return SmallVector<int64_t>(transpose.getPerms());
}

SmallVector<int64_t> shapeOf(Value value) {
  return SmallVector<int64_t>(cast<RankedTensorType>(value.getType()).getShape());
}

int64_t product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes)
    result *= size;
  return result;
}

/// What `type` says of scales and zero points; nothing for a type of ours that is not uniform.
std::optional<IntegerConstant> parametersOf(quant::QuantizedType type, ArrayRef<int64_t> shape) {
  IntegerConstant out;
  out.shape = llvm::to_vector(shape);
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    out.scales = {uniform.getScale()};
    out.zeroPoints = {uniform.getZeroPoint()};
  } else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    out.scales = llvm::to_vector(perAxis.getScales());
    out.zeroPoints = llvm::to_vector(perAxis.getZeroPoints());
    out.axis = perAxis.getQuantizedDimension();
  } else {
    return std::nullopt;
  }
  return out;
}

/// Calls visit(scale, zero point, first, run) for the runs of neighbours in `values`, laid out as
/// `constant`, that have one scale: run[0] is element `first`.
template <typename T, typename Visit>
void forEachScale(const IntegerConstant &constant, ArrayRef<T> values, Visit visit) {
  if (constant.scales.size() == 1)
    return visit(constant.scales[0], constant.zeroPoints[0], 0, values);
  forEachChannelRun(values, constant.shape, constant.axis,
                    [&](size_t channel, size_t first, ArrayRef<T> run) {
                      visit(constant.scales[channel], constant.zeroPoints[channel], first, run);
                    });
}

std::optional<IntegerConstant> storedIntegers(quant::StorageCastOp cast) {
  auto constant = cast.getInput().getDefiningOp<tosa::ConstOp>();
  if (!constant)
    return std::nullopt;
  quant::QuantizedType type = cast.getQuantizedType();
  auto out = parametersOf(type, shapeOf(cast.getResult()));
  auto values = readElements<int32_t>(constant.getValues());
  if (!out || !values)
    return std::nullopt;
  out->values = std::move(*values);
  unsigned width = type.getStorageTypeIntegralWidth();
  if (!type.isSigned() && width < 32) // the bits were read as signed
    for (int32_t &value : out->values)
      value &= (int32_t(1) << width) - 1;
  return out;
}

std::optional<IntegerConstant> quantizedIntegers(quant::QuantizeCastOp cast, bool signsOnly) {
  quant::QuantizedType type = cast.getQuantizedType();
  auto out = parametersOf(type, shapeOf(cast.getResult()));
  auto reals = evaluateReals(cast.getInput());
  if (!out || !reals)
    return std::nullopt;
  auto low = double(type.getStorageTypeMin()), high = double(type.getStorageTypeMax());
  out->values.resize(reals->values.size());
  forEachScale(
      *out, reals->values, [&](double scale, int64_t zero, size_t first, ArrayRef<float> run) {
        const auto zeroPoint = double(zero);
        for (auto [index, real] : llvm::enumerate(run)) {
          double q = signsOnly ? (real < 0 ? -1.0 : 1.0) : std::nearbyint(real / scale) + zeroPoint;
          out->values[first + index] = std::isnan(q) ? 0 : int32_t(std::clamp(q, low, high));
        }
      });
  return out;
}

} // namespace

std::optional<RealConstant> mlir::pim::evaluateReals(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto constant = dyn_cast_or_null<tosa::ConstOp>(op)) {
    if (std::optional<ArrayRef<float>> floats = floatsOf(constant.getValues()))
      return RealConstant(shapeOf(value), *floats);
    auto values = readElements<float>(constant.getValues());
    if (!values)
      return std::nullopt;
    return RealConstant(shapeOf(value), std::move(*values));
  }
  if (isa_and_nonnull<quant::DequantizeCastOp>(op)) {
    auto integers = evaluateIntegers(value, /*signsOnly=*/false);
    if (!integers)
      return std::nullopt;
    std::vector<float> reals(integers->values.size());
    forEachScale(*integers, ArrayRef<int32_t>(integers->values),
                 [&](double scale, int64_t zeroPoint, size_t first, ArrayRef<int32_t> run) {
                   for (auto [index, q] : llvm::enumerate(run))
                     reals[first + index] = float(double(q - zeroPoint) * scale);
                 });
    return RealConstant(integers->shape, std::move(reals));
  }
  if (!isa_and_nonnull<tosa::ReshapeOp, tosa::TransposeOp, tosa::IdentityOp, tosa::ReciprocalOp>(
          op))
    return std::nullopt;
  auto out = evaluateReals(op->getOperand(0));
  if (!out)
    return std::nullopt;
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op))
    return RealConstant(shapeOf(value),
                        permuteElements(out->values, out->shape, permutationOf(transpose)));
  if (isa<tosa::ReciprocalOp>(op)) {
    std::vector<float> reciprocals;
    for (float real : out->values)
      reciprocals.push_back(1 / real);
    return RealConstant(shapeOf(value), std::move(reciprocals));
  }
  out->shape = shapeOf(value);
  return out;
}

std::optional<IntegerConstant> mlir::pim::evaluateIntegers(Value value, bool signsOnly) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto cast = dyn_cast<quant::StorageCastOp>(op))
    return storedIntegers(cast);
  if (auto cast = dyn_cast<quant::QuantizeCastOp>(op))
    return isConstant(cast.getInput()) ? quantizedIntegers(cast, signsOnly) : std::nullopt;
  if (!isa<quant::DequantizeCastOp, tosa::ReshapeOp, tosa::TransposeOp, tosa::IdentityOp>(op))
    return std::nullopt;
  auto out = evaluateIntegers(op->getOperand(0), signsOnly);
  if (!out)
    return std::nullopt;
  SmallVector<int64_t> shape = shapeOf(value);
  bool perChannel = out->scales.size() > 1;
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op)) {
    out->values =
        permuteElements(ArrayRef<int32_t>(out->values), out->shape, permutationOf(transpose));
    if (perChannel)
      out->axis = llvm::find(transpose.getPerms(), out->axis) - transpose.getPerms().begin();
  } else if (isa<tosa::ReshapeOp>(op) && perChannel) {
    // The channels must stay one dimension with as many elements before it.
    ArrayRef<int64_t> before = out->shape, after = shape;
    auto axis = llvm::find_if(llvm::seq<int64_t>(0, after.size()), [&](int64_t d) {
      return after[d] == before[out->axis] &&
             product(after.take_front(d)) == product(before.take_front(out->axis));
    });
    if (*axis >= int64_t(after.size()))
      return std::nullopt;
    out->axis = *axis;
  }
  out->shape = shape;
  return out;
}

namespace {

/// Above this many elements a constant is a resource: printed IR stays readable.
constexpr size_t largestDense = 32;

template <typename T, typename ResourceAttr>
Value createIntegers(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape, ArrayRef<T> values,
                     StringRef name, std::shared_ptr<const void> owner = nullptr) {
  auto type = RankedTensorType::get(shape, builder.getIntegerType(8 * sizeof(T)));
  if (values.size() <= largestDense || llvm::all_equal(values))
    return tosa::ConstOp::create(builder, loc, type, DenseElementsAttr::get(type, values));
  AsmResourceBlob blob;
  if (owner)
    blob = AsmResourceBlob(
        {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)}, alignof(T),
        [owner](void *, size_t, size_t) mutable { owner.reset(); }, /*dataIsMutable=*/false);
  else
    blob = HeapAsmResourceBlob::allocateAndCopyInferAlign(values, /*dataIsMutable=*/false);
  return tosa::ConstOp::create(
      builder, loc, type,
      cast<ElementsAttr>(Attribute(ResourceAttr::get(type, name, std::move(blob)))));
}

} // namespace

Value mlir::pim::createConstant(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                                ArrayRef<int8_t> values, StringRef name,
                                std::shared_ptr<const void> owner) {
  return createIntegers<int8_t, DenseI8ResourceElementsAttr>(builder, loc, shape, values, name,
                                                             std::move(owner));
}

Value mlir::pim::createConstant(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                                ArrayRef<int32_t> values, StringRef name) {
  return createIntegers<int32_t, DenseI32ResourceElementsAttr>(builder, loc, shape, values, name);
}

Value mlir::pim::createScalar(OpBuilder &builder, Location loc, Type element, int64_t value) {
  auto type = RankedTensorType::get({1}, element);
  return tosa::ConstOp::create(
      builder, loc, type, DenseElementsAttr::get(type, builder.getIntegerAttr(element, value)));
}

Value mlir::pim::createShape(OpBuilder &builder, Location loc, ArrayRef<int64_t> values) {
  auto rank = int64_t(values.size());
  return tosa::ConstShapeOp::create(builder, loc, tosa::shapeType::get(builder.getContext(), rank),
                                    builder.getIndexTensorAttr(values));
}
