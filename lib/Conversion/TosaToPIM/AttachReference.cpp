//===- AttachReference.cpp - keep the integer graph ------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-attach-reference; tested by test/Conversion/TosaToPIM/attach-reference.mlir.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "pim/Conversion/TosaToPIM/Passes.h"
#include "pim/Dialect/PIM/IR/References.h"
#include "pim/Program/Graph.h"
#include "pim/Support/Error.h"
#include "pim/TosaToGraph/TosaToGraph.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMATTACHREFERENCEPASS
#include "pim/Conversion/TosaToPIM/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
struct PimAttachReferencePass
    : mlir::pim::impl::PimAttachReferencePassBase<PimAttachReferencePass> {
  void runOnOperation() override;
};
} // namespace

void PimAttachReferencePass::runOnOperation() {
  auto functions = getOperation().getOps<func::FuncOp>();
  if (functions.empty())
    return;
  func::FuncOp function = *functions.begin();
  TensorOfValue tensors;
  FailureOr<::pim::graph::Graph> graph = convertTosaToGraph(function, &tensors);
  if (failed(graph))
    return signalPassFailure();
  Builder builder(&getContext());
  for (Operation &op : function.getBody().front().without_terminator())
    setReferences(&op, llvm::map_to_vector(op.getResults(), [&](Value value) {
      auto found = tensors.find(value);
      return found == tensors.end() ? StringRef() : StringRef(graph->tensors[found->second].name);
    }));
  // A second model, which the blob takes over.
  auto bytes = std::make_shared<std::vector<std::byte>>(::pim::graph::serialize(*graph));
  ArrayRef<char> data(reinterpret_cast<const char *>(bytes->data()), bytes->size());
  auto type = RankedTensorType::get(int64_t(data.size()), builder.getI8Type());
  AsmResourceBlob blob(
      data, alignof(uint64_t), [bytes](void *, size_t, size_t) mutable { bytes.reset(); },
      /*dataIsMutable=*/false);
  getOperation()->setAttr("pim.reference",
                          DenseResourceElementsAttr::get(type, "reference", std::move(blob)));
}
