//===- Compilation.cpp - a model's way from file to program ---------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "pim/Driver/Compilation.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "pim/Dialect/ISA/IR/ISAOps.h"
#include "pim/Dialect/ONNX/IR/ONNXDialect.h"
#include "pim/Driver/HostProgram.h"
#include "pim/Elements/UnusedConstants.h"
#include "pim/Import/ONNX/ImportONNX.h"
#include "pim/Import/TOSA/ImportTOSA.h"
#include "pim/Quantization/PruneWeights.h"
#include "pim/Runtime/Machine/Progress.h"
#include "pim/Support/Error.h"
#include "pim/Target/Settings.h"
#include "pim/Target/TargetYAML.h"
#include "pim/Translate/Translate.h"
#include "llvm/Support/Path.h"

#include <chrono>
#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace mlir;
using namespace mlir::pim;

Compilation::Compilation(MLIRContext *context, CompilationOptions options)
    : context(context), options(std::move(options)) {
  if (!this->options.keepWeightChoices)
    return;
  CalibrationOptions &calibration = this->options.calibration;
  calibration.weightsChosen = [this](const WeightChoice &choice) { weights.push_back(choice); };
  calibration.sensitivityMeasured = [this](const BitSensitivity &trial) {
    bitTrials.push_back(trial);
  };
}

LogicalResult Compilation::run() {
  auto timed = [this](StringRef name, llvm::function_ref<LogicalResult()> step) {
    auto start = std::chrono::steady_clock::now();
    LogicalResult result = step();
    std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    phaseSeconds.emplace_back(name.str(), seconds.count());
    return result;
  };

  // A target that cannot be used is reported before the model is touched.
  if (failed(resolveTarget()))
    return failure();

  if (failed(timed("onnx", [this] { return load(); })))
    return failure();
  for (Stage stage :
       {Stage::Tosa, Stage::Quant, Stage::Pim, Stage::Mapped, Stage::Isa, Stage::Binary}) {
    if (stage > options.stop)
      break;
    if (chip->host.only && (stage > Stage::Tosa || runsAsImported()))
      return timed("binary", [this] { return makeHostBinary(); });
    if (failed(timed(stageName(stage), [this, stage] { return runStage(stage); })))
      return failure();
  }
  return success();
}

LogicalResult Compilation::resolveTarget() {
  auto complain = [this] { return emitError(UnknownLoc::get(context)); };
  FailureOr<::pim::target::Target> loaded = loadTarget(options.target, complain);
  if (failed(loaded))
    return failure();
  chip = std::move(*loaded);
  try {
    applySettings(*chip, options.targetSettings, ::pim::target::SettingTime::Compile);
  } catch (const ::pim::Error &error) {
    return complain() << error.what();
  }
  return success();
}

LogicalResult Compilation::load() {
  if (isMlirFile(options.input)) {
    ir = importTOSA(context, options.input, options.inputShapes);
  } else {
    ImportOptions import;
    import.inputShapes = options.inputShapes;
    import.keepsDynamic = runsAsImported();
    ir = importONNX(context, options.input, import);
  }
  if (!ir)
    return failure();
  nameModule();
  return success();
}

bool Compilation::runsAsImported() const {
  // A host whose traffic is modelled takes TOSA's operators, whose shapes are known.
  return chip->host.only && chip->host.l2Kib == 0 &&
         (options.stop == Stage::Onnx || options.stop == Stage::Binary) &&
         !isMlirFile(options.input);
}

void Compilation::nameModule() {
  if (!ir->getSymName()) {
    StringRef name = llvm::sys::path::stem(options.input);
    StringRef folder = llvm::sys::path::filename(llvm::sys::path::parent_path(options.input));
    // Model collections call every file model.onnx and tell them apart by folder.
    ir->setSymName(name == "model" && !folder.empty() && folder != "." ? folder : name);
  }
  ir->walk([this](onnx::NodeOp node) {
    if (node.getDomain())
      return WalkResult::advance();
    (*ir)->setAttr("pim.opset", StringAttr::get(context, std::to_string(node.getOpset())));
    return WalkResult::interrupt();
  });
}

LogicalResult Compilation::quantize() {
  // What analog layers do not take runs on the host in float.
  if (chip->array.kind == ::pim::target::ArrayKind::Imac || !needsCalibration(*ir))
    return success();
  PassManager manager(context);
  buildCalibrationPipeline(manager, options.equalize);
  if (failed(manager.run(*ir)))
    return failure();
  return calibrateAndInsertQuantization(*ir, options.calibration);
}

/// Pieces of the size of a layer's weights stay with the allocator when they are freed; the next
/// stage asks for pieces of other sizes.
static void returnFreedMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

LogicalResult Compilation::runStage(Stage stage) {
  if (stage == Stage::Binary)
    return translate();
  if (stage == Stage::Quant && failed(quantize()))
    return failure();
  if (stage == Stage::Pim) {
    attachTarget(*ir, *chip);
    attachPreprocess();
  }

  PassManager manager(context);
  switch (stage) {
  case Stage::Tosa:
    buildTosaPipeline(manager);
    break;
  case Stage::Quant:
    buildQuantPipeline(manager);
    break;
  case Stage::Pim:
    buildPimPipeline(manager, options.mapping);
    break;
  case Stage::Mapped:
    buildMappedPipeline(manager, options.mapping);
    break;
  case Stage::Isa:
    buildIsaPipeline(manager);
    break;
  case Stage::Onnx:
  case Stage::Binary:
    break;
  }
  if (failed(manager.run(*ir)) || failed(finishStage(stage)))
    return failure();
  releaseUnusedConstants(*ir);
  returnFreedMemory();
  return success();
}

LogicalResult Compilation::codeWeights() {
  WeightCodeOptions codes = options.weightCode;
  if (auto recorded = (*ir)->getAttrOfType<StringAttr>(recordedCodesAttrName))
    codes.recorded = recorded.str();
  return mlir::pim::codeWeights(*ir, codes, options.calibration);
}

LogicalResult Compilation::finishStage(Stage stage) {
  switch (stage) {
  case Stage::Tosa:
    return pruneWeights(*ir, options.prune);
  case Stage::Quant:
    return codeWeights();
  case Stage::Mapped: {
    mappingSummary = summarizeMapping(*ir);
    unitEstimates = summarizeUnits(*ir);
    if (!options.explain)
      return success();
    llvm::raw_string_ostream stream(picture);
    return explainMapping(*ir, *options.explain, stream);
  }
  default:
    return success();
  }
}

void Compilation::attachPreprocess() {
  const CalibrationPreprocess &preprocess = options.calibration.preprocess;
  (*ir)->setAttr("pim.preprocess",
                 isa::PreprocessAttr::get(context, preprocess.scale, preprocess.mean,
                                          preprocess.std, preprocess.layout));
}

LogicalResult Compilation::translate() {
  FailureOr<::pim::program::Program> program = isaToProgram(*ir);
  if (failed(program))
    return failure();
  compiled = std::move(*program);
  return encode();
}

LogicalResult Compilation::encode() {
  try {
    binary = ::pim::program::write(*compiled);
    ::pim::runtime::proveProgress(*compiled);
  } catch (const ::pim::Error &error) {
    return emitError(ir->getLoc(), error.what());
  }
  return success();
}

LogicalResult Compilation::makeHostBinary() {
  const CalibrationPreprocess &preprocess = options.calibration.preprocess;
  ::pim::fb::PreprocessT recorded;
  recorded.scale = preprocess.scale;
  recorded.mean = preprocess.mean;
  recorded.std = preprocess.std;
  recorded.layout = preprocess.layout;
  FailureOr<::pim::program::Program> program = makeHostProgram(*ir, *chip, recorded);
  if (failed(program))
    return failure();
  compiled = std::move(*program);
  return encode();
}

LogicalResult Compilation::emit(llvm::raw_ostream &stream) {
  if (options.stop == Stage::Binary) {
    stream.write(reinterpret_cast<const char *>(binary.data()), binary.size());
    return success();
  }
  ir->print(stream);
  stream << "\n";
  return success();
}
