//===- Linear.cpp - convolutions and products with constants in integers --===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A product with a constant matrix becomes a convolution with a 1x1 kernel, rows of the left
// operand being rows of an image: downstream there is one form of a stationary matrix.
//
//===----------------------------------------------------------------------===//

#include "ChannelRuns.h"
#include "FloatOps.h"
#include "WideValue.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Elements/Permutation.h"
#include "pim/Quantization/Multiplier.h"
#include "pim/TosaToGraph/TosaToGraph.h"

#include <cmath>

using namespace mlir;
using namespace mlir::pim;

static RankedTensorType tensorType(Value value) { return cast<RankedTensorType>(value.getType()); }

int64_t LinearOp::outputOf(size_t weight) const {
  auto position = int64_t(weight);
  int64_t count = int64_t(weights.size());
  if (isa<tosa::DepthwiseConv2DOp>(op))
    return position % outputs;         // [KH, KW, C, M]
  return position / (count / outputs); // [O, KH, KW, C]
}

namespace {

/// Takes the weights of a linear op to i8 with one zero point for all.
class WeightLoader {
public:
  WeightLoader(LinearOp &linear, IntegerConstant constant)
      : linear(linear), constant(std::move(constant)) {}

  LogicalResult run();
  /// The scale of each output, or one for all.
  SmallVector<double> scales() const;

private:
  LogicalResult checkAxis();
  void orderProduct();
  LogicalResult centre();
  /// Whether zero points differ.
  bool hasZeroPoints() const {
    return constant.scales.size() > 1 && !llvm::all_equal(constant.zeroPoints);
  }
  template <typename Visit> void forRuns(Visit visit) const;

  LinearOp &linear;
  IntegerConstant constant;
};

LogicalResult WeightLoader::checkAxis() {
  for (double scale : constant.scales)
    if (!isUsableScale(scale))
      return linear.op->emitError() << "weight scale " << realText(scale)
                                    << " is not usable, expected a normal float greater than zero";
  if (constant.scales.size() == 1 || constant.axis == outputAxis(linear.op))
    return success();
  return linear.op->emitError() << "weights have one scale per element of dimension "
                                << constant.axis << ", expected one per output channel (dimension "
                                << outputAxis(linear.op) << ") or one for all";
}

/// [1, K, N] becomes [N, 1, 1, K].
void WeightLoader::orderProduct() {
  int64_t inner = constant.shape[1], outer = constant.shape[2];
  constant.values = permuteElements(ArrayRef<int32_t>(constant.values), constant.shape, {0, 2, 1});
  constant.shape = {outer, 1, 1, inner};
  constant.axis = 0;
}

/// Calls visit(values, zero point) for neighbours that have one zero point.
template <typename Visit> void WeightLoader::forRuns(Visit visit) const {
  ArrayRef<int32_t> values = constant.values;
  if (!hasZeroPoints())
    return visit(values, constant.zeroPoints[0]);
  forEachChannelRun(values, constant.shape, constant.axis,
                    [&](size_t channel, size_t, ArrayRef<int32_t> run) {
                      visit(run, constant.zeroPoints[channel]);
                    });
}

LogicalResult WeightLoader::centre() {
  int64_t least = 0, most = 0;
  forRuns([&](ArrayRef<int32_t> values, int64_t zeroPoint) {
    int32_t low = values.front(), high = low;
    for (int32_t value : values) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
    least = std::min(least, low - zeroPoint);
    most = std::max(most, high - zeroPoint);
  });
  int64_t subtract = 0;
  if (least < -128 || most > 127) {
    // TOSA has a zero point for weights, one for all. Unsigned storage moves down to the signed
    // one.
    int64_t lowest = *llvm::min_element(constant.values),
            highest = *llvm::max_element(constant.values);
    subtract = highest > 127 ? 128 : 0;
    linear.weightZeroPoint = constant.zeroPoints[0] - subtract;
    if (hasZeroPoints() || lowest - subtract < -128 || highest - subtract > 127 ||
        linear.weightZeroPoint < -128 || linear.weightZeroPoint > 127)
      return linear.op->emitError()
             << "weights minus their zero points lie in " << least << ".." << most
             << ", expected 8 bits or one zero point for all; quantize weights symmetrically";
  }
  bool keepsZeroPoint = linear.weightZeroPoint || subtract;
  linear.weights.resize(constant.values.size());
  int8_t *next = linear.weights.data();
  forRuns([&](ArrayRef<int32_t> values, int64_t zeroPoint) {
    const auto offset = uint32_t(keepsZeroPoint ? subtract : zeroPoint);
    next = std::transform(values.begin(), values.end(), next,
                          [offset](int32_t value) { return int8_t(uint32_t(value) - offset); });
  });
  constant.values = {}; // of a hundred million weights they are four times what is kept
  return success();
}

LogicalResult WeightLoader::run() {
  if (failed(checkAxis()))
    return failure();
  if (isa<tosa::MatMulOp>(linear.op))
    orderProduct();
  if (failed(centre()))
    return failure();
  linear.weightShape = constant.shape;
  bool isDepthwise = isa<tosa::DepthwiseConv2DOp>(linear.op);
  linear.outputs = isDepthwise ? constant.shape[2] * constant.shape[3] : constant.shape[0];
  linear.weightSums.assign(linear.outputs, 0);
  size_t run = isDepthwise ? 1 : linear.weights.size() / size_t(linear.outputs);
  const auto zeroPoint = int32_t(linear.weightZeroPoint);
  ArrayRef<int8_t> rest = linear.weights;
  for (size_t position = 0; !rest.empty(); ++position, rest = rest.drop_front(run)) {
    int64_t sum = 0;
    for (int8_t weight : rest.take_front(run))
      sum += std::abs(int32_t(weight) - zeroPoint);
    linear.weightSums[position % size_t(linear.outputs)] += sum;
  }
  return success();
}

SmallVector<double> WeightLoader::scales() const {
  // A depthwise scale per input channel stands for the outputs made from it.
  size_t repeat = constant.scales.size() == 1 ? 1 : linear.outputs / constant.scales.size();
  SmallVector<double> out;
  for (double scale : constant.scales)
    out.append(repeat, scale);
  return out;
}

/// The bias of a convolution; integers that fit the accumulator's scale stay what they are.
std::optional<SmallVector<double>> loadBias(Operation *op, ArrayRef<double> accumulatorScales) {
  Value bias = op->getOperand(2);
  auto reals = evaluateReals(bias);
  if (!reals)
    return std::nullopt;
  SmallVector<double> out(reals->values.begin(), reals->values.end());
  auto integers = evaluateIntegers(bias, /*signsOnly=*/false);
  if (!integers)
    return out;
  auto pick = [](ArrayRef<double> list, size_t index) {
    return list.size() == 1 ? list[0] : list[index];
  };
  for (size_t c = 0; c < out.size(); ++c) {
    double scale = pick(accumulatorScales, c);
    // Exporters round the product of the two scales to a float.
    if (std::abs(pick(integers->scales, c) / scale - 1) < 1e-5)
      out[c] =
          double(integers->values[c] - integers->zeroPoints[integers->scales.size() == 1 ? 0 : c]) *
          scale;
  }
  return out;
}

} // namespace

LogicalResult mlir::pim::loadLinear(Operation *op, Value input, const QuantParams &params,
                                    bool signsOnly, IntegerEmitter &emitter, WideValue &wide) {
  auto constant = evaluateIntegers(op->getOperand(1), signsOnly);
  if (!constant)
    return success();
  auto linear = std::make_shared<LinearOp>();
  linear->op = op;
  linear->inputParams = params;
  WeightLoader loader(*linear, std::move(*constant));
  if (failed(loader.run()))
    return failure();

  RankedTensorType result = tensorType(op->getResult(0));
  wide.shape = llvm::to_vector(result.getShape());
  linear->resultShape = wide.shape;
  linear->input = input;
  if (isa<tosa::MatMulOp>(op)) {
    ArrayRef<int64_t> rows = tensorType(input).getShape();
    linear->input = emitter.reshape(input, {1, rows[0] * rows[1], 1, rows[2]}, op->getLoc());
    linear->resultShape = {1, rows[0] * rows[1], 1, linear->outputs};
  }
  for (double scale : loader.scales())
    wide.scales.push_back(scale * params.scale);
  if (!isa<tosa::MatMulOp>(op)) {
    auto bias = loadBias(op, wide.scales);
    if (!bias)
      return op->emitError() << "bias cannot be read; its data must be in the file";
    wide.offsets = std::move(*bias);
  }
  double largestInput = params.magnitude() / params.scale;
  for (int64_t c = 0; c < linear->outputs; ++c) {
    double scale = wide.scales[wide.scales.size() == 1 ? 0 : c];
    double offset = wide.offsets[wide.offsets.size() == 1 ? 0 : c];
    wide.bound = std::max(wide.bound,
                          double(linear->weightSums[c]) * largestInput * scale + std::abs(offset));
  }
  wide.linear = std::move(linear);
  wide.isSum = true;
  return success();
}

void WideValue::absorbSigns(std::vector<double> &factor) {
  bool positive = llvm::all_of(factor, [](double f) { return f > 0; });
  if (positive || !linear || isClamped() || linear->weightZeroPoint)
    return;
  auto factorOf = [&](int64_t output) { return factor.size() == 1 ? factor[0] : factor[output]; };
  auto turned = std::make_shared<LinearOp>(*linear);
  for (auto [index, weight] : llvm::enumerate(turned->weights)) {
    double f = factorOf(turned->outputOf(index));
    if (f < 0 && weight == -128)
      return;
    weight = f > 0 ? weight : f < 0 ? int8_t(-weight) : int8_t(0);
  }
  offsets.resize(linear->outputs, offsets[0]);
  for (int64_t c = 0; c < linear->outputs; ++c)
    offsets[c] = factorOf(c) > 0 ? offsets[c] : factorOf(c) < 0 ? -offsets[c] : 0.0;
  for (double &f : factor)
    f = f == 0 ? 1.0 : std::abs(f);
  linear = std::move(turned);
}

/// Makes the weights of an output coarser where its bias would not fit the accumulator: outputs
/// with almost no weight.
void IntegerEmitter::limitBias(WideValue &wide) {
  LinearOp &linear = *wide.linear;
  const double limit = std::ldexp(1.0, 30);
  std::vector<double> coarser(linear.outputs, 1.0);
  bool any = false;
  for (int64_t c = 0; c < linear.outputs; ++c) {
    double scale = wide.scales[wide.scales.size() == 1 ? 0 : c];
    double offset = wide.offsets[wide.offsets.size() == 1 ? 0 : c];
    if (std::abs(offset / scale) > limit) {
      coarser[c] = std::abs(offset / scale) / limit;
      any = true;
    }
  }
  if (!any || linear.weightZeroPoint)
    return;
  if (wide.scales.size() == 1)
    wide.scales.assign(linear.outputs, wide.scales[0]);
  // One bit has no zero: beside such a bias its two levels weigh nothing either.
  const bool isOneBit = weightBitsOf(linear.op, weightBits) == 1;
  for (auto [index, weight] : llvm::enumerate(linear.weights))
    if (!isOneBit)
      weight = int8_t(std::nearbyint(weight / coarser[linear.outputOf(index)]));
  for (int64_t c = 0; c < linear.outputs; ++c)
    wide.scales[c] *= coarser[c];
}

void IntegerEmitter::emitLinear(WideValue &wide) {
  if (!wide.linear)
    return;
  limitBias(wide);
  LinearOp &linear = *wide.linear;
  Location loc = wide.loc;

  SmallVector<int32_t> bias;
  int64_t largestInput = std::max(std::abs(linear.inputParams.min - linear.inputParams.zeroPoint),
                                  std::abs(linear.inputParams.max - linear.inputParams.zeroPoint));
  for (int64_t c = 0; c < linear.outputs; ++c) {
    double scale = wide.scales[wide.scales.size() == 1 ? 0 : c];
    double offset = wide.offsets[wide.offsets.size() == 1 ? 0 : c];
    double value = std::nearbyint(offset / scale);
    double largest = std::abs(value) + double(linear.weightSums[c]) * double(largestInput);
    if (!(largest < std::ldexp(1.0, 31))) {
      emitError(loc) << "sum of output " << c << " can reach " << realText(largest)
                     << ", expected less than 2^31; use fewer weight or activation bits";
      failed = true;
      value = 0;
    }
    bias.push_back(int32_t(value));
  }

  int64_t bits = weightBitsOf(linear.op, weightBits);
  if (bits == 1 && llvm::is_contained(linear.weights, 0))
    bits = 2; // of an output whose factor is zero

  Type i8 = builder.getI8Type(), i32 = builder.getI32Type();
  std::string name = layerName(loc);
  Value weights = createConstant(builder, loc, linear.weightShape, ArrayRef<int8_t>(linear.weights),
                                 name + ".weights", wide.linear);
  Value biasValue =
      createConstant(builder, loc, {int64_t(bias.size())}, ArrayRef<int32_t>(bias), name + ".bias");
  Value inputZp = createScalar(builder, loc, i8, linear.inputParams.zeroPoint);
  Value weightZp = createScalar(builder, loc, i8, linear.weightZeroPoint);

  auto type = RankedTensorType::get(linear.resultShape, i32);
  auto listOr = [&](StringRef attribute, ArrayRef<int64_t> otherwise) {
    auto list = linear.op->getAttrOfType<DenseI64ArrayAttr>(attribute);
    return list ? list : builder.getDenseI64ArrayAttr(otherwise);
  };
  SmallVector<NamedAttribute> attributes{
      builder.getNamedAttr("pad", listOr("pad", {0, 0, 0, 0})),
      builder.getNamedAttr("stride", listOr("stride", {1, 1})),
      builder.getNamedAttr("dilation", listOr("dilation", {1, 1})),
      builder.getNamedAttr("acc_type", TypeAttr::get(i32)),
      builder.getNamedAttr(weightBitsAttrName, builder.getI32IntegerAttr(int32_t(bits)))};
  StringRef code = isa<tosa::DepthwiseConv2DOp>(linear.op)
                       ? tosa::DepthwiseConv2DOp::getOperationName()
                       : tosa::Conv2DOp::getOperationName();
  OperationState state(loc, code, {linear.input, weights, biasValue, inputZp, weightZp}, {type},
                       attributes);
  wide.value = builder.create(state)->getResult(0);
  wide.zeroPoint = 0;
  wide.linear = nullptr;
  wide.offsets = {0.0};
}
