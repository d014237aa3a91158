//===- ExpandQuantized.cpp - quantized operators as Q/DQ around float -----===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tested by test/Dialect/ONNX/expand-quantized.mlir.
//
//===----------------------------------------------------------------------===//

#include "QuantizedNodes.h"
#include "pim/Dialect/ONNX/Transforms/Passes.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::pim::onnx {
#define GEN_PASS_DEF_ONNXEXPANDQUANTIZED
#include "pim/Dialect/ONNX/Transforms/Passes.h.inc"
} // namespace mlir::pim::onnx

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

//===----------------------------------------------------------------------===//
// Operators with a scale and a zero point for each operand (QOperator format)
//===----------------------------------------------------------------------===//

/// (x, scale, zero) as operands of `node` from `first` on, as floats.
static Value operand(QuantizedNode &node, unsigned first, int64_t axis = 1) {
  return node.dequantize(node.input(first), node.input(first + 1), node.input(first + 2), axis);
}

static Value quantizeResult(QuantizedNode &node, Value value, unsigned first) {
  Value result = node.make("QuantizeLinear", {value, node.input(first), node.input(first + 1)});
  // What reads it may ask for its rank.
  result.setType(node.get().getOutputs().front().getType());
  return result;
}

/// The int32 bias of a product: its scale is that of the sums.
static Value bias(QuantizedNode &node, Value value, Value inputScale, Value weightScale,
                  double factor = 1) {
  Value scale = node.product(inputScale, weightScale, factor);
  return scale ? node.dequantize(value, scale, Value(), 0) : Value();
}

static bool hasChannelsLast(QuantizedNode &node) {
  auto last = node.attributes().getAs<IntegerAttr>("channels_last");
  return last && last.getInt() != 0;
}

/// Where `node` has its channels last, the image moved to channels second (`isFirst`), or back.
static Value moveChannels(QuantizedNode &node, Value image, bool isFirst) {
  if (!hasChannelsLast(node))
    return image;
  int64_t rank = cast<ShapedType>(node.input(0).getType()).getRank();
  SmallVector<int64_t> permutation = {0};
  if (isFirst)
    permutation.push_back(rank - 1);
  llvm::append_range(permutation, llvm::seq<int64_t>(isFirst ? 1 : 2, isFirst ? rank - 1 : rank));
  if (!isFirst)
    permutation.push_back(1);
  Builder builder(node.get().getContext());
  NamedAttribute attribute("perm", builder.getDenseI64ArrayAttr(permutation));
  return node.make("Transpose", image, builder.getDictionaryAttr(attribute));
}

/// An operator on images, the first of `inputs`, that has channels second only.
static Value makeImageNode(QuantizedNode &node, StringRef name, SmallVector<Value> inputs) {
  inputs[0] = moveChannels(node, inputs[0], true);
  Value result = node.make(name, inputs, node.attributes(), {"channels_last"});
  return moveChannels(node, result, false);
}

static bool hasImage(QuantizedNode &node) {
  auto type = dyn_cast<RankedTensorType>(node.input(0).getType());
  return !hasChannelsLast(node) || (type && type.getRank() >= 3);
}

static Value expandConv(QuantizedNode &node) {
  if (!hasImage(node))
    return {};
  SmallVector<Value> inputs = {operand(node, 0), operand(node, 3, 0)};
  if (node.has(8)) {
    inputs.push_back(bias(node, node.input(8), node.input(1), node.input(4)));
    if (!inputs.back())
      return {};
  }
  return quantizeResult(node, makeImageNode(node, "Conv", inputs), 6);
}

static Value expandMatMul(QuantizedNode &node) {
  Value product = node.make("MatMul", {operand(node, 0), operand(node, 3)});
  return quantizeResult(node, product, 6);
}

static Value expandGemm(QuantizedNode &node) {
  auto alpha = node.attributes().getAs<FloatAttr>("alpha");
  auto transB = node.attributes().getAs<IntegerAttr>("transB");
  bool isTransposed = transB && transB.getInt() != 0;
  SmallVector<Value> inputs = {operand(node, 0), operand(node, 3, isTransposed ? 0 : 1)};
  if (node.has(6)) {
    inputs.push_back(bias(node, node.input(6), node.input(1), node.input(4),
                          alpha ? alpha.getValueAsDouble() : 1));
    if (!inputs.back())
      return {};
  }
  Value result = node.make("Gemm", inputs, node.attributes());
  return node.has(7) ? quantizeResult(node, result, 7) : result;
}

static Value expandBinary(QuantizedNode &node) {
  Value result =
      node.make(node.op().drop_front(strlen("QLinear")), {operand(node, 0), operand(node, 3)});
  return quantizeResult(node, result, 6);
}

static Value expandUnary(QuantizedNode &node) {
  Value result =
      node.make(node.op().drop_front(strlen("QLinear")), {operand(node, 0)}, node.attributes());
  return quantizeResult(node, result, 3);
}

static Value expandPool(QuantizedNode &node) {
  if (!hasImage(node))
    return {};
  Value result = makeImageNode(node, node.op().drop_front(strlen("QLinear")), {operand(node, 0)});
  return quantizeResult(node, result, 3);
}

/// `opset` is the version of Softmax that is meant. Before 13 rows are all dimensions from the axis
/// on, which the new one has only for the last axis; else the host computes it.
static Value expandSoftmax(QuantizedNode &node) {
  auto opset = node.attributes().getAs<IntegerAttr>("opset");
  auto axis = node.attributes().getAs<IntegerAttr>("axis");
  auto type = dyn_cast<RankedTensorType>(node.input(0).getType());
  bool isLast = !axis || axis.getInt() == -1 || (type && axis.getInt() == type.getRank() - 1);
  if (opset && opset.getInt() < 13 && !isLast)
    return {};
  Value result = node.make("Softmax", {operand(node, 0)}, node.attributes(), {"opset"});
  return quantizeResult(node, result, 3);
}

static Value expandConcat(QuantizedNode &node) {
  SmallVector<Value> inputs;
  for (unsigned first = 2; node.has(first + 1); first += 3)
    inputs.push_back(operand(node, first));
  return quantizeResult(node, node.make("Concat", inputs, node.attributes()), 0);
}

static Value expandWhere(QuantizedNode &node) {
  Value result = node.make("Where", {node.input(0), operand(node, 1), operand(node, 4)});
  return quantizeResult(node, result, 7);
}

//===----------------------------------------------------------------------===//
// Integer products without scales
//===----------------------------------------------------------------------===//

/// What the integers of a ConvInteger or MatMulInteger are worth: the scale of the node that
/// quantized them, 1 where nothing says it.
static Value sourceScale(QuantizedNode &node, Value integers) {
  auto source = integers.getDefiningOp<NodeOp>();
  if (source && source.getOpType() == "QuantizeLinear" && source.getInputs().size() >= 2 &&
      source.getInputs()[1].getDefiningOp<ConstantOp>())
    return source.getInputs()[1];
  return node.scalar(1);
}

/// The constant that Cast and Mul after the product scale it by, taken over by the weights; the
/// nodes are skipped. Nothing if the product is used in another way.
static std::optional<double> takeScale(NodeOp product, NodeOp &last) {
  auto onlyUser = [](NodeOp node) {
    Value result = node.getOutputs().front();
    return result.hasOneUse() ? dyn_cast<NodeOp>(*result.user_begin()) : NodeOp();
  };
  NodeOp cast = onlyUser(product);
  if (!cast || cast.getOpType() != "Cast")
    return std::nullopt;
  last = cast;
  NodeOp mul = onlyUser(cast);
  if (!mul || mul.getOpType() != "Mul" || mul.getInputs().size() != 2)
    return 1;
  Value factor = mul.getInputs()[mul.getInputs()[0] == cast.getOutputs().front() ? 1 : 0];
  auto constant = factor.getDefiningOp<ConstantOp>();
  auto elements = constant ? Elements::get(constant.getValue()) : std::nullopt;
  if (!elements || elements->getCount() != 1 || !(elements->getReal(0) > 0))
    return 1;
  last = mul;
  return elements->getReal(0);
}

/// ConvInteger and MatMulInteger: x, w, zero of x, zero of w.
static Value expandInteger(QuantizedNode &node) {
  Value scale = sourceScale(node, node.input(0));
  double step = node.real(scale).value_or(0);
  Value data = node.isFloat(node.input(0))
                   ? node.input(0)
                   : node.dequantize(node.input(0), scale, node.input(2), 1);
  NodeOp last;
  std::optional<double> total = takeScale(node.get(), last);
  if (!total || !(step > 0))
    return {};
  bool isConv = node.op() == "ConvInteger";
  Value weights =
      node.dequantize(node.input(1), node.scalar(*total / step), node.input(3), isConv ? 0 : 1);
  Value result = isConv ? node.make("Conv", {data, weights}, node.attributes())
                        : node.make("MatMul", {data, weights});
  last.getOutputs().front().replaceAllUsesWith(result);
  return result;
}

/// The range of each input is frozen by calibration: in the graph the integers are the floats
/// themselves, with a scale of 1.
static bool expandDynamic(NodeOp op) {
  for (Operation *user : op.getOutputs().front().getUsers()) {
    auto node = dyn_cast<NodeOp>(user);
    bool isProduct =
        node && (node.getOpType() == "ConvInteger" || node.getOpType() == "MatMulInteger");
    if (!isProduct || node.getInputs().front() != op.getOutputs().front())
      return false;
  }
  QuantizedNode node(op);
  op.getOutputs()[0].replaceAllUsesWith(node.input(0));
  op.getOutputs()[1].replaceAllUsesWith(node.scalar(1));
  op.getOutputs()[2].replaceAllUsesWith(node.none());
  return true;
}

/// Weights quantized, activations not: MatMul(A, dequantized B) + bias.
static Value expandDynamicMatMul(QuantizedNode &node) {
  bool isToFloat = node.op() == "MatMulIntegerToFloat"; // A, B, scales, zeros, bias
  Value data =
      isToFloat ? node.dequantize(node.input(0), node.input(2), node.input(4), 1) : node.input(0);
  Value weights = isToFloat ? node.dequantize(node.input(1), node.input(3), node.input(5), 1)
                            : node.dequantize(node.input(1), node.input(2), node.input(3), 1);
  Value result = node.make("MatMul", {data, weights});
  unsigned biasIndex = isToFloat ? 6 : 4;
  return node.has(biasIndex) ? node.make("Add", {result, node.input(biasIndex)}) : result;
}

/// QuantizeLinear and DequantizeLinear of com.microsoft are those of ONNX.
static Value expandSame(QuantizedNode &node) {
  SmallVector<Value> inputs(node.get().getInputs());
  return node.make(node.op(), inputs, node.attributes());
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct Expansion {
  StringLiteral name;
  StringLiteral domain;
  unsigned inputs; ///< at least so many
  Value (*expand)(QuantizedNode &);
};

struct ONNXExpandQuantizedPass
    : mlir::pim::onnx::impl::ONNXExpandQuantizedBase<ONNXExpandQuantizedPass> {
  void runOnOperation() override;
};
} // namespace

static constexpr StringLiteral microsoft = "com.microsoft";
static constexpr Expansion expansions[] = {
    {"ConvInteger", "", 2, expandInteger},
    {"MatMulInteger", "", 2, expandInteger},
    {"QLinearConv", "", 8, expandConv},
    {"QLinearMatMul", "", 8, expandMatMul},
    {"QLinearConv", microsoft, 8, expandConv},
    {"QGemm", microsoft, 6, expandGemm},
    {"QLinearAdd", microsoft, 8, expandBinary},
    {"QLinearMul", microsoft, 8, expandBinary},
    {"QLinearAveragePool", microsoft, 5, expandPool},
    {"QLinearGlobalAveragePool", microsoft, 5, expandPool},
    {"QLinearLeakyRelu", microsoft, 5, expandUnary},
    {"QLinearReduceMean", microsoft, 5, expandUnary},
    {"QLinearSigmoid", microsoft, 5, expandUnary},
    {"QLinearSoftmax", microsoft, 5, expandSoftmax},
    {"QLinearConcat", microsoft, 5, expandConcat},
    {"QLinearWhere", microsoft, 9, expandWhere},
    {"MatMulIntegerToFloat", microsoft, 4, expandDynamicMatMul},
    {"DynamicQuantizeMatMul", microsoft, 3, expandDynamicMatMul},
    {"QuantizeLinear", microsoft, 2, expandSame},
    {"DequantizeLinear", microsoft, 2, expandSame},
};

static Value expand(NodeOp op) {
  for (const Expansion &expansion : expansions) {
    if (expansion.name != op.getOpType() || expansion.domain != op.getDomain().value_or("") ||
        op.getInputs().size() < expansion.inputs || op.getNumResults() != 1)
      continue;
    QuantizedNode node(op);
    return expansion.expand(node);
  }
  return {};
}

/// Erases the nodes that were replaced and finds the types of the new ones.
static LogicalResult eraseUnused(func::FuncOp function) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
    if (isa<NodeOp, ConstantOp, NoneOp>(op) && op.use_empty())
      op.erase();
  return simplify(function);
}

void ONNXExpandQuantizedPass::runOnOperation() {
  func::FuncOp function = getOperation();
  if (!llvm::hasSingleElement(function.getBody()))
    return;
  bool changed = false;
  for (NodeOp op : llvm::make_early_inc_range(function.getOps<NodeOp>())) {
    bool isDynamic = op.getOpType() == "DynamicQuantizeLinear" && op.getNumResults() == 3 &&
                     op.getInputs().size() == 1;
    if (isDynamic && expandDynamic(op)) {
      changed = true;
      continue;
    }
    if (Value result = expand(op)) {
      op.getOutputs().front().replaceAllUsesWith(result);
      ++numExpanded;
      changed = true;
    }
  }
  if (changed && failed(eraseUnused(function)))
    return signalPassFailure();
  numMoved += moveReals(function);
}
