//===- Simplify.cpp - infer shapes and fold constant sub-graphs --------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ControlFlow.h"
#include "Inference.h"
#include "Sequences.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/ONNX/Transforms/Passes.h"
#include "pim/ONNXToGraph/InferByExample.h"

namespace mlir::pim::onnx {
#define GEN_PASS_DEF_ONNXSIMPLIFY
#include "pim/Dialect/ONNX/Transforms/Passes.h.inc"
} // namespace mlir::pim::onnx

using namespace mlir;
using namespace mlir::pim;
using namespace mlir::pim::onnx;

/// Larger results are computed at run time.
static constexpr int64_t maxFoldedExample = int64_t(1) << 22;

namespace {
class Simplifier {
public:
  explicit Simplifier(func::FuncOp function) : function(function) {}

  FailureOr<int64_t> run();

private:
  LogicalResult visit(NodeOp node, bool foldsWeights);
  LogicalResult walk(bool foldsWeights);
  LogicalResult apply(NodeOp node, const ExampleResults &example);
  void fold(NodeOp node, const Elements &value);
  bool quantizesActivations();
  LogicalResult inferByRule(NodeOp node, const OperatorInference &rule,
                            SmallVectorImpl<Type> &types);
  LogicalResult reportProblem();

  std::optional<std::pair<Location, std::string>> problem;
  func::FuncOp function;
  int64_t folded = 0;
};

struct ONNXSimplifyPass : mlir::pim::onnx::impl::ONNXSimplifyBase<ONNXSimplifyPass> {
  void runOnOperation() override {
    FailureOr<int64_t> folded = simplify(getOperation());
    if (failed(folded))
      return signalPassFailure();
    numFolded += *folded;
  }
};
} // namespace

/// True if inference has all it needs: no unknown input.
static bool hasKnownInputs(NodeOp node) {
  return llvm::none_of(node.getInputs().getTypes(), [](Type type) {
    if (isa<NoneType>(type))
      return false;
    auto tensor = dyn_cast<RankedTensorType>(type);
    return !tensor || !tensor.hasStaticShape() || !elementByteWidth(tensor.getElementType());
  });
}

/// A few integers made of constants.
static bool isShapeArithmetic(NodeOp node) {
  static constexpr int64_t most = 1024;
  auto type = dyn_cast<RankedTensorType>(node.getOutputs().front().getType());
  return type && type.getElementType().isInteger() && type.getNumElements() <= most &&
         llvm::all_of(node.getInputs(), [](Value input) {
           return isa_and_nonnull<ConstantOp, NoneOp>(input.getDefiningOp());
         });
}

static bool isStatic(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape();
}

LogicalResult Simplifier::visit(NodeOp node, bool foldsWeights) {
  const OperatorInference *entry = node.getDomain().value_or("").empty()
                                       ? lookupInference(node.getOpType(), node.getOpset())
                                       : nullptr;
  SmallVector<Type> types;
  if (entry && hasKnownInputs(node) && failed(inferByRule(node, *entry, types))) {
    // The rule is for what TOSA can hold; the kernel may take more.
    std::optional<ExampleResults> example = inferByExample(node);
    if (example && llvm::all_of(llvm::zip_equal(node.getResults(), example->types), [](auto pair) {
          return std::get<0>(pair).use_empty() || std::get<1>(pair);
        }))
      return apply(node, *example);
    return reportProblem();
  }
  bool isInferred = !types.empty();
  // Where no rule is written down, the kernel knows.
  if (!entry && node.getNumResults() != 0 && hasKnownInputs(node))
    if (std::optional<ExampleResults> example = inferByExample(node))
      return apply(node, *example);
  types.resize(node.getNumResults());
  for (auto [result, type] : llvm::zip_equal(node.getResults(), types)) {
    if (type)
      result.setType(type);
    else if (!isStatic(result.getType()))
      result.setType(UnknownType::get(node.getContext()));
  }
  if (!isInferred || !entry->fold)
    return success();
  if (node.getOpType() == "DequantizeLinear" && !foldsWeights)
    return success();
  if (!elementByteWidth(cast<RankedTensorType>(types.front()).getElementType()))
    return success();
  if (std::optional<Elements> value =
          entry->fold(NodeBinder(node), cast<RankedTensorType>(types.front())))
    fold(node, *value);
  else if (isShapeArithmetic(node))
    if (std::optional<ExampleResults> example = inferByExample(node))
      return apply(node, *example);
  return success();
}

/// Runs the rule, whose error is kept for reportProblem().
LogicalResult Simplifier::inferByRule(NodeOp node, const OperatorInference &rule,
                                      SmallVectorImpl<Type> &types) {
  ScopedDiagnosticHandler listener(node.getContext(), [this](Diagnostic &diagnostic) {
    problem = {diagnostic.getLocation(), diagnostic.str()};
    return success();
  });
  return rule.infer(NodeBinder(node), types);
}

LogicalResult Simplifier::reportProblem() { return emitError(problem->first, problem->second); }

/// Takes over what running the kernel of `node` has shown.
LogicalResult Simplifier::apply(NodeOp node, const ExampleResults &example) {
  OpBuilder builder(node);
  bool isFolded = true;
  for (auto [result, type, value] :
       llvm::zip_equal(node.getResults(), example.types, example.values)) {
    result.setType(type ? Type(type) : UnknownType::get(node.getContext()));
    isFolded &= result.use_empty() || (value && type.getNumElements() <= maxFoldedExample);
  }
  if (!isFolded)
    return success();
  for (auto [result, value] : llvm::zip_equal(node.getResults(), example.values))
    if (!result.use_empty())
      result.replaceAllUsesWith(
          ConstantOp::create(builder, node.getLoc(), value->getAttribute("folded")).getResult());
  node.erase();
  ++folded;
  return success();
}

void Simplifier::fold(NodeOp node, const Elements &value) {
  for (Value extra : node.getOutputs().drop_front())
    if (!extra.use_empty())
      return;
  OpBuilder builder(node);
  StringRef name = "folded";
  if (auto location = dyn_cast<NameLoc>(node.getLoc()))
    name = location.getName();
  auto constant = ConstantOp::create(builder, node.getLoc(), value.getAttribute(name));
  node.getOutputs().front().replaceAllUsesWith(constant);
  node.erase();
  ++folded;
}

bool Simplifier::quantizesActivations() {
  return llvm::any_of(function.getOps<NodeOp>(), [](NodeOp node) {
    return node.getOpType().contains("Quantize") && node.getOpType() != "DequantizeLinear";
  });
}

/// All nodes in order, once more where branches or iterations have taken the place of a node.
LogicalResult Simplifier::walk(bool foldsWeights) {
  for (bool changed = true; changed;) {
    changed = false;
    for (NodeOp node : llvm::make_early_inc_range(function.getOps<NodeOp>())) {
      if (inlineIf(node) || unroll(node) || resolveSequence(node)) {
        changed = true;
        ++folded;
      } else if (failed(visit(node, foldsWeights)))
        return failure();
    }
  }
  return success();
}

FailureOr<int64_t> Simplifier::run() {
  // The second walk knows what the first one has left: a QuantizeLinear still there quantizes
  // activations.
  for (bool foldsWeights : {false, true}) {
    if (foldsWeights && quantizesActivations())
      break;
    if (failed(walk(foldsWeights)))
      return failure();
  }
  Block &body = function.getBody().front();
  function.setFunctionType(FunctionType::get(function.getContext(), body.getArgumentTypes(),
                                             body.getTerminator()->getOperandTypes()));
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isa<ConstantOp, NoneOp, NodeOp>(op) && op.use_empty())
      op.erase();
  return folded;
}

FailureOr<int64_t> mlir::pim::onnx::simplify(func::FuncOp function) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("expected a function of one block");
  return Simplifier(function).run();
}
