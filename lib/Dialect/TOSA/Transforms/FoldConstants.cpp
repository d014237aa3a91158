//===- FoldConstants.cpp - ops on constants alone ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-fold-constants; tested by test/Dialect/TOSA/fold-constants.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Diagnostics.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include "pim/Elements/Elements.h"
#include "pim/Runtime/Graph/HostEvaluator.h"
#include "pim/Support/Error.h"
#include "pim/TosaToGraph/TosaToGraph.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMFOLDCONSTANTSPASS
#include "pim/Dialect/TOSA/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

/// More than any weight of a layer has; what is larger was made so by broadcasting.
static constexpr int64_t mostElements = int64_t(1) << 27;

/// True if nothing but constants goes into `op`, and tensors that a constant can hold come out.
static bool isFoldable(Operation *op) {
  if (!isa_and_nonnull<tosa::TosaDialect>(op->getDialect()) || op->getNumOperands() == 0 ||
      op->getNumResults() == 0 || op->getNumRegions() != 0)
    return false;
  auto isConstant = [](Value operand) {
    return isa_and_nonnull<tosa::ConstOp, tosa::ConstShapeOp>(operand.getDefiningOp());
  };
  auto canBeHeld = [](Value result) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    return type && type.hasStaticShape() && type.getNumElements() <= mostElements &&
           elementByteWidth(type.getElementType());
  };
  return llvm::all_of(op->getOperands(), isConstant) && llvm::all_of(op->getResults(), canBeHeld);
}

/// The results of `op`; none where it cannot be computed, which is then said by those who need it.
static std::vector<Elements> evaluate(Operation *op) {
  ScopedDiagnosticHandler silence(op->getContext(), [](Diagnostic &) { return success(); });
  FailureOr<::pim::graph::Graph> graph =
      convertTosaToGraph(ArrayRef(op), ValueRange(), op->getResults(), "constants");
  if (failed(graph))
    return {};
  std::vector<Elements> results;
  try {
    ::pim::graph::HostEvaluator evaluator(*graph);
    for (auto [result, view] : llvm::zip_equal(op->getResults(), evaluator.run({}))) {
      const char *bytes = reinterpret_cast<const char *>(view.bytes.data());
      results.emplace_back(cast<RankedTensorType>(result.getType()),
                           std::vector<char>(bytes, bytes + view.bytes.size()));
    }
  } catch (const ::pim::Error &) {
    return {};
  }
  return results;
}

namespace {
struct PimFoldConstantsPass : mlir::pim::impl::PimFoldConstantsPassBase<PimFoldConstantsPass> {
  void runOnOperation() override {
    SmallVector<Operation *> folded;
    getOperation().walk([&](Operation *op) {
      if (!isFoldable(op))
        return;
      std::vector<Elements> values = evaluate(op);
      if (values.empty())
        return;
      OpBuilder builder(op);
      for (auto [result, value] : llvm::zip_equal(op->getResults(), values)) {
        ElementsAttr attribute = value.getAttribute(layerName(op->getLoc()));
        result.replaceAllUsesWith(
            tosa::ConstOp::create(builder, op->getLoc(), result.getType(), attribute));
      }
      folded.push_back(op);
    });
    numFolded += folded.size();
    for (Operation *op : folded)
      op->erase();
  }
};
} // namespace
