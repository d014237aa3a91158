//===- ISAProgramOps.cpp - verifiers of the program's tables ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each check carries the number of its constraint in ISAProgramOps.td. Checks that need another
// table run in the program's region verifier, when every op below has been verified. Tested by
// test/Dialect/ISA/program-errors.mlir.
//
//===----------------------------------------------------------------------===//
#include "CodeVerifier.h"
#include "TargetLimits.h"

#include "pim/Dialect/ISA/IR/ISAOps.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::pim::isa;

/// Bytes of an element in memory; an i1 takes one.
static int64_t elementBytes(Type element) { return (element.getIntOrFloatBitWidth() + 7) / 8; }

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

LogicalResult TensorOp::verify() {
  // tensor_c1
  if (getSizes().size() != 4 || getStrides().size() != 4)
    return emitOpError("has ") << getSizes().size() << " sizes and " << getStrides().size()
                               << " strides, expected 4 of each";
  // tensor_c2
  for (int64_t size : getSizes())
    if (size < 1 || size > UINT32_MAX)
      return emitOpError("has a size of ") << size << ", expected 1 to 4294967295";
  // tensor_c3
  if (getCore() && getSpace() != Space::Scratchpad)
    return emitOpError("names the core ") << *getCore() << ", but does not lie in a scratchpad";
  // tensor_c4
  if (llvm::isa<ProgramOp>((*this)->getParentOp()) && getSpace() != Space::Global)
    return emitOpError("of the program lies in a scratchpad, expected global memory");
  return success();
}

LogicalResult PortOp::verify() {
  // port_c1
  for (int64_t size : getShape())
    if (size < 1)
      return emitOpError("'shape' has a size of ") << size << ", expected at least 1";
  // port_c2
  size_t rank = getShape().size();
  SmallVector<bool> isTaken(rank);
  for (int64_t dimension : getPermutation()) {
    if (dimension < 0 || dimension >= static_cast<int64_t>(rank) || isTaken[dimension])
      return emitOpError("'permutation' is not a permutation of the dimensions 0 to ")
             << int64_t(rank) - 1;
    isTaken[dimension] = true;
  }
  if (getPermutation().size() != rank)
    return emitOpError("'permutation' has ")
           << getPermutation().size() << " entries, expected " << rank;
  // port_c3
  if (getMin() > getMax())
    return emitOpError("'min' ") << getMin() << " is above 'max' " << getMax();
  return success();
}

LogicalResult LayerOp::verify() {
  // layer_c3
  if ((getOutput() != -1) != getReference().has_value())
    return emitOpError("'output' and 'reference' are to be given together");
  return success();
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

LogicalResult ProgramOp::verify() {
  // program_c1
  for (NamedAttribute parameter : getTarget())
    if (!llvm::isa<StringAttr>(parameter.getValue()))
      return emitOpError("target parameter ")
             << parameter.getName() << " is not a string: " << parameter.getValue();
  return success();
}

namespace {

/// The checks that need to see several tables.
class ProgramVerifier {
public:
  explicit ProgramVerifier(ProgramOp program)
      : program(program), limits(program.getTarget()),
        tensors(llvm::to_vector(program.getBodyRegion().getOps<TensorOp>())),
        cores(llvm::to_vector(program.getBodyRegion().getOps<CoreOp>())) {}

  LogicalResult verify() {
    return success(succeeded(verifyBody()) && succeeded(verifyPlaces()) &&
                   succeeded(verifyTensors()) && succeeded(verifyPorts()) &&
                   succeeded(verifyHostCalls()) && succeeded(verifyImages()) &&
                   succeeded(verifyLayers()) && succeeded(verifyCode()));
  }

private:
  template <typename OpTy> auto ops() { return program.getBodyRegion().getOps<OpTy>(); }

  LogicalResult verifyBody() {
    unsigned referenceCount = 0;
    for (Operation &op : program.getBodyRegion().getOps()) {
      // program_c2
      if (!llvm::isa<TensorOp, PortOp, HostCallOp, MemoryImageOp, LayerOp, ReferenceOp, CoreOp>(op))
        return op.emitOpError("is not part of an 'isa.program'");
      // program_c4
      if (llvm::isa<ReferenceOp>(op) && ++referenceCount > 1)
        return op.emitOpError("is the second reference of the program");
    }
    return success();
  }

  LogicalResult verifyPlaces() {
    llvm::DenseMap<std::pair<int64_t, int64_t>, CoreOp> byPlace;
    for (CoreOp core : cores) {
      // program_c3
      if (core.getX() >= limits.meshCols || core.getY() >= limits.meshRows)
        return core.emitOpError("at x ")
               << core.getX() << ", y " << core.getY() << " is outside the mesh of the target";
      auto [other, isNew] = byPlace.try_emplace({core.getX(), core.getY()}, core);
      if (!isNew) {
        InFlightDiagnostic diagnostic = core.emitOpError("has the place x ")
                                        << core.getX() << ", y " << core.getY()
                                        << " of another core";
        diagnostic.attachNote(other->second.getLoc()) << "of this one";
        return diagnostic;
      }
    }
    return success();
  }

  LogicalResult verifyTensors() {
    int64_t memoryBytes = program.getGlobalMemoryBytes();
    for (TensorOp tensor : tensors) {
      // tensor_c5: the addresses of the first and the last byte; 128 bits because strides are
      // unbounded
      __int128 first = tensor.getBase(), last = first + elementBytes(tensor.getElement());
      for (auto [size, stride] : llvm::zip_equal(tensor.getSizes(), tensor.getStrides()))
        (stride < 0 ? first : last) += static_cast<__int128>(size - 1) * stride;
      if (first < 0 || last > memoryBytes)
        return tensor.emitOpError("is not inside the ") << memoryBytes << " bytes of global memory";
    }
    return success();
  }

  LogicalResult verifyTensorIndex(Operation *op, StringRef what, int64_t index) {
    if (index >= 0 && index < static_cast<int64_t>(tensors.size()))
      return success();
    return op->emitOpError("'") << what << "' names tensor " << index << ", but the program has "
                                << tensors.size();
  }

  LogicalResult verifyPorts() {
    for (PortOp port : ops<PortOp>()) {
      // port_c4
      if (failed(verifyTensorIndex(port, "tensor", port.getTensor())))
        return failure();
      // port_c5
      TensorOp tensor = tensors[port.getTensor()];
      auto count = [](ArrayRef<int64_t> sizes) {
        __int128 product = 1;
        for (int64_t size : sizes)
          product =
              std::min<__int128>(product * size, INT64_MAX); // no overflow: sizes are below 2^63
        return product;
      };
      if (tensor.getElement() != port.getElement() ||
          count(tensor.getSizes()) != count(port.getShape())) {
        InFlightDiagnostic diagnostic =
            port.emitOpError("differs from its tensor in element type or number of elements");
        diagnostic.attachNote(tensor.getLoc()) << "the tensor";
        return diagnostic;
      }
    }
    return success();
  }

  LogicalResult verifyHostCalls() {
    for (HostCallOp call : ops<HostCallOp>()) {
      // host_call_c1
      for (int64_t index : call.getInputs())
        if (failed(verifyTensorIndex(call, "inputs", index)))
          return failure();
      for (int64_t index : call.getOutputs())
        if (failed(verifyTensorIndex(call, "outputs", index)))
          return failure();
    }
    return success();
  }

  LogicalResult verifyImages() {
    for (MemoryImageOp image : ops<MemoryImageOp>()) {
      // memory_image_c1
      int64_t size = image.getBytes().getType().getNumElements();
      int64_t memoryBytes = program.getGlobalMemoryBytes();
      if (size > memoryBytes || image.getAddress() > memoryBytes - size)
        return image.emitOpError("of ")
               << size << " bytes at " << image.getAddress() << " is not inside the " << memoryBytes
               << " bytes of global memory";
    }
    return success();
  }

  LogicalResult verifyLayers() {
    SmallVector<uint64_t> lengths;
    for (CoreOp core : cores)
      lengths.push_back(getInstructionOps(core).size());
    for (LayerOp layer : ops<LayerOp>()) {
      // layer_c1
      for (auto span : layer.getSpans().getAsRange<SpanAttr>()) {
        if (span.getCore() >= cores.size())
          return layer.emitOpError("has a span in core ")
                 << span.getCore() << ", but the program has " << cores.size();
        if (span.getBegin() > span.getEnd() || span.getEnd() > lengths[span.getCore()])
          return layer.emitOpError("has a span from ")
                 << span.getBegin() << " to " << span.getEnd() << ", but core " << span.getCore()
                 << " has " << lengths[span.getCore()] << " instructions";
      }
      // layer_c2
      if (layer.getOutput() != -1 && failed(verifyTensorIndex(layer, "output", layer.getOutput())))
        return failure();
    }
    return success();
  }

  LogicalResult verifyCode() {
    ProgramTables tables;
    tables.semaphoreCount = program.getSemaphores();
    tables.hostCallCount = llvm::range_size(ops<HostCallOp>());
    tables.coreCount = cores.size();
    for (CoreOp core : cores)
      if (failed(verifyCode(core, tables)))
        return failure();
    return success();
  }

  static LogicalResult verifyCode(CoreOp core, const ProgramTables &tables) {
    return mlir::pim::isa::verifyCode(core, tables);
  }

  ProgramOp program;
  TargetLimits limits;
  SmallVector<TensorOp> tensors;
  SmallVector<CoreOp> cores;
};

} // namespace

LogicalResult ProgramOp::verifyRegions() { return ProgramVerifier(*this).verify(); }
