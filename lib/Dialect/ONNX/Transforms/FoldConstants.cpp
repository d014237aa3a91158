//===- FoldConstants.cpp - values of operators on constants ------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function returns nothing when its operator cannot be computed here; the node then stays.
//
//===----------------------------------------------------------------------===//

#include "Inference.h"
#include "pim/Dialect/ONNX/IR/Slices.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

/// Nothing larger is computed at compile time; splats of any size are.
static constexpr int64_t maxFoldedCount = int64_t(1) << 28;

std::optional<Elements> mlir::pim::onnx::foldFirstInput(const NodeBinder &binder,
                                                        RankedTensorType type) {
  std::optional<Elements> value = binder.getConstant(0);
  if (!value || value->getElementType() != type.getElementType())
    return std::nullopt;
  return value->reshaped(type.getShape());
}

/// For each element of a tensor of shape `to`, the index of the element of `from` that broadcasts
/// to it.
static SmallVector<int64_t> broadcastIndices(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  SmallVector<int64_t> strides(to.size(), 0);
  int64_t stride = 1;
  for (size_t back = 1; back <= from.size(); ++back) {
    int64_t size = from[from.size() - back];
    strides[to.size() - back] = size == 1 ? 0 : stride;
    stride *= size;
  }
  SmallVector<int64_t> result, position(to.size(), 0);
  int64_t count = *countElements(to), index = 0;
  result.reserve(count);
  for (int64_t n = 0; n < count; ++n) {
    result.push_back(index);
    for (int64_t dim = int64_t(to.size()) - 1; dim >= 0; --dim) {
      index += strides[dim];
      if (++position[dim] < to[dim])
        break;
      index -= strides[dim] * to[dim];
      position[dim] = 0;
    }
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Integers wrap around, as they do in ONNX. Nothing for a division by zero or an unknown operator.
static std::optional<int64_t> computeInts(StringRef op, int64_t a, int64_t b) {
  bool cannotDivide = b == 0 || (a == INT64_MIN && b == -1);
  if (op == "Add")
    return int64_t(uint64_t(a) + uint64_t(b));
  if (op == "Sub")
    return int64_t(uint64_t(a) - uint64_t(b));
  if (op == "Mul")
    return int64_t(uint64_t(a) * uint64_t(b));
  if (op == "Div" && !cannotDivide)
    return a / b;
  if (op == "Mod" && !cannotDivide)
    return (a % b != 0 && (a % b < 0) != (b < 0)) ? a % b + b : a % b;
  if (op == "Min")
    return std::min(a, b);
  if (op == "Max")
    return std::max(a, b);
  if (op == "And")
    return a && b;
  if (op == "Or")
    return a || b;
  return std::nullopt;
}

static std::optional<double> computeReals(StringRef op, double a, double b) {
  if (op == "Add")
    return a + b;
  if (op == "Sub")
    return a - b;
  if (op == "Mul")
    return a * b;
  if (op == "Div")
    return a / b;
  if (op == "Pow")
    return std::pow(a, b);
  if (op == "Min")
    return std::min(a, b);
  if (op == "Max")
    return std::max(a, b);
  return std::nullopt;
}

template <typename T> static std::optional<int64_t> compare(StringRef op, T a, T b) {
  if (op == "Equal")
    return a == b;
  if (op == "Less")
    return a < b;
  if (op == "LessOrEqual")
    return a <= b;
  if (op == "Greater")
    return a > b;
  if (op == "GreaterOrEqual")
    return a >= b;
  return std::nullopt;
}

std::optional<Elements> mlir::pim::onnx::foldBinary(const NodeBinder &binder,
                                                    RankedTensorType type) {
  std::optional<Elements> a = binder.getConstant(0), b = binder.getConstant(1);
  if (!a || !b || binder.getNode().getInputs().size() != 2 ||
      type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  StringRef op = binder.getOperator();
  if (op == "Mod" && binder.hasAttribute("fmod"))
    return std::nullopt;
  // Unsigned integers of 64 bits do not fit the arithmetic below.
  if (a->getElementType().isUnsignedInteger(64))
    return std::nullopt;
  bool isReal = isa<FloatType>(a->getElementType());
  bool isComparison = compare<int64_t>(op, 0, 0).has_value();
  SmallVector<int64_t> left = broadcastIndices(a->getShape(), type.getShape());
  SmallVector<int64_t> right = broadcastIndices(b->getShape(), type.getShape());
  SmallVector<int64_t> ints;
  std::vector<double> reals;
  for (auto [i, j] : llvm::zip_equal(left, right)) {
    if (isReal && !isComparison) {
      std::optional<double> value = computeReals(op, a->getReal(i), b->getReal(j));
      if (!value)
        return std::nullopt;
      reals.push_back(*value);
      continue;
    }
    std::optional<int64_t> value;
    if (isComparison)
      value = isReal ? compare(op, a->getReal(i), b->getReal(j))
                     : compare(op, a->getInt(i), b->getInt(j));
    else
      value = computeInts(op, a->getInt(i), b->getInt(j));
    if (!value)
      return std::nullopt;
    ints.push_back(*value);
  }
  return isReal && !isComparison ? Elements::fromReals(type, reals)
                                 : Elements::fromInts(type, ints);
}

static std::optional<double> computeUnary(StringRef op, double x) {
  if (op == "Abs")
    return std::abs(x);
  if (op == "Ceil")
    return std::ceil(x);
  if (op == "Exp")
    return std::exp(x);
  if (op == "Floor")
    return std::floor(x);
  if (op == "Log")
    return std::log(x);
  if (op == "Neg")
    return -x;
  if (op == "Not")
    return x == 0;
  if (op == "Reciprocal")
    return 1 / x;
  if (op == "Relu")
    return std::max(x, 0.0);
  if (op == "Round")
    return std::nearbyint(x);
  if (op == "Sqrt")
    return std::sqrt(x);
  return std::nullopt;
}

std::optional<Elements> mlir::pim::onnx::foldUnary(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input || type.getNumElements() > maxFoldedCount ||
      type.getElementType().isUnsignedInteger(64))
    return std::nullopt;
  SmallVector<int64_t> ints;
  std::vector<double> reals;
  bool isReal = isa<FloatType>(type.getElementType());
  for (int64_t index = 0; index < input->getCount(); ++index) {
    // Integers beyond 2^53 are no shapes; they stay.
    double x = input->getReal(index);
    std::optional<double> value = computeUnary(binder.getOperator(), x);
    if (!value || (!isReal && std::abs(x) > 9e15))
      return std::nullopt;
    isReal ? reals.push_back(*value) : ints.push_back(int64_t(*value));
  }
  return isReal ? Elements::fromReals(type, reals) : Elements::fromInts(type, ints);
}

std::optional<Elements> mlir::pim::onnx::foldCast(const NodeBinder &binder, RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  // What is rounded and cut to less than a byte, and floats that saturate, is left to the kernel.
  unsigned width = type.getElementTypeBitWidth();
  bool isSmall = isa<FloatType>(type.getElementType()) ? width < 16 : width > 1 && width < 8;
  if (!input || isSmall || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  return input->converted(type.getElementType());
}

std::optional<Elements> mlir::pim::onnx::foldWhere(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> condition = binder.getConstant(0), a = binder.getConstant(1),
                          b = binder.getConstant(2);
  if (!condition || !a || !b || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  unsigned width = *elementByteWidth(type.getElementType());
  std::vector<char> bytes;
  bytes.reserve(type.getNumElements() * width);
  auto element = [&](const Elements &from, int64_t index) {
    return from.getBytes().slice(from.isSplat() ? 0 : index * width, width);
  };
  for (auto [c, i, j] : llvm::zip_equal(broadcastIndices(condition->getShape(), type.getShape()),
                                        broadcastIndices(a->getShape(), type.getShape()),
                                        broadcastIndices(b->getShape(), type.getShape())))
    llvm::append_range(bytes, condition->getInt(c) ? element(*a, i) : element(*b, j));
  return Elements(type, std::move(bytes));
}

//===----------------------------------------------------------------------===//
// Shapes and data movement
//===----------------------------------------------------------------------===//

std::optional<Elements> mlir::pim::onnx::foldShape(const NodeBinder &binder,
                                                   RankedTensorType type) {
  auto input = cast<RankedTensorType>(binder.getInput(0).getType());
  int64_t start = 0;
  if (auto attribute = binder.getNode().getNodeAttrs().getAs<IntegerAttr>("start")) {
    start = std::clamp(attribute.getInt(), -input.getRank(), input.getRank());
    start = start < 0 ? start + input.getRank() : start;
  }
  return Elements::fromInts(type, input.getShape().slice(start, type.getNumElements()));
}

std::optional<Elements> mlir::pim::onnx::foldSize(const NodeBinder &binder, RankedTensorType type) {
  return Elements::fromInts(
      type, {cast<RankedTensorType>(binder.getInput(0).getType()).getNumElements()});
}

std::optional<Elements> mlir::pim::onnx::foldGather(const NodeBinder &binder,
                                                    RankedTensorType type) {
  std::optional<Elements> data = binder.getConstant(0), indices = binder.getConstant(1);
  if (!data || !indices || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  auto attribute = binder.getNode().getNodeAttrs().getAs<IntegerAttr>("axis");
  int64_t axis = attribute ? attribute.getInt() : 0;
  axis = axis < 0 ? axis + data->getType().getRank() : axis;
  int64_t outer = *countElements(data->getShape().take_front(axis));
  int64_t size = data->getShape()[axis];
  int64_t inner = *countElements(data->getShape().drop_front(axis + 1));
  SmallVector<int64_t> picked;
  picked.reserve(type.getNumElements());
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t n = 0; n < indices->getCount(); ++n) {
      int64_t index = indices->getInt(n);
      if (index < -size || index >= size)
        return std::nullopt;
      index = index < 0 ? index + size : index;
      for (int64_t i = 0; i < inner; ++i)
        picked.push_back((o * size + index) * inner + i);
    }
  }
  return data->gathered(type, picked);
}

std::optional<Elements> mlir::pim::onnx::foldConcat(const NodeBinder &binder,
                                                    RankedTensorType type) {
  unsigned count = binder.getNode().getInputs().size();
  SmallVector<Elements> parts;
  for (unsigned index = 0; index < count; ++index) {
    std::optional<Elements> part = binder.getConstant(index);
    if (!part || part->isSplat() != (part->getCount() == 1 && part->isSplat()))
      return std::nullopt; // a large splat is not worth writing out
    parts.push_back(std::move(*part));
  }
  int64_t axis = binder.getNode().getNodeAttrs().getAs<IntegerAttr>("axis").getInt();
  axis = axis < 0 ? axis + type.getRank() : axis;
  unsigned width = *elementByteWidth(type.getElementType());
  int64_t outer = *countElements(type.getShape().take_front(axis));
  std::vector<char> bytes;
  bytes.reserve(type.getNumElements() * width);
  for (int64_t o = 0; o < outer; ++o)
    for (const Elements &part : parts) {
      size_t row = part.getBytes().size() / outer;
      llvm::append_range(bytes, part.getBytes().slice(o * row, row));
    }
  return Elements(type, std::move(bytes));
}

std::optional<Elements> mlir::pim::onnx::foldTranspose(const NodeBinder &binder,
                                                       RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  SmallVector<int64_t> perm = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(type.getRank())));
  if (auto attribute = binder.getNode().getNodeAttrs().getAs<DenseI64ArrayAttr>("perm"))
    perm.assign(attribute.asArrayRef().begin(), attribute.asArrayRef().end());
  for (int64_t &dim : perm)
    dim = dim < 0 ? dim + type.getRank() : dim;
  return input->permuted(perm);
}

std::optional<Elements> mlir::pim::onnx::foldConstantOfShape(const NodeBinder &binder,
                                                             RankedTensorType type) {
  std::optional<Elements> value = Elements::get(binder.getNode().getNodeAttrs().get("value"));
  if (!value)
    return Elements::splat(type, {0, 0, 0, 0}); // 0.0f
  if (value->getCount() != 1)
    return std::nullopt;
  return Elements::splat(type, value->getBytes());
}

std::optional<Elements> mlir::pim::onnx::foldSlice(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  FailureOr<SmallVector<SliceDim>> dims = getSlice(binder, input->getShape());
  if (failed(dims))
    return std::nullopt;
  SmallVector<int64_t> indices = {0};
  for (auto [size, dim] : llvm::zip_equal(input->getShape(), *dims)) {
    SmallVector<int64_t> next;
    next.reserve(indices.size() * dim.count);
    for (int64_t index : indices)
      for (int64_t n = 0; n < dim.count; ++n)
        next.push_back(index * size + dim.start + n * dim.step);
    indices = std::move(next);
  }
  return input->gathered(type, indices);
}

std::optional<Elements> mlir::pim::onnx::foldRange(const NodeBinder &binder,
                                                   RankedTensorType type) {
  std::optional<Elements> start = binder.getConstant(0), step = binder.getConstant(2);
  if (!start || !step || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  if (isa<FloatType>(type.getElementType())) {
    std::vector<double> values;
    for (int64_t index = 0; index < type.getNumElements(); ++index)
      values.push_back(start->getReal(0) + double(index) * step->getReal(0));
    return Elements::fromReals(type, values);
  }
  SmallVector<int64_t> values;
  for (int64_t index = 0; index < type.getNumElements(); ++index)
    values.push_back(
        int64_t(uint64_t(start->getInt(0)) + uint64_t(index) * uint64_t(step->getInt(0))));
  return Elements::fromInts(type, values);
}

std::optional<Elements> mlir::pim::onnx::foldExpand(const NodeBinder &binder,
                                                    RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  if (!input)
    return std::nullopt;
  if (input->getCount() == 1)
    return Elements::splat(type, input->getBytes());
  if (type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  return input->gathered(type, broadcastIndices(input->getShape(), type.getShape()));
}

//===----------------------------------------------------------------------===//
// Quantization
//===----------------------------------------------------------------------===//

namespace {
/// Scales and zero points of a (de)quantizing node, by element of its input.
class Scales {
public:
  static std::optional<Scales> get(const NodeBinder &binder, ArrayRef<int64_t> shape) {
    Scales result;
    std::optional<Elements> scale = binder.getConstant(1), zero = binder.getConstant(2);
    if (!scale || (binder.hasInput(2) && !zero))
      return std::nullopt;
    result.scales = scale->getReals();
    if (zero)
      result.zeros = zero->getReals();
    else
      result.zeros.assign(result.scales.size(), 0);
    auto attribute = binder.getNode().getNodeAttrs().getAs<IntegerAttr>("axis");
    int64_t axis = attribute ? attribute.getInt() : 1;
    axis = axis < 0 ? axis + int64_t(shape.size()) : axis;
    if (result.scales.size() > 1)
      result.inner = *countElements(shape.drop_front(axis + 1));
    return result;
  }

  /// Scale and zero point of element `index`.
  std::pair<double, double> at(int64_t index) const {
    size_t channel = (index / inner) % scales.size();
    return {scales[channel], zeros[channel]};
  }

private:
  std::vector<double> scales, zeros;
  int64_t inner = 1;
};
} // namespace

std::optional<Elements> mlir::pim::onnx::foldQuantizeLinear(const NodeBinder &binder,
                                                            RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  std::optional<Scales> scales = Scales::get(binder, type.getShape());
  auto element = cast<IntegerType>(type.getElementType());
  if (!input || !scales || type.getNumElements() > maxFoldedCount || element.getWidth() > 16)
    return std::nullopt;
  double low = element.isUnsigned() ? 0 : -std::ldexp(1, int(element.getWidth()) - 1);
  double high = std::ldexp(1, int(element.getWidth()) - !element.isUnsigned()) - 1;
  SmallVector<int64_t> values;
  values.reserve(type.getNumElements());
  for (int64_t index = 0; index < input->getCount(); ++index) {
    auto [scale, zero] = scales->at(index);
    // ONNX divides in float and rounds halves to even.
    float quotient = float(input->getReal(index)) / float(scale);
    double value = std::nearbyint(quotient) + zero;
    if (std::isnan(value))
      return std::nullopt;
    values.push_back(int64_t(std::clamp(value, low, high)));
  }
  return Elements::fromInts(type, values);
}

std::optional<Elements> mlir::pim::onnx::foldDequantizeLinear(const NodeBinder &binder,
                                                              RankedTensorType type) {
  std::optional<Elements> input = binder.getConstant(0);
  std::optional<Scales> scales = Scales::get(binder, type.getShape());
  if (!input || !scales || type.getNumElements() > maxFoldedCount)
    return std::nullopt;
  std::vector<double> values;
  values.reserve(type.getNumElements());
  for (int64_t index = 0; index < input->getCount(); ++index) {
    auto [scale, zero] = scales->at(index);
    values.push_back((input->getReal(index) - zero) * scale);
  }
  return Elements::fromReals(type, values);
}
