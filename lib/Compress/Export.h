//===- Export.h - the compressed model as ONNX ------------------*- C++ -*-===//
//
// Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef LIB_COMPRESS_EXPORT_H
#define LIB_COMPRESS_EXPORT_H

#include "Activations.h"
#include "Constraints.h"

namespace pim::compress {

/// The model that the network has become:
///  - zeros exactly zero, channels without weights removed if `removeChannels`;
///  - where layers have codes: BatchNormalization merged into the layer before it, weights as int8
///  with
///    a DequantizeLinear of one scale per filter, or one where all are equal (opset 13);
///  - where activations are quantized: Clip, QuantizeLinear and DequantizeLinear before the layers
///  that
///    read them;
///  - metadata "pim.sparsity" (patterns by layer), "pim.codes" (codes by layer), "pim.producer".
onnx::ModelProto exportModel(const Network &network, const Constraints &constraints,
                             const std::map<std::string, ActivationRange> &activations,
                             bool removeChannels);

/// Rewrites nodes whose attributes became inputs, so that the model is one of opset 13. Does
/// nothing for newer ones. `path` is for messages.
void raiseOpset(onnx::ModelProto &proto, const std::string &path);

} // namespace pim::compress

#endif // LIB_COMPRESS_EXPORT_H
