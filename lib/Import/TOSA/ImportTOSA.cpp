//===- ImportTOSA.cpp - models from other front ends in TOSA --------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Import/TOSA/ImportTOSA.h"

#include "InputTypes.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Dialect/TOSA/Transforms/Passes.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <utility>

using namespace mlir;
using namespace mlir::pim;

bool mlir::pim::isMlirFile(StringRef path) {
  if (path == "-" || path.ends_with(".mlir") || path.ends_with(".mlirbc"))
    return true;
  auto head = llvm::MemoryBuffer::getFileSlice(path, 4, 0);
  return head && isBytecode(**head);
}

static OwningOpRef<ModuleOp> parse(MLIRContext *context, StringRef path, Location file) {
  if (llvm::sys::fs::is_directory(path)) {
    emitError(file, "is a folder, expected a model");
    return nullptr;
  }
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer) {
    emitError(file, "cannot be read: ") << buffer.getError().message();
    return nullptr;
  }
  // The parser may say what follows from an error too.
  bool sawError = false;
  ScopedDiagnosticHandler firstErrorOnly(context, [&](Diagnostic &diagnostic) {
    bool isError = diagnostic.getSeverity() == DiagnosticSeverity::Error;
    return success(isError && std::exchange(sawError, true));
  });
  return parseSourceString<ModuleOp>((*buffer)->getBuffer(), ParserConfig(context), path);
}

/// The one function that is left when those that it calls are inlined; null after an error.
static func::FuncOp inlineCalls(ModuleOp module, Location file) {
  auto functions = module.getOps<func::FuncOp>();
  if (functions.empty()) {
    emitError(file, "holds no function; expected one in TOSA");
    return nullptr;
  }
  if (!llvm::hasSingleElement(functions)) {
    PassManager manager(module.getContext());
    manager.addPass(createInlinerPass());
    manager.addPass(createSymbolDCEPass());
    if (failed(manager.run(module)))
      return nullptr;
  }
  if (!llvm::hasSingleElement(module.getOps<func::FuncOp>())) {
    emitError(file, "holds ")
        << llvm::range_size(module.getOps<func::FuncOp>())
        << " functions, expected one, the model, and private ones that it calls";
    return nullptr;
  }
  return *module.getOps<func::FuncOp>().begin();
}

static bool isOpen(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor && !tensor.hasStaticShape();
}

/// Computes the types of all values from those of the arguments.
static LogicalResult inferShapes(func::FuncOp function) {
  PassManager manager(function.getContext(), func::FuncOp::getOperationName());
  manager.addPass(tosa::createTosaInferShapesPass());
  if (failed(manager.run(function)))
    return failure();
  // What is returned is cast back to the types that the function had.
  Operation *terminator = function.getBody().front().getTerminator();
  for (OpOperand &operand : terminator->getOpOperands())
    if (auto cast = operand.get().getDefiningOp<tensor::CastOp>()) {
      operand.set(cast.getSource());
      if (cast.use_empty())
        cast.erase();
    }
  function.setType(FunctionType::get(function.getContext(), function.getBody().getArgumentTypes(),
                                     terminator->getOperandTypes()));
  return success();
}

/// Every value is a tensor of a static shape, of numbers, as later stages rely on.
static LogicalResult checkTypes(func::FuncOp function) {
  auto isSound = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return isa<tosa::shapeType>(type) ||
           (tensor && tensor.hasStaticShape() &&
            isa<IntegerType, FloatType, quant::QuantizedType>(tensor.getElementType()));
  };
  bool isImported = false;
  WalkResult result = function.walk([&](Operation *op) {
    // Nodes as imported from ONNX have types of their own, which their conversion checks.
    if (isa<onnx::ONNXDialect>(op->getDialect())) {
      isImported = true;
      return WalkResult::advance();
    }
    for (Type type : op->getResultTypes())
      if (!isSound(type)) {
        op->emitError() << "makes a " << type << ", expected a tensor of numbers of static shape";
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  if (isImported)
    return success();
  for (Type type : function.getArgumentTypes())
    if (!isSound(type))
      return function.emitError() << "takes a " << type
                                  << ", expected tensors of numbers of static shape";
  return success();
}

OwningOpRef<ModuleOp>
mlir::pim::importTOSA(MLIRContext *context, StringRef path,
                      const std::map<std::string, std::vector<int64_t>> &inputShapes) {
  Location file = FileLineColLoc::get(context, path, 0, 0);
  OwningOpRef<ModuleOp> module = parse(context, path, file);
  func::FuncOp function = module ? inlineCalls(*module, file) : nullptr;
  if (!function)
    return nullptr;
  if (function.isExternal()) {
    function.emitError() << "has no body";
    return nullptr;
  }
  if (!llvm::hasSingleElement(function.getBody())) {
    function.emitError() << "has " << function.getBody().getBlocks().size()
                         << " blocks, expected one";
    return nullptr;
  }
  bool hasOpenTypes = llvm::any_of(function.getArgumentTypes(), isOpen);
  PassManager manager(context);
  manager.addNestedPass<func::FuncOp>(createPimStripQuantTypesPass());
  if (failed(pinInputTypes(function, inputShapes)) || failed(manager.run(*module)) ||
      (hasOpenTypes && failed(inferShapes(function))) || failed(checkTypes(function)))
    return nullptr;
  return module;
}
