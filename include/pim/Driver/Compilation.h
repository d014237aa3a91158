//===- Compilation.h - a model's way from file to program ------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `pimc` does, without its command line: load a model, take it through the stages of
// pim/Pipelines/Pipelines.h, write what was asked for, and say what it took.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_DRIVER_COMPILATION_H
#define PIM_DRIVER_COMPILATION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "pim/Driver/MappingSummary.h"
#include "pim/Pipelines/Pipelines.h"
#include "pim/Program/Program.h"
#include "pim/Quantization/Calibration.h"
#include "pim/Quantization/WeightCoding.h"
#include "pim/Target/Target.h"
#include "llvm/ADT/StringMap.h"

#include <map>
#include <optional>
#include <vector>

namespace mlir::pim {

struct CompilationOptions {
  std::string input;                       ///< .onnx, or .mlir in TOSA
  std::string target;                      ///< name or YAML file
  std::vector<std::string> targetSettings; ///< "KEY=VALUE" that change it
  Stage stop = Stage::Binary;
  CalibrationOptions calibration;
  bool equalize = false; ///< pim-equalize-layers before calibration
  MappingOptions mapping;
  std::string prune; ///< patterns by layer, as pruneWeights() takes them; empty: none
  WeightCodeOptions weightCode;
  std::optional<std::string> explain; ///< the layer whose mapping to draw; empty: all
  /// Collect weightChoices(), which takes time where weights are rounded to the nearest.
  bool keepWeightChoices = false;
  /// Static shapes for inputs that the model leaves open, by input name.
  std::map<std::string, std::vector<int64_t>> inputShapes;
};

/// One compilation. Every step emits its own diagnostics and returns failure if there were any.
class Compilation {
public:
  Compilation(MLIRContext *context, CompilationOptions options);

  /// Loads the input and takes it up to options.stop.
  LogicalResult run();
  /// Loads the target alone; run() does it first.
  LogicalResult resolveTarget();

  /// The module at the stage reached.
  ModuleOp module() const { return ir.get(); }

  /// The program; only after a run to Stage::Binary.
  const ::pim::program::Program &program() const { return *compiled; }

  /// Writes the module as text, or the program as bytes, to `stream`.
  LogicalResult emit(llvm::raw_ostream &stream);

  /// Wall-clock seconds by stage name, in the order run.
  const std::vector<std::pair<std::string, double>> &phases() const { return phaseSeconds; }

  /// What the mapping of each matrix layer came to; only after a run to Stage::Mapped or further.
  const std::vector<LayerMapping> &mappings() const { return mappingSummary; }
  /// What layers without arrays were estimated to take; likewise.
  const std::vector<UnitEstimate> &units() const { return unitEstimates; }
  /// How the weights of each layer that calibration has rounded were chosen, in program order, and
  /// what fewer bits in one layer alone were found to cost (--weight-bits auto).
  const std::vector<WeightChoice> &weightChoices() const { return weights; }
  const std::vector<BitSensitivity> &sensitivities() const { return bitTrials; }
  /// The picture that options.explain asks for.
  const std::string &explanation() const { return picture; }

  const ::pim::target::Target &target() const { return *chip; }
  const CompilationOptions &getOptions() const { return options; }
  /// Bytes of the file made; only after a run to Stage::Binary.
  size_t programBytes() const { return binary.size(); }

private:
  LogicalResult load();
  /// What reports call the model, and the version of ONNX's operators that it uses.
  void nameModule();
  LogicalResult quantize();
  LogicalResult codeWeights();
  /// True if the model goes to the host as it is in its file.
  bool runsAsImported() const;
  LogicalResult makeHostBinary();
  LogicalResult translate();
  /// `compiled` as the bytes of a file.
  LogicalResult encode();
  /// What the program tells pim-run about raw bytes.
  void attachPreprocess();
  LogicalResult runStage(Stage stage);
  /// What belongs to a stage but is no pass: it needs calibration data, or leaves the module as it
  /// is.
  LogicalResult finishStage(Stage stage);

  MLIRContext *context;
  CompilationOptions options;
  OwningOpRef<ModuleOp> ir;
  std::optional<::pim::target::Target> chip;
  std::optional<::pim::program::Program> compiled;
  std::vector<std::byte> binary;
  std::vector<LayerMapping> mappingSummary;
  std::vector<UnitEstimate> unitEstimates;
  std::vector<WeightChoice> weights;
  std::vector<BitSensitivity> bitTrials;
  std::string picture;
  std::vector<std::pair<std::string, double>> phaseSeconds;
};

} // namespace mlir::pim

#endif // PIM_DRIVER_COMPILATION_H
