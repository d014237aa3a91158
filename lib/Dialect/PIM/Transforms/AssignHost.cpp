//===- AssignHost.cpp - vector unit or host, by cost -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements pim-assign-host. Each step joins the set of layers that saves most time; a set is a
// layer of the vector unit with the host layers next to it, or what lies between host layers.
// Tested by test/Dialect/PIM/assign-host.mlir.
//
//===----------------------------------------------------------------------===//

#include "HostSets.h"
#include "LayerCost.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "pim/Dialect/PIM/Transforms/Passes.h"
#include "pim/Runtime/Timing/InstructionTiming.h"
#include "pim/TosaToGraph/TosaToGraph.h"

namespace mlir::pim {
#define GEN_PASS_DEF_PIMASSIGNHOSTPASS
#include "pim/Dialect/PIM/Transforms/Passes.h.inc"
} // namespace mlir::pim

using namespace mlir;
using namespace mlir::pim;

namespace {
/// What is known of a layer that the host can compute.
struct Candidate {
  bool isOnHost = false;
  double chipSeconds =
      0; ///< on the vector unit and for the copies; of a host layer that of what joined it
  uint64_t operations = 0; ///< of the host
};

/// The layers of one function.
class Assignment {
public:
  Assignment(func::FuncOp function, const MappingTarget &target)
      : function(function), target(target) {}

  LogicalResult measure();
  /// Joins the set that saves most; false if none saves anything, or with `movesAll` once nothing
  /// is left to move.
  bool improve(bool movesAll);
  void annotate();

  unsigned numMoved = 0;

private:
  bool isOnHost(Operation *op) const {
    auto found = candidates.find(op);
    return found != candidates.end() && found->second.isOnHost;
  }
  bool isMovable(Operation *op) const {
    auto found = candidates.find(op);
    return found != candidates.end() && !found->second.isOnHost;
  }
  double secondsOnHost(const LayerSet &set) const;
  double savedSeconds(const LayerSet &set) const;
  LayerSet withHostNeighbours(LayerOp layer) const;
  LayerSet upToHostLayers(LayerOp layer) const;
  void join(const LayerSet &set);

  func::FuncOp function;
  const MappingTarget &target;
  /// By layer, in the order of the block at first.
  llvm::MapVector<Operation *, Candidate> candidates;
};
} // namespace

/// The operations that the host would count for `layer`; the bytes depend on who is next to it.
static FailureOr<uint64_t> operationsOf(LayerOp layer) {
  FailureOr<::pim::graph::Graph> graph =
      convertTosaToGraph(layer.getBody().front(), layer.getName());
  if (failed(graph))
    return failure();
  return ::pim::runtime::hostWork(*graph).operations;
}

LogicalResult Assignment::measure() {
  for (LayerOp layer : function.getOps<LayerOp>()) {
    if (layer.getKind() == LayerKind::Matrix || layer.getKind() == LayerKind::Analog)
      continue;
    Candidate candidate;
    candidate.isOnHost = layer.getKind() == LayerKind::Host;
    FailureOr<uint64_t> operations = operationsOf(layer);
    if (failed(operations))
      return failure();
    candidate.operations = *operations;
    if (!candidate.isOnHost) {
      FailureOr<LayerCost> cost = LayerCost::of(layer, target);
      if (failed(cost))
        return failure();
      candidate.chipSeconds = 1e-9 * cost->ns();
    }
    candidates[layer] = candidate;
  }
  return success();
}

/// The seconds of one call that computes `set`.
double Assignment::secondsOnHost(const LayerSet &set) const {
  ::pim::runtime::HostWork work;
  for (Operation *layer : set)
    work.operations += candidates.find(layer)->second.operations;
  work.bytes = uint64_t(borderBytes(set));
  return ::pim::runtime::hostSeconds(work, target.host);
}

double Assignment::savedSeconds(const LayerSet &set) const {
  double before = 0;
  for (Operation *layer : set) {
    const Candidate &candidate = candidates.find(layer)->second;
    LayerSet alone;
    alone.insert(layer);
    before += candidate.isOnHost ? secondsOnHost(alone) : candidate.chipSeconds;
  }
  return before - secondsOnHost(set);
}

/// The layer, and the host layers that it can share a call with.
LayerSet Assignment::withHostNeighbours(LayerOp layer) const {
  LayerSet set, neighbours = producersOf(layer);
  neighbours.insert_range(consumersOf(layer));
  set.insert(layer);
  for (Operation *neighbour : neighbours) {
    if (!isOnHost(neighbour))
      continue;
    set.insert(neighbour);
    if (!canBeJoined(set))
      set.remove(neighbour);
  }
  return set;
}

/// A host layer, the host layers before it that reach it through layers of the vector unit alone,
/// and those layers.
LayerSet Assignment::upToHostLayers(LayerOp layer) const {
  LayerSet before;
  before.insert(layer);
  for (size_t next = 0; next < before.size(); ++next)
    if (next == 0 || !isOnHost(before[next]))
      for (Operation *producer : producersOf(cast<LayerOp>(before[next])))
        if (isOnHost(producer) || isMovable(producer))
          before.insert(producer);
  LayerSet set;
  for (Operation *op : before)
    if (isOnHost(op))
      set.insert(op);
  // Of the others, those that a host layer reaches.
  for (size_t next = 0; next < set.size(); ++next)
    if (set[next] != layer.getOperation())
      for (Operation *consumer : consumersOf(cast<LayerOp>(set[next])))
        if (before.contains(consumer))
          set.insert(consumer);
  return set;
}

void Assignment::join(const LayerSet &set) {
  Candidate joined;
  joined.isOnHost = true;
  StringRef name;
  for (Operation *op : set) {
    const Candidate &part = candidates.find(op)->second;
    numMoved += !part.isOnHost;
    joined.chipSeconds += part.chipSeconds;
    joined.operations += part.operations;
    if (name.empty() || part.isOnHost)
      name = cast<LayerOp>(op).getName();
  }
  std::string kept = name.str();
  for (Operation *op : set)
    candidates.erase(op);
  candidates[joinOnHost(set, kept)] = joined;
  Block &block = function.getBody().front();
  // The block's own reverse iterators stay at their op; those made of forward ones stand behind it.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isa<tosa::ReshapeOp>(op) && op.use_empty())
      op.erase();
  sortTopologically(&block);
}

bool Assignment::improve(bool movesAll) {
  LayerSet best;
  double mostSaved = 0;
  for (const auto &[op, candidate] : candidates) {
    auto layer = cast<LayerOp>(op);
    LayerSet set = candidate.isOnHost ? upToHostLayers(layer) : withHostNeighbours(layer);
    if (movesAll && !candidate.isOnHost) {
      join(set);
      return true;
    }
    if ((set.size() == 1 && candidate.isOnHost) || !canBeJoined(set))
      continue;
    double saved = savedSeconds(set);
    if (saved > mostSaved) {
      mostSaved = saved;
      best = set;
    }
  }
  if (best.empty())
    return false;
  join(best);
  return true;
}

void Assignment::annotate() {
  Builder builder(function.getContext());
  for (const auto &[op, candidate] : candidates) {
    LayerSet alone;
    alone.insert(op);
    SmallVector<NamedAttribute> seconds{
        builder.getNamedAttr("host_s", builder.getF64FloatAttr(secondsOnHost(alone)))};
    if (candidate.chipSeconds > 0)
      seconds.push_back(
          builder.getNamedAttr("vector_unit_s", builder.getF64FloatAttr(candidate.chipSeconds)));
    op->setAttr(estimateAttrName, builder.getDictionaryAttr(seconds));
  }
}

namespace {
struct PimAssignHostPass : mlir::pim::impl::PimAssignHostPassBase<PimAssignHostPass> {
  using PimAssignHostPassBase::PimAssignHostPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (!module->hasAttr("pim.target"))
      return; // nothing to compare by
    FailureOr<MappingTarget> target = MappingTarget::of(module);
    if (failed(target))
      return signalPassFailure();
    for (func::FuncOp function : module.getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      Assignment assignment(function, *target);
      if (failed(assignment.measure()))
        return signalPassFailure();
      while (units != VectorLayers::Chip && assignment.improve(units == VectorLayers::Host))
        ;
      assignment.annotate();
      numMoved += assignment.numMoved;
    }
  }
};
} // namespace
