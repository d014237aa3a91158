//===- FunctionQuantizer.cpp - a function from casts to integers ----------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The walk, and the forms that do not depend on what an op computes; WideOps.cpp has the
// arithmetic.
//
//===----------------------------------------------------------------------===//

#include "FunctionQuantizer.h"

#include "FloatOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "pim/Elements/Ports.h"

using namespace mlir;
using namespace mlir::pim;

static RankedTensorType tensorType(Value value) { return cast<RankedTensorType>(value.getType()); }

FunctionQuantizer::FunctionQuantizer(func::FuncOp function, int64_t weightBits, bool wideAverages,
                                     bool floatRescale)
    : function(function), builder(function.getContext()),
      emitter(builder, weightBits, floatRescale), weightBits(weightBits),
      wideAverages(wideAverages), floatRescale(floatRescale) {}

/// The cast that made the integers that `cast` reads, perhaps with another scale and zero point.
static quant::QuantizeCastOp sourceOf(quant::DequantizeCastOp cast) {
  Value integers = cast.getInput();
  while (auto storage = integers.getDefiningOp<quant::StorageCastOp>())
    integers = storage.getInput();
  return integers.getDefiningOp<quant::QuantizeCastOp>();
}

//===----------------------------------------------------------------------===//
// The function as a whole
//===----------------------------------------------------------------------===//

LogicalResult FunctionQuantizer::run() {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError() << "has " << function.getBody().getBlocks().size()
                                << " blocks, expected one";
  bool hasCasts = false;
  for (Operation &op : function.getBody().front().without_terminator()) {
    oldOps.push_back(&op);
    hasCasts |= isa<quant::QuantizeCastOp, quant::DequantizeCastOp>(op);
  }
  if (!hasCasts) // a model in integers already, or one that is to stay in floats
    return success();
  if (mlir::failed(checkTypes()))
    return failure();
  decideArguments();
  walk();
  if (failed || emitter.hasFailed() || mlir::failed(replaceResults()))
    return failure();
  eraseOldOps();
  return success(!failed && !emitter.hasFailed());
}

/// Every cast of an activation has parameters that integers can use. Later steps rely on it.
LogicalResult FunctionQuantizer::checkTypes() {
  for (Operation *op : oldOps) {
    for (Value result : op->getResults())
      if (auto type = dyn_cast<RankedTensorType>(result.getType()); type && !type.hasStaticShape())
        return op->emitError() << "makes a " << type
                               << ", expected a static shape; give the model's input shapes";
    if (!isa<quant::QuantizeCastOp, quant::DequantizeCastOp>(op) || isConstant(op->getOperand(0)))
      continue;
    auto quantize = dyn_cast<quant::QuantizeCastOp>(op);
    quant::QuantizedType type = quantize ? quantize.getQuantizedType()
                                         : cast<quant::DequantizeCastOp>(op).getQuantizedType();
    if (mlir::failed(getQuantParams(type, op->getLoc())))
      return failure();
    if (!quantize && !sourceOf(cast<quant::DequantizeCastOp>(op)))
      return op->emitError()
             << "dequantizes a value that no quant.qcast makes, expected a pair of casts";
  }
  return success();
}

std::optional<QuantParams> FunctionQuantizer::demanded(Value value) {
  std::optional<QuantParams> found;
  for (Operation *user : value.getUsers()) {
    std::optional<QuantParams> here;
    if (auto cast = dyn_cast<quant::QuantizeCastOp>(user))
      here = *getQuantParams(cast.getQuantizedType(), cast.getLoc());
    else if (isMovement(user))
      here = demanded(user->getResult(0));
    if (!here || (found && *found != *here))
      return std::nullopt;
    found = here;
  }
  return found;
}

void FunctionQuantizer::decideArguments() {
  for (BlockArgument argument : function.getArguments()) {
    auto params = demanded(argument);
    if (!params)
      continue;
    argumentParams.insert({argument, *params});
    // The old ops see a type that is not theirs until they are erased.
    argument.setType(tensorType(argument).clone(builder.getI8Type()));
    function.setArgAttr(argument.getArgNumber(), quantAttrName,
                        TypeAttr::get(params->type(builder.getContext())));
  }
}

/// Makes what is quantized at its quant.qcast, and float islands at the place of their ops; so
/// recursion only ever goes back to the casts before.
void FunctionQuantizer::walk() {
  for (Operation *op : oldOps) {
    builder.setInsertionPoint(op);
    if (auto cast = dyn_cast<quant::QuantizeCastOp>(op)) {
      if (!isConstant(cast.getInput()))
        narrow(cast.getInput(), *getQuantParams(cast.getQuantizedType(), cast.getLoc()));
    }
    if (failed || emitter.hasFailed())
      return;
  }
}

LogicalResult FunctionQuantizer::replaceResults() {
  auto terminator = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  builder.setInsertionPoint(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value value = operand.get();
    auto params = isConstant(value) ? std::nullopt : natural(value);
    quant::QuantizedType type;
    if (params) {
      operand.set(narrow(value, *params));
      type = params->type(builder.getContext());
    } else if (auto found = sums(value)) {
      operand.set(found->value);
      type = found->type;
    } else {
      operand.set(real(value));
      continue;
    }
    function.setResultAttr(operand.getOperandNumber(), quantAttrName, TypeAttr::get(type));
  }
  if (failed || emitter.hasFailed())
    return failure();
  Block &body = function.getBody().front();
  function.setType(builder.getFunctionType(body.getArgumentTypes(), terminator.getOperandTypes()));
  return success();
}

void FunctionQuantizer::eraseOldOps() {
  for (Operation *op : llvm::reverse(oldOps))
    if (op->use_empty())
      op->erase();
  // What was made for an op that then stayed in floats.
  Block &body = function.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

//===----------------------------------------------------------------------===//
// Natural parameters
//===----------------------------------------------------------------------===//

std::optional<QuantParams> FunctionQuantizer::natural(Value value) {
  auto found = naturals.find(value);
  if (found != naturals.end())
    return found->second;
  std::optional<QuantParams> params = findNatural(value);
  naturals[value] = params;
  return params;
}

std::optional<QuantParams> FunctionQuantizer::findNatural(Value value) {
  if (auto argument = argumentParams.find(value); argument != argumentParams.end())
    return argument->second;
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (auto cast = dyn_cast<quant::DequantizeCastOp>(op)) {
    if (isConstant(value))
      return std::nullopt;
    return *getQuantParams(cast.getQuantizedType(), cast.getLoc());
  }
  if (keepsParameters(op))
    return natural(op->getOperand(0));
  if (isa<tosa::ConcatOp>(op)) {
    auto first = natural(op->getOperand(0));
    bool equal = first && llvm::all_of(op->getOperands(),
                                       [&](Value operand) { return natural(operand) == first; });
    return equal ? first : std::nullopt;
  }
  // A positive factor changes what the integers stand for, not the integers.
  if (auto affine = matchChannelAffine(op); affine && affine->factor.size() == 1 &&
                                            affine->factor[0] > 0 &&
                                            affine->offset == std::vector<double>{0.0})
    if (auto params = natural(affine->value)) {
      params->scale *= affine->factor[0];
      return params;
    }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// i8
//===----------------------------------------------------------------------===//

Value FunctionQuantizer::narrow(Value value, const QuantParams &params) {
  for (const Narrow &known : narrows[value])
    if (known.params == params)
      return known.value;
  Value made = makeNarrow(value, params);
  narrows[value].push_back({params, made});
  return made;
}

Value FunctionQuantizer::narrowConstant(Value value, const QuantParams &params) {
  auto reals = evaluateReals(value);
  if (!reals) {
    emitError(value.getLoc()) << "constant cannot be read; its data must be in the file";
    failed = true;
    reals = RealConstant({}, std::vector<float>(tensorType(value).getNumElements()));
  }
  std::vector<int8_t> integers;
  for (double constant : reals->values)
    integers.push_back(int8_t(params.quantize(constant)));
  return createConstant(builder, value.getLoc(), tensorType(value).getShape(),
                        ArrayRef<int8_t>(integers), "constant");
}

Value FunctionQuantizer::quantizeFloat(Value value, const QuantParams &params) {
  Value input = real(value);
  Location loc = value.getLoc();
  quant::UniformQuantizedType type = params.type(builder.getContext());
  Value cast = quant::QuantizeCastOp::create(builder, loc, tensorType(value).clone(type), input);
  return quant::StorageCastOp::create(builder, loc, tensorType(value).clone(builder.getI8Type()),
                                      cast);
}

Value FunctionQuantizer::makeNarrow(Value value, const QuantParams &params) {
  if (isConstant(value))
    return narrowConstant(value, params);
  Operation *op = value.getDefiningOp();
  if (!op) {
    auto own = natural(value);
    if (!own)
      return quantizeFloat(value, params);
    if (*own == params)
      return value;
  }
  auto own = natural(value);
  if (auto cast = dyn_cast_or_null<quant::DequantizeCastOp>(op); cast && *own == params) {
    quant::QuantizeCastOp source = sourceOf(cast);
    return narrow(source.getInput(), *getQuantParams(source.getQuantizedType(), source.getLoc()));
  }
  if (own && *own != params) // rescaling is best done last: on what pooling and slicing left over
    return emitter.narrow(emitter.widen(narrow(value, *own), *own, value.getLoc()), params);
  if (op && (keepsParameters(op) || isa<tosa::ConcatOp, tosa::PadOp>(op)))
    if (Value made = narrowInPlace(op, params))
      return made;
  if (own) { // a positive factor
    auto affine = matchChannelAffine(op);
    return narrow(affine->value, *natural(affine->value));
  }
  if (auto found = wide(value)) {
    integers.insert(op);
    return emitter.narrow(std::move(*found), params);
  }
  return quantizeFloat(value, params);
}

Value FunctionQuantizer::narrowInPlace(Operation *op, const QuantParams &params) {
  Type i8 = builder.getI8Type();
  auto isInteger = [&](Value operand) {
    return isConstant(operand) || natural(operand) || wide(operand);
  };
  auto operands = dataOperands(op);
  if (!llvm::all_of(operands, isInteger))
    return nullptr;
  if (auto bounds = matchClamp(op)) {
    if (!natural(op->getOperand(0)))
      return nullptr; // becomes the bounds of the rescale
    integers.insert(op);
    Value value = narrow(op->getOperand(0), params);
    int64_t low = params.quantize(bounds->low), high = params.quantize(bounds->high);
    if (low <= params.min && high >= params.max)
      return value;
    return emitter.clamp(value, low, high, op->getLoc());
  }
  integers.insert(op);
  SmallVector<Value> made;
  for (Value operand : operands)
    made.push_back(narrow(operand, params));
  if (auto pad = dyn_cast<tosa::PadOp>(op)) {
    auto constant = evaluateReals(pad.getPadConst());
    if (!isConstant(pad.getPadConst()) || !constant)
      return nullptr;
    Value zero = createScalar(builder, op->getLoc(), i8, params.quantize(constant->values[0]));
    return tosa::PadOp::create(builder, op->getLoc(), tensorType(pad.getResult()).clone(i8),
                               made[0], pad.getPadding(), zero);
  }
  if (isChannelBound(op))
    made.push_back(narrowConstant(op->getOperand(1), params));
  return cloneOn(op, made, i8);
}

Value FunctionQuantizer::cloneOn(Operation *op, ArrayRef<Value> operands, Type element) {
  SmallVector<Value> all(op->getOperands());
  llvm::copy(operands, all.begin());
  OperationState state(op->getLoc(), op->getName().getStringRef(), all,
                       {tensorType(op->getResult(0)).clone(element)}, op->getAttrs());
  return builder.create(state)->getResult(0);
}

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

Value FunctionQuantizer::real(Value value) {
  if (isConstant(value) || isa<tosa::shapeType>(value.getType()))
    return value;
  auto found = reals.find(value);
  if (found != reals.end())
    return found->second;
  Value made = makeReal(value);
  reals[value] = made;
  return made;
}

Value FunctionQuantizer::dequantize(Value integers, quant::QuantizedType type, Location loc) {
  Value cast =
      quant::StorageCastOp::create(builder, loc, tensorType(integers).clone(type), integers);
  return quant::DequantizeCastOp::create(builder, loc,
                                         tensorType(integers).clone(builder.getF32Type()), cast);
}

/// A mean has a little less than the floats that a model that arrives quantized says it has, and is
/// none there.
std::optional<FunctionQuantizer::Sums> FunctionQuantizer::sums(Value value) {
  auto known = allSums.find(value);
  if (known != allSums.end())
    return known->second;
  std::optional<WideValue> found;
  if (endsInSums(value, /*means=*/!floatRescale))
    found = wide(value);
  std::optional<Sums> made;
  if (found) {
    integers.insert(value.getDefiningOp());
    WideValue flat = emitter.flatten(std::move(*found));
    made = Sums{flat.value, quant::UniformQuantizedType::get(quant::QuantizationFlags::Signed,
                                                             builder.getI32Type(),
                                                             builder.getF32Type(), flat.scales[0],
                                                             0, std::numeric_limits<int32_t>::min(),
                                                             std::numeric_limits<int32_t>::max())};
  }
  allSums[value] = made;
  return made;
}

Value FunctionQuantizer::makeReal(Value value) {
  MLIRContext *context = builder.getContext();
  if (auto params = natural(value))
    return dequantize(narrow(value, *params), params->type(context), value.getLoc());
  Operation *op = value.getDefiningOp();
  if (!op)
    return value;
  if (auto found = sums(value))
    return dequantize(found->value, found->type, op->getLoc());
  IRMapping mapping;
  for (Value operand : op->getOperands())
    mapping.map(operand, real(operand));
  floats.insert(op);
  Operation *clone = builder.clone(*op, mapping);
  for (auto [before, after] : llvm::zip(op->getResults(), clone->getResults()))
    reals[before] = after;
  return clone->getResult(cast<OpResult>(value).getResultNumber());
}
