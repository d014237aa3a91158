//===- ConvertTosaToPIM.cpp - integer convolutions to pim ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements convert-tosa-to-pim; tested by test/Conversion/TosaToPIM/convert-tosa-to-pim.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Conversion/TosaToPIM/LayerGroups.h"
#include "pim/Conversion/TosaToPIM/Passes.h"
#include "pim/Dialect/PIM/IR/Constants.h"
#include "pim/Dialect/PIM/IR/PIMDialect.h"
#include "pim/Dialect/PIM/IR/References.h"
#include "pim/TosaToGraph/TosaToGraph.h"

namespace mlir::pim {
#define GEN_PASS_DEF_CONVERTTOSATOPIMPASS
#include "pim/Conversion/TosaToPIM/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct ConvertTosaToPIMPass : mlir::pim::impl::ConvertTosaToPIMPassBase<ConvertTosaToPIMPass> {
  void runOnOperation() override;

  template <typename ConvOp> LogicalResult convert(ConvOp op);
  LogicalResult convertAnalog(tosa::CustomOp op);
};
} // namespace

static ElementsAttr constantOf(Value value) {
  auto constant = value.getDefiningOp<tosa::ConstOp>();
  return constant ? constant.getValues() : ElementsAttr();
}

/// The weights as [outputs, rows, cols, channels of a group], with `zeroPoint` subtracted, and what
/// of them lies outside of -128 to 127, or nothing. TOSA's depthwise weights are
/// [rows, cols, channels, multiplier], and output c*multiplier + m is of channel c.
struct ConvertedWeights {
  ElementsAttr inside, outside;
};

static ElementsAttr arrangeWeights(Operation *op, ShapedType type, SmallVector<char> bytes,
                                   const Twine &name) {
  if (isa<tosa::DepthwiseConv2DOp>(op)) {
    int64_t taps = type.getDimSize(0) * type.getDimSize(1),
            outputs = type.getDimSize(2) * type.getDimSize(3);
    SmallVector<char> transposed(bytes.size());
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t output = 0; output < outputs; ++output)
        transposed[output * taps + tap] = bytes[tap * outputs + output];
    bytes.swap(transposed);
    type = RankedTensorType::get({outputs, type.getDimSize(0), type.getDimSize(1), 1},
                                 type.getElementType());
  }
  return makeElements(type, bytes, name.str());
}

static FailureOr<ConvertedWeights> convertWeights(Operation *op, ElementsAttr weights,
                                                  int64_t zeroPoint) {
  if (!isa<tosa::DepthwiseConv2DOp>(op) && zeroPoint == 0)
    return ConvertedWeights{weights, {}};
  std::optional<ConstantBytes> bytes = readBytes(weights);
  if (!bytes)
    return op->emitOpError("has weights without data");
  SmallVector<char> inside, outside;
  for (char byte : *bytes) {
    int64_t weight = int8_t(byte) - zeroPoint, near = std::clamp<int64_t>(weight, -128, 127);
    inside.push_back(char(near));
    outside.push_back(char(weight - near));
  }
  std::string name = layerName(op->getLoc());
  ConvertedWeights result;
  result.inside = arrangeWeights(op, weights.getShapedType(), inside, name + ".weights");
  if (llvm::any_of(outside, [](char rest) { return rest != 0; }))
    result.outside = arrangeWeights(op, weights.getShapedType(), outside, name + ".outside");
  return result;
}

/// TOSA lets a bias of one element stand for all outputs.
static ElementsAttr convertBias(ElementsAttr bias, int64_t outputs, StringRef name) {
  std::optional<ConstantBytes> bytes = readBytes(bias);
  if (!bytes || bias.getNumElements() == outputs)
    return bias;
  SmallVector<char> repeated;
  for (int64_t output = 0; output < outputs; ++output)
    repeated.append(bytes->begin(), bytes->end());
  return makeElements(RankedTensorType::get({outputs}, bias.getElementType()), repeated, name);
}

static int64_t weightBitsOf(Operation *op) {
  for (Operation *holder : {op, op->getParentOfType<ModuleOp>().getOperation()})
    if (auto bits = holder->getAttrOfType<IntegerAttr>("pim.weight_bits"))
      return bits.getInt();
  return 8;
}

template <typename ConvOp> LogicalResult ConvertTosaToPIMPass::convert(ConvOp op) {
  auto inputType = dyn_cast<RankedTensorType>(op.getInput().getType());
  auto resultType = dyn_cast<RankedTensorType>(op.getType());
  if (!inputType || !resultType || !inputType.getElementType().isSignlessInteger(8) ||
      !resultType.getElementType().isSignlessInteger(32))
    return success(); // float convolutions run on the host
  ElementsAttr weights = constantOf(op.getWeight()), bias = constantOf(op.getBias());
  if (!weights || !bias)
    return success(); // nor can arrays hold what is not known before
  FailureOr<int64_t> inputZeroPoint = op.getInputZeroPoint(),
                     weightZeroPoint = op.getWeightZeroPoint();
  if (failed(inputZeroPoint) || failed(weightZeroPoint))
    return op.emitOpError("has zero points that are not constant");
  FailureOr<ConvertedWeights> converted = convertWeights(op, weights, *weightZeroPoint);
  if (failed(converted))
    return failure();
  int64_t outputs = converted->inside.getShapedType().getDimSize(0);
  int64_t groups = isa<tosa::DepthwiseConv2DOp>(op) ? inputType.getDimSize(3) : 1;
  OpBuilder builder(op);
  std::string name = layerName(op->getLoc());
  auto create = [&](ElementsAttr part, ElementsAttr partBias, Location location) {
    return Conv2DOp::create(builder, location, resultType, op.getInput(), part, partBias,
                            op.getPad(), op.getStride(), op.getDilation(), groups, *inputZeroPoint,
                            weightBitsOf(op), SlicingAttr(), TilingAttr());
  };
  auto named = [&](StringRef suffix) -> Location {
    return NameLoc::get(builder.getStringAttr(name + suffix), op.getLoc());
  };
  // The sum of both has the layer's name, which the reference knows.
  Location location = converted->outside ? named(".inside") : op.getLoc();
  auto inside = create(converted->inside, convertBias(bias, outputs, name + ".bias"), location);
  auto keep = [&](Operation *to, StringRef attribute) {
    if (Attribute kept = op->getAttr(attribute))
      to->setAttr(attribute, kept);
  };
  keep(inside, "pim.dense_shape");
  keep(inside, "pim.weight_code");
  Value result = inside.getResult();
  if (converted->outside) {
    SmallVector<char> none(outputs * sizeof(int32_t), 0);
    ElementsAttr zeros = makeElements(RankedTensorType::get({outputs}, bias.getElementType()), none,
                                      name + ".outside.bias");
    auto rest = create(converted->outside, zeros, named(".outside"));
    result = tosa::AddOp::create(builder, op.getLoc(), resultType, result, rest.getResult());
  }
  keep(result.getDefiningOp(), referenceAttrName);
  op.replaceAllUsesWith(result);
  op.erase();
  ++numConverted;
  return success();
}

/// A chain that pim-form-analog made: the input, then weights and biases of each layer.
LogicalResult ConvertTosaToPIMPass::convertAnalog(tosa::CustomOp op) {
  auto slopes = op->getAttrOfType<DenseF64ArrayAttr>("pim.slopes");
  auto levels = op->getAttrOfType<IntegerAttr>("pim.levels");
  if (!slopes || !levels || op->getNumResults() != 1 || op->getNumOperands() % 2 == 0)
    return op.emitOpError("of domain 'pim' needs 'pim.slopes', 'pim.levels', one result, and "
                          "weights and biases of each layer");
  SmallVector<Attribute> weights, biases;
  for (unsigned i = 1; i < op->getNumOperands(); ++i) {
    ElementsAttr values = constantOf(op->getOperand(i));
    if (!values)
      return op.emitOpError("has weights that are not constant, which arrays cannot hold");
    (i % 2 == 1 ? weights : biases).push_back(values);
  }
  OpBuilder builder(op);
  auto layers =
      AnalogLayersOp::create(builder, op.getLoc(), op->getResult(0).getType(), op->getOperand(0),
                             builder.getArrayAttr(weights), builder.getArrayAttr(biases), slopes,
                             uint64_t(levels.getInt()), TilingAttr(), DenseF64ArrayAttr());
  setReferences(layers, referenceOf(op->getResult(0)));
  op->getResult(0).replaceAllUsesWith(layers.getResult());
  op->erase();
  ++numConverted;
  return success();
}

void ConvertTosaToPIMPass::runOnOperation() {
  SmallVector<tosa::CustomOp> chains;
  getOperation().walk([&](tosa::CustomOp op) {
    if (op.getDomainName() == "pim" && op.getOperatorName() == "analog_layers")
      chains.push_back(op);
  });
  for (tosa::CustomOp op : chains)
    if (failed(convertAnalog(op)))
      return signalPassFailure();
  SmallVector<Operation *> convolutions;
  getOperation().walk([&](Operation *op) {
    if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op))
      convolutions.push_back(op);
  });
  for (Operation *op : convolutions) {
    auto conv = dyn_cast<tosa::Conv2DOp>(op);
    if (failed(conv ? convert(conv) : convert(cast<tosa::DepthwiseConv2DOp>(op))))
      return signalPassFailure();
  }
}
