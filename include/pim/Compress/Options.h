//===- Options.h - what pim-compress is asked for ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef PIM_COMPRESS_OPTIONS_H
#define PIM_COMPRESS_OPTIONS_H

#include "pim/ADMM/Ratios.h"
#include "pim/Runtime/Data/InputFeed.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pim::compress {

/// Images and their classes; the labels may come with the images.
struct DataFiles {
  std::string images;
  std::string labels;           ///< empty: those of `images`
  std::optional<int64_t> limit; ///< use at most so many
};

enum class OptimizerKind { Sgd, Adam };
enum class ScheduleKind { Constant, Cosine, Step };

/// How a network is trained. Rates are those of the float training; a step may have its own.
struct TrainOptions {
  OptimizerKind optimizer = OptimizerKind::Adam;
  double rate = 1e-3;
  double momentum = 0.9;     ///< of SGD
  double weightDecay = 1e-4; ///< decoupled in Adam
  ScheduleKind schedule = ScheduleKind::Cosine;
  int64_t stepEpochs = 10; ///< ScheduleKind::Step: after so many epochs ...
  double stepFactor = 0.1; ///< ... the rate takes this factor
  int64_t batch = 128;
  double labelSmoothing = 0;
  double mixup = 0;  ///< parameter of the Beta distribution; 0: none
  double cutmix = 0; ///< likewise; where both are given, each batch takes one of them
  int64_t crop = 0;  ///< pixels around an image from which it is cropped
  bool flip = false;
  double distill = 0; ///< share of the loss that follows the float model's scores
  double temperature = 4;
  double hints = 0;     ///< weight of the distance from what layers of the float model read
  int64_t patience = 0; ///< epochs without a better validation before a step ends; 0: never
};

/// Epochs and rate of each step; an absent rate is `TrainOptions::rate`.
struct StepOptions {
  int64_t epochs = 0;
  std::optional<double> rate;
};

struct Options {
  std::string model;              ///< path, or empty with `initial`
  std::string output;             ///< path of the ONNX file to write
  DataFiles training, validation; ///< no validation images: a share of the training set
  double validationShare = 0.1;
  DataFiles test;      ///< measured at the end of every step, never trained on; may be empty
  std::string teacher; ///< path of the model to distill from; empty: the float network of this run
  data::Preprocess preprocess;

  TrainOptions train;
  StepOptions floatStep;                      ///< plain training, before everything else
  StepOptions pruneStep, pruneTuneStep;       ///< ADMM, then with masks
  StepOptions quantizeStep, quantizeTuneStep; ///< ADMM, then with levels frozen
  int64_t admmInterval = 1;                   ///< epochs between updates of Z and U

  /// Patterns by layer (pim/Sparsity/PatternSpec.h), rounds separated by '|'; empty: none.
  std::string prune;
  std::string quantize; ///< codes by layer (pim/Codes/LevelSet.h); empty: none
  /// Whether a layer's weights share one scale ("layer") or those of a filter ("filter"), by layer:
  /// "filter;fc*=layer"; where no clause fits, those of a filter.
  std::string scales;
  /// Whether a fully connected layer's biases are floats ("float") or on the levels of its weights
  /// ("levels"), as the cells of a bias row are, by layer: "fc*=levels"; else floats.
  std::string biases;
  double freeze = 1;            ///< share of the training on levels that all levels move in
  std::string goal;             ///< "arrays=8x", "accuracy-loss=0.5"; empty: none
  std::string target;           ///< name of the chip that the goal is for
  admm::ArrayGeometry geometry; ///< its arrays, for weights of 8 bits
  std::string pruneRho = "growing:0.1:2:4";
  std::string quantizeRho = "growing:0.05:2:2";
  int64_t refitSamples = 256; ///< for the least squares after a projection on zeros; 0: none
  /// Batch normalization behind layers that have none, merged into them at the end.
  bool normalize = false;
  bool removeChannels = false;
  std::string activationBits; ///< by layer, "2;#-1=8"; empty: activations stay float

  uint64_t seed = 1;
  int threads = 1;
  std::string checkpoint; ///< path; empty: output + ".ckpt"
  bool resume = false;
  std::string log; ///< JSON lines of residuals and epochs; empty: none

  /// Called with what is done of the current step: its name, and batches of all batches.
  std::function<void(const std::string &step, int64_t done, int64_t total)> progress;
  /// Called with one line for the terminal.
  std::function<void(const std::string &line)> say;
};

} // namespace pim::compress

#endif // PIM_COMPRESS_OPTIONS_H
