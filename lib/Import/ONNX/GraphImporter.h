//===- GraphImporter.h - one ONNX graph as a function ----*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
#define PIM_LIB_IMPORT_ONNX_GRAPHIMPORTER_H

#include "TensorImporter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Import/ONNX/ImportONNX.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::pim {

/// Decides the static shape of every graph input.
class InputShapes {
public:
  InputShapes(const ImportOptions &options, Location location)
      : options(options), location(location) {}

  /// Emits an error if options name an input that is not in `inputs`.
  LogicalResult checkNames(ArrayRef<const ::onnx::ValueInfoProto *> inputs);
  /// The shape of `input`: pinned by the options, open batch dimensions 1.
  FailureOr<SmallVector<int64_t>> resolve(const ::onnx::ValueInfoProto &input);
  /// The shape of a value inside the graph, if all its dimensions are known by now.
  std::optional<SmallVector<int64_t>> lookup(const ::onnx::ValueInfoProto &value);

private:
  LogicalResult bind(StringRef symbol, int64_t size, StringRef input);

  const ImportOptions &options;
  Location location;
  llvm::StringMap<int64_t> symbols; ///< sizes of named dimensions
};

/// Builds the function `main` from a graph. Takes raw bytes out of the message.
class GraphImporter {
public:
  /// `opsets` maps each imported domain (the default one is "") to its version.
  GraphImporter(ModuleOp module, ::onnx::GraphProto &graph, const llvm::StringMap<int64_t> &opsets,
                const ImportOptions &options, StringRef modelPath);

  FailureOr<func::FuncOp> run();

private:
  LogicalResult collectInitializers();
  LogicalResult collectProducers();
  LogicalResult refuseSubgraphs();
  LogicalResult importInputs();
  LogicalResult importNode(int index);
  LogicalResult importConstantNode(int index);
  LogicalResult importOutputs();

  FailureOr<Value> lookup(StringRef name, int nodeIndex);
  FailureOr<Value> importInitializer(StringRef name);
  InFlightDiagnostic undefined(StringRef name, int nodeIndex);
  bool dependsOn(int node, int other);
  FailureOr<NamedAttribute> importAttribute(::onnx::AttributeProto &attribute, int nodeIndex);
  Type declaredType(StringRef name);
  bool isOnlyBound(StringRef name);

  std::string nodeName(int index);
  Location nodeLocation(int index);
  InFlightDiagnostic nodeError(int index);
  InFlightDiagnostic error() { return emitError(fileLocation); }

  ModuleOp module;
  ::onnx::GraphProto &graph;
  const llvm::StringMap<int64_t> &opsets;
  Location fileLocation;
  OpBuilder builder;
  TensorImporter tensors;
  InputShapes shapes;

  func::FuncOp function;
  llvm::StringMap<Value> values;     ///< by ONNX name
  llvm::StringMap<int> initializers; ///< name -> index
  llvm::StringMap<int> producers;    ///< name -> index of the node that makes it
  llvm::StringMap<int> declarations; ///< name -> index in value_info
};

} // namespace mlir::pim

#endif // PIM_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
