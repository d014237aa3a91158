//===- Compress.h - train a network to fit arrays ---------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line pim-compress as a library. Tested by unittests/Compress.
//
//===----------------------------------------------------------------------===//
#ifndef PIM_COMPRESS_COMPRESS_H
#define PIM_COMPRESS_COMPRESS_H

#include "pim/Compress/Options.h"
#include "pim/Compress/Report.h"

namespace pim::compress {

/// Runs the steps that `options` ask for and writes options.output. Throws pim::Error if the input
/// is at fault; the output file is then as it was, and the checkpoint holds the last good epoch.
Report compress(const Options &options);

/// Names that writeInitialModel() knows, separated by commas.
std::string initialModelNames();

/// Writes an untrained model of one of these names. Throws pim::Error for another name.
///   lenet5        1x28x28, 6 and 16 channels of 5x5, 400-120-84-10
///   lenet5-caffe  1x28x28, 20 and 50 channels of 5x5, 800-500-10
///   lenet5-imac   lenet5 with a sign unit before 400-120-84-10, all of whose neurons are
///                 sigmoids
///   mlp           784-16-10 with sigmoid neurons
///   mlp-imac      the same behind a sign unit, with neurons at its end too
void writeInitialModel(const std::string &name, uint64_t seed, const std::string &path);

} // namespace pim::compress

#endif // PIM_COMPRESS_COMPRESS_H
