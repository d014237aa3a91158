//===- FoldQuantization.cpp - values of quantizing operators -------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

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
