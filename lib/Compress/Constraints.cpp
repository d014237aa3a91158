//===- Constraints.cpp - what weights must keep to ------------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constraints.h"

#include <ATen/core/grad_mode.h>

namespace pim::compress {

void Constraints::save(Checkpoint &checkpoint) const {
  checkpoint.setSection("mask/", masks);
  checkpoint.setSection("scale/", scales);
  checkpoint.setSection("unrounded/", unrounded);
  for (const auto &[layer, text] : patterns)
    checkpoint.texts["pattern/" + layer] = text;
  for (const auto &[layer, text] : codes)
    checkpoint.texts["code/" + layer] = text;
}

void Constraints::load(const Checkpoint &checkpoint) {
  masks = checkpoint.section("mask/");
  scales = checkpoint.section("scale/");
  unrounded = checkpoint.section("unrounded/");
  for (const auto &[name, text] : checkpoint.texts) {
    if (name.compare(0, 8, "pattern/") == 0)
      patterns[name.substr(8)] = text;
    if (name.compare(0, 5, "code/") == 0)
      codes[name.substr(5)] = text;
  }
}

void Constraints::maskGradients(Network &network) const {
  at::NoGradGuard guard;
  for (const auto &[name, mask] : masks)
    if (Tensor gradient = network.parameters.at(name).mutable_grad(); gradient.defined())
      gradient.mul_(mask);
}

void Constraints::maskWeights(Network &network) const {
  at::NoGradGuard guard;
  for (const auto &[name, mask] : masks)
    network.parameters.at(name).mul_(mask);
}

} // namespace pim::compress
