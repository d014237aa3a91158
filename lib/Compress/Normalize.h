//===- Normalize.h - batch normalization for training -----------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_NORMALIZE_H
#define LIB_COMPRESS_NORMALIZE_H

#include "Model.h"
#include "Samples.h"

#include <string>
#include <vector>

namespace pim::compress {

/// `model` with a BatchNormalization that changes nothing behind each Conv and Gemm with constant
/// weights, except where one follows already or the value is an output. Export merges them again.
/// `names` receives the layers that got one.
Model withNormalization(Model model, std::vector<std::string> &names);

/// Sets the statistics of the normalizations of `names` to those over `samples`, and gains and
/// shifts so that the network computes what it did.
void calibrateNormalization(Network &network, const std::vector<std::string> &names,
                            const Samples &samples);

} // namespace pim::compress

#endif // LIB_COMPRESS_NORMALIZE_H
