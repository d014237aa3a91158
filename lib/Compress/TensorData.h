//===- TensorData.h - ONNX tensors as torch tensors -------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_TENSORDATA_H
#define LIB_COMPRESS_TENSORDATA_H

#include "Torch.h"

#include <onnx/onnx_pb.h>

namespace pim::compress {

/// The contents of `tensor`: float32 for every float type, int64 for integers (uint8 and int8 keep
/// their type, bool too). External data are read from the folder of `modelPath`, never from
/// outside. Throws pim::Error starting with `what` where sizes disagree or a value is not finite.
Tensor tensorOf(const onnx::TensorProto &tensor, const std::string &modelPath,
                const std::string &what);

/// Makes `proto` hold `value`, under the name `name`: float32, int64, int32, int8 or uint8, as raw
/// data.
void storeTensor(onnx::TensorProto &proto, const std::string &name, const Tensor &value);

/// "16x6x5x5"; "scalar" for no dimension.
std::string shapeText(at::IntArrayRef shape);

} // namespace pim::compress

#endif // LIB_COMPRESS_TENSORDATA_H
