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

/// Whether `dim` has a size; -1 is how some exporters leave one open.
inline bool hasSize(const ::onnx::TensorShapeProto::Dimension &dim) {
  return dim.has_dim_value() && dim.dim_value() != -1;
}

/// Decides the shape of every graph input.
class InputShapes {
public:
  InputShapes(const ImportOptions &options, Location location)
      : options(options), location(location) {}

  /// Emits an error if options name an input that is not in `inputs`.
  LogicalResult checkNames(ArrayRef<const ::onnx::ValueInfoProto *> inputs);
  /// The shape of `input`: pinned by the options, open batch dimensions 1. If the options keep
  /// dynamic shapes, dimensions that nothing pins are dynamic.
  FailureOr<SmallVector<int64_t>> resolve(const ::onnx::ValueInfoProto &input);
  /// The shape of a value inside the graph, if all its dimensions are known by now.
  std::optional<SmallVector<int64_t>> lookup(const ::onnx::ValueInfoProto &value);

private:
  LogicalResult bind(StringRef symbol, int64_t size, StringRef input);

  const ImportOptions &options;
  Location location;
  llvm::StringMap<int64_t> symbols; ///< sizes of named dimensions
};

/// What the importers of a model's graph and of its sub-graphs share.
struct ImportContext {
  ImportContext(ModuleOp module, const llvm::StringMap<int64_t> &opsets,
                const ImportOptions &options, StringRef modelPath)
      : module(module), opsets(opsets), options(options), fileLocation(module.getLoc()),
        tensors(module.getContext(), modelPath, options.keepsDynamic),
        shapes(options, fileLocation) {}

  ModuleOp module;
  const llvm::StringMap<int64_t> &opsets; ///< by domain, the default one is ""
  const ImportOptions &options;
  Location fileLocation;
  TensorImporter tensors;
  InputShapes shapes;
};

/// Builds the function `main` from a graph, or a region of a node from a sub-graph. Takes raw bytes
/// out of the message.
class GraphImporter {
public:
  /// `parent`: imports the graph around this one, whose values are visible here.
  GraphImporter(ImportContext &context, ::onnx::GraphProto &graph, GraphImporter *parent = nullptr)
      : context(context), graph(graph), parent(parent), builder(context.module.getContext()) {}

  FailureOr<func::FuncOp> run();
  LogicalResult runBody(Region &region);

private:
  LogicalResult collectInitializers();
  LogicalResult collectProducers();
  LogicalResult importInputs();
  LogicalResult importBodyInputs(Block &block);
  LogicalResult importSparseInitializers();
  LogicalResult importNode(int index);
  /// The nodes, each behind those that make what it takes; sorted ones as they are.
  FailureOr<SmallVector<int>> sortedNodes();
  LogicalResult importNodes();
  LogicalResult importConstantNode(int index);
  FailureOr<SmallVector<Value>> importOutputValues();
  LogicalResult importOutputs();
  /// What the attributes of a node become: graphs apart from the others.
  struct Attributes {
    NamedAttrList plain;
    SmallVector<Attribute> graphNames;
    SmallVector<::onnx::GraphProto *> graphs;
  };
  FailureOr<Attributes> importAttributes(int nodeIndex);
  FailureOr<Attribute> importAttribute(::onnx::AttributeProto &attribute, int nodeIndex);

  FailureOr<Value> lookup(StringRef name, int nodeIndex);
  /// The value called `name` here or in a graph around, null if there is none.
  FailureOr<Value> find(StringRef name);
  FailureOr<Value> importInitializer(StringRef name);
  FailureOr<Type> inputType(const ::onnx::ValueInfoProto &input);
  Type declaredType(StringRef name);
  Infinities allowedInfinities(StringRef name);

  std::string nodeName(int index);
  Location nodeLocation(int index);
  InFlightDiagnostic nodeError(int index);
  InFlightDiagnostic error() { return emitError(context.fileLocation); }

  ImportContext &context;
  ::onnx::GraphProto &graph;
  GraphImporter *parent;
  OpBuilder builder;
  Block *block = nullptr;

  func::FuncOp function;
  llvm::StringMap<Value> values;     ///< by ONNX name
  llvm::StringMap<int> initializers; ///< name -> index
  llvm::StringMap<int> producers;    ///< name -> index of the node that makes it
  llvm::StringMap<const ::onnx::ValueInfoProto *> declarations;
  /// name -> the nodes that take it, and as which operand; once something asked for it
  llvm::StringMap<SmallVector<std::pair<int, size_t>, 1>> uses;
};

/// Replaces nodes that call a function of the model by the function's nodes, in the graph and its
/// sub-graphs; domains that functions import are added to `opsets`.
LogicalResult inlineFunctions(::onnx::ModelProto &model, llvm::StringMap<int64_t> &opsets,
                              Location location);

/// "ai.onnx" is a spelling of the default domain, "".
inline StringRef canonicalDomain(StringRef domain) {
  return domain == "ai.onnx" ? StringRef() : domain;
}

/// "seq(tensor(float))": `type` as the specification spells it.
std::string typeText(const ::onnx::TypeProto &type);

} // namespace mlir::pim

#endif // PIM_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
