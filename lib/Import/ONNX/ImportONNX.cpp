//===- ImportONNX.cpp - from .onnx files to the onnx dialect ---------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Import/ONNX/ImportONNX.h"
#include "GraphImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>

using namespace mlir;
using namespace mlir::pim;

static constexpr int64_t minIrVersion = 3, maxIrVersion = 14;
static constexpr int64_t minOpset = 1, maxOpset = 28;

/// Protobuf limits its messages to two gigabytes.
static constexpr size_t maxModelBytes = (size_t(1) << 31) - 1;

static LogicalResult parseModel(StringRef bytes, ::onnx::ModelProto &model, Location location) {
  if (bytes.empty())
    return emitError(location) << "is empty, expected an ONNX model";
  if (bytes.size() > maxModelBytes)
    return emitError(location)
           << "has " << bytes.size()
           << " bytes; models of 2 GB and more must keep weights as external data";
  if (bytes.starts_with("PIMB\r\n"))
    return emitError(location) << "is a compiled program, expected an ONNX model; pim-run runs it";
  // Protobuf tells the error stream what it dislikes; our one line says it.
  google::protobuf::LogSilencer silence;
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t *>(bytes.data()),
                                                int(bytes.size()));
  if (!model.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    return emitError(location) << "is not an ONNX model, or a damaged one";
  return success();
}

static LogicalResult checkVersions(const ::onnx::ModelProto &model,
                                   llvm::StringMap<int64_t> &opsets, Location location) {
  if (!model.has_graph() || !model.has_ir_version())
    return emitError(location) << "is not an ONNX model: it has no "
                               << (model.has_graph() ? "IR version" : "graph");
  if (model.ir_version() < minIrVersion || model.ir_version() > maxIrVersion)
    return emitError(location) << "has IR version " << model.ir_version() << ", expected "
                               << minIrVersion << " to " << maxIrVersion;
  for (const ::onnx::OperatorSetIdProto &import : model.opset_import()) {
    StringRef domain = canonicalDomain(import.domain());
    // Some exporters import one once more, in the same version.
    auto [entry, isNew] = opsets.try_emplace(domain, import.version());
    if (!isNew && entry->second != import.version())
      return emitError(location) << "imports versions " << entry->second << " and "
                                 << import.version() << " of domain " << quoted(domain)
                                 << ", expected one";
    if (import.version() < 1)
      return emitError(location) << "imports version " << import.version() << " of domain "
                                 << quoted(domain);
  }
  auto opset = opsets.find("");
  if (opsets.empty())
    return emitError(location) << "does not say which opset it uses";
  if (opset != opsets.end() && (opset->second < minOpset || opset->second > maxOpset))
    return emitError(location) << "uses opset " << opset->second << ", expected " << minOpset
                               << " to " << maxOpset;
  // Exporters of QONNX use its domain without importing it; it has one version.
  for (StringRef domain : {"onnx.brevitas", "finn.custom_op.general", "qonnx.custom_op.general"})
    opsets.try_emplace(domain, 1);
  return success();
}

/// What pim-compress says of the weights goes on as attributes of the module.
static void keepMetadata(const ::onnx::ModelProto &model, ModuleOp module) {
  for (const ::onnx::StringStringEntryProto &entry : model.metadata_props())
    if (entry.key() == recordedCodesAttrName)
      module->setAttr(recordedCodesAttrName, StringAttr::get(module.getContext(), entry.value()));
}

OwningOpRef<ModuleOp> mlir::pim::importONNXBytes(MLIRContext *context, StringRef bytes,
                                                 StringRef path, const ImportOptions &options) {
  context->loadDialect<func::FuncDialect, onnx::ONNXDialect>();
  Location location = FileLineColLoc::get(context, path, 0, 0);
  ::onnx::ModelProto model;
  llvm::StringMap<int64_t> opsets;
  if (failed(parseModel(bytes, model, location)) || failed(checkVersions(model, opsets, location)))
    return nullptr;
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  keepMetadata(model, *module);
  if (failed(inlineFunctions(model, opsets, location)))
    return nullptr;
  ImportContext shared(*module, opsets, options, path);
  if (failed(GraphImporter(shared, *model.mutable_graph()).run()) || failed(verify(*module)))
    return nullptr;
  return module;
}

OwningOpRef<ModuleOp> mlir::pim::importONNX(MLIRContext *context, StringRef path,
                                            const ImportOptions &options) {
  Location location = FileLineColLoc::get(context, path, 0, 0);
  if (llvm::sys::fs::is_directory(path)) {
    emitError(location) << "is a folder, expected an ONNX model";
    return nullptr;
  }
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer) {
    emitError(location) << "cannot be read: " << buffer.getError().message();
    return nullptr;
  }
  return importONNXBytes(context, (*buffer)->getBuffer(), path, options);
}
