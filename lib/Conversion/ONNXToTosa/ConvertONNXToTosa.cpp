//===- ConvertONNXToTosa.cpp - the onnx dialect to float TOSA --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tested by test/Conversion/ONNXToTosa, one file per family of operators, and errors.mlir.
//
//===----------------------------------------------------------------------===//

#include "Handlers.h"
#include "HostIslands.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Conversion/ONNXToTosa/Passes.h"
#include "pim/Dialect/ONNX/Transforms/Passes.h"
#include "pim/ONNXToGraph/HostKernels.h"
#include "pim/Quantization/QuantParams.h"

namespace mlir::pim {
#define GEN_PASS_DEF_CONVERTONNXTOTOSAPASS
#include "pim/Conversion/ONNXToTosa/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct ConvertONNXToTosaPass : mlir::pim::impl::ConvertONNXToTosaPassBase<ConvertONNXToTosaPass> {
  void runOnOperation() override;

  LogicalResult convert(func::FuncOp function);
  LogicalResult convertArguments(func::FuncOp function, OpBuilder &builder);
  LogicalResult convertNode(onnx::NodeOp node, OpBuilder &builder);
  FailureOr<Value> convertByHandler(NodeConverter &converter);
  LogicalResult convertResults(func::FuncOp function, OpBuilder &builder);

  ValueMap values;
};
} // namespace

/// Whether a DequantizeLinear reads `argument`, whose integers then are the chip's as they come.
static bool isDequantized(BlockArgument argument) {
  return llvm::any_of(argument.getUses(), [](OpOperand &use) {
    auto node = dyn_cast<onnx::NodeOp>(use.getOwner());
    return node && node.getOpType() == "DequantizeLinear" && use.getOperandNumber() == 0;
  });
}

/// Adds an argument of converted type for each one of the model, behind all of these: nodes keep
/// seeing the types of the file. Bytes that are dequantized arrive as the numbers that they are.
LogicalResult ConvertONNXToTosaPass::convertArguments(func::FuncOp function, OpBuilder &builder) {
  Block &body = function.getBody().front();
  builder.setInsertionPointToStart(&body);
  for (BlockArgument argument : llvm::to_vector(body.getArguments())) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    RankedTensorType converted =
        type && type.hasStaticShape() ? convertType(type) : RankedTensorType();
    if (!converted)
      return function.emitError() << "input " << argument.getArgNumber() << " has type "
                                  << argument.getType() << ", which has no form in TOSA";
    auto integer = dyn_cast<IntegerType>(type.getElementType());
    if (integer && integer.getWidth() == 8 && isDequantized(argument)) {
      quant::UniformQuantizedType same = integerQuantType(integer);
      Value real = body.addArgument(type.clone(same.getExpressedType()), argument.getLoc());
      values[argument] =
          quant::QuantizeCastOp::create(builder, argument.getLoc(), type.clone(same), real);
      continue;
    }
    values[argument] = body.addArgument(converted, argument.getLoc());
  }
  return success();
}

FailureOr<Value> ConvertONNXToTosaPass::convertByHandler(NodeConverter &converter) {
  onnx::NodeOp node = converter.getNode();
  for (Type type : node.getOutputs().getTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type); !tensor || !tensor.hasStaticShape())
      return converter.fail("the shape of its result is not known");
  if (failed(converter.expectOutputs(1)))
    return failure();
  FailureOr<Value> result = lookupHandler(node)->convert(converter);
  if (failed(result))
    return failure();
  if (shapeOf(*result) != converter.getResultShape())
    return converter.fail("makes a tensor of shape ")
           << onnx::shapeText(shapeOf(*result)) << ", but its result is declared as "
           << onnx::shapeText(converter.getResultShape());
  return result;
}

/// By its handler, or, where there is none or it refuses the node, by the host's kernel.
LogicalResult ConvertONNXToTosaPass::convertNode(onnx::NodeOp node, OpBuilder &builder) {
  if (node.getOutputs().empty())
    return emitError(node.getLoc()) << node.getOpType() << ": has no output";
  builder.setInsertionPoint(node);
  NodeConverter converter(node, values, builder);
  std::string reason = "no form in TOSA";
  if (lookupHandler(node)) {
    Operation *before = node->getPrevNode();
    bool canFall = hasHostKernel(node);
    std::optional<ScopedDiagnosticHandler> listener;
    if (canFall)
      listener.emplace(node.getContext(), [&](Diagnostic &diagnostic) {
        reason = diagnostic.str();
        return success();
      });
    FailureOr<Value> result = convertByHandler(converter);
    if (succeeded(result)) {
      values[node.getOutputs().front()] = *result;
      ++numConverted;
      return success();
    }
    if (!canFall)
      return failure();
    // What the handler has begun.
    while (node->getPrevNode() != before)
      node->getPrevNode()->erase();
  }
  FailureOr<SmallVector<Value>> results = convertToHostIsland(converter, reason);
  if (failed(results))
    return failure();
  for (auto [output, value] : llvm::zip_equal(node.getOutputs(), *results))
    if (value)
      values[output] = value;
  ++numOnHost;
  return success();
}

LogicalResult ConvertONNXToTosaPass::convertResults(func::FuncOp function, OpBuilder &builder) {
  Operation *terminator = function.getBody().front().getTerminator();
  builder.setInsertionPoint(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value value = values.lookup(operand.get());
    auto constant = operand.get().getDefiningOp<onnx::ConstantOp>();
    if (!value && constant)
      value = convertConstant(constant, builder);
    if (!value)
      return function.emitError() << "result " << operand.getOperandNumber() << " has type "
                                  << operand.get().getType() << ", which has no form in TOSA";
    if (auto quantized = dyn_cast<quant::QuantizedType>(elementTypeOf(value))) {
      auto type = cast<RankedTensorType>(operand.get().getType());
      auto integer = cast<IntegerType>(type.getElementType());
      value = integer.isUnsigned()
                  ? integersAsReals(value, integer, builder)
                  : Value(quant::StorageCastOp::create(builder, value.getLoc(), type, value));
    }
    operand.set(value);
  }
  return success();
}

LogicalResult ConvertONNXToTosaPass::convert(func::FuncOp function) {
  bool isOnnx = llvm::any_of(function.getOps(), [](Operation &op) {
    return isa_and_nonnull<onnx::ONNXDialect>(op.getDialect());
  });
  // A function that passes its arguments on may be of either dialect.
  if (!isOnnx && !llvm::hasSingleElement(function.getOps()))
    return success();
  for (Operation &op : function.getOps())
    if (!isa<onnx::ONNXDialect>(op.getDialect()) && !op.hasTrait<OpTrait::IsTerminator>())
      return op.emitOpError("is no operator of ONNX, but its function has some; write all of them "
                            "in one dialect");
  values.clear();
  OpBuilder builder(function.getContext());
  // Handlers rely on what inference checks: ranks, operand types, attributes that make sense.
  if (failed(onnx::simplify(function)) || failed(convertArguments(function, builder)))
    return failure();
  for (auto node : llvm::make_early_inc_range(function.getOps<onnx::NodeOp>()))
    if (failed(convertNode(node, builder)))
      return failure();
  if (failed(convertResults(function, builder)))
    return failure();
  Block &body = function.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isa<onnx::NodeOp, onnx::ConstantOp, onnx::NoneOp>(op) || isOpTriviallyDead(&op))
      op.erase();
  body.eraseArguments(0, body.getNumArguments() / 2);
  function.setFunctionType(
      builder.getFunctionType(body.getArgumentTypes(), body.getTerminator()->getOperandTypes()));
  return success();
}

/// Whether values arrive quantized, with scales that are the model's own.
static bool quantizesValues(ModuleOp module) {
  return module
      ->walk([](onnx::NodeOp node) {
        return node.getOpType() == "QuantizeLinear" ? WalkResult::interrupt()
                                                    : WalkResult::advance();
      })
      .wasInterrupted();
}

void ConvertONNXToTosaPass::runOnOperation() {
  auto hasHandler = [](onnx::NodeOp node) { return lookupHandler(node) != nullptr; };
  if (failed(refuseUnsupported(getOperation(), hasHandler)))
    return signalPassFailure();
  if (quantizesValues(getOperation()))
    getOperation()->setAttr(floatRescaleAttrName, UnitAttr::get(&getContext()));
  for (auto function : getOperation().getOps<func::FuncOp>())
    if (!function.isExternal() && failed(convert(function)))
      return signalPassFailure();
}
