//===- HostModel.h - the graph of a host program, ready to run ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_RUNTIME_SRC_SESSION_HOSTMODEL_H
#define PIM_RUNTIME_SRC_SESSION_HOSTMODEL_H

#include "pim/Program/Graph.h"
#include "pim/Runtime/Data/Value.h"
#include "pim/Runtime/Timing/InstructionTiming.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pim::runtime {

/// One evaluator of a graph. Not to be shared by threads.
class HostModel {
public:
  virtual ~HostModel() = default;
  /// A value for each input of the graph, of its element type; gives one for each output.
  virtual std::vector<data::Value> run(std::span<const data::Value> inputs) = 0;
  /// The work of the last run.
  virtual HostWork work() const = 0;
};

/// An evaluator for `graph` on `host`; both must outlive it. `plain`: with the slow kernels that
/// others are compared with.
std::unique_ptr<HostModel> makeHostModel(const graph::Graph &graph,
                                         const target::Target::Host &host, bool plain);

/// The same for a graph of ONNX operators, whose shapes are found at run time.
std::unique_ptr<HostModel> makeOnnxModel(const graph::Graph &graph);

/// True if `graph` is made of ONNX operators alone; where there are TOSA's, shapes are fixed.
bool isOnnxGraph(const graph::Graph &graph);

/// What input `index` of a graph of ONNX operators is besides a tensor: pimc puts an Identity or an
/// Optional behind it, with an attribute "sequence", that says so.
struct ContainerType {
  bool isSequence = false, isOptional = false;
  bool isTensor() const { return !isSequence && !isOptional; }
};
ContainerType containerType(const graph::Graph &graph, size_t index);

/// `array` with elements as `element` wants them. Throws pim::Error, naming `what`, if a value does
/// not fit.
data::Array convertArray(const data::Array &array, ElementType element, const std::string &what);

} // namespace pim::runtime

#endif // PIM_RUNTIME_SRC_SESSION_HOSTMODEL_H
