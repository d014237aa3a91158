//===- Normalization.cpp - BatchNormalization, Dropout --------------------===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

namespace pim::compress {

/// In training the statistics are those of the batch, and the running ones (inputs 3 and 4, which
/// are buffers) move towards them. ONNX's momentum is the share that is kept, torch's the one that
/// is taken.
static std::vector<Tensor> batchNormalization(Call &call) {
  const Tensor &input = call.input(0);
  int64_t channels = input.dim() < 2 ? 0 : input.size(1);
  for (size_t index = 1; index <= 4; ++index)
    if (call.input(index).numel() != channels)
      call.node.fail("input ", index, " has ", call.input(index).numel(), " values, expected ",
                     channels);
  double epsilon = call.node.real("epsilon", 1e-5), momentum = call.node.real("momentum", 0.9);
  // One value per channel has no variance; then the running statistics serve.
  bool training = call.training && input.numel() > channels;
  return {at::batch_norm(input, call.inputs[1], call.inputs[2], call.inputs[3], call.inputs[4],
                         training, 1 - momentum, epsilon, /*cudnn_enabled=*/false)};
}

static std::vector<Tensor> dropout(Call &call) {
  double ratio = call.node.real("ratio", 0.5);
  if (call.has(1))
    ratio = call.inputs[1].item<double>();
  if (!(ratio >= 0 && ratio < 1))
    call.node.fail("the ratio is ", ratio, ", expected at least 0 and below 1");
  return {at::dropout(call.input(0), ratio, call.training)};
}

std::span<const OperatorEntry> normalizationOperators() {
  static const OperatorEntry entries[] = {{"BatchNormalization", batchNormalization},
                                          {"Dropout", dropout}};
  return entries;
}

} // namespace pim::compress
