//===- Torch.h - the part of libtorch that is used --------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tensors with autograd; not torch::nn, torch::optim nor torch::data, which cost much to compile.
// The build precompiles this header.
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_TORCH_H
#define LIB_COMPRESS_TORCH_H

#include <torch/types.h>

namespace pim::compress {

using at::Tensor;

/// Values by name: parameters, buffers, gradients.
using TensorMap = std::map<std::string, Tensor>;

} // namespace pim::compress

#endif // LIB_COMPRESS_TORCH_H
